/**
 * Messages of the scheduler as what they say. Numbers of fields: apis/mlops/scheduler/scheduler.proto of
 * SeldonIO/seldon-core. A part that cannot be read is dropped and counted, the rest of its message stands.
 */
import { MODEL_REPLICA_STATES, preview } from '@modelwatch/contract';
import { defined } from '../../domain/described';
import { cutText } from '../../domain/facts';
import { MODEL_STATES, PIPELINE_STATES } from '../../domain/platforms/seldon-states';
import type {
  ModelOnReplica,
  SchedulerExperiment,
  SchedulerPipeline,
  SchedulerServer,
  SchedulerSubject,
  SchedulerWord,
} from '../../domain/scheduler/words';
import { isModelName } from '../servers/names';
import { Message, ProtobufError } from '../servers/protobuf';
import type { Drop } from '../servers/probe';

/** Replicas of one server: more would be a message gone wrong. */
const MAX_REPLICAS = 1_000;
const STATUS_UPDATE = 1;

/** `gone`: the scheduler has it no more. */
export type Decoded = SchedulerWord | { readonly of: SchedulerSubject; readonly name: string; readonly gone: true };

export interface Reading {
  /** The call and the address, for words of drops. */
  readonly place: string;
  /** Of which the scheduler may speak. */
  readonly namespace: string;
  readonly drop: Drop;
}

/** @returns undefined for what says nothing of a state, and for what was dropped; never throws */
export function decode(of: SchedulerSubject, bytes: Buffer, reading: Reading): Decoded | undefined {
  return attempt(reading.place, reading, () => {
    const message = new Message(bytes);
    const name = message.text(1);
    if (!isModelName(name)) {
      reading.drop('missing_field', `${reading.place}: expected the name of a ${of} in field 1, got ${preview(name)}`);
      return undefined;
    }
    const inner = { ...reading, place: `${reading.place} ${of} ${name}` };
    return attempt(inner.place, inner, () => DECODERS[of](message, name, inner));
  });
}

type Decode = (message: Message, name: string, reading: Reading) => Decoded | undefined;

const DECODERS: Record<SchedulerSubject, Decode> = {
  server: serverOf,
  model: modelOf,
  pipeline: pipelineOf,
  experiment: experimentOf,
};

function serverOf(message: Message, name: string, reading: Reading): SchedulerServer | undefined {
  const type = message.count(7);
  // Types are flags, and older schedulers send none; a request for scaling leaves all else at 0.
  if (type !== 0 && type % 2 !== STATUS_UPDATE) return undefined;
  const meta = metaOf(message, 6, reading);
  if (!meta) return undefined;
  const replicas = few(message.messages(2), reading).flatMap((each) => {
    const read = (field: number) => attempt(reading.place, reading, () => each.count(field));
    const index = attempt(reading.place, reading, () => each.bits32(1));
    if (index === undefined) return [];
    return [
      {
        index,
        ...defined({
          totalBytes: read(2),
          availableBytes: read(3),
          models: read(4),
          overcommitPercent: read(5),
        }),
      },
    ];
  });
  return { of: 'server', name, ...meta, connectedReplicas: message.count(4), replicas: inOrder(replicas) };
}

function modelOf(message: Message, name: string, reading: Reading): Decoded | undefined {
  const versions = message.messages(2);
  const latest = versions.reduce<Message | undefined>(
    (found, each) => (found && found.count(2) > each.count(2) ? found : each),
    undefined
  );
  if (!latest) return { of: 'model', name, gone: true };
  const meta = metaOf(latest, 4, reading);
  if (!meta) return undefined;
  const status = latest.message(6);
  const state = oneOf(MODEL_STATES, status.count(1), `${reading.place} state`, reading);
  if (state === 'ModelTerminated') return { of: 'model', name, gone: true };
  return {
    of: 'model',
    name,
    ...meta,
    version: String(latest.count(2)),
    state: state ?? 'ModelStateUnknown',
    replicas: inOrder(few(latest.messages(5), reading).flatMap((entry) => onReplica(entry, reading) ?? [])),
    ...defined({
      server: latest.text(3) || undefined,
      reason: words(status.text(2)),
      reservedBytes: attempt(reading.place, reading, () => reservedBytes(latest.message(7).message(2))),
    }),
  };
}

/** An entry of a map: the index of the replica, and how the model is there. */
function onReplica(entry: Message, reading: Reading): ModelOnReplica | undefined {
  return attempt(`${reading.place} replica`, reading, () => {
    const index = entry.bits32(1);
    const status = entry.message(2);
    const place = `${reading.place} replica ${index}`;
    const seconds = attempt(place, reading, () => status.message(3).count(1));
    return {
      index,
      state: oneOf(MODEL_REPLICA_STATES, status.count(1), place, reading) ?? 'unknown',
      ...defined({ reason: words(status.text(2)), changedSeconds: seconds || undefined }),
    };
  });
}

/** As the scheduler reckons it: what the model declares, times its workers (MLServer) or instances (Triton). */
function reservedBytes(spec: Message): number | undefined {
  if (!spec.has(5)) return undefined;
  const runtime = spec.message(9);
  if (runtime.has(1)) return spec.count(5) * runtime.message(1).count(1);
  if (runtime.has(2)) return spec.count(5) * (runtime.message(2).messages(1)[0]?.count(1) ?? 1);
  return spec.count(5);
}

function pipelineOf(message: Message, name: string, reading: Reading): Decoded | undefined {
  const latest = message
    .messages(2)
    .reduce<Message | undefined>(
      (found, each) => (found && found.message(2).count(1) > each.message(2).count(1) ? found : each),
      undefined
    );
  if (!latest) return { of: 'pipeline', name, gone: true };
  const meta = metaOf(latest.message(1), 6, reading);
  if (!meta) return undefined;
  const status = latest.message(2);
  const stateIn = (field: number, what: string) =>
    oneOf(PIPELINE_STATES, status.count(field), `${reading.place} ${what}`, reading) ?? 'PipelineStatusUnknown';
  const told: SchedulerPipeline = {
    of: 'pipeline',
    name,
    ...meta,
    state: stateIn(2, 'state'),
    gatewayState: stateIn(6, 'state in the gateway'),
    ...defined({ reason: words(status.text(3)), gatewayReason: words(status.text(7)) }),
  };
  return told.state === 'PipelineTerminated' ? { of: 'pipeline', name, gone: true } : told;
}

function experimentOf(message: Message, name: string, reading: Reading): SchedulerExperiment | undefined {
  const meta = metaOf(message, 6, reading);
  if (!meta) return undefined;
  return {
    of: 'experiment',
    name,
    ...meta,
    active: message.bool(2),
    candidatesReady: message.bool(3),
    mirrorReady: message.bool(4),
    ...defined({ reason: words(message.text(5)) }),
  };
}

/** Of what no custom resource asked for there is none; a scheduler speaks for its own namespace, and for no other. */
function metaOf(message: Message, field: number, { place, namespace, drop }: Reading) {
  const meta = message.message(field);
  const told = meta.text(1);
  if (told !== '' && told !== namespace) {
    drop('unknown_value', `${place}: expected namespace ${namespace}, got ${preview(told)}`);
    return undefined;
  }
  return meta.has(2) ? { generation: meta.count(2) } : {};
}

function few(messages: readonly Message[], { place, drop }: Reading): readonly Message[] {
  if (messages.length > MAX_REPLICAS) {
    drop('over_limit', `${place}: expected at most ${MAX_REPLICAS} replicas, got ${messages.length}`);
  }
  return messages.slice(0, MAX_REPLICAS);
}

/** Each replica once; the scheduler writes them in any order. */
function inOrder<T extends { readonly index: number }>(replicas: readonly T[]): readonly T[] {
  const once = new Map(replicas.map((each) => [each.index, each]));
  return [...once.values()].sort((a, b) => a.index - b.index);
}

function words(text: string): string | undefined {
  return cutText(text) || undefined;
}

function oneOf<Value extends string>(
  values: readonly Value[],
  number: number,
  place: string,
  { drop }: Reading
): Value | undefined {
  const value = values[number];
  if (value === undefined)
    drop('unknown_value', `${place}: expected a number up to ${values.length - 1}, got ${number}`);
  return value;
}

function attempt<T>(place: string, { drop }: Pick<Reading, 'drop'>, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    drop(error.reason, `${place}: expected a message of the scheduler: ${error.message}`);
    return undefined;
  }
}
