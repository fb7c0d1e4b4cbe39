/** The switches of the demo over HTTP, on 127.0.0.1 only: JSON for programs, a form post for the landing page. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CHAT_MODEL, CHAT_SETTINGS, DATA_MODELS, profileFlags } from '../data';
import { dependenciesAt, FEATURE_STORE_PATH } from '../fleet/dependencies';
import { SLOW_MODELS } from '../fleet/default-models';
import { OBJECTIVES } from '../fleet/objectives';
import { readBody } from '../servers/socket';
import { CLUSTER_EXPORTERS, type Demo, type ScenarioName } from '../types';
import { controlText } from './page';

type Switchboard = Pick<
  Demo,
  'scenarios' | 'setScenario' | 'clusterMetrics' | 'controlUrl' | 'api' | 'standalone' | 'schedulers'
>;

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

export interface ControlServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws the listener's error, for example EADDRINUSE. */
export async function startControl(port: number, board: () => Switchboard): Promise<ControlServer> {
  const http = createServer((request, response) => void answer(board(), request, response));
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, stop: () => close(http) };
}

export function close(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeAllConnections();
  });
}

async function answer(board: Switchboard, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  // A page of another site that got its name to point here must not find the switches.
  if (!isLoopback(request.headers.host)) return send(response, 403, { error: 'Host: expected a loopback address' });
  const [, name, state] = /^\/scenarios\/([^/]+)(?:\/(on|off))?$/.exec(path) ?? [];
  if (name !== undefined) return answerScenario(board, { name, state }, request, response);
  if (request.method !== 'GET') return send(response, 405, { error: `${path}: expected GET` });
  switch (path) {
    case '/':
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(controlText(board));
      return;
    case '/info':
      return send(response, 200, infoOf(board));
    case FEATURE_STORE_PATH:
      return answerFeatureStore(board, response);
    case '/scenarios':
      return send(response, 200, board.scenarios());
    default:
      return answerExporter(board, path, response);
  }
}

const TEXT_COLUMNS = ['--prompt', 'prompt', '--completion', 'completion'];

/** What a configuration of the exporter needs. */
function infoOf({ api, controlUrl, standalone, schedulers }: Switchboard): unknown {
  return {
    apiUrl: api.url,
    controlUrl,
    standalone,
    schedulers: schedulers(),
    slowModels: SLOW_MODELS,
    slos: OBJECTIVES,
    dataModels: DATA_MODELS.map((model) => ({
      namespace: model.namespace,
      model: model.model,
      importance: model.importance,
      profileFlags: profileFlags(model),
      challenger: model.challenger,
      customMetrics: model.customMetrics,
      fairness: model.fairness,
      decisionThreshold: model.decisionThreshold,
      batches: model.batches,
      exploration: model.exploration,
    })),
    chatModels: [
      {
        namespace: CHAT_MODEL.namespace,
        model: CHAT_MODEL.model,
        profileFlags: ['--model', `${CHAT_MODEL.namespace}/${CHAT_MODEL.model}`, ...TEXT_COLUMNS],
        generative: CHAT_SETTINGS,
      },
    ],
    dependencies: dependenciesAt(controlUrl),
  };
}

/** As many feature stores do: it answers either way, and says how it is. */
function answerFeatureStore(board: Switchboard, response: ServerResponse): void {
  const down = board.scenarios().some(({ name, on }) => name === 'dependency-down' && on);
  send(response, down ? 503 : 200, { status: down ? 'DOWN' : 'UP' });
}

/** `/exporters/{job}`: for Prometheus, in place of the exporters that a cluster has. */
function answerExporter(board: Switchboard, path: string, response: ServerResponse): void {
  const exporter = CLUSTER_EXPORTERS.find((each) => path === `/exporters/${each}`);
  if (exporter === undefined) {
    const paths = CLUSTER_EXPORTERS.map((each) => `/exporters/${each}`).join(', ');
    return send(response, 404, { error: `${path}: expected /, /info, /scenarios or one of ${paths}` });
  }
  response
    .writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
    .end(board.clusterMetrics(exporter));
}

async function answerScenario(
  board: Switchboard,
  { name, state }: { readonly name: string; readonly state: string | undefined },
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const offered = board.scenarios().map((each) => each.name);
  const scenario = offered.find((each) => each === name);
  if (scenario === undefined) {
    return send(response, 404, { error: `scenario ${name}: expected one of ${offered.join(', ')}` });
  }
  if (request.method === 'PUT' && state === undefined) return put(board, scenario, request, response);
  if (request.method === 'POST') return post(board, scenario, state, request, response);
  return send(response, 405, { error: `/scenarios/${name}: expected PUT or POST` });
}

async function put(
  board: Switchboard,
  scenario: ScenarioName,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const on = switchInJson((await readBody(request)) ?? '');
  if (on === undefined) return send(response, 400, { error: 'body: expected {"on": true} or {"on": false}' });
  board.setScenario(scenario, on);
  send(
    response,
    200,
    board.scenarios().find((each) => each.name === scenario)
  );
}

/**
 * A form of the exporter's landing page: goes back to where it was sent from. What is wanted stands in the path
 * (`/scenarios/outage/on`) or in the field `on`.
 */
async function post(
  board: Switchboard,
  scenario: ScenarioName,
  state: string | undefined,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const { origin, referer } = request.headers;
  if (origin !== undefined && !isLoopbackUrl(origin)) {
    return send(response, 403, { error: 'Origin: expected a page on a loopback address' });
  }
  const field = new URLSearchParams((await readBody(request)) ?? '').get('on');
  const on = state === undefined ? field : String(state === 'on');
  if (on !== 'true' && on !== 'false') return send(response, 400, { error: 'field on: expected true or false' });
  board.setScenario(scenario, on === 'true');
  response.writeHead(303, { location: referer !== undefined && isLoopbackUrl(referer) ? referer : '/' }).end();
}

function switchInJson(text: string): boolean | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('on' in value)) return undefined;
    return typeof value.on === 'boolean' ? value.on : undefined;
  } catch {
    return undefined;
  }
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && isLoopbackUrl(`http://${host}`);
}

function isLoopbackUrl(text: string): boolean {
  return URL.canParse(text) && LOOPBACK.includes(new URL(text).hostname);
}

function send(response: ServerResponse, code: number, value: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
