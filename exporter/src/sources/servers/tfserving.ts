/**
 * TensorFlow Serving, from its documentation and source only: no recording. Its REST API (port 8501, 8080 in KServe) tells
 * the states of the versions of a model that it is asked for by name; it cannot list its models and has no health of its
 * own. Metrics are on the same port, if it was started with `--monitoring_config_file`.
 */
import { TFSERVING_TRANSLATION, isObject, preview } from '@modelwatch/contract';
import { eachOf, invalid, objectIn, refuseHtml } from './answers';
import {
  serverMetrics,
  unexpectedStatus,
  type Answer,
  type Ask,
  type Drop,
  type ModelReport,
  type ServerProbe,
} from './probe';

export const TFSERVING: ServerProbe = {
  kind: 'tfserving',
  serverNames: [],
  // That it answers for one model is all it says of itself.
  async identify(ask, target) {
    const answer = await askStatus(ask, target.models[0] ?? 'modelwatch');
    if (!isStatus(answer))
      throw answer.status === 200 ? invalid(answer, 'the status of a model', {}) : unexpectedStatus(answer);
    return { live: true, ready: true, name: 'TensorFlow Serving' };
  },
  models: async (ask, target, drop) => (await eachOf(target.models, (name) => askModel(ask, name, drop))).flat(),
  metrics: serverMetrics(TFSERVING_TRANSLATION, { path: '/monitoring/prometheus/metrics' }),
};

export function askStatus(ask: Ask, model: string): Promise<Answer> {
  return ask('GET', `/v1/models/${encodeURIComponent(model)}`);
}

/** The states of a model, or that there is no such model. */
export function isStatus(answer: Answer): boolean {
  const document = objectIn(answer);
  if (answer.status === 200) return Array.isArray(document?.['model_version_status']);
  const error: unknown = document?.['error'];
  return answer.status === 404 && typeof error === 'string' && error.includes('versions of model');
}

const STATES: Readonly<Record<string, NonNullable<ModelReport['state']>>> = {
  START: 'loading',
  LOADING: 'loading',
  AVAILABLE: 'ready',
  UNLOADING: 'unloading',
  END: 'unavailable',
};

async function askModel(ask: Ask, name: string, drop: Drop): Promise<ModelReport[]> {
  const answer = await askStatus(ask, name);
  refuseHtml(answer);
  if (answer.status === 404) return [{ name, ready: false, reason: 'the server has no version of it' }];
  if (answer.status !== 200) throw unexpectedStatus(answer);
  const versions: unknown = objectIn(answer)?.['model_version_status'];
  if (!Array.isArray(versions)) throw invalid(answer, 'a list under model_version_status', versions);
  return versions.flatMap((entry: unknown, index) => {
    const { version, state, status } = isObject(entry) ? entry : {};
    const known = typeof state === 'string' ? STATES[state] : undefined;
    const place = `${answer.place} model_version_status[${index}]`;
    if (!known) drop('unknown_value', `${place} state: expected a state of a version, got ${preview(state)}`);
    const error = isObject(status) ? status['error_message'] : undefined;
    return {
      name,
      ready: known === 'ready',
      state: known ?? 'unknown',
      ...(typeof version === 'string' && version ? { version: version.slice(0, 100) } : {}),
      ...(typeof error === 'string' && error ? { reason: error.slice(0, 1_000) } : {}),
    };
  });
}
