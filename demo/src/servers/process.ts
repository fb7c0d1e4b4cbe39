/** Whatever listens in a pod or stands alone: a model server, an agent beside it, a proxy before it. */
import { replyOf, type Reply } from './answer';
import { json, type ModelServer, type ServerAnswer, type ServerRequest } from './model-server';

export interface Process {
  /** The first is the one that callers mean who name none. */
  readonly ports: readonly number[];
  reply(port: number, request: ServerRequest, nowMs: number): Reply;
}

export function modelServerProcess(server: ModelServer): Process {
  const { http, metrics, management } = server.ports;
  return {
    ports: [http, metrics, ...(management === undefined ? [] : [management])],
    reply: (port, request, nowMs) => replyOf(server, port, request, nowMs),
  };
}

/** A port that has one path, as the metrics of programs written in Go. */
export function textPort(port: number, path: string, write: (nowMs: number) => string): Process {
  return {
    ports: [port],
    reply: (_, request, nowMs) =>
      request.path === path
        ? { status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body: write(nowMs) }
        : { status: 404, contentType: 'text/plain; charset=utf-8', body: '404 page not found\n' },
  };
}

/** A port for the kubelet: these paths say ok, or 503 while `ready` says no. */
export function healthPort(port: number, paths: readonly string[], ready: () => boolean = () => true): Process {
  const ok: ServerAnswer = { status: 200, body: '' };
  return {
    ports: [port],
    reply: (_, { path }) => {
      if (!paths.includes(path)) return { status: 404, body: '404 page not found\n' };
      return ready() ? ok : json(503, { status: 'not ready' });
    },
  };
}

/** The answer of whoever listens on `port` of a pod with these processes. */
export function replyOfPod(
  processes: readonly Process[],
  port: number | undefined,
  request: ServerRequest,
  nowMs: number
): { readonly port: number; readonly reply: Reply } {
  const asked = port ?? processes[0]?.ports[0] ?? 80;
  const process = processes.find((each) => each.ports.includes(asked));
  return { port: asked, reply: process?.reply(asked, request, nowMs) ?? 'refused' };
}
