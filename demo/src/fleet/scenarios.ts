/** What can happen to the fleet, and to whom. Pure: a scenario is data; `state.ts` says what it makes of a model. */
import type { ScenarioName } from '../types';

export interface Scenario {
  readonly namespace: string;
  readonly model: string;
  /** For a person in front of a switch: what happens, and what will be seen. */
  readonly description: string;
}

export const SCENARIO_TABLE = {
  outage: {
    namespace: 'payments',
    model: 'fraud-scorer',
    description:
      'All 3 pods of its server are killed for memory and crash-loop: ModelFailed, 0 of 3 replicas, connections refused.',
  },
  degraded: {
    namespace: 'payments',
    model: 'chargeback-risk',
    description: 'One of its 2 replicas fails to load: ModelFailed in Kubernetes, yet 1 replica goes on serving.',
  },
  slow: {
    namespace: 'growth',
    model: 'churn-v2',
    description: 'Every request takes ten times as long, nearly all of it waiting in the queue of Triton.',
  },
  stale: {
    namespace: 'logistics',
    model: 'demand-forecast',
    description:
      'Kubernetes goes silent on InferenceServices: watches say nothing, lists never end. ' +
      'All KServe models turn stale once the exporter has waited its staleAfterSeconds; Seldon models stay as they are.',
  },
  rollout: {
    namespace: 'growth',
    model: 'next-best-offer',
    description: 'Version 8 is rolled out: 2 of 4 replicas have it, 2 are loading it, version 7 goes on serving there.',
  },
  'scaled-to-zero': {
    namespace: 'support',
    model: 'translate-batch',
    description: 'Its owner scales it to zero on purpose: ModelScaledDown, no replicas, no requests, no alarm.',
  },
} as const satisfies Record<ScenarioName, Scenario>;

/** How many times slower the model of `slow` answers. */
export const SLOW_FACTOR = 10;
