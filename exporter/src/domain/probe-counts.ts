/** How probes ended: which of them count as failed, and how many there were. */
import type { ProbeFailureCause, ProbeOutcome } from '@modelwatch/contract';
import type { ProbedModel, ProbeResult } from './observation';

/** Since the exporter began to probe it. */
export interface ProbeCounts {
  readonly probes: Record<ProbeOutcome, number>;
  readonly seconds: Record<ProbeOutcome, number>;
  readonly failures: Partial<Record<ProbeFailureCause, number>>;
}

export function noProbes(): ProbeCounts {
  return { probes: { success: 0, failure: 0 }, seconds: { success: 0, failure: 0 }, failures: {} };
}

/** @param failed absent: it succeeded */
export function countProbe(
  { probes, seconds, failures }: ProbeCounts,
  failed: ProbeFailureCause | undefined,
  durationSeconds: number
): void {
  const outcome = failed === undefined ? 'success' : 'failure';
  probes[outcome] += 1;
  seconds[outcome] += durationSeconds;
  if (failed !== undefined) failures[failed] = (failures[failed] ?? 0) + 1;
}

/** A server that can serve one of its models is up: "ready" of a server means all of them. */
export function failureCause({ up, live, ready, models, error }: ProbeResult): ProbeFailureCause | undefined {
  if (error) return error.cause;
  if (!up) return 'other';
  if (!live) return 'not_live';
  return ready || models.some(isReady) ? undefined : 'not_ready';
}

export function isReady(entry: ProbedModel): boolean {
  return entry.ready ?? entry.state === 'ready';
}
