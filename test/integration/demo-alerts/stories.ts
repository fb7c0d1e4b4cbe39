/** What each scenario that happens to servers and requests is to fire: the table that `demo-alerts-slow.test.ts` goes through. */
import { ALERTS, type AlertName } from '@modelwatch/contract';
import { SCENARIO_TABLE } from '../../../demo/src/fleet/scenarios';
import type { DataScenarioName, ScenarioName } from '../../../demo/src/types';

export type ServingScenarioName = Exclude<ScenarioName, DataScenarioName>;

export interface Story {
  /** Alerts that the documentation promises, with labels of whom they are about; none where nobody is to be called. */
  readonly fires: Readonly<Partial<Record<AlertName, string>>>;
  /** What fires besides, of the same model, if the scenario lasts; by name alone. */
  readonly also?: readonly AlertName[];
  /** Finds something while the scenario is on, where no alert says so. */
  readonly shows?: string;
}

function model(scenario: ServingScenarioName): string {
  const whom = SCENARIO_TABLE[scenario];
  return `namespace="${whom.namespace}", model="${whom.model}"`;
}

/** One that is about the model alone. */
const fires = (scenario: ServingScenarioName, ...alerts: readonly AlertName[]) =>
  Object.fromEntries(alerts.map((alert) => [alert, model(scenario)]));

export const STORIES: Readonly<Record<ServingScenarioName, Story>> = {
  outage: {
    fires: {
      ...fires('outage', ALERTS.cannotServe),
      [ALERTS.serverDown]: 'namespace="payments", server="fraud-mlserver"',
      [ALERTS.sloFastBurn]: `${model('outage')}, slo="answered"`,
    },
    // Each of its pods was killed for memory.
    also: [ALERTS.restarts],
  },
  degraded: { fires: fires('degraded', ALERTS.replicaDown) },
  slow: { fires: fires('slow', ALERTS.slow), also: [ALERTS.sloFastBurn] },
  stale: { fires: { ...fires('stale', ALERTS.stale), [ALERTS.exporterNotSynced]: '' } },
  rollout: { fires: {}, shows: `modelwatch:model_health{${model('rollout')}, health="progressing"} == 1` },
  'scaled-to-zero': { fires: {}, shows: `modelwatch:model_health{${model('scaled-to-zero')}, health="idle"} == 1` },
  errors: { fires: fires('errors', ALERTS.errors), also: [ALERTS.sloFastBurn] },
  'saturated-queue': { fires: fires('saturated-queue', ALERTS.slow), also: [ALERTS.sloFastBurn] },
  'oom-restarts': { fires: fires('oom-restarts', ALERTS.restarts) },
  'kv-cache-full': { fires: fires('kv-cache-full', ALERTS.slow, ALERTS.memory), also: [ALERTS.sloFastBurn] },
  'bad-deploy': { fires: fires('bad-deploy', ALERTS.errors), also: [ALERTS.sloFastBurn] },
  'metrics-blocked': {
    fires: {
      ...fires('metrics-blocked', ALERTS.stale),
      [ALERTS.sloNoData]: `${model('metrics-blocked')}, slo="answered"`,
    },
  },
  'dependency-down': { fires: { [ALERTS.componentDown]: 'namespace="logistics", component="features"' } },
  'slow-burn': { fires: { [ALERTS.sloSlowBurn]: `${model('slow-burn')}, slo="answered"` } },
  'low-traffic': {
    fires: {},
    shows: `modelwatch:slo_state{${model('low-traffic')}, slo="answered", state="too_little_data"}`,
  },
  'refused-callers': { fires: fires('refused-callers', ALERTS.refused) },
  'cpu-throttled': { fires: fires('cpu-throttled', ALERTS.throttled) },
  'swapped-artifacts': {
    fires: {
      ...fires('swapped-artifacts', ALERTS.storageChanged),
      [ALERTS.imageChanged]: 'namespace="growth", server="email-ranker-predictor"',
    },
  },
};
