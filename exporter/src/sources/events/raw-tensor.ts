/**
 * Values of a tensor as raw bytes: little endian, row by row; texts each with its length in four bytes before it.
 * Source: open-inference-protocol, specification/protocol/inference_grpc.md, "Raw Tensor Contents".
 */
import { DecodeError } from '@modelwatch/contract';

export type Scalar = number | string | boolean;

const NUMBERS: Readonly<
  Record<string, { readonly size: number; readonly at: (bytes: Buffer, offset: number) => Scalar }>
> = {
  BOOL: { size: 1, at: (bytes, offset) => bytes[offset] !== 0 },
  INT8: { size: 1, at: (bytes, offset) => bytes.readInt8(offset) },
  INT16: { size: 2, at: (bytes, offset) => bytes.readInt16LE(offset) },
  INT32: { size: 4, at: (bytes, offset) => bytes.readInt32LE(offset) },
  INT64: { size: 8, at: (bytes, offset) => Number(bytes.readBigInt64LE(offset)) },
  UINT8: { size: 1, at: (bytes, offset) => bytes.readUInt8(offset) },
  UINT16: { size: 2, at: (bytes, offset) => bytes.readUInt16LE(offset) },
  UINT32: { size: 4, at: (bytes, offset) => bytes.readUInt32LE(offset) },
  UINT64: { size: 8, at: (bytes, offset) => Number(bytes.readBigUInt64LE(offset)) },
  FP16: { size: 2, at: (bytes, offset) => half(bytes.readUInt16LE(offset)) },
  FP32: { size: 4, at: (bytes, offset) => shortest(bytes.readFloatLE(offset)) },
  FP64: { size: 8, at: (bytes, offset) => bytes.readDoubleLE(offset) },
};

/** Undefined where the type is not known. @throws DecodeError when the bytes end within a value */
export function rawValues(datatype: string, bytes: Buffer): Scalar[] | undefined {
  if (datatype === 'BYTES') return texts(bytes);
  const type = NUMBERS[datatype];
  if (!type) return undefined;
  if (bytes.length % type.size !== 0) throw ended(datatype, bytes);
  return Array.from({ length: bytes.length / type.size }, (_, index) => type.at(bytes, index * type.size));
}

function texts(bytes: Buffer): string[] {
  const values: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + 4;
    const end = start > bytes.length ? Infinity : start + bytes.readUInt32LE(at);
    if (end > bytes.length) throw ended('BYTES', bytes);
    values.push(bytes.toString('utf8', start, end));
    at = end;
  }
  return values;
}

function ended(datatype: string, bytes: Buffer): DecodeError {
  return new DecodeError('raw contents', `${bytes.length} bytes`, `whole values of ${datatype}`);
}

/** 0.1 in 32 bits is 0.10000000149 in 64, which may be beyond an edge of a bin: the shortest number with these 32 bits. */
function shortest(value: number): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return value;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** IEEE 754, binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1_024) * 2 ** (exponent - 15));
}
