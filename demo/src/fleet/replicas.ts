/** Which replica of a model answers which share of its requests, in which version and at which pace. Pure. */
import { share } from '../random';
import type { Load, Pace } from './meter';
import type { ModelPlan, PipelinePlan } from './plan';
import { KAFKA_SECONDS } from './plan';
import { paceUnder } from './scenarios';
import { isRollingOut, type ModelState } from './state';

export interface ServingReplica {
  readonly index: number;
  readonly version: number;
  /** Of the model's requests, 0 to 1. */
  readonly share: number;
  readonly pace: Pace;
}

/** Nearly even, as behind a load balancer. */
export function servingReplicas(
  seed: number,
  model: ModelPlan,
  state: ModelState,
  replicas: number = state.replicas.length
): readonly ServingReplica[] {
  const rolling = isRollingOut(state.incident);
  const all = Array.from({ length: replicas }, (_, index) => ({ index, state: state.replicas[index] ?? 'serving' }));
  // While a new version is loaded, the old one serves.
  const serving = all.filter((each) => each.state === 'serving' || (rolling && each.state === 'loading'));
  const weight = (index: number) => 0.93 + 0.14 * share(seed, model.namespace, model.name, 'load', index);
  const total = serving.reduce((sum, { index }) => sum + weight(index), 0);
  return serving.map((each) => {
    const isNew = rolling && each.state === 'serving';
    return {
      index: each.index,
      version: isNew ? state.version : model.version,
      share: weight(each.index) / total,
      pace: paceUnder(state.incident, state.step, isNew),
    };
  });
}

/** What a pipeline makes of its requests while its steps are as they are. */
export interface PipelineFlow {
  /** For each step, the requests that reach it, against those of usual days. */
  readonly reaching: readonly number[];
  readonly gateway: Load;
}

export interface StepNow {
  readonly plan: ModelPlan;
  readonly replicas: readonly ServingReplica[];
}

export function pipelineFlow(pipeline: PipelinePlan, steps: readonly StepNow[]): PipelineFlow {
  const { clientErrorRatio, medianSeconds } = pipeline.traffic;
  let now = 1;
  let usual = 1;
  let seconds = KAFKA_SECONDS;
  const reaching = steps.map(({ plan, replicas }) => {
    const reached = usual === 0 ? 0 : now / usual;
    const usualErrors = plan.traffic.serverErrorRatio;
    const errors = replicas.reduce((sum, each) => sum + each.share * (each.pace.serverErrorRatio ?? usualErrors), 0);
    const factor = replicas.reduce((sum, each) => sum + each.share * (each.pace.computing + each.pace.waiting), 0);
    now *= replicas.length === 0 ? 0 : 1 - errors;
    usual *= 1 - usualErrors;
    seconds += plan.traffic.medianSeconds * (replicas.length === 0 ? 1 : factor) + KAFKA_SECONDS;
    return reached;
  });
  const serverErrorRatio = (1 - clientErrorRatio) * (1 - now);
  const pace = { computing: seconds / medianSeconds, waiting: 0, serverErrorRatio };
  return { reaching, gateway: { share: 1, pace } };
}
