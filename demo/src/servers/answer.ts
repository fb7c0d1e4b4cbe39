/** One door to every kind of simulated model server. */
import { answerKserve } from './kserve';
import { answerMlserver, mlserverMetrics } from './mlserver';
import { json, type ModelServer, type ServerAnswer, type ServerRequest } from './model-server';
import { answerTriton, tritonMetrics } from './triton';

/** `refused`: nothing listens on that port. `hanging`: taken, and never answered. */
export type Reply = ServerAnswer | 'refused' | 'hanging';

export function replyOf(server: ModelServer, port: number, request: ServerRequest, nowMs: number): Reply {
  if (server.reachable !== 'yes') return server.reachable;
  const { http, metrics } = server.ports;
  if (port === http) {
    if (server.kind === 'kserve') return answerKserve(server, request, nowMs);
    return server.kind === 'triton' ? answerTriton(server, request, nowMs) : answerMlserver(server, request);
  }
  if (port !== metrics) return 'refused';
  if (request.path !== '/metrics') return json(404, { detail: 'Not Found' });
  return server.kind === 'triton' ? tritonMetrics(server, nowMs) : mlserverMetrics(server, nowMs);
}
