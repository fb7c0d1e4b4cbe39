/**
 * NVIDIA Triton Inference Server (facts recorded from 2.51.0, see fixtures). Metrics are on a port of their own, 8002;
 * counters carry no `_total`, times are in microseconds.
 *
 * Requests that are refused before they are scheduled (malformed, unknown model) are counted nowhere. Of the failures,
 * BACKEND (the model raised) and REJECTED (the queue was full or too slow) are the server's; CANCELED is the client's;
 * OTHER, and failures of older versions without a reason, cannot be laid to either.
 */
import type { RequestOutcome } from '@modelwatch/contract';
import type { InferenceSample } from '../../domain/observation';
import type { ProbeTarget } from '../../domain/views';
import { modelName } from './names';
import { askIndex } from './oip';
import type { ServerProbe } from './probe';
import type { TextSample } from './prometheus-text';
import { Tally, type TallyRow } from './translate';

const SUCCESS = 'nv_inference_request_success';
const FAILURE = 'nv_inference_request_failure';
const INFERENCES = 'nv_inference_count';
const EXECUTIONS = 'nv_inference_exec_count';
const DURATION = 'nv_inference_request_duration_us';
const QUEUE = 'nv_inference_queue_duration_us';

const OUTCOMES: Readonly<Record<string, RequestOutcome>> = {
  BACKEND: 'server_error',
  REJECTED: 'server_error',
  CANCELED: 'client_error',
};
const MICROSECOND = 1e-6;

export const TRITON: ServerProbe = {
  kind: 'triton',
  serverNames: ['triton'],
  models: (ask, target, drop) =>
    askIndex(ask, target, drop, (entry) => {
      const { model, version } = modelName(entry.name, entry.version, target.versionSuffix);
      return {
        name: model,
        ready: entry.state === 'ready',
        state: entry.state,
        ...(version === '' ? {} : { version }),
        ...(entry.reason === undefined ? {} : { reason: entry.reason }),
      };
    }),
  metrics: { port: 8002, families: [SUCCESS, FAILURE, INFERENCES, EXECUTIONS, DURATION, QUEUE], translate },
};

/** The times cover successful requests only, so their count is that of the successes. */
const READ: Readonly<Record<string, (row: TallyRow, value: number, reason: string) => void>> = {
  [SUCCESS]: (row, value) => {
    row.request('success', value);
    row.count('durationSeconds', value);
    row.count('queueSeconds', value);
  },
  [FAILURE]: (row, value, reason) => row.request(OUTCOMES[reason] ?? 'unknown', value),
  [INFERENCES]: (row, value) => row.sum('batchSize', value),
  [EXECUTIONS]: (row, value) => row.count('batchSize', value),
  [DURATION]: (row, value) => row.sum('durationSeconds', value * MICROSECOND),
  [QUEUE]: (row, value) => row.sum('queueSeconds', value * MICROSECOND),
};

function translate(samples: readonly TextSample[], target: ProbeTarget): InferenceSample[] {
  const tally = new Tally(target);
  for (const sample of samples) {
    const row = tally.row(sample);
    if (row) READ[sample.name]?.(row, sample.value, sample.labels['reason'] ?? '');
  }
  return tally.samples();
}
