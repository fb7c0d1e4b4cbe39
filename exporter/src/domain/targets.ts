/** Which endpoints to probe, and what is known of them before the first answer. */
import { SIDECAR_KINDS, STANDALONE_NAMESPACE, type ServerKind, type SidecarKind } from '@modelwatch/contract';
import type { DeclaredModel, DeclaredServer } from './observation';
import { partName, predictorName, type KservePart } from './kserve-parts';
import { inferenceContainer } from './pods';
import type { ContainerSpec, InferenceService, Pod } from './resources';
import { serverTypeOf } from './server-type';
import type { ProbeTarget } from './probe-target';

const METRICS_PORTS: Partial<Record<ServerKind, number>> = { mlserver: 8082, triton: 8002 };
const SELDON_HTTP_PORT = 9000;
const KSERVE_HTTP_PORT = 8080;
/** Of vLLM in the pods of an LLMInferenceService; beside the container that takes the requests and passes them on. */
const LLM_HTTP_PORT = 8000;
const LLM_PORT_BEHIND_ROUTING = 8001;
const ROUTING_SIDECAR = 'llm-d-routing-sidecar';

/** Seldon Core 2: server pods answer the Open Inference Protocol on port 9000, their metrics port is `server-metrics`. */
export function seldonTargets(server: string, pods: readonly Pod[], models: readonly string[]): readonly ProbeTarget[] {
  return pods.flatMap((pod) => {
    if (pod.ip === undefined) return [];
    const container = inferenceContainer(pod.containers);
    const ports = pod.containers.flatMap((one) => one.ports);
    const http = container?.ports.find((port) => port.name === 'http')?.port ?? SELDON_HTTP_PORT;
    const kind = kindOf(container, undefined);
    const metrics = ports.find((port) => port.name === 'server-metrics')?.port ?? (kind && METRICS_PORTS[kind]);
    return [
      {
        endpoint: { namespace: pod.meta.namespace, server, replica: pod.meta.name },
        url: baseUrl(pod.ip, http),
        ...(metrics === undefined ? {} : { metricsUrl: `${baseUrl(pod.ip, metrics)}/metrics` }),
        pod: { namespace: pod.meta.namespace, name: pod.meta.name },
        ...(kind === undefined ? {} : { kindHint: kind }),
        models,
        versionSuffix: true,
        ...sidecarsOf('seldon', pod, pod.ip),
      },
    ];
  });
}

/** KServe: only runtimes whose protocol is known; any other would look like a failure. */
export function kserveTargets(service: InferenceService, pods: readonly Pod[]): readonly ProbeTarget[] {
  return pods.flatMap((pod) => {
    const container = inferenceContainer(pod.containers);
    const kind = kindOf(container, service.runtime);
    if (pod.ip === undefined || kind === undefined) return [];
    const http = httpPort(container) ?? KSERVE_HTTP_PORT;
    const { port, path } = kserveMetrics(pod, kind, http);
    const scheme = container?.https === true ? 'https' : 'http';
    return [
      {
        endpoint: { namespace: pod.meta.namespace, server: predictorName(service.meta.name), replica: pod.meta.name },
        url: baseUrl(pod.ip, http, scheme),
        // Another port has its own way, and none of the servers encrypts its metrics there.
        metricsUrl: `${baseUrl(pod.ip, port, port === http ? scheme : 'http')}${path}`,
        pod: { namespace: pod.meta.namespace, name: pod.meta.name },
        kindHint: kind,
        models: [service.meta.name],
        versionSuffix: false,
        ...sidecarsOf('kserve', pod, pod.ip),
      },
    ];
  });
}

/**
 * The pods of an LLMInferenceService, as KServe's presets write them: vLLM in the container `main`. With prefill apart a
 * request passes through a pod of either kind and both count it: only those that answer it are measured.
 */
export function llmTargets(part: KservePart, pods: readonly Pod[]): readonly ProbeTarget[] {
  return pods.flatMap((pod) => {
    const container = inferenceContainer(pod.containers);
    if (pod.ip === undefined || serverTypeOf({ container }) !== 'vllm') return [];
    const behind = pod.containers.some(({ name }) => name === ROUTING_SIDECAR);
    const http = container?.ports[0]?.port ?? (behind ? LLM_PORT_BEHIND_ROUTING : LLM_HTTP_PORT);
    const url = baseUrl(pod.ip, http, container?.https === true ? 'https' : 'http');
    return [
      {
        endpoint: { namespace: pod.meta.namespace, server: partName(part), replica: pod.meta.name },
        url,
        ...(part.component === 'prefill' ? { unmeasured: true as const } : { metricsUrl: `${url}/metrics` }),
        pod: { namespace: pod.meta.namespace, name: pod.meta.name },
        kindHint: 'vllm',
        models: [part.owner],
        versionSuffix: false,
      },
    ];
  });
}

/**
 * Transformers and explainers of an InferenceService. Those on KServe's SDK have its health of the Open Inference Protocol
 * whatever protocol their requests use. A request passes them and the predictor: only the predictor counts it.
 */
export function partTargets(part: KservePart, pods: readonly Pod[]): readonly ProbeTarget[] {
  const { component } = part;
  if (component !== 'transformer' && component !== 'explainer') return [];
  return pods.flatMap((pod) => {
    if (pod.ip === undefined) return [];
    const container = inferenceContainer(pod.containers);
    return [
      {
        endpoint: { namespace: pod.meta.namespace, server: partName(part), replica: pod.meta.name },
        url: baseUrl(pod.ip, httpPort(container) ?? KSERVE_HTTP_PORT, container?.https === true ? 'https' : 'http'),
        unmeasured: true as const,
        pod: { namespace: pod.meta.namespace, name: pod.meta.name },
        kindHint: 'oip' as const,
        part: component,
        models: [],
        versionSuffix: false,
      },
    ];
  });
}

/** Containers that measure requests, by name; with the name of the port that has their metrics, and its usual number. */
const SIDECAR_CONTAINERS: Readonly<Record<SidecarKind, SidecarContainer>> = {
  // KServe calls the container of its logger `agent`, too: that has no metrics.
  seldon_agent: { platform: 'seldon', name: 'agent', portName: 'metrics', port: 9006 },
  queue_proxy: { platform: 'kserve', name: 'queue-proxy', portName: 'http-usermetric', port: 9091 },
};

interface SidecarContainer {
  readonly platform: 'seldon' | 'kserve';
  readonly name: string;
  readonly portName: string;
  readonly port: number;
}

function sidecarsOf(platform: SidecarContainer['platform'], pod: Pod, ip: string): Pick<ProbeTarget, 'sidecars'> {
  const sidecars = SIDECAR_KINDS.flatMap((kind) => {
    const { platform: ofPlatform, name, portName, port } = SIDECAR_CONTAINERS[kind];
    const container = ofPlatform === platform && pod.containers.find((one) => one.name === name);
    if (!container) return [];
    const named = container.ports.find((one) => one.name === portName)?.port;
    return [{ kind, metricsUrl: `${baseUrl(ip, named ?? port)}/metrics` }];
  });
  return sidecars.length === 0 ? {} : { sidecars };
}

const HTTP_PORT_NAMES: readonly (string | undefined)[] = ['http', 'http1', 'h2c'];

/** The port that answers requests, as the container says; undefined where it names none. */
export function httpPort(container: ContainerSpec | undefined): number | undefined {
  return (container?.ports.find(({ name }) => HTTP_PORT_NAMES.includes(name)) ?? container?.ports[0])?.port;
}

/** Where TensorFlow Serving has its metrics; the annotation of its shipped runtime says /metrics, which it does not have. */
const TFSERVING_PATH = '/monitoring/prometheus/metrics';

/** The annotations of some shipped runtimes are wrong: MLServer's names the port of the requests. */
function kserveMetrics(pod: Pod, kind: ServerKind, http: number): { readonly port: number; readonly path: string } {
  const annotated = Number(pod.meta.annotations['prometheus.kserve.io/port'] ?? NaN);
  const said = pod.meta.annotations['prometheus.kserve.io/path'] ?? '/metrics';
  const path = kind === 'tfserving' && said === '/metrics' ? TFSERVING_PATH : said;
  const usable = Number.isInteger(annotated) && annotated > 0 && annotated <= 65_535;
  const wrong = (kind === 'mlserver' && annotated === http) || kind === 'kserve';
  const port = usable && !wrong ? annotated : (METRICS_PORTS[kind] ?? http);
  return { port, path: path.startsWith('/') ? path : `/${path}` };
}

/**
 * Servers under the names of their runtimes and images; the first that fits. TorchServe stands behind KServe's own server,
 * which answers in its place and lists its models: the annotated page of TorchServe cannot tell failures, that one can.
 */
const KINDS: readonly (readonly [RegExp, ServerKind])[] = [
  [/mlserver/, 'mlserver'],
  [/triton/, 'triton'],
  [/(sklearn|xgb|lgb|paddle|pmml|predictive|autogluon|huggingface)server|torchserve/, 'kserve'],
  [/tensorflow[-_/]serving/, 'tfserving'],
  [/vllm/, 'vllm'],
  [/llama[-.]?cpp/, 'llamacpp'],
];

function kindOf(container: ContainerSpec | undefined, runtime: string | undefined): ServerKind | undefined {
  const names = [container?.name ?? '', runtime ?? '', container?.image ?? ''].join(' ').toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(names))?.[1];
}

/**
 * A declared server; models without an address for their server are not probed.
 * @param listing the server itself, where it was declared without models: those that it lists are asked for
 */
export function standaloneTargets(
  server: string,
  declared: readonly DeclaredModel[],
  listing?: DeclaredServer
): readonly ProbeTarget[] {
  const first = listing ?? declared.find((model) => model.url !== undefined);
  const replica = first && replicaOf(first);
  if (!first?.url || replica === undefined) return [];
  return [
    {
      endpoint: { namespace: STANDALONE_NAMESPACE, server, replica },
      url: first.url.replace(/\/+$/, ''),
      ...(first.metricsUrl === undefined ? {} : { metricsUrl: first.metricsUrl }),
      ...(first.serverKind === undefined ? {} : { kindHint: first.serverKind }),
      ...(first.module === undefined ? {} : { module: first.module }),
      models: declared.map((model) => model.name),
      versionSuffix: false,
    },
  ];
}

/** host:port of a declared server. */
export function replicaOf(model: DeclaredModel | DeclaredServer): string | undefined {
  if (model.url === undefined || !URL.canParse(model.url)) return undefined;
  const { hostname, port, protocol } = new URL(model.url);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

export function baseUrl(ip: string, port: number, scheme: 'http' | 'https' = 'http'): string {
  return `${scheme}://${ip.includes(':') ? `[${ip}]` : ip}:${port}`;
}
