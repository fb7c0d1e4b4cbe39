/**
 * Any server with the Open Inference Protocol (V2). Health is the HTTP status alone: 200 is yes, and no is 400 (Triton,
 * MLServer), 404 (KServe, for a model) or 503. Metrics are not part of the protocol.
 */
import { isObject, preview } from '@modelwatch/contract';
import type { ProbeTarget } from '../../domain/probe-target';
import { eachOf, invalid, json, refuseHtml, shortText } from './answers';
import { isModelName } from './names';
import {
  unexpectedStatus,
  type Answer,
  type Ask,
  type Drop,
  type ModelReport,
  type ServerIdentity,
  type ServerProbe,
} from './probe';

export const OIP: ServerProbe = { kind: 'oip', serverNames: [], models: askEachModel };

/** Statuses with which servers say no. Any other is not an answer to the question. */
const NO = new Set([400, 404, 503]);

/** Live, ready, and who the server says it is. @throws ProbeError when something else answers */
export async function askServer(ask: Ask): Promise<ServerIdentity> {
  const live = await ask('GET', '/v2/health/live');
  // Where there is no such path there is no server of this protocol.
  if (live.status === 404) throw unexpectedStatus(live);
  const isLive = yes(live);
  const ready = yes(await ask('GET', '/v2/health/ready'));
  const metadata = await ask('GET', '/v2');
  if (metadata.status !== 200) return { live: isLive, ready };
  const document = json(metadata);
  if (!isObject(document)) throw invalid(metadata, 'an object', document);
  const name = shortText(document['name']);
  const version = shortText(document['version']);
  return { live: isLive, ready, ...(name ? { name } : {}), ...(version ? { version } : {}) };
}

/** Asks for each model by name: there is no list of models in the protocol. */
export async function askEachModel(ask: Ask, target: ProbeTarget): Promise<ModelReport[]> {
  // With a suffix the server's own name for the model is not known.
  if (target.versionSuffix) return [];
  return eachOf(target.models, (name) => askModel(ask, name));
}

async function askModel(ask: Ask, name: string): Promise<ModelReport> {
  const report = await askReady(ask, name);
  if (!report.ready) return report;
  const version = versionOf(await ask('GET', modelPath(name)));
  return { ...report, ...(version === undefined ? {} : { version }) };
}

function modelPath(name: string): string {
  return `/v2/models/${encodeURIComponent(name)}`;
}

/** Ready or not, and nothing more. @throws ProbeError */
export async function askReady(ask: Ask, name: string): Promise<ModelReport> {
  return { name, ready: yes(await ask('GET', `${modelPath(name)}/ready`)) };
}

/** `versions` may be empty (MLServer) or null (KServe); of several it is not known which one answers. */
function versionOf(metadata: Answer): string | undefined {
  if (metadata.status !== 200) return undefined;
  const document = json(metadata);
  const versions = isObject(document) ? document['versions'] : undefined;
  const only: unknown = Array.isArray(versions) && versions.length === 1 ? versions[0] : undefined;
  return shortText(only);
}

const INDEX_STATES: Readonly<Record<string, ModelReport['state']>> = {
  READY: 'ready',
  LOADING: 'loading',
  UNLOADING: 'unloading',
  UNAVAILABLE: 'unavailable',
  UNKNOWN: 'unknown',
};

/**
 * The models of the repository, by the model repository extension (`POST /v2/repository/index`), which MLServer and Triton
 * have; `read` makes a report of an entry. Where the extension is closed or missing, each model is asked for.
 */
export async function askIndex(
  ask: Ask,
  target: ProbeTarget,
  drop: Drop,
  read: (entry: IndexEntry) => ModelReport
): Promise<ModelReport[]> {
  const answer = await ask('POST', '/v2/repository/index', '{}');
  if (answer.status !== 200) return askEachModel(ask, target);
  const document = json(answer);
  if (!Array.isArray(document)) throw invalid(answer, 'a list', document);
  const reports = document.flatMap((entry: unknown, index) => {
    const decoded = decodeEntry(entry, `${answer.place} [${index}]`, drop);
    return decoded ? [read(decoded)] : [];
  });
  if (reports.length > 0) return reports;
  // An empty server may well say that it is ready: the models that it should have are not.
  return target.models.map((name) => ({ name, ready: false, reason: 'not in the repository index of the server' }));
}

export interface IndexEntry {
  readonly name: string;
  readonly version?: string;
  readonly state: NonNullable<ModelReport['state']>;
  readonly reason?: string;
}

function decodeEntry(entry: unknown, place: string, drop: Drop): IndexEntry | undefined {
  const { name, version, state, reason } = isObject(entry) ? entry : {};
  if (!isModelName(name)) {
    drop('wrong_type', `${place} name: expected the name of a model, got ${preview(name)}`);
    return undefined;
  }
  const known = typeof state === 'string' ? INDEX_STATES[state] : undefined;
  if (!known) drop('unknown_value', `${place} state: expected a state of the repository index, got ${preview(state)}`);
  return {
    name,
    state: known ?? 'unknown',
    ...(typeof version === 'string' && version ? { version: version.slice(0, 100) } : {}),
    ...(typeof reason === 'string' && reason ? { reason: reason.slice(0, 1_000) } : {}),
  };
}

/** Whether the answer is yes. @throws ProbeError when it is neither yes nor no */
function yes(answer: Answer): boolean {
  refuseHtml(answer);
  if (answer.status === 200) return !deniesInBody(answer);
  if (NO.has(answer.status)) return false;
  throw unexpectedStatus(answer);
}

/** The status is the answer, but a body that says `live` or `ready` and does not say `true` must not be read as yes. */
function deniesInBody({ body }: Answer): boolean {
  let said: unknown;
  try {
    said = JSON.parse(body.toString('utf8'));
  } catch {
    return false;
  }
  return isObject(said) && ['live', 'ready'].some((word) => word in said && said[word] !== true);
}
