/** One endpoint, asked once: how it is, and what it measured. */
import { ANSWERED_CAUSES, type InferenceCapability, type ServerKind } from '@modelwatch/contract';
import type { InferenceSample, PipelineSample, ProbeResult, ReplicaFigures } from '../../domain/observation';
import type { ProbeTarget } from '../../domain/probe-target';
import { isGrpc } from '../../mapping/server-url';
import type { Differences } from './differences';
import { withinLimits } from './limits';
import { isModelName } from './names';
import { askServer } from './oip';
import { askByGrpc } from './oip-grpc';
import type { Page } from './pages';
import {
  ProbeError,
  ProxyError,
  unexpectedStatus,
  type Ask,
  type Drop,
  type ServerIdentity,
  type ServerMetrics,
  type ServerProbe,
} from './probe';
import { PROBES, probeOf } from './probes';
import { recognize } from './recognize';
import { readSamples, type Refuse, type TextSample } from './prometheus-text';
import { SIDECARS } from './sidecars';
import type { Declared, Translator } from './translate';
import type { HttpTransport, Transport } from './transport';

/** Servers that modules of the configuration describe, by the name of the module. */
export type ServerModules = ReadonlyMap<string, ServerProbe>;
const NO_MODULES: ServerModules = new Map();

/** @throws ProbeError when the module is not one of the configuration: nothing is guessed in its place */
function hintedProbe(
  { module, url }: ProbeTarget,
  kind: ServerKind | undefined,
  modules: ServerModules
): ServerProbe | undefined {
  if (module === undefined) return kind && PROBES[kind];
  const found = modules.get(module);
  if (!found) throw new ProbeError('other', `expected a module of servers.modules, got ${JSON.stringify(module)}`);
  const expected = found.misaddressed?.(url);
  if (expected !== undefined) throw new ProbeError('other', `expected ${expected}, got ${url}`);
  return found;
}

/** Asks for health, identity and models. Never rejects: a failure is a result. */
export async function probeEndpoint(
  transport: Transport,
  target: ProbeTarget,
  signal: AbortSignal,
  drop: Drop,
  modules: ServerModules = NO_MODULES
): Promise<ProbeResult> {
  const startedMs = performance.now();
  const channel = isGrpc(target.url) ? transport.channel(target, signal) : undefined;
  const ask = channel ? askByGrpc(channel, target.url) : askByHttp(transport, target, signal);
  const result = (kind: ServerKind, found: Omit<ProbeResult, 'kind' | 'address' | 'durationSeconds'>): ProbeResult => ({
    kind,
    address: target.url,
    durationSeconds: (performance.now() - startedMs) / 1000,
    ...found,
  });

  let kind = target.kindHint;
  try {
    kind = target.module === undefined ? (kind ?? (await recognize(ask, target))) : 'generic';
    const { probe, server } = await identify(ask, target, hintedProbe(target, kind, modules));
    const { live, ready, name, version } = server;
    return result(probe.kind, {
      up: true,
      live,
      ready,
      models: target.part === undefined ? await probe.models(ask, target, drop, server) : [],
      ...(name === undefined ? {} : { serverName: name }),
      ...(version === undefined ? {} : { serverVersion: version }),
    });
  } catch (error) {
    if (error instanceof ProxyError) throw error;
    const failure =
      error instanceof ProbeError ? error : new ProbeError('other', `${target.url}: ${(error as Error).message}`);
    return result(kind ?? 'oip', {
      // Something answered, if not as a model server does. Nothing that it said before is believed.
      up: ANSWERED_CAUSES.includes(failure.cause),
      live: false,
      ready: false,
      models: [],
      error: { cause: failure.cause, text: failure.message.slice(0, 500) },
    });
  } finally {
    channel?.close();
  }
}

function askByHttp(transport: HttpTransport, target: ProbeTarget, signal: AbortSignal): Ask {
  const base = target.url.replace(/\/+$/, '');
  return (method, path, json, limits) => {
    const until = limits ? AbortSignal.any([signal, AbortSignal.timeout(limits.withinSeconds * 1_000)]) : signal;
    return transport.send(target, method, path.startsWith('/') ? `${base}${path}` : path, until, json);
  };
}

async function identify(
  ask: Ask,
  target: ProbeTarget,
  hinted: ServerProbe | undefined
): Promise<{ readonly probe: ServerProbe; readonly server: ServerIdentity }> {
  if (hinted?.identify) return { probe: hinted, server: await hinted.identify(ask, target) };
  const server = await askServer(ask);
  return { probe: probeOf(server.name, target.kindHint), server };
}

/** A page with more lines than this that are no samples is no page of metrics. */
const MAX_MALFORMED = 100;

/** What one endpoint measured. */
export interface Measured {
  readonly samples: readonly InferenceSample[];
  readonly capabilities: readonly InferenceCapability[];
  /** What a page that is silent may be able to say. */
  readonly unknown?: readonly InferenceCapability[];
  /** Prometheus reads the page, not we. */
  readonly isScraped?: true;
  readonly replica?: ReplicaFigures;
  readonly pipelines?: readonly PipelineSample[];
}

/** A page of metrics, where it is, and how it is understood. */
export interface MetricsPage extends Page {
  readonly metrics: ServerMetrics;
  /** Prometheus reads it, not we: this is what is known of it all the same. */
  readonly declared?: Declared;
}

/** How figures of requests come to Prometheus: through the exporter, or scraped from the servers and translated by rules. */
export type InferencePath = 'poll' | 'direct';

/** What is known of the server whose metrics are read. */
export interface Asked {
  /** The models that the server really has, from its probe; empty when it did not say. */
  readonly models: ProbeResult['models'];
  /** What the polls before this one saw. */
  readonly differences: Differences;
}

/** The pages that say something of the requests to the endpoint; none when those of its kind are not understood. */
export function metricsPages(
  target: ProbeTarget,
  { kind, models }: Pick<ProbeResult, 'kind' | 'models'>,
  modules: ServerModules = NO_MODULES,
  inference: InferencePath = 'poll'
): readonly MetricsPage[] {
  if (target.unmeasured) return [];
  const metrics = (target.module === undefined ? PROBES[kind] : modules.get(target.module))?.metrics;
  const own = metrics && ownPage(target, metrics);
  if (inference === 'direct' && own && isScraped(target, own.metrics)) {
    return [{ ...own, declared: own.metrics.declared }];
  }
  const beside = (target.sidecars ?? []).flatMap(({ kind: sidecar, metricsUrl }) => {
    const { metrics: ofSidecar, ofOneModel } = SIDECARS[sidecar];
    return ofOneModel && models.length > 1 ? [] : [{ url: metricsUrl, own: false, metrics: ofSidecar }];
  });
  return [...(own ? [own] : []), ...beside];
}

/**
 * Rules translate what a server of a known kind says. A module is known to the exporter only, and where a container beside
 * the server counts its requests, which of the two counts must not depend on who scrapes what: both remain polled. How
 * many models there are does not matter here: it would change the path of a replica while it runs.
 */
function isScraped(target: ProbeTarget, metrics: ServerMetrics): metrics is ServerMetrics & { declared: Declared } {
  return target.module === undefined && (target.sidecars ?? []).length === 0 && metrics.declared !== undefined;
}

/**
 * What a page says, translated.
 * @throws ProbeError
 */
export async function readPage(
  transport: HttpTransport,
  target: ProbeTarget,
  { url, metrics, declared }: MetricsPage,
  { models, differences }: Asked,
  signal: AbortSignal,
  drop: Drop
): Promise<Measured> {
  if (declared) return { samples: [], ...declared, isScraped: true };
  const answer = await transport.send(target, 'GET', url, signal);
  if (answer.status !== 200) throw unexpectedStatus(answer);
  if (answer.contentType.includes('text/html')) {
    throw new ProbeError('invalid_response', `${answer.place}: expected metrics, got a web page`);
  }
  if (metrics.emptyMeans !== undefined && answer.body.length === 0) {
    throw new ProbeError(
      'invalid_response',
      `${answer.place}: expected metrics, got an empty page: ${metrics.emptyMeans}`
    );
  }
  let malformed = 0;
  const { body, unframed = false } = answer;
  const refuse: Refuse = (detail, reason) => {
    drop(reason, `${answer.place} ${detail}`);
    if (reason !== 'invalid_sample') return;
    malformed += 1;
    if (malformed <= MAX_MALFORMED) return;
    throw new ProbeError(
      'invalid_response',
      `${answer.place}: expected metrics, got more than ${MAX_MALFORMED} lines that are none`
    );
  };
  const samples = await readSamples(body, metrics.names, refuse, {
    nowSeconds: Date.now() / 1000,
    maybeTruncated: unframed,
  });
  const usable = samples.filter((sample) => isUsable(sample, answer.place, drop));
  const known = models.filter(({ parent }) => parent === undefined).map(({ name }) => name);
  return {
    samples: await translate(metrics, usable, { target, known, differences, place: answer.place, drop }),
    capabilities: metrics.capabilities(usable),
    ...(metrics.replica ? { replica: metrics.replica(usable) } : {}),
    ...(metrics.pipelines ? { pipelines: await metrics.pipelines(usable, target.endpoint.namespace) } : {}),
  };
}

/** Whether it is a value that a counter, or a gauge of a size, can have. */
function isUsable({ name, value }: TextSample, place: string, drop: Drop): boolean {
  const ok = Number.isFinite(value) && value >= 0;
  if (!ok) drop('invalid_sample', `${place} ${name}: expected a finite number of at least 0, got ${value}`);
  return ok;
}

interface Translation {
  readonly target: ProbeTarget;
  /** Names of the models that the server really has; not of what rests on one of them. */
  readonly known: readonly string[];
  readonly differences: Differences;
  readonly place: string;
  readonly drop: Drop;
}

/** Translates, without models that the endpoint does not have. Values are finite and not negative, as `readPage` leaves them. */
export async function translate(
  metrics: Translator,
  samples: readonly TextSample[],
  { target, known, differences, place, drop }: Translation
): Promise<InferenceSample[]> {
  const allowed = allowedModels(target.models, known);
  const refused = new Set<string>();
  // What the server has counts: a series without a model may be of one that nobody declared.
  const onlyModel = theOne(known.length > 0 ? known : target.models);
  const context = {
    versionSuffix: target.versionSuffix,
    differences,
    ...(onlyModel === undefined ? {} : { onlyModel }),
  };
  const translated = (await metrics.translate(samples, context)).filter(({ model }) => {
    const ok = isModelName(model) && (allowed.size === 0 || allowed.has(model));
    if (!ok) refused.add(model);
    return ok;
  });
  // MLServer makes series for any name that a client asked for.
  for (const model of refused) {
    drop('unknown_model', `${place}: expected a model of the server, got ${JSON.stringify(model.slice(0, 80))}`);
  }
  return withinLimits(translated, place, drop);
}

function theOne(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

/**
 * The models that should be there, if the server has any of them; else those that it has (a server that holds one model
 * may call it otherwise than its users do).
 */
function allowedModels(wanted: readonly string[], known: readonly string[]): ReadonlySet<string> {
  if (wanted.length === 0 || (known.length > 0 && !known.some((name) => wanted.includes(name)))) return new Set(known);
  return new Set(wanted);
}

/** Metrics are read over HTTP. Nobody knows where those are that have no port of their own beside one for gRPC. */
function ownPage({ url: base, metricsUrl }: ProbeTarget, metrics: ServerMetrics): MetricsPage | undefined {
  const { port, path } = metrics;
  if (metricsUrl === undefined && port === undefined && isGrpc(base)) return undefined;
  const url = new URL(metricsUrl ?? path, base.replace(/^grpc/i, 'http'));
  if (metricsUrl === undefined && port !== undefined) url.port = String(port);
  return { url: metricsUrl ?? url.toString(), own: true, metrics };
}
