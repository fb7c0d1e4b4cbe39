/**
 * MLServer (facts recorded from 1.7.1, see fixtures). Metrics are on a port of their own, 8082.
 *
 * `model_infer_request_failure_total` counts every exception of an inference: an unknown model (404), an input that the
 * model cannot take (500), an error of the server. Requests refused as malformed (422) are counted nowhere. The label
 * `path` of the counter by status is the template of the route, without the model. So a failure cannot be laid to the
 * client or to the server: its outcome is `unknown`.
 */
import type { InferenceSample } from '../../domain/observation';
import type { ProbeTarget } from '../../domain/views';
import { modelName } from './names';
import { askIndex } from './oip';
import type { ServerProbe } from './probe';
import type { TextSample } from './prometheus-text';
import { Tally } from './translate';

const SUCCESS = 'model_infer_request_success_total';
const FAILURE = 'model_infer_request_failure_total';
/** A summary without quantiles, in seconds, of successes and failures. */
const DURATION_SUM = 'model_infer_request_duration_sum';
const DURATION_COUNT = 'model_infer_request_duration_count';

export const MLSERVER: ServerProbe = {
  kind: 'mlserver',
  serverNames: ['mlserver'],
  // The index says READY, UNAVAILABLE, or UNKNOWN while the model loads; its reason is always empty.
  models: (ask, target, drop) =>
    askIndex(ask, target, drop, (entry) => {
      const { model, version } = modelName(entry.name, entry.version, target.versionSuffix);
      return {
        name: model,
        ready: entry.state === 'ready',
        state: entry.state === 'unknown' ? 'loading' : entry.state,
        ...(version === '' ? {} : { version }),
      };
    }),
  metrics: { port: 8082, families: [SUCCESS, FAILURE, DURATION_SUM, DURATION_COUNT], translate },
};

function translate(samples: readonly TextSample[], target: ProbeTarget): InferenceSample[] {
  const tally = new Tally(target);
  for (const sample of samples) {
    const row = tally.row(sample);
    if (sample.name === SUCCESS) row?.request('success', sample.value);
    else if (sample.name === FAILURE) row?.request('unknown', sample.value);
    else if (sample.name === DURATION_SUM) row?.sum('durationSeconds', sample.value);
    else row?.count('durationSeconds', sample.value);
  }
  return tally.samples();
}
