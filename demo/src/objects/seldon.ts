/**
 * Seldon Core 2 objects with the status that its controllers write, traps included: a model's enum stands in `message`
 * and its free text in `reason`, a pipeline's the other way round; `availableReplicas` is left out when 0;
 * `status.replicas` of a Server is what was asked for; `observedGeneration` is never set.
 */
import type { ExperimentPlan, FleetPlan, ModelPlan, PipelinePlan, ServerPlan } from '../fleet/plan';
import type { FleetState, ModelState } from '../fleet/state';
import type { KubernetesObject } from '../types';
import { meta, withReady, type ConditionInput } from './meta';

export const SELDON_API = 'mlops.seldon.io/v1alpha1';

export interface World {
  readonly plan: FleetPlan;
  readonly state: FleetState;
  /** When the demo began, in milliseconds; ages count from here. */
  readonly startMs: number;
}

export const CAPABILITIES = {
  mlserver: 'mlserver,alibi-detect,alibi-explain,lightgbm,mlflow,python,sklearn,spark-mlib,xgboost,huggingface',
  triton: 'triton,dali,fil,onnx,openvino,python,pytorch,tensorflow,tensorrt',
} as const;

export function modelCondition(state: ModelState, model: ModelPlan): { readonly enum: string; readonly text: string } {
  switch (state.incident) {
    case 'outage':
      return {
        enum: 'ModelFailed',
        text: `server ${model.server}: no replica answers, last error: connection refused`,
      };
    case 'degraded':
      return {
        enum: 'ModelFailed',
        text: `replica ${model.replicas - 1}: load failed: weights of the model are missing`,
      };
    case 'rollout':
    case 'bad-deploy':
      return { enum: 'ModelProgressing', text: '' };
    case 'scaled-to-zero':
      return { enum: 'ModelScaledDown', text: '' };
    default:
      return { enum: 'ModelAvailable', text: '' };
  }
}

export function modelObject(world: World, model: ModelPlan): KubernetesObject {
  const state = world.state.of(model);
  const found = modelCondition(state, model);
  const { available } = state;
  const unavailable = state.desired - available;
  return {
    apiVersion: SELDON_API,
    kind: 'Model',
    metadata: meta({
      seed: world.plan.seed,
      kind: 'Model',
      namespace: model.namespace,
      name: model.name,
      createdMs: world.startMs - model.ageSeconds * 1_000,
      generation: state.generation,
      labels: { 'app.kubernetes.io/part-of': model.namespace, 'modelwatch.io/owner': `${model.namespace}-ml` },
      finalizers: ['seldon.model.finalizer'],
    }),
    spec: {
      storageUri: `gs://models/${model.namespace}/${model.name}/v${state.version}`,
      requirements: [model.framework],
      artifactVersion: state.version,
      ...(model.memoryMebibytes === undefined ? {} : { memory: `${model.memoryMebibytes}Mi` }),
      replicas: state.desired,
      ...(state.incident === 'scaled-to-zero' ? { minReplicas: 0 } : {}),
      server: model.server,
    },
    status: {
      ...(available === 0 ? {} : { availableReplicas: available }),
      conditions: withReady([
        {
          type: 'ModelReady',
          ok: found.enum === 'ModelAvailable',
          sinceMs: state.sinceMs,
          reason: found.text,
          message: found.enum,
        },
      ]),
      modelgwReady: found.enum === 'ModelAvailable' ? 'ModelAvailable' : found.enum,
      replicas: available + unavailable,
      selector: `server=${model.server}`,
    },
  };
}

/** Since when the replicas of a server are as they are. */
function serverSinceMs(world: World, server: ServerPlan): number {
  const own = server.models.map((model) => world.state.of(model)).filter((state) => state.restarts > 0);
  return Math.max(world.startMs - server.ageSeconds * 1_000 + 120_000, ...own.map((state) => state.sinceMs));
}

export function serverObject(world: World, server: ServerPlan): KubernetesObject {
  const down = world.state.serverIsDown(server);
  const loaded = server.models.reduce((sum, model) => sum + world.state.of(model).available, 0);
  return {
    apiVersion: SELDON_API,
    kind: 'Server',
    metadata: meta({
      seed: world.plan.seed,
      kind: 'Server',
      namespace: server.namespace,
      name: server.name,
      createdMs: world.startMs - server.ageSeconds * 1_000,
      generation: 1,
      finalizers: ['seldon.server.finalizer'],
    }),
    spec: { serverConfig: server.kind, replicas: server.replicas },
    status: {
      conditions: withReady([
        {
          type: 'StatefulSetOrDeploymentReady',
          ok: !down,
          sinceMs: serverSinceMs(world, server),
          reason: down
            ? 'StatefulSet replicas does not match desired replicas'
            : 'StatefulSet replicas matches desired replicas',
        },
      ]),
      loadedModels: loaded,
      replicas: server.replicas,
      selector: `seldon-server-name=${server.name}`,
    },
  };
}

/** A step works as long as one replica of any version serves it. */
function brokenSteps(world: World, namespace: string, steps: readonly string[]): readonly string[] {
  return steps.filter((name) => world.state.of({ namespace, name }).available === 0);
}

function youngestMs(world: World, namespace: string, models: readonly string[]): number {
  return Math.max(...models.map((name) => world.state.of({ namespace, name }).sinceMs));
}

export function pipelineObject(world: World, pipeline: PipelinePlan): KubernetesObject {
  const { namespace, name, steps } = pipeline;
  const ready = brokenSteps(world, namespace, steps).length === 0;
  const sinceMs = youngestMs(world, namespace, steps);
  const createdMs = Math.min(world.startMs - 86_400_000, sinceMs);
  const last = steps[steps.length - 1];
  return {
    apiVersion: SELDON_API,
    kind: 'Pipeline',
    metadata: meta({
      seed: world.plan.seed,
      kind: 'Pipeline',
      namespace,
      name,
      createdMs,
      generation: 1,
      finalizers: ['seldon.pipeline.finalizer'],
    }),
    spec: {
      steps: steps.map((step, i) => ({
        name: step,
        ...(i === 0 ? {} : { inputs: [`${steps[i - 1] ?? ''}.outputs`] }),
      })),
      output: { steps: last === undefined ? [] : [last] },
    },
    status: {
      conditions: withReady([
        {
          type: 'ModelsReady',
          ok: ready,
          sinceMs,
          message: ready ? 'Models all available' : 'Some models are not available',
        },
        { type: 'PipelineGwReady', ok: true, sinceMs: createdMs, reason: 'PipelineReady', message: ' | ' },
        { type: 'PipelineReady', ok: true, sinceMs: createdMs, reason: 'PipelineReady', message: ' | ' },
      ]),
    },
  };
}

export function experimentObject(world: World, experiment: ExperimentPlan): KubernetesObject {
  const { namespace, name, defaultCandidate, candidates, mirror } = experiment;
  const names = candidates.map((candidate) => candidate.name);
  const candidatesReady = brokenSteps(world, namespace, names).length === 0;
  const mirrorReady = mirror === undefined || brokenSteps(world, namespace, [mirror.name]).length === 0;
  const sinceMs = youngestMs(world, namespace, [...names, ...(mirror === undefined ? [] : [mirror.name])]);
  const active = candidatesReady && mirrorReady;
  const conditions: readonly ConditionInput[] = [
    {
      type: 'CandidatesReady',
      ok: candidatesReady,
      sinceMs,
      reason: candidatesReady ? 'Candidates ready' : 'Candidates not ready',
    },
    { type: 'ExperimentReady', ok: active, sinceMs, reason: active ? 'experiment active' : 'experiment not active' },
    { type: 'MirrorReady', ok: mirrorReady, sinceMs, reason: mirrorReady ? 'Mirror ready' : 'Mirror not ready' },
  ];
  return {
    apiVersion: SELDON_API,
    kind: 'Experiment',
    metadata: meta({
      seed: world.plan.seed,
      kind: 'Experiment',
      namespace,
      name,
      createdMs: Math.min(world.startMs - 86_400_000, sinceMs),
      generation: 1,
      finalizers: ['seldon.experiment.finalizer'],
    }),
    spec: {
      default: defaultCandidate,
      candidates,
      ...(mirror === undefined ? {} : { mirror }),
      resourceType: 'model',
    },
    status: { conditions: withReady(conditions) },
  };
}

const RUNTIME_CONDITIONS = [
  'DataflowEngineReady',
  'EnvoyReady',
  'HodometerReady',
  'ModelGatewayReady',
  'PipelineGatewayReady',
  'SchedulerReady',
];

export function runtimeObject(world: World, namespace: string): KubernetesObject {
  const createdMs = world.startMs - 200 * 86_400_000;
  return {
    apiVersion: SELDON_API,
    kind: 'SeldonRuntime',
    metadata: meta({
      seed: world.plan.seed,
      kind: 'SeldonRuntime',
      namespace,
      name: 'seldon',
      createdMs,
      generation: 1,
      finalizers: ['seldon.runtime.finalizer'],
    }),
    spec: { seldonConfig: 'default', overrides: [{ name: 'hodometer', disable: true }] },
    status: {
      conditions: withReady(
        RUNTIME_CONDITIONS.map((type) => ({
          type,
          ok: true,
          sinceMs: createdMs + 90_000,
          reason: 'StatefulSet replicas matches desired replicas',
        }))
      ),
    },
  };
}
