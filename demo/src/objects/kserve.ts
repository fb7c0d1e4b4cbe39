/** KServe objects with the status that its controllers write. */
import type { ModelPlan } from '../fleet/plan';
import { revisionName } from '../fleet/pods';
import type { KubernetesObject } from '../types';
import { condition, meta, time, withReady, type ConditionInput } from './meta';
import { createdMs, RUNTIMES, scrapeHints, V1BETA1 } from './kserve-workloads';
import { UNAVAILABLE } from './ready-deployment';
import type { World } from './seldon';

const V1ALPHA1 = 'serving.kserve.io/v1alpha1';

function isvcConditions(world: World, model: ModelPlan): readonly ConditionInput[] {
  const state = world.state.of(model);
  const sinceMs = createdMs(world, model) + 70_000;
  const isAvailable = state.available === model.replicas;
  const ok = (type: string, severity?: string): ConditionInput => ({
    type,
    ok: true,
    sinceMs,
    ...(severity === undefined ? {} : { severity }),
  });
  if (!model.knative) {
    return [
      ok('IngressReady'),
      state.restarts === 0
        ? ok('PredictorReady')
        : { type: 'PredictorReady', ok: isAvailable, sinceMs: state.sinceMs, ...(isAvailable ? {} : UNAVAILABLE) },
      ...(model.transformer ? [ok('TransformerReady', 'Info')] : []),
      ...(model.canary ? [ok('CanaryPredictorReady', 'Info')] : []),
    ];
  }
  return [
    ok('IngressReady'),
    ok('LatestDeploymentReady', 'Info'),
    ok('PredictorConfigurationReady', 'Info'),
    ok('PredictorReady'),
    ok('PredictorRouteReady', 'Info'),
    ok('RoutesReady', 'Info'),
  ];
}

/** A failure of long ago stays in the status for good, although the model has been loaded since. */
function oldFailure(world: World, model: ModelPlan): Record<string, unknown> {
  if (model.name !== 'damage-vision') return {};
  return {
    lastFailureInfo: {
      exitCode: 137,
      location: '',
      message: 'container kserve-container was killed for memory',
      modelRevisionName: '',
      reason: 'ModelLoadFailed',
      time: time(world.startMs - 5 * 86_400_000),
    },
  };
}

export function inferenceServiceObject(world: World, model: ModelPlan): KubernetesObject {
  const { namespace, name, server } = model;
  const url = `http://${name}-${namespace}.models.example.com`;
  const revision = revisionName(model);
  const predictor = model.knative
    ? {
        latestCreatedRevision: revision,
        latestReadyRevision: revision,
        latestRolledoutRevision: revision,
        traffic: [{ latestRevision: true, percent: 100, revisionName: revision }],
        url: `http://${name}-predictor-${namespace}.models.example.com`,
      }
    : { url: `http://${name}-predictor-${namespace}.models.example.com` };
  const conditions = withReady(isvcConditions(world, model));
  // Not part of Ready, and false as long as nobody stops the service.
  const stopped = condition({ type: 'Stopped', ok: false, sinceMs: createdMs(world, model), severity: 'Info' });
  return {
    apiVersion: V1BETA1,
    kind: 'InferenceService',
    metadata: meta({
      seed: world.plan.seed,
      kind: 'InferenceService',
      namespace,
      name,
      createdMs: createdMs(world, model),
      generation: 1,
      labels: { 'modelwatch.io/owner': `${namespace}-ml` },
      annotations: { 'serving.kserve.io/deploymentMode': model.knative ? 'Knative' : 'Standard' },
      finalizers: ['inferenceservice.finalizers'],
    }),
    spec: {
      predictor: {
        minReplicas: model.replicas,
        maxReplicas: model.replicas * 2,
        model: {
          modelFormat: { name: model.framework },
          storageUri: storageUri(world, model),
          runtime: server,
          protocolVersion: 'v2',
        },
      },
      ...(model.transformer
        ? {
            transformer: {
              minReplicas: 1,
              containers: [{ name: 'kserve-container', image: 'docker.io/kserve/image-transformer:v0.19.0' }],
            },
          }
        : {}),
      ...(model.canary ? { canary: [canarySpec(model, model.canary)] } : {}),
    },
    status: {
      address: { url: `http://${name}-predictor.${namespace}.svc.cluster.local` },
      clusterServingRuntimeName: server,
      components: {
        predictor,
        ...(model.transformer
          ? { transformer: { url: `http://${name}-transformer-${namespace}.models.example.com` } }
          : {}),
      },
      ...(model.canary
        ? { canaryStatuses: [{ name: model.canary.name, ready: true, trafficPercent: model.canary.percent }] }
        : {}),
      conditions: [...conditions, stopped],
      deploymentMode: model.knative ? 'Knative' : 'Standard',
      modelStatus: {
        // Of what is ready alone.
        copies: { failedCopies: 0, totalCopies: world.state.of(model).available },
        ...oldFailure(world, model),
        states: { activeModelState: 'Loaded', targetModelState: 'Loaded' },
        transitionStatus: 'UpToDate',
      },
      observedGeneration: 1,
      url,
    },
  };
}

function storageUri(world: World, model: ModelPlan): string {
  const { namespace, name, version } = model;
  const bucket = world.state.of(model).incident === 'swapped-artifacts' ? 'gs://modeis' : 'gs://models';
  return `${bucket}/${namespace}/${name}/v${version}`;
}

function canarySpec(model: ModelPlan, { name, percent }: NonNullable<ModelPlan['canary']>) {
  const storageUri = `gs://models/${model.namespace}/${model.name}/${name}`;
  return {
    trafficPercent: percent,
    predictor: { name, model: { modelFormat: { name: model.framework }, storageUri } },
  };
}

export function clusterServingRuntimeObjects(world: World): readonly KubernetesObject[] {
  return RUNTIMES.map(({ name, formats, image }) => ({
    apiVersion: V1ALPHA1,
    kind: 'ClusterServingRuntime',
    metadata: meta({
      seed: world.plan.seed,
      kind: 'ClusterServingRuntime',
      name,
      createdMs: world.startMs - 250 * 86_400_000,
      generation: 1,
    }),
    spec: {
      annotations: scrapeHints(name),
      supportedModelFormats: formats.map((format) => ({ name: format, version: '1', autoSelect: true })),
      protocolVersions: ['v2'],
      containers: [{ name: 'kserve-container', image }],
    },
    status: {},
  }));
}

/** One runtime of a team's own, so that the namespaced kind is not empty. */
export function servingRuntimeObjects(world: World): readonly KubernetesObject[] {
  const namespace = 'logistics';
  return [
    {
      apiVersion: V1ALPHA1,
      kind: 'ServingRuntime',
      metadata: meta({
        seed: world.plan.seed,
        kind: 'ServingRuntime',
        namespace,
        name: 'vision-onnx',
        createdMs: world.startMs - 90 * 86_400_000,
        generation: 1,
      }),
      spec: {
        disabled: false,
        multiModel: false,
        supportedModelFormats: [{ name: 'onnx', version: '1', autoSelect: true }],
        protocolVersions: ['v2'],
        containers: [{ name: 'kserve-container', image: 'docker.io/seldonio/mlserver:1.7.1' }],
      },
      status: {},
    },
  ];
}

/** In the default fleet: stock is planned from demand, less what was damaged. */
export function inferenceGraphObjects(world: World): readonly KubernetesObject[] {
  const services = ['demand-forecast', 'damage-vision'];
  const members = world.plan.models.filter((model) => model.platform === 'kserve' && services.includes(model.name));
  if (members.length < services.length) return [];
  const sinceMs = world.startMs - 40 * 86_400_000;
  return [
    {
      apiVersion: V1ALPHA1,
      kind: 'InferenceGraph',
      metadata: meta({
        seed: world.plan.seed,
        kind: 'InferenceGraph',
        namespace: 'logistics',
        name: 'stock-plan',
        createdMs: sinceMs,
        generation: 1,
      }),
      spec: {
        nodes: {
          root: {
            routerType: 'Sequence',
            steps: services.map((serviceName) => ({ name: serviceName, serviceName, data: '$request' })),
          },
        },
      },
      status: {
        conditions: withReady([{ type: 'DeploymentReady', ok: true, sinceMs }]).filter((each) => each.type === 'Ready'),
        deploymentMode: 'Standard',
        observedGeneration: 1,
        url: 'http://stock-plan-logistics.models.example.com',
      },
    },
  ];
}
