/**
 * TorchServe (facts recorded from 0.12.0, see fixtures). Three ports: requests and `/ping` on 8080, management on 8081,
 * metrics on 8082. `/ping` says Healthy without a single worker, so the workers are asked of the management API, which by
 * default listens on the server's own machine only.
 */
import { TORCHSERVE_TRANSLATION, isObject, preview } from '@modelwatch/contract';
import type { ProbeTarget } from '../../domain/probe-target';
import { eachOf, invalid, json, objectIn, refuseHtml } from './answers';
import { isModelName } from './names';
import {
  ProbeError,
  serverMetrics,
  unexpectedStatus,
  type Answer,
  type Ask,
  type Drop,
  type ModelReport,
  type ServerIdentity,
  type ServerProbe,
} from './probe';

const MANAGEMENT_PORT = '8081';
/** A port behind a firewall does not answer at all; what is known without it must not be lost. */
const MANAGEMENT_LIMITS = { withinSeconds: 1 };
const MAX_MODELS = 1_000;
const TOKEN = 'it wants a token: start it with disable_token_auth=true, or let its pods be reached without one';

export const TORCHSERVE: ServerProbe = {
  kind: 'torchserve',
  serverNames: [],
  identify,
  models,
  metrics: serverMetrics(TORCHSERVE_TRANSLATION, {
    port: 8082,
    emptyMeans: 'TorchServe writes its metrics to its log unless it is started with metrics_mode=prometheus',
  }),
};

/** TorchServe refuses a request without its token. */
function wantsToken(answer: Answer): boolean {
  return answer.status >= 400 && objectIn(answer)?.['type'] === 'InvalidKeyException';
}

async function identify(ask: Ask): Promise<ServerIdentity> {
  const ping = await ask('GET', '/ping');
  refuseHtml(ping);
  if (wantsToken(ping))
    throw new ProbeError('unauthorized', `${ping.place}: expected status 200, got ${ping.status}: ${TOKEN}`);
  const said = objectIn(ping)?.['status'];
  if (typeof said !== 'string') throw ping.status === 200 ? invalid(ping, 'a status', said) : unexpectedStatus(ping);
  return { live: true, ready: ping.status === 200 && said === 'Healthy', name: 'TorchServe' };
}

async function models(ask: Ask, target: ProbeTarget, drop: Drop): Promise<ModelReport[]> {
  const management = await findManagement(ask, target);
  if ('reason' in management) {
    return target.models.map((name) => ({ name, state: 'unknown', reason: management.reason }));
  }
  const { base, list } = management;
  const names = target.models.length > 0 ? target.models : await listed(ask, base, list, drop);
  return (await eachOf(names, (name) => askModel(ask, base, name, drop))).flat();
}

/** On its own port, or, where the server is set up so, on that of the requests. */
async function findManagement(
  ask: Ask,
  target: ProbeTarget
): Promise<{ readonly base: string; readonly list: Answer } | { readonly reason: string }> {
  const own = new URL(target.url);
  own.port = MANAGEMENT_PORT;
  let reason = '';
  for (const base of [own.origin, '']) {
    try {
      const list = await ask('GET', `${base}/models?limit=${MAX_MODELS}`, undefined, MANAGEMENT_LIMITS);
      if (list.status === 200 && Array.isArray(objectIn(list)?.['models'])) return { base, list };
      reason ||= wantsToken(list) ? TOKEN : `${list.place}: expected status 200, got ${list.status}`;
    } catch (error) {
      if (!(error instanceof ProbeError)) throw error;
      reason ||= error.message;
    }
  }
  return { reason: `the management API says nothing of its workers: ${reason}` };
}

async function listed(ask: Ask, base: string, first: Answer, drop: Drop): Promise<string[]> {
  const names = new Set<string>();
  for (let page: Answer | undefined = first; page && names.size < MAX_MODELS;) {
    const document = objectIn(page);
    const entries: unknown = document?.['models'];
    for (const [index, entry] of (Array.isArray(entries) ? entries : []).entries()) {
      const name: unknown = isObject(entry) ? entry['modelName'] : undefined;
      if (isModelName(name)) names.add(name);
      else drop('wrong_type', `${page.place} models[${index}] modelName: expected a name, got ${preview(name)}`);
    }
    const token: unknown = document?.['nextPageToken'];
    const next = typeof token === 'string' && token ? encodeURIComponent(token) : undefined;
    page =
      next === undefined ? undefined : await ask('GET', `${base}/models?limit=${MAX_MODELS}&next_page_token=${next}`);
  }
  return [...names];
}

async function askModel(ask: Ask, base: string, name: string, drop: Drop): Promise<ModelReport[]> {
  const answer = await ask('GET', `${base}/models/${encodeURIComponent(name)}/all`);
  if (answer.status === 404) return [{ name, ready: false, reason: 'not registered at the server' }];
  if (answer.status !== 200) throw unexpectedStatus(answer);
  const document = json(answer);
  if (!Array.isArray(document)) throw invalid(answer, 'a list', document);
  return document.flatMap((entry: unknown, index) => {
    if (isObject(entry)) return [readVersion(name, entry)];
    drop('wrong_type', `${answer.place} [${index}]: expected an object, got ${preview(entry)}`);
    return [];
  });
}

/** A worker is READY or UNLOADING, which it also is while it starts or dies again and again. */
function readVersion(name: string, { modelVersion, workers }: Readonly<Record<string, unknown>>): ModelReport {
  const all: readonly unknown[] = Array.isArray(workers) ? workers : [];
  const ready = all.filter((worker) => isObject(worker) && worker['status'] === 'READY').length;
  const version = typeof modelVersion === 'string' && modelVersion ? { version: modelVersion.slice(0, 100) } : {};
  const short = all.length === 0 ? 'no workers' : `${ready} of ${all.length} workers are ready`;
  return {
    name,
    ready: ready > 0,
    state: ready > 0 ? 'ready' : 'unavailable',
    ...version,
    ...(ready > 0 && ready === all.length ? {} : { reason: short }),
  };
}
