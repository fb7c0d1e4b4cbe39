/**
 * The Open Inference Protocol over gRPC, for servers that listen on nothing else. Both forms of the protocol ask the same
 * questions, so what asks them is written once, for REST (oip.ts and the kinds on it): here a question is put as a call, and
 * the answer is given as REST would give it. Messages: kserve/open-inference-protocol, specification/protocol; the index of
 * the repository as Triton and MLServer have it (triton-inference-server/server, docs/protocol/extension_model_repository.md).
 */
import { preview } from '@modelwatch/contract';
import type { Channel } from './grpc';
import { placeOf, unexpectedGrpcStatus, type GrpcStatus } from './grpc-wire';
import { ProbeError, type Answer, type Ask } from './probe';
import { encodeTexts, Message, ProtobufError } from './protobuf';

const SERVICE = 'inference.GRPCInferenceService';
const NO_MESSAGE = encodeTexts({});

/** Statuses that are an answer to the question, as 400, 404 and 503 are in REST. */
const NO_SUCH_MODEL: readonly GrpcStatus[] = ['NOT_FOUND', 'INVALID_ARGUMENT', 'UNAVAILABLE'];
/** What is not there, or closed, is done without. */
const NOT_OFFERED: readonly GrpcStatus[] = ['UNIMPLEMENTED', 'UNAVAILABLE', 'PERMISSION_DENIED', 'UNAUTHENTICATED'];

/** grpc/grpc, doc/health-checking.md. */
const HEALTH_CHECK = 'grpc.health.v1.Health/Check';
/** By number; the fourth comes in streams only. */
const HEALTH = ['UNKNOWN', 'SERVING', 'NOT_SERVING'];

interface Call {
  /** With its service, where that is not the one of the protocol. */
  readonly method: string;
  readonly request: Buffer;
  readonly no: readonly GrpcStatus[];
  /** What REST has in its JSON. @throws ProtobufError */
  readonly read: (message: Message) => unknown;
}

/** @throws ProbeError, from the Ask, when a question has no form in gRPC */
export function askByGrpc(channel: Channel, url: string): Ask {
  return async (method, path, json) => {
    const question = `${method} ${path}`;
    // KServe's own list of models is in REST alone; each model is asked for instead.
    if (question === 'GET /v2/models') return answer(false, undefined, `${question} ${url}`);
    const call = question === `POST /${HEALTH_CHECK}` ? healthCheck(json) : callFor(question);
    if (!call) {
      throw new ProbeError(
        'other',
        `${url}: expected a server with the Open Inference Protocol, gRPC has no ${question}`
      );
    }
    const name = call.method.includes('/') ? call.method : `${SERVICE}/${call.method}`;
    const place = placeOf(url, name);
    const { status, message } = await channel.call(name, call.request);
    if (status === 'OK') return answer(true, read(call, message, place), place);
    if (call.no.includes(status)) return answer(false, undefined, place);
    throw unexpectedGrpcStatus(status, place);
  };
}

/**
 * The standard health service of gRPC: who answers is live, and ready when it says that it serves.
 * @param service as the server names it; empty for the server as a whole
 * @throws ProbeError, also for a service that the server does not know
 */
export async function askGrpcHealth(ask: Ask, service: string): Promise<{ live: boolean; ready: boolean }> {
  const { body } = await ask('POST', `/${HEALTH_CHECK}`, JSON.stringify({ service }));
  return { live: true, ready: body.toString('utf8') === JSON.stringify({ status: 'SERVING' }) };
}

function healthCheck(json = '{}'): Call {
  const { service } = JSON.parse(json) as { service: string };
  return {
    method: HEALTH_CHECK,
    request: service === '' ? NO_MESSAGE : encodeTexts({ 1: service }),
    no: [],
    read: (said) => ({ status: HEALTH[said.count(1)] ?? 'UNKNOWN' }),
  };
}

function callFor(question: string): Call | undefined {
  switch (question) {
    case 'GET /v2/health/live':
      return { method: 'ServerLive', request: NO_MESSAGE, no: [], read: (said) => ({ live: said.bool(1) }) };
    case 'GET /v2/health/ready':
      return {
        method: 'ServerReady',
        request: NO_MESSAGE,
        no: ['UNAVAILABLE'],
        read: (said) => ({ ready: said.bool(1) }),
      };
    case 'GET /v2':
      return {
        method: 'ServerMetadata',
        request: NO_MESSAGE,
        no: NOT_OFFERED,
        read: (said) => ({ name: said.text(1), version: said.text(2) }),
      };
    case 'POST /v2/repository/index':
      return { method: 'RepositoryIndex', request: NO_MESSAGE, no: NOT_OFFERED, read: readIndex };
    default:
      return callForModel(question);
  }
}

function callForModel(question: string): Call | undefined {
  const [, encoded, ready] = /^GET \/v2\/models\/([^/]+)(\/ready)?$/.exec(question) ?? [];
  if (encoded === undefined) return undefined;
  const request = encodeTexts({ 1: decodeURIComponent(encoded) });
  return ready === undefined
    ? {
        method: 'ModelMetadata',
        request,
        no: [...NO_SUCH_MODEL, 'UNIMPLEMENTED'],
        read: (said) => ({ versions: said.texts(2) }),
      }
    : { method: 'ModelReady', request, no: NO_SUCH_MODEL, read: (said) => ({ ready: said.bool(1) }) };
}

function readIndex(said: Message): unknown {
  return said.messages(1).map((entry) => ({
    name: entry.text(1),
    version: entry.text(2),
    // MLServer writes `State.READY` here, as its Python prints it (1.7.1).
    state: entry.text(3).replace(/^State\./, ''),
    reason: entry.text(4),
  }));
}

function read(call: Call, message: Buffer, place: string): unknown {
  try {
    return call.read(new Message(message));
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    const got = preview(message.subarray(0, 40).toString('latin1'));
    throw new ProbeError(
      'invalid_response',
      `${place}: expected a message of the protocol, got ${got}: ${error.message}`
    );
  }
}

function answer(yes: boolean, document: unknown, place: string): Answer {
  const body = document === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(document));
  return { status: yes ? 200 : 503, contentType: 'application/json', body, place };
}
