/**
 * GET /probe?target=&module=: one server, asked once, as users of blackbox_exporter know it. What is found stands in the
 * families that the fleet has for endpoints and requests.
 */
import {
  INFERENCE_METRICS,
  METRICS,
  PROBE_METRICS,
  type InferenceCapability,
  type MetricFamily,
} from '@modelwatch/contract';
import type { RequestHandler } from 'express';
import { createFleet } from '../domain/fleet';
import type { InferenceSample, ProbeResult } from '../domain/observation';
import type { ProbeTarget } from '../domain/probe-target';
import { createExpositionStore } from '../exposition/segments';
import { GROUPS, renderChange } from '../families';
import type { AppDeps } from './deps';
import { HttpError } from './errors';
import { familyText } from './family-text';
import { CONTENT_TYPES } from './negotiate';

/** What the prober gives; see OneShot of the servers. */
export interface ProbeAnswer {
  readonly target: ProbeTarget;
  readonly result: ProbeResult;
  readonly measured: readonly {
    readonly samples: readonly InferenceSample[];
    readonly capabilities: readonly InferenceCapability[];
  }[];
  readonly durationSeconds: number;
}

export interface ProbeQuestion {
  readonly target: string;
  readonly module: string | undefined;
  readonly models: readonly string[];
  readonly timeoutSeconds: number;
}

/** Rejects with an error whose `reason` says why, when the target may not or cannot be asked. */
export type Prober = (question: ProbeQuestion) => Promise<ProbeAnswer>;

const PARAMETERS = ['target', 'module', 'model'];
const MAX_MODELS = 50;
/** Prometheus gives up a little later than we do: it must get the answer that there was none. */
const ANSWER_SECONDS = 0.5;
const TIMEOUT_HEADER = 'x-prometheus-scrape-timeout-seconds';

/** Of what one probe says: counters of probes would begin at 1 each time, and times of the last one are those of now. */
const FAMILIES = new Set(
  [
    METRICS.endpointInfo,
    METRICS.endpointUp,
    METRICS.endpointReady,
    METRICS.endpointModelReady,
    METRICS.endpointModelState,
    ...Object.values(INFERENCE_METRICS),
  ].map(({ name }) => name)
);

export function probeHandler({ probe, probeTimeoutSeconds, selfMetrics, nowSeconds }: AppDeps): RequestHandler {
  return async (request, response) => {
    const timeoutSeconds = timeoutOf(request.get(TIMEOUT_HEADER), probeTimeoutSeconds());
    let answer: ProbeAnswer;
    try {
      answer = await probe(questionOf(request.originalUrl, timeoutSeconds));
    } catch (error) {
      const reason = error instanceof Error ? (error as { readonly reason?: unknown }).reason : undefined;
      if (reason === 'target') {
        selfMetrics.web.refused('probe_target');
        throw new HttpError(403, 'target_refused', (error as Error).message);
      }
      if (reason !== 'query') throw error;
      selfMetrics.web.refused('probe_query');
      throw new HttpError(400, 'bad_query', (error as Error).message);
    }
    response.setHeader('Content-Type', CONTENT_TYPES.prometheus);
    response.end(probeText(answer, nowSeconds()));
  };
}

/** The shorter of the two, with time to answer. */
function timeoutOf(header: string | undefined, most: number): number {
  const given = Number(header ?? NaN);
  return Number.isFinite(given) && given > 0 ? Math.min(most, Math.max(given - ANSWER_SECONDS, given / 2)) : most;
}

class BadQuery extends Error {
  readonly reason = 'query';
}

function questionOf(originalUrl: string, timeoutSeconds: number): ProbeQuestion {
  const at = originalUrl.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : originalUrl.slice(at + 1));
  for (const name of query.keys()) {
    if (!PARAMETERS.includes(name))
      throw new BadQuery(`query: expected ${PARAMETERS.join(', ')}, got another parameter`);
  }
  const [target, ...more] = query.getAll('target');
  const modules = query.getAll('module');
  const models = query.getAll('model');
  if (!target || more.length > 0)
    throw new BadQuery('target: expected one, as in /probe?target=gpu-1:8000&module=triton');
  if (modules.length > 1) throw new BadQuery('module: expected one at most');
  if (models.length > MAX_MODELS) throw new BadQuery(`model: expected ${MAX_MODELS} at most`);
  return { target, module: modules[0], models, timeoutSeconds };
}

export function probeText({ target, result, measured, durationSeconds }: ProbeAnswer, atSeconds: number): string {
  const success = result.up && result.live && result.ready && result.error === undefined;
  const own = [
    one(PROBE_METRICS.probeSuccess, Number(success)),
    one(PROBE_METRICS.probeDuration, durationSeconds),
    result.error ? one(PROBE_METRICS.probeError, 1, { cause: result.error.cause }) : '',
  ];
  return `${own.join('')}${fleetText(target, result, measured, atSeconds)}`;
}

function one({ name, help, type }: MetricFamily, value: number, labels: Readonly<Record<string, string>> = {}): string {
  return familyText({ name, help, type, values: [{ value, labels }] }, 'prometheus');
}

/** A fleet of this one server, for as long as it takes to write it down. */
function fleetText(
  { endpoint, url, models }: ProbeTarget,
  result: ProbeResult,
  measured: ProbeAnswer['measured'],
  atSeconds: number
): string {
  const fleet = createFleet({ probeIntervalSeconds: 60, staleAfterSeconds: 60 });
  const samples = measured.flatMap((page) => page.samples);
  const names = new Set([...models, ...result.models.map(({ name }) => name), ...samples.map(({ model }) => model)]);
  // A server is known by its models; one that names none has a nameless one here, of which nothing is told.
  if (names.size === 0) names.add(endpoint.server);
  for (const name of names) fleet.observe({ kind: 'model-declared', model: { name, server: endpoint.server, url } });
  fleet.observe({ kind: 'endpoint-probed', endpoint, atSeconds, result });
  if (measured.length > 0) {
    const capabilities = [...new Set(measured.flatMap((page) => page.capabilities))];
    fleet.observe({ kind: 'endpoint-measured', endpoint, atSeconds, samples, capabilities });
  }
  const store = createExpositionStore(GROUPS);
  for (const { group, key, texts } of renderChange(fleet.flush(atSeconds))) if (texts) store.set(group, key, texts);
  return store.view('prometheus', { families: FAMILIES }).text();
}
