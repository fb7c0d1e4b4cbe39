/** Seldon Core 2, `mlops.seldon.io/v1alpha1`. Field names and meanings are facts of its custom resource definitions. */
import { STORAGE_SCHEMES, type StorageScheme } from '@modelwatch/contract';
import { MODEL_STATES, unknownEnum } from '../../../domain/platforms/seldon-states';
import type {
  KafkaHost,
  ModelDependency,
  ObjectMeta,
  ResourceStatus,
  SeldonConfig,
  SeldonExperiment,
  SeldonModel,
  SeldonRuntime,
  SeldonServer,
  SeldonServerConfig,
} from '../../../domain/resources';
import { cutLabel } from '../../../domain/label';
import { present, type Fields } from './fields';
import { decodeStatus } from './meta';
import { storageHash } from './storage';
import { decodeTemplate } from './template';

export function decodeModel(object: Fields, meta: ObjectMeta): SeldonModel {
  const spec = object.child('spec');
  const status = object.child('status');
  const base = decodeStatus(object);
  const storageUri = spec.text('storageUri');
  doubtNewStates(object, base, ['ModelReady'], 'Model');
  return {
    kind: 'SeldonModel',
    meta,
    ...base,
    requirements: [...new Set(spec.texts('requirements').map(cutLabel))],
    ...present({
      desiredReplicas: spec.count('replicas'),
      minReplicas: spec.count('minReplicas'),
      maxReplicas: spec.count('maxReplicas'),
      availableReplicas: status.count('availableReplicas'),
      placedReplicas: status.count('replicas'),
      storageScheme: schemeOf(storageUri),
      storageHash: storageHash(storageUri),
      modelType: spec.label('modelType'),
      artifactVersion: spec.count('artifactVersion'),
      memoryBytes: spec.quantity('memory'),
      server: serverOfSelector(status.text('selector')) ?? spec.text('server'),
      pinnedServer: spec.text('server'),
      explainerType: spec.has('explainer') ? spec.child('explainer').label('type') : undefined,
      dependencies: dependenciesOf(spec),
      modelGateway: decodeModelGateway(status),
      preloaded: spec.bool('preloaded'),
      dedicated: spec.bool('dedicated'),
      logged: spec.has('logger') || undefined,
    }),
  };
}

/** Counts a state of a newer Seldon in a condition; the domain then says that it does not know the status. */
export function doubtNewStates(
  object: Fields,
  { status }: { readonly status?: ResourceStatus },
  types: readonly string[],
  prefix: 'Model' | 'Pipeline'
): void {
  for (const { type, reason, message } of status?.conditions ?? []) {
    const word = types.includes(type) ? unknownEnum([reason, message], prefix) : undefined;
    if (word !== undefined) object.child('status').doubt(`conditions.${type}`, word, 'a state that is known');
  }
}

/** `status.selector` of a Model is `server=<name>`, without a name while it is on none. */
function serverOfSelector(selector: string | undefined): string | undefined {
  const match = /(?:^|,)server=([^,]+)/.exec(selector ?? '');
  return match?.[1];
}

/** Only what stands before `://`, and only of a closed list: remotes of rclone can hold keys in their name. */
function schemeOf(uri: string | undefined): StorageScheme | undefined {
  if (uri === undefined) return undefined;
  const scheme = /^([a-z0-9]+):\/\//.exec(uri)?.[1];
  return STORAGE_SCHEMES.find((known) => known === scheme) ?? 'other';
}

/** `explainer` and `llm` each refer to a model or a pipeline. */
function dependenciesOf(spec: Fields): readonly ModelDependency[] | undefined {
  if (!spec.has('explainer') && !spec.has('llm')) return undefined;
  const found = (['explainer', 'llm'] as const).flatMap((role) => {
    const block = spec.child(role);
    return (['model', 'pipeline'] as const).flatMap((kind) => {
      const name = block.text(`${kind}Ref`);
      return name === undefined ? [] : [{ role, kind, name }];
    });
  });
  return found.length === 0 ? undefined : found;
}

const KNOWN_STATES: ReadonlySet<string> = new Set(MODEL_STATES);

/** The state of the model in the model gateway (its way from Kafka): `ModelAvailable`, `ModelFailed(free text) `. */
function decodeModelGateway(status: Fields): SeldonModel['modelGateway'] {
  const text = status.text('modelgwReady');
  if (text === undefined) return undefined;
  if (KNOWN_STATES.has(text)) return { state: text };
  const [, state = '', detail] = /^\s*([^\s(]*)\s*(?:\(([\s\S]*)\))?\s*$/.exec(text) ?? [];
  if (!KNOWN_STATES.has(state)) {
    status.doubt('modelgwReady', text, 'a state of a model as in ModelAvailable(text)');
    return { state: 'unknown', detail: text };
  }
  return detail ? { state, detail } : { state };
}

export function decodeServer(object: Fields, meta: ObjectMeta): SeldonServer {
  const spec = object.child('spec');
  const capabilities = spec.texts('capabilities');
  return {
    kind: 'SeldonServer',
    meta,
    ...decodeStatus(object),
    capabilities: [
      ...new Set((capabilities.length > 0 ? capabilities : spec.texts('extraCapabilities')).map(cutLabel)),
    ],
    ...present({
      desiredReplicas: spec.count('replicas'),
      minReplicas: spec.count('minReplicas'),
      maxReplicas: spec.count('maxReplicas'),
      serverConfig: spec.text('serverConfig'),
      imageOverrides: imageOverrides(spec.child('imageOverrides')),
      loadedModels: object.child('status').count('loadedModels'),
    }),
  };
}

/** Each override is a container; only its image is read. */
function imageOverrides(overrides: Fields): SeldonServer['imageOverrides'] {
  const found = (['agent', 'rclone'] as const).flatMap((part) => {
    const image = overrides.child(part).text('image');
    return image === undefined ? [] : [{ part, image }];
  });
  return found.length === 0 ? undefined : found;
}

export function decodeExperiment(object: Fields, meta: ObjectMeta): SeldonExperiment {
  const spec = object.child('spec');
  const mirror = spec.child('mirror');
  const mirrorName = spec.has('mirror') ? mirror.needed('name') : undefined;
  return {
    kind: 'SeldonExperiment',
    meta,
    ...decodeStatus(object),
    // `model` is the default of the resource definition.
    resourceKind: spec.oneOf('resourceType', ['model', 'pipeline']) ?? 'model',
    candidates: spec.children('candidates').flatMap((candidate) => {
      const name = candidate.needed('name');
      return name === undefined ? [] : [{ name, weight: candidate.count('weight') ?? 0 }];
    }),
    ...present({
      defaultCandidate: spec.text('default'),
      mirror: mirrorName === undefined ? undefined : { name: mirrorName, percent: mirror.count('percent') ?? 0 },
    }),
  };
}

export function decodeRuntime(object: Fields, meta: ObjectMeta): SeldonRuntime {
  const spec = object.child('spec');
  return {
    kind: 'SeldonRuntime',
    meta,
    ...decodeStatus(object),
    kafka: kafkaHosts(spec.child('config')),
    overrides: spec.children('overrides').flatMap((override) => {
      const component = override.needed('name');
      if (component === undefined) return [];
      const disabled = override.bool('disable') ?? false;
      return [{ component: cutLabel(component), disabled, ...present({ replicas: override.count('replicas') }) }];
    }),
    ...present({ seldonConfig: spec.text('seldonConfig') }),
  };
}

export function decodeSeldonConfig(object: Fields, meta: ObjectMeta): SeldonConfig {
  const config = object.child('spec').child('config');
  const scaling = config.child('scalingConfig');
  return {
    kind: 'SeldonConfig',
    meta,
    kafka: kafkaHosts(config),
    settings: {
      modelAutoscaling: scaling.child('models').bool('enabled') ?? false,
      serverAutoscaling: scaling.child('servers').bool('enabled') ?? false,
      tracing: config.has('tracingConfig') && !(config.child('tracingConfig').bool('disable') ?? false),
      ...present({ topicPrefix: config.child('kafkaConfig').label('topicPrefix') }),
    },
  };
}

export function decodeServerConfig(object: Fields, meta: ObjectMeta): SeldonServerConfig {
  const containers = decodeTemplate(object.child('spec').child('podSpec'));
  return { kind: 'SeldonServerConfig', meta, containers };
}

/** `my-cluster-kafka-bootstrap.kafka.svc:9093,...` -> Service and namespace; an address or a foreign host names none. */
function kafkaHosts(config: Fields): readonly KafkaHost[] {
  const servers = config.child('kafkaConfig').text('bootstrap.servers');
  return (servers ?? '').split(',').flatMap((server) => {
    const host = server.trim().replace(/:\d+$/, '');
    const [service = '', namespace, kind] = host.split('.');
    if (!/^[a-z][a-z0-9-]*$/.test(service) || (kind !== undefined && kind !== 'svc')) return [];
    return [namespace === undefined ? { service } : { service, namespace }];
  });
}
