/**
 * Databases, queues and the like that the configuration declares, and what their probes found. One counts as down as an
 * endpoint does: after one failure that is an answer, after two in a row that can be chance. Down, it degrades the models
 * that need it, and no more: that it does not answer was measured, that requests fail was not.
 */
import type { DependencyRole, ProbeErrorCause } from '@modelwatch/contract';
import { CHANCE, FAILURES_THAT_COUNT, SILENT_INTERVALS } from './endpoints';
import { cause, type Cause } from './facts';
import { glob } from './glob';
import { countProbe, noProbes, type ProbeCounts } from './probe-counts';
import { plainKey } from './ref';
import type { ComponentView } from './components/known';

export interface DeclaredDependency {
  readonly namespace: string;
  readonly name: string;
  readonly role: DependencyRole;
  readonly intervalSeconds: number;
  /** Who needs it; `*` in a name stands for anything. */
  readonly of: readonly { readonly namespace: string; readonly model: string }[];
}

export interface DependencyResult {
  readonly durationSeconds: number;
  /** Absent when it answered as it should. */
  readonly error?: { readonly cause: ProbeErrorCause; readonly text: string };
}

/** Whether a model needs it. */
export type Needed = (namespace: string, model: string) => boolean;

interface DependencyRecord {
  readonly declared: DeclaredDependency;
  readonly needed: Needed;
  readonly counts: ProbeCounts;
  /** The last result that counts. */
  effective?: DependencyResult;
  confirmedSeconds?: number;
  chanceFailures: number;
  /** Not probed for longer than this: what was found does not hold any more. */
  silentAfterSeconds: number;
}

export class DependencyBook {
  private readonly records = new Map<string, DependencyRecord>();
  /** Almost always empty: every judgement of a model asks. */
  private readonly down = new Set<DependencyRecord>();
  private readonly dirty = new Set<DependencyRecord>();

  declare(declared: DeclaredDependency): void {
    const patterns = declared.of.map(({ namespace, model }) => [glob(namespace), glob(model)] as const);
    const record: DependencyRecord = {
      declared,
      needed: (namespace, model) => patterns.some(([fits, fitsModel]) => fits(namespace) && fitsModel(model)),
      counts: noProbes(),
      chanceFailures: 0,
      silentAfterSeconds: Infinity,
    };
    this.records.set(plainKey(declared.namespace, declared.name), record);
    this.dirty.add(record);
  }

  /**
   * @param key `namespace/name`
   * @param wasDown the fleet that this one takes over from says so: then a failure that can be chance is the second
   * @returns whose models have to be judged again
   */
  probed(key: string, atSeconds: number, result: DependencyResult, wasDown: boolean): Needed | undefined {
    const record = this.records.get(key);
    if (!record) return undefined;
    const before = complaintOf(record);
    countProbe(record.counts, result.error?.cause, result.durationSeconds);
    record.silentAfterSeconds = atSeconds + SILENT_INTERVALS * record.declared.intervalSeconds;
    const byChance = result.error !== undefined && CHANCE.includes(result.error.cause);
    record.chanceFailures = byChance ? record.chanceFailures + 1 : 0;
    if (!byChance || record.chanceFailures >= FAILURES_THAT_COUNT || (wasDown && !record.effective)) {
      record.effective = result;
      record.confirmedSeconds = atSeconds;
    }
    return this.moved(record, before);
  }

  /** Those that were not probed for too long: nothing is said of them any more. @returns as `probed` */
  expire(nowSeconds: number): readonly Needed[] {
    return [...this.records.values()].flatMap((record) => {
      if (nowSeconds <= record.silentAfterSeconds) return [];
      const before = complaintOf(record);
      delete record.effective;
      record.chanceFailures = 0;
      record.silentAfterSeconds = Infinity;
      return this.moved(record, before) ?? [];
    });
  }

  /** What is down that the model needs. */
  causesOf(namespace: string, model: string): readonly Cause[] {
    return [...this.down].flatMap((record) =>
      record.needed(namespace, model) ? [cause('dependency_not_ready', complaintOf(record))] : []
    );
  }

  /** Views of those of which something is new. */
  takeViews(): readonly ComponentView[] {
    const views = [...this.dirty].map(viewOf);
    this.dirty.clear();
    return views;
  }

  private moved(record: DependencyRecord, before: string | undefined): Needed | undefined {
    const after = complaintOf(record);
    this.dirty.add(record);
    if (after === undefined) this.down.delete(record);
    else this.down.add(record);
    return before === after ? undefined : record.needed;
  }
}

function complaintOf({ declared: { namespace, name }, effective }: DependencyRecord): string | undefined {
  return effective?.error && `${name} in ${namespace}: ${effective.error.text}`;
}

function viewOf({ declared, effective, confirmedSeconds, counts }: DependencyRecord): ComponentView {
  const { namespace, name, role } = declared;
  const { probes, seconds, failures } = counts;
  return {
    key: plainKey(namespace, name),
    namespace,
    name,
    platform: 'standalone',
    role,
    replicas: {},
    ...(effective ? { up: effective.error === undefined } : {}),
    ...(confirmedSeconds === undefined ? {} : { lastObservedSeconds: confirmedSeconds }),
    probed: { probes: { ...probes }, seconds: { ...seconds }, failures: { ...failures } },
  };
}
