/** KServe: a TrainedModel is loaded into the server of a multi-model InferenceService, and serves only while that does. */
import type { ServingState } from '@modelwatch/contract';
import { conditionText, conditionViews, findCondition } from '../conditions';
import type { DeploymentView } from '../deployment-view';
import { defined, storageOf, type Described, type ModelFields, type SourceFreshness } from '../described';
import { cause, NO_FACTS, type Cause, type Declared, type ServingFacts } from '../facts';
import { predictorName } from '../kserve-parts';
import type { TrainedModel } from '../resources';
import type { ModelView } from '../views';

export interface TrainedModelInput {
  readonly model: TrainedModel;
  readonly source: SourceFreshness;
  /** The model that its InferenceService is; undefined: there is none. */
  readonly service: ModelView | undefined;
}

export function describeTrainedModel({ model, source, service }: TrainedModelInput): Described<ModelFields> {
  const ready = findCondition(model.status, 'Ready');
  return {
    facts: {
      ...NO_FACTS,
      source,
      hasStatus: ready !== undefined,
      deleting: model.meta.deletedSeconds !== undefined,
      declared: declaredOf(model),
      ...defined({ oddStatus: ready?.oddStatus }),
      ...restsOn(model, service?.verdict.state),
      causes: causesOf(model),
    },
    fields: {
      replicas: {},
      ...defined({
        server: model.service === undefined ? undefined : predictorName(model.service),
        runtime: service?.runtime,
        storage: storageOf(model),
        version: model.meta.labels['app.kubernetes.io/version'],
      }),
      traffic: [],
      deployment: deploymentOf(model, service),
      pods: (service?.pods ?? []).filter((pod) => pod.component === 'predictor'),
      endpoints: [],
    },
    conditions: conditionViews(model.status),
    meta: model.meta,
    ...defined({
      createdSeconds: model.meta.createdSeconds,
      transitionSeconds: ready?.lastTransitionSeconds,
      contactSeconds: source.lastContactSeconds,
    }),
  };
}

/** The condition InferenceServiceReady is not renewed when the service fails later: the service itself tells. */
function restsOn(model: TrainedModel, state: ServingState | undefined): Pick<ServingFacts, 'fatal' | 'unconfirmed'> {
  const parent = `${model.service ?? 'its service'} ${state === undefined ? 'not found' : `is ${state}`}`;
  const resting = cause('dependency_not_ready', parent);
  if (state === undefined || state === 'failed' || state === 'idle') return { fatal: resting };
  return state === 'stale' || state === 'unknown' ? { unconfirmed: { state, cause: resting } } : {};
}

function deploymentOf(model: TrainedModel, service: ModelView | undefined): DeploymentView {
  return {
    resourceKind: 'TrainedModel',
    ...defined({
      mode: service?.deployment?.mode,
      format: model.framework,
      storageUri: model.storageUri,
      url: model.url,
    }),
    components: [],
  };
}

function declaredOf({ status }: TrainedModel): Declared {
  const ready = findCondition(status, 'Ready')?.status;
  if (ready === 'True') return 'ready';
  return ready === 'False' ? 'failed' : 'none';
}

function causesOf({ status }: TrainedModel): readonly Cause[] {
  const memory = findCondition(status, 'MemoryResourceAvailable');
  const multiModel = findCondition(status, 'IsMMSPredictor');
  return [
    ...(memory?.status === 'False' ? [cause('schedule_failed', conditionText(memory))] : []),
    ...(multiModel?.status === 'False' ? [cause('invalid_spec', conditionText(multiModel))] : []),
  ];
}
