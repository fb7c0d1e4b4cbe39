/**
 * MLServer (facts recorded from 1.7.1).
 *
 * `model_infer_request_failure_total` counts every exception of an inference: an unknown model (404), an input that the
 * model cannot take (500), an error of the server. Requests refused as malformed (422) are counted nowhere. The label
 * `path` of the counter by status is the template of the route, without the model. So a failure cannot be laid to the
 * client or to the server: its outcome is `unknown`.
 */
import type { ServerTranslation } from './types';

export const MLSERVER_TRANSLATION: ServerTranslation = {
  modelLabels: ['model'],
  versionLabels: ['version'],
  noVersion: 'None',
  families: [
    { family: 'model_infer_request_success_total', type: 'counter', to: [{ requests: 'success' }] },
    { family: 'model_infer_request_failure_total', type: 'counter', to: [{ requests: 'unknown' }] },
    // Seconds, of successes and failures; it has no quantiles.
    { family: 'model_infer_request_duration', type: 'summary', to: [{ histogram: 'duration' }] },
  ],
  capabilities: ['requests', 'outcomes', 'versions', 'duration'],
};
