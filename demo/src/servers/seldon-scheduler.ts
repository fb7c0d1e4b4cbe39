/**
 * The scheduler of a Seldon runtime: the status calls of its gRPC protocol, over HTTP/2 of Node. Messages and behaviour are
 * those of apis/mlops/scheduler/scheduler.proto and scheduler/pkg/server of SeldonIO/seldon-core: a subscription begins with
 * all that there is, a list ends, and a message is of the newest version.
 */
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { ModelPlan, ServerPlan } from '../fleet/plan';
import { modelReplicaOn, type ModelState, type ReplicaState } from '../fleet/state';
import { modelCondition, type World } from '../objects/seldon';
import type { DemoScheduler, SchedulerOptions } from '../types';

const MODEL_STATES = ['', 'ModelProgressing', 'ModelAvailable', 'ModelFailed', '', '', '', '', 'ModelScaledDown'];
const [PIPELINE_READY, STATUS_UPDATE] = [3, 1];
/** By their numbers in the protocol. */
const REPLICA_STATES: Readonly<Record<ReplicaState, number>> = {
  loading: 2,
  'load-failed': 4,
  unloaded: 7,
  serving: 9,
  'server-down': 10,
};
const [UNIMPLEMENTED, GIBIBYTE, MEBIBYTE] = [12, 2 ** 30, 2 ** 20];
const KINDS = ['Server', 'Model', 'Pipeline', 'Experiment'] as const;
type Kind = (typeof KINDS)[number];

export interface StartedScheduler extends DemoScheduler {
  /** Tells subscribers what became of the fleet. */
  update(): void;
}

/** @throws the listener's error when the port is taken */
export async function startScheduler(
  world: World,
  namespace: string,
  { port = 0, tls }: SchedulerOptions
): Promise<StartedScheduler> {
  const subscribers = new Map<ServerHttp2Stream, Kind>();
  const sessions = new Set<ServerHttp2Session>();
  const server: Http2Server = tls ? createSecureServer(tls) : createServer();
  server.on('session', (session) => {
    sessions.add(session.on('error', () => undefined));
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined).on('close', () => subscribers.delete(stream));
    stream.resume().on('end', () => {
      const [, subscribe, kind] = /\/(Subscribe)?(\w+)Status$/.exec(String(headers[':path'])) ?? [];
      const known = KINDS.find((each) => each === kind);
      if (!known) return end(stream, UNIMPLEMENTED);
      begin(stream);
      for (const message of messagesOf(world, namespace, known)) stream.write(framed(message));
      if (subscribe) subscribers.set(stream, known);
      else stream.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const told = { port: (server.address() as AddressInfo).port };
  return {
    namespace,
    url: `grpc${tls ? 's' : ''}://127.0.0.1:${told.port}`,
    say: (kind, message) => {
      for (const [stream, of] of subscribers) if (of === kind) stream.write(framed(message));
    },
    update: () => {
      for (const [stream, kind] of subscribers) {
        for (const message of messagesOf(world, namespace, kind)) stream.write(framed(message));
      }
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.destroy();
      }),
  };
}

function begin(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
}

function end(stream: ServerHttp2Stream, status: number): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(status) });
  stream.end();
}

function messagesOf(world: World, namespace: string, kind: Kind): readonly Buffer[] {
  const here = <T extends { readonly namespace: string }>(all: readonly T[]) =>
    all.filter((each) => each.namespace === namespace);
  const { servers, pipelines, experiments } = world.plan;
  switch (kind) {
    case 'Server':
      return here(servers).map((server) => serverMessage(world, server));
    case 'Model':
      return here(servers).flatMap((server) => server.models.map((model) => modelMessage(world, server, model)));
    case 'Pipeline':
      return here(pipelines).map(({ name }) =>
        message([1, name], [2, message([1, message([6, meta(namespace, 1)])], [2, READY_PIPELINE])])
      );
    case 'Experiment':
      return here(experiments).map(({ name, candidates, mirror }) => {
        const ready = (parts: readonly string[]) =>
          parts.every((part) => world.state.of({ namespace, name: part }).available > 0);
        const candidatesReady = ready(candidates.map((candidate) => candidate.name));
        const mirrorReady = ready(mirror ? [mirror.name] : []);
        const flags = [candidatesReady && mirrorReady, candidatesReady, mirrorReady].map(Number);
        return message([1, name], [2, flags[0]], [3, flags[1]], [4, flags[2]], [6, meta(namespace, 1)]);
      });
  }
}

function serverMessage({ state }: World, server: ServerPlan): Buffer {
  const total = server.memoryGibibytes * GIBIBYTE;
  const connected = state.serverIsDown(server) ? 0 : server.replicas;
  const resources = Array.from({ length: connected }, (_, replica) => {
    const on = server.models.filter((model) => {
      const index = modelReplicaOn(model, server, replica);
      return index !== undefined && state.of(model).replicas[index] === 'serving';
    });
    const taken = on.reduce((sum, { memoryMebibytes = 0 }) => sum + memoryMebibytes * MEBIBYTE, 0);
    const left = Math.max(0, total - taken);
    return message([1, replica], [2, total], [3, left], [4, on.length], [5, server.overcommitPercent]);
  });
  const { name, namespace, replicas } = server;
  return message(
    ...[[1, name] as const, ...resources.map((each) => [2, each] as const)],
    ...[[3, replicas] as const, [4, connected] as const, [6, meta(namespace, 1)] as const, [7, STATUS_UPDATE] as const]
  );
}

function modelMessage(world: World, server: ServerPlan, model: ModelPlan): Buffer {
  const state = world.state.of(model);
  const { enum: name, text } = modelCondition(state, model);
  const version = message(
    ...[[2, state.version] as const, [3, server.name] as const, [4, meta(model.namespace, state.generation)] as const],
    ...replicasOf(state, server, model).map((each) => [5, each] as const),
    [6, message([1, MODEL_STATES.indexOf(name)], [2, text])],
    [7, message([2, message([5, (model.memoryMebibytes ?? 0) * MEBIBYTE])])]
  );
  return message([1, model.name], [2, version]);
}

function replicasOf(state: ModelState, server: ServerPlan, model: ModelPlan): readonly Buffer[] {
  const since = message([1, Math.floor(state.sinceMs / 1_000)]);
  return Array.from({ length: server.replicas }, (_, replica) => replica).flatMap((replica) => {
    const index = modelReplicaOn(model, server, replica);
    if (index === undefined) return [];
    const is = state.replicas[index] ?? 'unloaded';
    const reason = is === 'load-failed' ? 'rclone: weights of the model are missing' : '';
    return [message([1, replica], [2, message([1, REPLICA_STATES[is]], [2, reason], [3, since])])];
  });
}

function meta(namespace: string, generation: number): Buffer {
  return message([1, namespace], [2, generation]);
}

/** Fields in their order; what has the default of proto3 is left out, as Go does. */
function message(...fields: readonly (readonly [number, string | number | Buffer | undefined])[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return value === 0 ? [] : [varint(number * 8), varint(value)];
      if (value === undefined || value === '') return [];
      const bytes = Buffer.from(value);
      return [varint(number * 8 + 2), varint(bytes.length), bytes];
    })
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}

function framed(bytes: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

const READY_PIPELINE = message([1, 1], [2, PIPELINE_READY], [5, 1], [6, PIPELINE_READY]);
