/**
 * An API server that is not the limit: pods of about 5 kB from a chunk of bytes in which only names and versions are
 * written anew. Lists in pages and as streams; `POST /bench/events?count=` sends so many MODIFIED events to all watches.
 * Arguments: port, number of pods, and `paged` for a server without streamed lists.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

const [port, pods, mode] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const WIDTH = 8;
const CHUNK = 200;
const digits = (value: number) => String(value).padStart(WIDTH, '0');
const NAME = '@name@@@';
const VERSION = '@vers@@@';

function pod(): string {
  const labels = {
    'app.kubernetes.io/name': 'seldon-server',
    'app.kubernetes.io/instance': 'mlserver',
    'pod-template-hash': '5d9c7b8f6d',
  };
  const container = (name: string, index: number) => ({
    name,
    image: `registry.example/inference/${name}:1.${index}.0`,
    args: Array.from({ length: 6 }, (_, each) => `--option-${each}=value-of-the-option-${each}`),
    env: Array.from({ length: 8 }, (_, each) => ({ name: `SETTING_${each}`, value: `what-is-set-${each}` })),
    resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '2', memory: '4Gi', 'nvidia.com/gpu': '1' } },
    ports: [{ name: 'http', containerPort: 9000 + index, protocol: 'TCP' }],
  });
  const names = ['mlserver', 'agent', 'rclone'];
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `mlserver-${NAME}`,
      namespace: 'payments',
      uid: `3f1c2f4e-8a5d-4e8c-9b1a-0000${NAME}`,
      resourceVersion: `1${VERSION}`,
      creationTimestamp: '2026-01-31T12:00:00Z',
      labels,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'mlserver', uid: 'b', controller: true }],
      managedFields: Array.from({ length: 3 }, (_, index) => ({
        manager: `manager-${index}`,
        operation: 'Update',
        fieldsType: 'FieldsV1',
        fieldsV1: Object.fromEntries(
          Array.from({ length: 14 }, (_, each) => [`f:field-${each}`, { '.': {}, 'f:value': {} }])
        ),
      })),
    },
    spec: { nodeName: 'node-17', containers: names.map(container) },
    status: {
      phase: 'Running',
      podIP: '10.1.2.3',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: '2026-01-31T12:00:00Z',
      })),
      containerStatuses: names.map((name) => ({
        name,
        ready: true,
        restartCount: 0,
        state: { running: {} },
        image: name,
      })),
    },
  });
}

/** Bytes of CHUNK pods, each between `before` and `after`, with where its numbers stand. */
function template(before: string, after: string) {
  const one = Buffer.from(`${before}${pod()}${after}`);
  const bytes = Buffer.concat(Array.from({ length: CHUNK }, () => one));
  const places = (mark: string) => {
    const found: number[] = [];
    for (let at = one.indexOf(mark); at >= 0; at = one.indexOf(mark, at + 1)) found.push(at);
    return found;
  };
  const [names, versions] = [places(NAME), places(VERSION)];
  return (first: number, count: number, versionOf: (index: number) => number): Buffer => {
    const out = Buffer.from(bytes.subarray(0, count * one.length));
    for (let each = 0; each < count; each++) {
      for (const at of names) out.write(digits(first + each), each * one.length + at, 'latin1');
      for (const at of versions) out.write(digits(versionOf(each)), each * one.length + at, 'latin1');
    }
    return out;
  };
}

const items = template('', ',');
const added = template('{"type":"ADDED","object":', '}\n');
const modified = template('{"type":"MODIFIED","object":', '}\n');
const watches = new Set<ServerResponse>();
let version = pods;

async function send(response: ServerResponse, chunk: Buffer | string): Promise<void> {
  if (!response.write(chunk)) await once(response, 'drain');
}

function bookmark(): string {
  const annotations = { 'k8s.io/initial-events-end': 'true' };
  const object = { metadata: { resourceVersion: `1${digits(version)}`, annotations } };
  return `${JSON.stringify({ type: 'BOOKMARK', object })}\n`;
}

async function watch(query: URLSearchParams, response: ServerResponse): Promise<void> {
  if (query.has('sendInitialEvents')) {
    for (let first = 0; first < pods; first += CHUNK) {
      await send(
        response,
        added(first, Math.min(CHUNK, pods - first), (each) => first + each)
      );
    }
    await send(response, bookmark());
  } else response.flushHeaders();
  watches.add(response);
  response.on('close', () => watches.delete(response));
}

async function list(query: URLSearchParams, response: ServerResponse): Promise<void> {
  const start = Number(query.get('continue') ?? 0);
  const end = Math.min(pods, start + Number(query.get('limit') ?? pods));
  const metadata = { resourceVersion: `1${digits(version)}`, ...(end < pods ? { continue: String(end) } : {}) };
  response.write(`{"kind":"PodList","metadata":${JSON.stringify(metadata)},"items":[`);
  for (let first = start; first < end; first += CHUNK) {
    const bytes = items(first, Math.min(CHUNK, end - first), (each) => first + each);
    await send(response, first + CHUNK >= end ? bytes.subarray(0, -1) : bytes);
  }
  response.end(']}');
}

async function churn(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += CHUNK) {
    const from = version;
    version += CHUNK;
    const bytes = modified(sent % Math.max(CHUNK, pods - CHUNK), CHUNK, (each) => from + each + 1);
    for (const response of watches) await send(response, bytes);
  }
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://api');
  response.setHeader('content-type', 'application/json');
  if (pathname === '/bench/events') {
    void churn(Number(searchParams.get('count')));
    response.end('{}');
  } else if (pathname === '/apis') response.end('{"kind":"APIGroupList","groups":[]}');
  else if (searchParams.has('sendInitialEvents') && mode === 'paged') response.writeHead(422).end('{}');
  else if (searchParams.has('watch')) void watch(searchParams, response);
  else void list(searchParams, response);
});
server.listen(port, '127.0.0.1', () => console.log('listening'));
