/** One door to every kind of simulated model server. */
import type { ModelServerKind } from '../fleet/server-kinds';
import { answerKserve } from './kserve';
import { answerLlamacpp } from './llamacpp';
import { answerMlserver, mlserverMetrics } from './mlserver';
import { FASTAPI_NOT_FOUND, type ModelServer, type ServerAnswer, type ServerRequest } from './model-server';
import { answerTfserving } from './tfserving';
import { answerTgi } from './tgi';
import { answerTorchserve, torchserveManagement, torchserveMetrics } from './torchserve';
import { answerTriton, tritonMetrics } from './triton';
import { answerVllm } from './vllm';

/** `refused`: nothing listens on that port. `hanging`: taken, and never answered. */
export type Reply = ServerAnswer | 'refused' | 'hanging';

type Answer = (server: ModelServer, request: ServerRequest, nowMs: number) => ServerAnswer;

/** What its ports answer; one without `metrics` has them among its other paths. */
interface Door {
  readonly http: Answer;
  readonly metrics?: Answer;
  readonly management?: Answer;
}

/** A port that has nothing but `/metrics`. */
function metricsOnly(write: (server: ModelServer, nowMs: number) => ServerAnswer): Answer {
  return (server, { path }, nowMs) => (path === '/metrics' ? write(server, nowMs) : FASTAPI_NOT_FOUND);
}

const DOORS: Readonly<Record<ModelServerKind, Door>> = {
  mlserver: { http: answerMlserver, metrics: metricsOnly(mlserverMetrics) },
  triton: { http: answerTriton, metrics: metricsOnly(tritonMetrics) },
  kserve: { http: answerKserve },
  vllm: { http: answerVllm },
  torchserve: {
    http: answerTorchserve,
    metrics: metricsOnly(torchserveMetrics),
    management: torchserveManagement,
  },
  tfserving: { http: answerTfserving },
  llamacpp: { http: answerLlamacpp },
  tgi: { http: answerTgi },
};

export function replyOf(server: ModelServer, port: number, request: ServerRequest, nowMs: number): Reply {
  if (server.reachable !== 'yes') return server.reachable;
  const { ports } = server;
  if (port === ports.metrics && server.isMetricsBlocked) return 'hanging';
  const { http, metrics, management } = DOORS[server.kind];
  if (port === ports.http) return http(server, request, nowMs);
  if (port === ports.metrics && metrics !== undefined) return metrics(server, request, nowMs);
  if (port === ports.management && management !== undefined) return management(server, request, nowMs);
  return 'refused';
}
