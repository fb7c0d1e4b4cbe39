/** The simulated Kubernetes API server: requests in, lists, watches and errors out, faults on demand. */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { DemoApiServer, KubernetesObject } from '../types';
import { discover, VERSION } from './discovery';
import { RESOURCE_TYPES, resourceName, typeOfKind, type ResourceType } from './kinds';
import { Lister } from './list';
import { proxyToPod, type FindPod } from './pod-proxy';
import { readBody } from '../servers/socket';
import { routeOf, type Route } from './route';
import { status, type Status } from './status';
import { ObjectStore } from './store';
import { OpenWatch, refuseWatch } from './watch';
import { merge, writeObject } from './write';

export interface ApiServerOptions {
  readonly port: number;
  readonly token?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly bookmarkIntervalMs: number;
  readonly watchList: boolean;
  readonly nowMs: () => number;
  readonly findPod: FindPod;
  /** Kinds that it has besides those of the fleet. */
  readonly moreKinds: readonly ResourceType[];
}

/** A cluster that has lived for a while. */
const FIRST_RESOURCE_VERSION = 100_000;
/** What others are taken to have written while the server was away. */
const RESTART_ADVANCE = 1_000;

export class ApiServer implements DemoApiServer {
  readonly requests = new Map<string, number>();
  private readonly types: readonly ResourceType[];
  private readonly store = new ObjectStore(FIRST_RESOURCE_VERSION);
  private readonly lister = new Lister(this.store);
  private readonly watches = new Set<OpenWatch>();
  private readonly uninstalled = new Set<ResourceType>();
  private readonly silent = new Set<ResourceType>();
  private readonly versions = new Map<ResourceType, readonly string[]>();
  private forbidden: readonly string[] = [];
  /** What clients patched, by kind and name: the fleet's controllers leave it as it is. */
  private readonly patched = new Map<string, unknown>();
  private readonly unanswered = new Set<ServerResponse>();
  private failures = { count: 0, status: 500, headers: {} as Readonly<Record<string, string>> };
  private token: string | undefined;
  private http: Server;
  private port: number;

  constructor(private readonly options: ApiServerOptions) {
    this.types = [...RESOURCE_TYPES, ...options.moreKinds];
    this.token = options.token;
    this.port = options.port;
    this.http = this.createServer();
  }

  get url(): string {
    return `${this.options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
  }

  /** @throws the listener's error, for example EADDRINUSE. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.http.once('error', reject);
      this.http.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (this.http.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const watch of [...this.watches]) watch.end();
    await new Promise<void>((resolve) => {
      this.http.close(() => resolve());
      this.http.closeAllConnections();
    });
  }

  async restart(): Promise<void> {
    await this.stop();
    this.store.advance(RESTART_ADVANCE);
    this.expireHistory();
    this.http = this.createServer();
    await this.start();
  }

  apply(object: KubernetesObject): void {
    const patch = this.patched.get(patchKey(object.kind, object.metadata.namespace, object.metadata.name));
    this.store.apply(typeOfKind(object.kind, this.types), merge(object, patch ?? {}) as KubernetesObject);
  }

  remove(ref: { kind: string; namespace: string; name: string }): void {
    this.store.remove(typeOfKind(ref.kind, this.types), ref.namespace, ref.name);
  }

  list(kind: string): readonly KubernetesObject[] {
    return this.store.list(typeOfKind(kind, this.types)).map(({ text }) => JSON.parse(text) as KubernetesObject);
  }

  installKind(kind: string): void {
    this.uninstalled.delete(typeOfKind(kind, this.types));
  }

  uninstallKind(kind: string): void {
    const type = typeOfKind(kind, this.types);
    this.uninstalled.add(type);
    for (const watch of [...this.watches]) if (watch.question.type === type) watch.end();
  }

  serveVersions(kind: string, versions: readonly string[]): void {
    const type = typeOfKind(kind, this.types);
    this.versions.set(type, versions);
    for (const watch of [...this.watches]) {
      if (watch.question.type === type && !versions.includes(watch.question.version)) watch.end();
    }
  }

  forbid(paths: readonly string[]): void {
    this.forbidden = paths;
  }

  disorder(on: boolean): void {
    this.store.disorderly = on;
  }

  disconnectWatches(how: 'clean' | 'mid-line'): void {
    for (const watch of [...this.watches]) {
      if (how === 'clean') watch.end();
      else watch.breakOff();
    }
  }

  expireHistory(): void {
    this.store.expireHistory();
    this.lister.forget();
  }

  failNext(count: number, code: number, headers: Record<string, string> = {}): void {
    this.failures = { count, status: code, headers };
  }

  silence(on: boolean, kind?: string): void {
    const types = kind === undefined ? this.types : [typeOfKind(kind, this.types)];
    for (const type of types) {
      if (on) this.silent.add(type);
      else this.silent.delete(type);
    }
    for (const watch of this.watches) watch.silence(this.silent.has(watch.question.type));
    if (on) return;
    // What was asked in the silence is not answered late: clients ask again.
    for (const response of this.unanswered) response.destroy();
    this.unanswered.clear();
  }

  setToken(token: string | undefined): void {
    this.token = token;
  }

  private createServer(): Server {
    const answer = (request: IncomingMessage, response: ServerResponse) => void this.answer(request, response);
    const { tls } = this.options;
    return tls === undefined ? createHttpServer(answer) : createHttpsServer(tls, answer);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Not by the URL class: a path such as `//` is no URL, and must not end the server.
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const route = routeOf(path, this.types);
    const line = `${request.method ?? 'GET'} ${path}`;
    this.requests.set(line, (this.requests.get(line) ?? 0) + 1);
    if (route.kind !== 'health' && !this.isKnown(request)) return sendStatus(response, status(401, 'Unauthorized'));
    if (route.kind === 'pod-proxy') {
      const failure = await proxyToPod(route, this.options.findPod, request, response, this.options.nowMs());
      return failure === undefined ? undefined : sendStatus(response, failure);
    }
    if (this.failures.count > 0) {
      this.failures.count -= 1;
      return sendStatus(response, status(this.failures.status, 'fault on demand'), this.failures.headers);
    }
    if (this.forbidden.includes(path))
      return sendStatus(response, status(403, 'forbidden: the role does not allow it'));
    if (request.method === 'GET') return this.read(route, new URLSearchParams(query), response);
    await this.write(route, new URLSearchParams(query), request, response);
  }

  private async write(
    route: Route,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse
  ): Promise<void> {
    const { method = '' } = request;
    if ((route.kind !== 'object' && route.kind !== 'collection') || !WRITES[route.kind].includes(method)) {
      return sendStatus(response, status(405, 'the server does not allow this method on the requested resource'));
    }
    if (!this.isServed(route)) return sendNotFound(response);
    const body = await readBody(request);
    if (body === undefined) return sendStatus(response, status(413, 'the body of the request is too long'));
    const { type, namespace } = route;
    const contentType = request.headers['content-type'] ?? '';
    const place = { type, namespace, ...(route.kind === 'object' ? { name: route.name } : {}) };
    const nowMs = this.options.nowMs();
    // From here on without a pause: two who write at once must not both pass the precondition.
    const written = writeObject(
      { method, contentType, query, body, nowMs, ...place },
      (name) => this.store.get(type, namespace, name)?.text
    );
    if ('status' in written) return sendStatus(response, written);
    const { object, patch, code, dryRun } = written;
    if (dryRun) return sendJson(response, code, JSON.stringify(object));
    const key = patchKey(object.kind, object.metadata.namespace, object.metadata.name);
    this.patched.set(key, merge(this.patched.get(key) ?? {}, patch));
    this.store.apply(type, object);
    sendJson(response, code, this.store.get(type, namespace, object.metadata.name)?.text ?? '{}');
  }

  private isKnown(request: IncomingMessage): boolean {
    return this.token === undefined || request.headers.authorization === `Bearer ${this.token}`;
  }

  private read(route: Route, query: URLSearchParams, response: ServerResponse): void {
    switch (route.kind) {
      case 'health':
        return sendText(response, 200, 'ok');
      case 'version':
        return sendJson(response, 200, JSON.stringify(VERSION));
      case 'discovery': {
        const found = discover(this.served(), route);
        return found === undefined ? sendNotFound(response) : sendJson(response, 200, JSON.stringify(found));
      }
      case 'collection':
        return this.collection(route, query, response);
      case 'object':
        return this.object(route, response);
      default:
        return sendNotFound(response);
    }
  }

  private collection(
    route: Extract<Route, { kind: 'collection' }>,
    query: URLSearchParams,
    response: ServerResponse
  ): void {
    if (!this.isServed(route)) return sendNotFound(response);
    const question = { type: route.type, version: route.version, namespace: route.namespace, query };
    if (this.silent.has(route.type)) {
      this.unanswered.add(response);
      response.on('close', () => this.unanswered.delete(response));
      return;
    }
    if (query.get('watch') === 'true' || query.get('watch') === '1') {
      const refusal = refuseWatch(question, this.options);
      if (refusal !== undefined) return sendStatus(response, refusal);
      const watch = new OpenWatch(question, this.store, response, this.options);
      this.watches.add(watch);
      watch.onEnd(() => this.watches.delete(watch));
      return;
    }
    const answer = this.lister.answer(question);
    return typeof answer === 'string' ? sendJson(response, 200, answer) : sendStatus(response, answer);
  }

  private object(route: Extract<Route, { kind: 'object' }>, response: ServerResponse): void {
    const { type, namespace, name } = route;
    if (!this.isServed(route)) return sendNotFound(response);
    const found = this.store.get(type, namespace, name);
    if (found !== undefined) return sendJson(response, 200, found.text);
    const details = { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural };
    return sendStatus(response, status(404, `${resourceName(type)} "${name}" not found`, details));
  }

  private isServed({ type, version }: { readonly type: ResourceType; readonly version: string }): boolean {
    return !this.uninstalled.has(type) && this.versionsOf(type).includes(version);
  }

  private versionsOf(type: ResourceType): readonly string[] {
    return this.versions.get(type) ?? [type.version];
  }

  /** What discovery tells: each type once for each version. */
  private served(): readonly ResourceType[] {
    return this.types
      .filter((type) => !this.uninstalled.has(type))
      .flatMap((type) => this.versionsOf(type).map((version) => ({ ...type, version })));
  }
}

const WRITES = { object: ['PATCH', 'PUT'], collection: ['POST'] };

function patchKey(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

function sendStatus(response: ServerResponse, failure: Status, headers: Readonly<Record<string, string>> = {}): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendJson(response, failure.code, JSON.stringify(failure));
}

function sendJson(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** Paths that nobody serves get text, not a Status: an absent custom resource among them. */
function sendNotFound(response: ServerResponse): void {
  sendText(response, 404, '404 page not found\n');
}
