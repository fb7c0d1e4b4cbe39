/** `pods/{pod}:{port}/proxy/{path}`: the API server calls a pod for its client and passes the answer on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { replyOfPod, type Process } from '../servers/process';
import { readBody, sendAnswer } from '../servers/socket';
import type { Route } from './route';
import { status, type Status } from './status';

/** What listens in a pod and its address, or nothing where there is no such pod. */
export type FindPod = (
  namespace: string,
  pod: string
) => { readonly ip: string; readonly processes: readonly Process[] } | undefined;

/** @returns an error to answer with; `undefined` when the call was answered, or never will be. */
export async function proxyToPod(
  route: Extract<Route, { kind: 'pod-proxy' }>,
  find: FindPod,
  request: IncomingMessage,
  response: ServerResponse,
  nowMs: number
): Promise<Status | undefined> {
  const { namespace, pod, path } = route;
  const found = find(namespace, pod);
  if (found === undefined) return status(404, `pods "${pod}" not found`, { name: pod, kind: 'pods' });
  const body = await readBody(request);
  if (body === undefined) return status(400, 'the body of the request is too long');
  const call = { method: request.method ?? 'GET', path, body };
  const { port, reply } = replyOfPod(found.processes, route.port, call, nowMs);
  if (reply === 'refused') {
    return status(503, `error trying to reach service: dial tcp ${found.ip}:${port}: connect: connection refused`);
  }
  if (reply !== 'hanging') sendAnswer(response, reply);
  return undefined;
}
