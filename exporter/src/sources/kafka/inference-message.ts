/**
 * Bodies of the Open Inference Protocol as its gRPC service has them, ModelInferRequest and ModelInferResponse, to what
 * its JSON has: Seldon Core 2 writes them to its topics. Field numbers: open-inference-protocol,
 * specification/protocol/open_inference_grpc.proto.
 */
import { DecodeError } from '@modelwatch/contract';
import { Message, ProtobufError } from '../servers/protobuf';
import { rawValues, type Scalar } from '../events/raw-tensor';

export type MessageKind = 'request' | 'response';

const FIELDS = {
  request: { tensors: 5, raw: 7, list: 'inputs' },
  response: { tensors: 5, raw: 6, list: 'outputs' },
} as const;
const NAME = 1;
const DATATYPE = 2;
const SHAPE = 3;
const CONTENTS = 5;

/** Field of InferTensorContents, and how its values are read. */
const TYPED: Readonly<Record<string, (contents: Message) => Scalar[]>> = {
  BOOL: (contents) => contents.wholes(1).map((value) => Number(value) !== 0),
  INT8: (contents) => contents.wholes(2).map(signed),
  INT16: (contents) => contents.wholes(2).map(signed),
  INT32: (contents) => contents.wholes(2).map(signed),
  INT64: (contents) => contents.wholes(3).map(signed),
  UINT8: (contents) => contents.wholes(4).map(Number),
  UINT16: (contents) => contents.wholes(4).map(Number),
  UINT32: (contents) => contents.wholes(4).map(Number),
  UINT64: (contents) => contents.wholes(5).map(Number),
  FP32: (contents) => contents.bytes(6).flatMap((bytes) => rawValues('FP32', bytes) ?? []),
  FP64: (contents) => contents.bytes(7).flatMap((bytes) => rawValues('FP64', bytes) ?? []),
  BYTES: (contents) => contents.texts(8),
};

/** As the JSON of the protocol. @throws DecodeError naming the field */
export function decodeInference(bytes: Buffer, kind: MessageKind): Readonly<Record<string, unknown>> {
  try {
    const message = new Message(withoutSchemaId(bytes));
    const { tensors, raw, list } = FIELDS[kind];
    const rawContents = message.bytes(raw);
    const all = message.messages(tensors);
    if (rawContents.length > 0 && rawContents.length !== all.length) {
      throw new DecodeError(
        `raw_${kind === 'request' ? 'input' : 'output'}_contents`,
        rawContents.length,
        `as many as ${list}, ${all.length}`
      );
    }
    return {
      model_version: message.text(2),
      [list]: all.map((tensor, index) => tensorOf(tensor, rawContents[index], `${list}[${index}]`)),
    };
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw new DecodeError(kind, `${bytes.length} bytes`, `a message of the Open Inference Protocol: ${error.message}`);
  }
}

function tensorOf(tensor: Message, raw: Buffer | undefined, place: string) {
  const datatype = tensor.text(DATATYPE);
  const read = TYPED[datatype];
  const data = raw ? rawValues(datatype, raw) : read?.(tensor.message(CONTENTS));
  if (!data) throw new DecodeError(`${place}.datatype`, datatype, 'a type of the Open Inference Protocol');
  return { name: tensor.text(NAME), datatype, shape: tensor.wholes(SHAPE).map(signed), data };
}

function signed(value: number | bigint): number {
  return typeof value === 'number' ? value : Number(BigInt.asIntN(64, value));
}

/**
 * With a schema registry a message begins with a zero byte, four bytes of the schema's id and the place of its type: a
 * zero, or a count and as many numbers. A message of its own never begins with zero, which is no field.
 * Source: Confluent's documentation, "Wire format".
 */
function withoutSchemaId(bytes: Buffer): Buffer {
  if (bytes[0] !== 0) return bytes;
  const at = 5;
  // Zigzag: 2 is one number. Types of a schema are few, so each number is one byte.
  const numbers = (bytes[at] ?? 0) >> 1;
  return bytes.subarray(at + 1 + numbers);
}
