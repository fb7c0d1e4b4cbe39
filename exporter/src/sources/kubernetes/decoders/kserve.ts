/** KServe, `serving.kserve.io`. Field names and meanings are facts of its custom resource definitions. */
import {
  FAILURE_REASONS,
  LOAD_STATES,
  SCALE_METRICS,
  TRANSITION_STATUSES,
  type DeploymentMode,
} from '@modelwatch/contract';
import {
  SERVICE_COMPONENTS,
  type ClusterServingRuntime,
  type InferenceService,
  type LastFailure,
  type ScaleSpec,
  type ServiceComponent,
  type ServingRuntime,
  type TrainedModel,
} from '../../../domain/kserve-resources';
import { cutLabel } from '../../../domain/label';
import type { ObjectMeta } from '../../../domain/resources';
import { present, type Fields } from './fields';
import { decodeStatus } from './meta';
import { storedAt } from './storage';
import { decodeTemplate } from './template';

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
  const components = status.child('components');
  return {
    kind: 'InferenceService',
    meta,
    ...decodeStatus(object),
    stopRequested: isStopRequested(meta),
    multiNode: predictor.has('workerSpec'),
    components: SERVICE_COMPONENTS.filter((name) => spec.has(name)).map((name) =>
      decodeComponent(name, spec.child(name), components.child(name))
    ),
    traffic: decodeTraffic(components.child('predictor')),
    canaries: decodeCanaries(spec, status),
    ...decodeFormat(predictor),
    ...decodeModelStatus(status.child('modelStatus')),
    ...decodeRuntimeName(predictor, status),
    ...present({
      deploymentMode: decodeMode(object, meta),
      url: status.text('url'),
      canaryTrafficPercent: predictor.count('canaryTrafficPercent'),
    }),
  };
}

/** The controller goes by this annotation; conditions follow when it has been round. */
export function isStopRequested(meta: ObjectMeta): boolean {
  return meta.annotations['serving.kserve.io/stop']?.toLowerCase() === 'true';
}

const MODE_ANNOTATION = 'serving.kserve.io/deploymentMode';
const MODES: Readonly<Record<string, DeploymentMode>> = {
  Standard: 'Standard',
  RawDeployment: 'Standard',
  Knative: 'Knative',
  Serverless: 'Knative',
  ModelMesh: 'ModelMesh',
};

/** The mode in force, or the one that was asked for; each has an older name. */
export function decodeMode(object: Fields, meta: ObjectMeta): DeploymentMode | undefined {
  const known = Object.keys(MODES);
  const told = object.child('status').closed('deploymentMode', known);
  const asked = meta.annotations[MODE_ANNOTATION];
  if (asked && !known.includes(asked)) {
    object.child('metadata').child('annotations').doubt(MODE_ANNOTATION, asked, known.join(' or '));
  }
  const mode = told ?? asked;
  if (!mode) return undefined;
  return Object.hasOwn(MODES, mode) ? MODES[mode] : 'unknown';
}

export function decodeScale(spec: Fields): ScaleSpec {
  const max = spec.count('maxReplicas');
  return present({
    minReplicas: spec.count('minReplicas'),
    // Not set is 0 in older versions: no bound of its own.
    maxReplicas: max === 0 ? undefined : max,
    scaleMetric: spec.closed('scaleMetric', SCALE_METRICS),
    scaleTarget: spec.count('scaleTarget'),
  });
}

function decodeComponent(name: ServiceComponent['name'], spec: Fields, status: Fields): ServiceComponent {
  return {
    name,
    ...decodeScale(spec),
    ...present({
      containerConcurrency: spec.count('containerConcurrency'),
      timeoutSeconds: spec.count('timeout'),
      latestReadyRevision: status.text('latestReadyRevision'),
      latestCreatedRevision: status.text('latestCreatedRevision'),
      latestRolledoutRevision: status.text('latestRolledoutRevision'),
      previousRolledoutRevision: status.text('previousRolledoutRevision'),
    }),
  };
}

function decodeFormat(predictor: Fields) {
  const model = predictor.child('model');
  const framework = FRAMEWORKS.find((name) => predictor.has(name));
  const implementation = framework ? predictor.child(framework) : model;
  return present({
    modelFormat: model.child('modelFormat').label('name') ?? framework,
    modelFormatVersion: model.child('modelFormat').label('version'),
    protocol: implementation.label('protocolVersion'),
    ...storedAt(model.text('storageUri') ?? implementation.text('storageUri')),
  });
}

function decodeRuntimeName(predictor: Fields, status: Fields): Pick<InferenceService, 'runtime' | 'runtimeScope'> {
  const own = status.text('servingRuntimeName');
  const shared = status.text('clusterServingRuntimeName');
  if (own !== undefined) return { runtime: own, runtimeScope: 'namespace' };
  if (shared !== undefined) return { runtime: shared, runtimeScope: 'cluster' };
  return present({ runtime: predictor.child('model').text('runtime') });
}

/** Filled in Knative mode only; empty in Standard mode. */
function decodeTraffic(component: Fields): InferenceService['traffic'] {
  return component.children('traffic').flatMap((target) => {
    const percent = target.count('percent');
    if (percent === undefined) return [];
    return [
      {
        percent,
        latest: target.bool('latestRevision') ?? false,
        ...present({ revision: target.text('revisionName') }),
      },
    ];
  });
}

function decodeCanaries(spec: Fields, status: Fields): InferenceService['canaries'] {
  if (!spec.has('canary')) return [];
  const told = status.children('canaryStatuses');
  return spec.children('canary').flatMap((canary) => {
    const name = canary.child('predictor').needed('name');
    const percent = canary.count('trafficPercent');
    if (!canary.has('trafficPercent')) canary.lacks('trafficPercent', 'an integer');
    if (name === undefined || percent === undefined) return [];
    const seen = told.find((each) => each.text('name') === name);
    return [
      { name, percent, ...present({ ready: seen?.bool('ready'), observedPercent: seen?.count('trafficPercent') }) },
    ];
  });
}

function decodeModelStatus(model: Fields) {
  const states = model.child('states');
  const copies = model.child('copies');
  return present({
    transitionStatus: model.closed('transitionStatus', TRANSITION_STATUSES),
    activeModelState: states.closed('activeModelState', LOAD_STATES),
    targetModelState: states.closed('targetModelState', LOAD_STATES),
    // Go leaves a total of 0 out, so it is 0 wherever the copies are told at all.
    copies: model.has('copies')
      ? { ready: copies.count('totalCopies') ?? 0, ...present({ failed: copies.count('failedCopies') }) }
      : undefined,
    lastFailure: decodeLastFailure(model.child('lastFailureInfo')),
  });
}

function decodeLastFailure(failure: Fields): LastFailure | undefined {
  if (failure.keys().length === 0) return undefined;
  return present({
    reason: failure.closed('reason', FAILURE_REASONS),
    message: failure.text('message'),
    exitCode: failure.integer('exitCode'),
    atSeconds: failure.time('time'),
  });
}

/** A runtime of one namespace; its status is always empty. */
export function decodeServingRuntime(object: Fields, meta: ObjectMeta): ServingRuntime {
  return { kind: 'ServingRuntime', meta, ...decodeRuntime(object) };
}

/** A runtime for all namespaces. */
export function decodeClusterServingRuntime(object: Fields, meta: ObjectMeta): ClusterServingRuntime {
  return { kind: 'ClusterServingRuntime', meta, ...decodeRuntime(object) };
}

function decodeRuntime(object: Fields) {
  const spec = object.child('spec');
  return {
    disabled: spec.bool('disabled') ?? false,
    multiModel: spec.bool('multiModel') ?? false,
    multiNode: spec.has('workerSpec'),
    formats: spec.children('supportedModelFormats').flatMap((format) => {
      const name = format.needed('name');
      if (name === undefined) return [];
      const autoSelect = format.bool('autoSelect') ?? false;
      return [{ name: cutLabel(name), autoSelect, ...present({ version: format.label('version') }) }];
    }),
    protocols: [...new Set(spec.texts('protocolVersions').map(cutLabel))],
    containers: decodeTemplate(spec),
  };
}

export function decodeTrainedModel(object: Fields, meta: ObjectMeta): TrainedModel {
  const spec = object.child('spec');
  const model = spec.child('model');
  return {
    kind: 'TrainedModel',
    meta,
    ...decodeStatus(object),
    ...present({
      service: spec.needed('inferenceService'),
      framework: model.text('framework'),
      ...storedAt(model.text('storageUri')),
      memoryBytes: model.quantity('memory'),
      url: object.child('status').text('url'),
    }),
  };
}
