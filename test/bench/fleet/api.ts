/**
 * An API server that holds a large fleet as ready bytes, so that it is not the limit: lists in pages and as streams,
 * watches that stay open. `POST /bench/touch?count=` changes so many InferenceServices, spread over the fleet.
 * Arguments: port, number of InferenceServices.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { fleetLists, inferenceService, type FleetList } from './objects';

const [port, services] = [Number(process.argv[2]), Number(process.argv[3])];
const CHUNK = 100;
const BOOKMARK_MS = 10_000;

/** Objects of one list as chunks of bytes: with commas between them, and as lines of a watch. */
interface Served extends FleetList {
  readonly chunks: readonly Buffer[];
  readonly count: number;
  readonly watches: Set<ServerResponse>;
}

let version = 1_000_000;

function serve(list: FleetList): Served {
  const chunks: Buffer[] = [];
  let texts: string[] = [];
  let count = 0;
  for (const object of list.objects()) {
    texts.push(JSON.stringify(object));
    count += 1;
    if (texts.length < CHUNK) continue;
    chunks.push(Buffer.from(texts.join('\n')));
    texts = [];
  }
  if (texts.length > 0) chunks.push(Buffer.from(texts.join('\n')));
  return { ...list, chunks, count, watches: new Set() };
}

const served = new Map(fleetLists(services).map((list) => [list.path, serve(list)]));

async function send(response: ServerResponse, chunk: Buffer | string): Promise<void> {
  if (!response.write(chunk)) await once(response, 'drain');
}

/** Objects are separated by line feeds, which no object holds: JSON escapes them. */
function between(chunk: Buffer, before: string, after: string): string {
  return `${before}${chunk.toString('latin1').split('\n').join(`${after}${before}`)}${after}`;
}

async function page(list: Served, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const first = Number(query.get('continue') ?? 0);
  const limit = Math.max(1, Math.floor(Number(query.get('limit') ?? list.count) / CHUNK));
  const end = Math.min(list.chunks.length, first + limit);
  const metadata = {
    resourceVersion: String(version),
    ...(end < list.chunks.length ? { continue: String(end) } : {}),
  };
  response.write(`{"kind":"${list.kind}List","apiVersion":"${list.apiVersion}","metadata":${JSON.stringify(metadata)}`);
  response.write(',"items":[');
  for (let at = first; at < end; at++) {
    const chunk = list.chunks[at] ?? Buffer.alloc(0);
    await send(response, `${chunk.toString('latin1').replaceAll('\n', ',')}${at + 1 < end ? ',' : ''}`);
  }
  response.end(']}');
}

function bookmark(list: FleetList, annotations?: Record<string, string>): string {
  const metadata = { resourceVersion: String(version), ...(annotations ? { annotations } : {}) };
  return `${JSON.stringify({ type: 'BOOKMARK', object: { kind: list.kind, apiVersion: list.apiVersion, metadata } })}\n`;
}

async function watch(list: Served, query: URLSearchParams, response: ServerResponse): Promise<void> {
  response.flushHeaders();
  if (query.get('sendInitialEvents') === 'true') {
    for (const chunk of list.chunks) await send(response, between(chunk, '{"type":"ADDED","object":', '}\n'));
    await send(response, bookmark(list, { 'k8s.io/initial-events-end': 'true' }));
  }
  list.watches.add(response);
  const timer = setInterval(() => response.write(bookmark(list)), BOOKMARK_MS);
  response.on('close', () => {
    clearInterval(timer);
    list.watches.delete(response);
  });
}

/** Every other change makes a service not ready, the next one ready again. */
async function touch(count: number): Promise<void> {
  const list = [...served.values()].find(({ kind }) => kind === 'InferenceService');
  const step = Math.max(1, Math.floor(services / count));
  const ready = Math.floor(version / count) % 2 === 0;
  for (let index = 0; index < services && list; index += step) {
    version += 1;
    const object = inferenceService(index, version, ready);
    const line = `${JSON.stringify({ type: 'MODIFIED', object })}\n`;
    for (const response of list.watches) await send(response, line);
  }
}

/** Discovery as far as the exporter asks: the groups, and the resources of each. */
function discovery(path: string): object | undefined {
  const groups = ['serving.kserve.io/v1beta1', 'apps/v1'];
  if (path === '/apis') {
    const version = (groupVersion: string) => ({ groupVersion, version: groupVersion.split('/')[1] });
    const group = (groupVersion: string) => ({ name: groupVersion.split('/')[0], versions: [version(groupVersion)] });
    return { kind: 'APIGroupList', groups: groups.map(group) };
  }
  const groupVersion = groups.find((each) => path === `/apis/${each}`);
  if (!groupVersion) return undefined;
  const names = [...served.values()].filter(({ apiVersion }) => apiVersion === groupVersion);
  const resources = names.map(({ path: list, kind }) => ({ name: list.split('/').at(-1), kind, namespaced: true }));
  return { kind: 'APIResourceList', groupVersion, resources };
}

const EMPTY: Omit<Served, 'path' | 'objects'> = {
  kind: 'Any',
  apiVersion: 'v1',
  chunks: [],
  count: 0,
  watches: new Set(),
};

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://api');
  response.setHeader('content-type', 'application/json');
  if (pathname === '/bench/touch') {
    void touch(Number(searchParams.get('count'))).then(() => response.end('{}'));
    return;
  }
  const found = discovery(pathname);
  if (found) {
    response.end(JSON.stringify(found));
    return;
  }
  // The fleet is KServe's: the selectors of other pods, and kinds that are not there, give empty lists.
  const ours = (searchParams.get('labelSelector') ?? 'serving.kserve.io').includes(
    'serving.kserve.io/inferenceservice'
  );
  const list = served.get(pathname);
  const wanted =
    list && (ours || !searchParams.has('labelSelector')) ? list : { ...EMPTY, path: '', objects: () => [] };
  if (searchParams.has('watch')) void watch(wanted, searchParams, response);
  else void page(wanted, searchParams, response);
}).listen(port, '127.0.0.1', () => console.log('listening'));
