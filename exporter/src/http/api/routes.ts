/** The read API as one table: the router, openapi.json and the tests are made of it. */
import {
  API_PATHS,
  decodeComponentList,
  decodeExperimentList,
  decodeModelDetail,
  decodeModelList,
  decodeModelMonitoring,
  decodePipelineList,
  decodeServerList,
  entityKey,
  HEALTH_STATES,
  PLATFORMS,
  type ComponentSummary,
  type Decoder,
  type EntityKey,
  type HealthState,
} from '@modelwatch/contract';
import type { EntityView } from '../../domain/views';
import type { Snapshot } from '../../domain/fleet-interface';
import type { AppDeps } from '../deps';
import { HttpError } from '../errors';
import { EVENT_QUERY, eventList, mergedEvents } from './events';
import { modelCoverage, modelMonitoring, referenceList } from './monitoring';
import {
  componentSummary,
  experimentSummary,
  modelDetail,
  modelSummary,
  pipelineSummary,
  serverSummary,
  status,
} from './project';
import type { Peers } from '../peers';
import type { Query, QueryParameter } from './query';
import type { SchemaName } from './schemas';
import { mergedSlos, sloList } from './slos';
import { mergedList, ofOwner, worstFirst, type Asked, type List, type Listed } from './together';

export type ApiRequest = Pick<Asked, 'query' | 'path'>;

export interface ApiRoute {
  /** With `{name}` for a part of the path, as OpenAPI writes it. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly query: readonly QueryParameter[];
  readonly schema: SchemaName;
  /** What this process says. */
  readonly answer: (deps: AppDeps, request: ApiRequest) => unknown;
  /** What all shards say together; absent: each tells of itself. `own` is the answer of this one. */
  readonly together?: (peers: Peers, own: () => unknown, asked: Asked) => Promise<unknown>;
}

/** What can be asked for by namespace and platform. */
type Filtered = Pick<EntityView, 'namespace' | 'platform'>;

/** `answer` of the same route gives what `decode` reads. */
function lists<Item extends Listed>(decode: Decoder<List<Item>>, healthOf: (item: Item) => HealthState) {
  return (peers: Peers, own: () => unknown, asked: Asked) =>
    mergedList(peers, own as () => List<Item>, decode, healthOf, asked);
}

/** What lists all of one kind, in one process and in all shards. */
function listOf<View extends Filtered, Item extends Listed>(
  viewsOf: (snapshot: Snapshot) => ReadonlyMap<string, View>,
  summary: (view: View) => Item,
  decode: Decoder<List<Item>>,
  healthOf: (item: Item) => HealthState
): Pick<ApiRoute, 'answer' | 'together'> {
  return {
    together: lists(decode, healthOf),
    answer: (deps, { query }) => {
      const snapshot = syncedSnapshot(deps);
      return list(deps, snapshot, query, filtered(viewsOf(snapshot), query).map(summary), healthOf);
    },
  };
}

const NAMESPACE: QueryParameter = { name: 'namespace', description: 'Only this namespace.' };
const PLATFORM: QueryParameter = { name: 'platform', description: 'Only this platform.', values: PLATFORMS };
const HEALTH: QueryParameter = { name: 'health', description: 'Only models of this health.', values: HEALTH_STATES };
const LIMIT: QueryParameter = {
  name: 'limit',
  description: 'At most so many, worst first; `partial` is then true if there are more.',
  range: [1, 100_000],
};

const SLO_LIMIT: QueryParameter = {
  name: 'limit',
  description: 'At most so many, by name; `partial` is then true if there are more.',
  range: [1, 100_000],
};

export const API_ROUTES: readonly ApiRoute[] = [
  {
    path: API_PATHS.models,
    operationId: 'listModels',
    summary: 'Models, worst first',
    query: [NAMESPACE, PLATFORM, HEALTH, LIMIT],
    schema: 'ModelList',
    together: lists(decodeModelList, ({ health }) => health),
    answer: (deps, { query }) => {
      const snapshot = syncedSnapshot(deps);
      const all = filtered(snapshot.models, query).map((view) => modelSummary(view, deps.health));
      const wanted = query.get('health');
      const items = all.filter((model) => wanted === undefined || model.health === wanted);
      return list(deps, snapshot, query, items, ({ health }) => health);
    },
  },
  {
    path: `${API_PATHS.models}/{namespace}/{name}`,
    operationId: 'getModel',
    summary: 'One model with its conditions, replicas, endpoints and history',
    query: [],
    schema: 'ModelDetail',
    together: (peers, own, asked) => ofOwner(peers, own, decodeModelDetail, asked),
    answer: (deps, { path }) => {
      const { namespace = '', name = '' } = path;
      const { models, endpoints } = syncedSnapshot(deps);
      const view = models.get(keyOf(namespace, name));
      if (!view) throw new HttpError(404, 'not_found', `There is no model ${name} in namespace ${namespace}.`);
      return modelDetail(view, deps.health, endpoints);
    },
  },
  {
    path: `${API_PATHS.models}/{namespace}/{name}/monitoring`,
    operationId: 'getModelMonitoring',
    summary:
      'What is watched of the data of a model: its settings, each with its origin, and its references with their bins',
    query: [],
    schema: 'ModelMonitoring',
    together: (peers, own, asked) => ofOwner(peers, own, decodeModelMonitoring, asked),
    answer: (deps, { path }) => {
      const { namespace = '', name = '' } = path;
      const found = deps.monitoring().models.get(keyOf(namespace, name));
      if (found) return modelMonitoring(found);
      const text = `Model ${name} in namespace ${namespace} has neither a reference nor settings of its own.`;
      throw new HttpError(404, 'not_found', text);
    },
  },
  {
    path: `${API_PATHS.models}/{namespace}/{name}/coverage`,
    operationId: 'getModelCoverage',
    summary: 'What this exporter has seen of the events of a model since it began, and what not',
    query: [],
    schema: 'ModelCoverage',
    answer: (deps, { path }) => {
      const { namespace = '', name = '' } = path;
      const found = deps.events(namespace, name);
      if (found) return modelCoverage(found);
      throw new HttpError(
        404,
        'not_found',
        `No events of model ${name} in namespace ${namespace} were expected or seen.`
      );
    },
  },
  {
    path: API_PATHS.servers,
    operationId: 'listServers',
    summary: 'Inference servers, worst first',
    query: [NAMESPACE, PLATFORM, LIMIT],
    schema: 'ServerList',
    ...listOf(({ servers }) => servers, serverSummary, decodeServerList, servingRank),
  },
  {
    path: API_PATHS.pipelines,
    operationId: 'listPipelines',
    summary: 'Pipelines and inference graphs, worst first',
    query: [NAMESPACE, PLATFORM, LIMIT],
    schema: 'PipelineList',
    ...listOf(({ pipelines }) => pipelines, pipelineSummary, decodePipelineList, servingRank),
  },
  {
    path: API_PATHS.experiments,
    operationId: 'listExperiments',
    summary: 'Experiments, worst first',
    query: [NAMESPACE, PLATFORM, LIMIT],
    schema: 'ExperimentList',
    ...listOf(({ experiments }) => experiments, experimentSummary, decodeExperimentList, servingRank),
  },
  {
    path: API_PATHS.components,
    operationId: 'listComponents',
    summary: 'Components of the serving platforms that models wait for, worst first',
    query: [NAMESPACE, PLATFORM, LIMIT],
    schema: 'ComponentList',
    ...listOf(({ components }) => components, componentSummary, decodeComponentList, componentRank),
  },
  {
    path: API_PATHS.references,
    operationId: 'listReferences',
    summary: 'References that models are compared with, and those that are refused',
    query: [],
    schema: 'ReferenceList',
    answer: (deps) => referenceList(deps.monitoring(), deps.snapshot(), deps.nowSeconds()),
  },
  {
    path: API_PATHS.slos,
    operationId: 'listObjectives',
    summary: 'Objectives of models and pipelines in words, with their alerts, and what of them was refused',
    query: [NAMESPACE, { name: 'model', description: 'Only this model or pipeline.' }, SLO_LIMIT],
    schema: 'SloList',
    together: mergedSlos,
    answer: (deps, { query }) => sloList(deps.slos(), syncedSnapshot(deps), query, deps.nowSeconds()),
  },
  {
    path: API_PATHS.events,
    operationId: 'listEvents',
    summary: 'What happened to models lately, and what was done about it, latest first: what exporters remember',
    query: EVENT_QUERY,
    schema: 'EventList',
    together: mergedEvents,
    answer: (deps, { query }) => eventList(deps.eventLog, query, deps.nowSeconds()),
  },
  {
    path: API_PATHS.status,
    operationId: 'getStatus',
    summary: 'Version, readiness and the state of each source',
    query: [],
    schema: 'Status',
    answer: (deps) => status(deps.snapshot(), deps.about, deps.health, deps.peers?.sharding),
  },
];

/** Before the first sync a list would be a part of the fleet that looks like the whole. */
function syncedSnapshot(deps: AppDeps): Snapshot {
  const snapshot = deps.snapshot();
  if (snapshot.everSynced) return snapshot;
  throw new HttpError(503, 'not_synced', 'The fleet is not read yet; /readyz says what is missing.', {
    'Retry-After': '2',
  });
}

function keyOf(namespace: string, name: string): EntityKey {
  try {
    return entityKey({ namespace, name });
  } catch (error) {
    throw new HttpError(400, 'bad_path', error instanceof Error ? error.message : 'path: expected namespace/name');
  }
}

function filtered<View extends Filtered>(views: ReadonlyMap<string, View>, query: Query): View[] {
  const namespace = query.get('namespace');
  const platform = query.get('platform');
  return [...views.values()].filter(
    (view) =>
      (namespace === undefined || view.namespace === namespace) &&
      (platform === undefined || view.platform === platform)
  );
}

function servingRank({ serving }: { serving: string }): HealthState {
  return serving === 'serving' ? 'healthy' : (serving as HealthState);
}

/** In the words of health, for the order alone. */
function componentRank({ up, replicas: { desired, available } }: ComponentSummary): HealthState {
  if (up === undefined) return 'stale';
  if (!up) return 'failed';
  return (available ?? 0) < (desired ?? 0) ? 'degraded' : 'healthy';
}

function list<Item extends Listed>(
  deps: AppDeps,
  snapshot: Snapshot,
  query: Query,
  all: Item[],
  healthOf: (item: Item) => HealthState
): List<Item> {
  const { items, cut } = worstFirst(all, query, healthOf);
  return { items, partial: !snapshot.synced || cut, generatedAtSeconds: deps.nowSeconds() };
}
