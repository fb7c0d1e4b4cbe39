/** KServe, `serving.kserve.io`. Field names and meanings are facts of its custom resource definitions. */
import type { InferenceGraph, InferenceService, ObjectMeta, ServingRuntime } from '../../../domain/resources';
import { present, type Fields } from './fields';
import { decodeStatus } from './meta';

const COMPONENTS = ['predictor', 'transformer', 'explainer'] as const;

/** Predictors of the older form, where the framework is the key: `predictor: {sklearn: {storageUri}}`. */
const FRAMEWORKS = [
  'sklearn',
  'xgboost',
  'tensorflow',
  'pytorch',
  'triton',
  'onnx',
  'huggingface',
  'pmml',
  'lightgbm',
  'paddle',
] as const;

export function decodeInferenceService(object: Fields, meta: ObjectMeta): InferenceService {
  const spec = object.child('spec');
  const predictor = spec.child('predictor');
  const status = object.child('status');
  const rollout = status.child('components').child('predictor');
  return {
    kind: 'InferenceService',
    meta,
    ...decodeStatus(object),
    stopRequested: meta.annotations['serving.kserve.io/stop']?.toLowerCase() === 'true',
    components: COMPONENTS.filter((component) => spec.has(component)),
    traffic: decodeTraffic(rollout),
    ...present({
      ...decodeFormat(predictor),
      ...decodeModelStatus(status.child('modelStatus')),
      deploymentMode: status.text('deploymentMode') ?? meta.annotations['serving.kserve.io/deploymentMode'],
      minReplicas: predictor.count('minReplicas'),
      runtime:
        status.text('servingRuntimeName') ??
        status.text('clusterServingRuntimeName') ??
        predictor.child('model').text('runtime'),
      canaryTrafficPercent: predictor.count('canaryTrafficPercent'),
      latestReadyRevision: rollout.text('latestReadyRevision'),
      latestCreatedRevision: rollout.text('latestCreatedRevision'),
    }),
  };
}

function decodeFormat(predictor: Fields) {
  const model = predictor.child('model');
  const framework = FRAMEWORKS.find((name) => predictor.has(name));
  return {
    modelFormat: model.child('modelFormat').text('name') ?? framework,
    storageUri: model.text('storageUri') ?? (framework && predictor.child(framework).text('storageUri')),
  };
}

/** Filled in Knative mode only; empty in Standard mode. */
function decodeTraffic(component: Fields): InferenceService['traffic'] {
  return component.children('traffic').flatMap((target) => {
    const revision = target.text('revisionName');
    const percent = target.count('percent');
    if (revision === undefined || percent === undefined) return [];
    return [{ revision, percent, latest: target.bool('latestRevision') ?? false }];
  });
}

function decodeModelStatus(model: Fields) {
  const states = model.child('states');
  const failure = model.child('lastFailureInfo');
  return {
    transitionStatus: model.text('transitionStatus'),
    activeModelState: states.text('activeModelState'),
    targetModelState: states.text('targetModelState'),
    lastFailure:
      failure.keys().length === 0
        ? undefined
        : present({
            reason: failure.text('reason'),
            message: failure.text('message'),
            exitCode: failure.integer('exitCode'),
          }),
  };
}

/** ServingRuntime and ClusterServingRuntime; their status is always empty. */
export function decodeServingRuntime(object: Fields, meta: ObjectMeta): ServingRuntime {
  const spec = object.child('spec');
  return {
    kind: 'ServingRuntime',
    meta,
    disabled: spec.bool('disabled') ?? false,
    multiModel: spec.bool('multiModel') ?? false,
    formats: [...new Set(spec.children('supportedModelFormats').flatMap((format) => format.text('name') ?? []))],
  };
}

export function decodeInferenceGraph(object: Fields, meta: ObjectMeta): InferenceGraph {
  const nodes = object.child('spec').child('nodes');
  const steps = nodes
    .keys()
    .flatMap((node) => nodes.child(node).children('steps'))
    .flatMap((step) => step.text('serviceName') ?? []);
  return { kind: 'InferenceGraph', meta, ...decodeStatus(object), steps: [...new Set(steps)] };
}
