/**
 * The gateways of Seldon Core 2: they have no models of their own, and count requests for pipelines; see the facts in
 * contract/src/translation/seldon-gateways.ts.
 */
import {
  ENVOY_OUTCOMES,
  ENVOY_RESPONSES,
  PIPELINE_GATEWAY_OUTCOMES,
  PIPELINE_GATEWAY_RESPONSES,
  REQUEST_METHODS,
  type RequestMethod,
} from '@modelwatch/contract';
import type { InferenceSample, PipelineSample } from '../../domain/observation';
import { isModelName, modelName } from './names';
import { unexpectedStatus, type Ask, type ServerIdentity, type ServerProbe } from './probe';
import type { TextSample } from './prometheus-text';
import { Tally, type TallyRow } from './tally';
import { inSteps } from './text/steps';
import { chosen } from './translate';

const NO_MODELS = () => Promise.resolve([]);

/** Health on port 9999, metrics on 9006. */
export const PIPELINE_GATEWAY: ServerProbe = {
  kind: 'seldon_pipelinegateway',
  serverNames: [],
  identify: async (ask) => (await askReady(ask)) ?? { live: true, ready: false },
  models: NO_MODELS,
  metrics: {
    names: new Set(['seldon_pipeline_infer_total', ...histogramNames('seldon_pipeline_infer_api_seconds')]),
    path: '/metrics',
    port: 9006,
    capabilities: () => [],
    translate: () => Promise.resolve([]),
    pipelines: gatewayPipelines,
  },
};

const RQ_TIME = 'envoy_cluster_upstream_rq_time';
const RQ_CLASSES = 'envoy_cluster_upstream_rq_xx';
const RQ_CODES = 'envoy_cluster_upstream_rq';
const STATS = '/stats/prometheus';
/**
 * Only the statistics that are read, by their names within Envoy (`upstream_rq_time`, `upstream_rq_2xx`, `upstream_rq_403`): of many hundred
 * clusters the rest is most of the page. No character that would have to be escaped in a URL.
 */
const ONLY_REQUESTS = `${STATS}?usedonly&filter=upstream_rq_....?$`;

/** Health and statistics on port 9003; the admin interface itself is not reachable from outside the pod. */
export const ENVOY: ServerProbe = {
  kind: 'seldon_envoy',
  serverNames: [],
  identify: async (ask) => (await askReady(ask)) ?? (await askStats(ask)),
  models: NO_MODELS,
  metrics: {
    names: new Set([RQ_CLASSES, RQ_CODES, ...histogramNames(RQ_TIME)]),
    path: ONLY_REQUESTS,
    capabilities: () => [],
    translate: envoyRoutes,
    pipelines: envoyPipelines,
  },
};

/** Undefined: it has no such path. @throws ProbeError */
async function askReady(ask: Ask): Promise<ServerIdentity | undefined> {
  const answer = await ask('GET', '/ready');
  if (answer.status === 404) return undefined;
  if (answer.status !== 200 && answer.status !== 503) throw unexpectedStatus(answer);
  return { live: true, ready: answer.status === 200 };
}

/** An Envoy that gives its statistics works; `server.live` is all of them that is asked for. */
async function askStats(ask: Ask): Promise<ServerIdentity> {
  const answer = await ask('GET', `${STATS}?filter=server.live`);
  if (answer.status !== 200) throw unexpectedStatus(answer);
  return { live: true, ready: true };
}

function histogramNames(name: string): readonly string[] {
  return ['_bucket', '_sum', '_count'].map((suffix) => `${name}${suffix}`);
}

function isMethod(value: string | undefined): value is RequestMethod {
  return (REQUEST_METHODS as readonly (string | undefined)[]).includes(value);
}

async function gatewayPipelines(samples: readonly TextSample[], namespace: string): Promise<PipelineSample[]> {
  const tally = new Tally();
  for (const { name, labels, value } of samples) {
    const method = labels['method_type'] ?? labels['method'];
    const { pipeline } = labels;
    if (!isMethod(method) || !isModelName(pipeline)) continue;
    const row = method === 'grpc' ? counting(tally.row(pipeline, method)) : tally.row(pipeline, method);
    if (name === 'seldon_pipeline_infer_total') {
      row.request(chosen(PIPELINE_GATEWAY_OUTCOMES, labels) ?? 'unknown', value);
      // Over REST it counts none of its refusals.
      if (method === 'grpc') row.response(chosen(PIPELINE_GATEWAY_RESPONSES, labels) ?? 'other', value);
    } else row.part('duration', name, labels, value, 1);
  }
  return pipelineSamples(tally, namespace);
}

/** Whatever it has no series of there was not: so that a ratio of 0 can be told from one that nobody knows. */
function counting(row: TallyRow): TallyRow {
  for (const outcome of ['success', 'unknown', 'server_error'] as const) row.request(outcome, 0);
  return row;
}

const MILLISECOND = 1e-3;
const CLUSTER = /^(.+)_(?:http|grpc)$/s;
const REST_PIPELINE = /^(.+)_pipeline_http$/s;
const ANY_PIPELINE = /_pipeline_(?:http|grpc)$/;

/** How long requests for each version of a model took, by both ways together, and who was refused. */
async function envoyRoutes(samples: readonly TextSample[]): Promise<InferenceSample[]> {
  const tally = new Tally();
  await ofClusters(
    samples.filter(({ name }) => name !== RQ_CLASSES),
    (cluster) => routeOf(tally, cluster),
    (row, sample) => {
      if (sample.name === RQ_CODES) answered(row, sample);
      else row.part('routeDuration', sample.name, sample.labels, sample.value, MILLISECOND);
    }
  );
  return tally.samples();
}

/** Gives each sample to the row of its cluster. Those of a cluster stand together: its name is looked at once. */
async function ofClusters(
  samples: readonly TextSample[],
  rowOf: (cluster: string) => TallyRow | undefined,
  give: (row: TallyRow, sample: TextSample) => void
): Promise<void> {
  let last: string | undefined;
  let row: TallyRow | undefined;
  await inSteps(samples.length, (from, to) => {
    for (let at = from; at < to; at += 1) {
      const sample = samples[at] as TextSample;
      const cluster = sample.labels['envoy_cluster_name'] ?? '';
      if (cluster !== last) row = rowOf(cluster);
      last = cluster;
      if (row) give(row, sample);
    }
  });
}

/** None for clusters that are no version of a model, such as those of mirrors and pipelines. */
function routeOf(tally: Tally, cluster: string): TallyRow | undefined {
  const internal = ANY_PIPELINE.test(cluster) ? undefined : CLUSTER.exec(cluster)?.[1];
  const { model, version } = modelName(internal ?? '', undefined, true);
  return version === '' ? undefined : tally.row(model, version);
}

/** Over REST only: an answer of gRPC has HTTP status 200, whatever it says. */
async function envoyPipelines(samples: readonly TextSample[], namespace: string): Promise<PipelineSample[]> {
  const tally = new Tally();
  await ofClusters(
    samples,
    (cluster) => {
      const pipeline = REST_PIPELINE.exec(cluster)?.[1];
      return isModelName(pipeline) ? counting(tally.row(pipeline, 'rest')) : undefined;
    },
    (row, sample) => {
      const { name, labels, value } = sample;
      const outcome = name === RQ_CLASSES ? chosen(ENVOY_OUTCOMES, labels) : undefined;
      if (outcome) row.request(outcome, value);
      else if (name === RQ_CODES) answered(row, sample);
      else if (name !== RQ_CLASSES) row.part('duration', name, labels, value, MILLISECOND);
    }
  );
  return pipelineSamples(tally, namespace);
}

function answered(row: TallyRow, { labels, value }: TextSample): void {
  row.response(chosen(ENVOY_RESPONSES, labels) ?? 'other', value);
}

/** Rows of a tally by pipeline and method. */
async function pipelineSamples(tally: Tally, namespace: string): Promise<PipelineSample[]> {
  return (await tally.samples()).map(({ model: pipeline, version, requests, responses, histograms: { duration } }) => ({
    namespace,
    pipeline,
    method: version === 'grpc' ? 'grpc' : 'rest',
    requests,
    responses,
    ...(duration ? { duration } : {}),
  }));
}
