/**
 * The little of Protocol Buffers that we need: messages of texts, truth values, whole numbers and messages.
 * Wire format: https://protobuf.dev/programming-guides/encoding. Fields that are not asked for are skipped.
 */

/** `truncated`: the bytes end too early; `wrong_type`: they are no message, or a field is not what it is asked for as. */
export class ProtobufError extends Error {
  constructor(
    message: string,
    readonly reason: 'wrong_type' | 'truncated' = 'wrong_type'
  ) {
    super(message);
  }
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;
/** Lengths of the wire types of fixed length. */
const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 };
const MAX_VARINT_BYTES = 10;

/** A message whose fields, by number, are texts. */
export function encodeTexts(fields: Readonly<Record<number, string>>): Buffer {
  return Buffer.concat(
    Object.entries(fields).flatMap(([number, text]) => {
      const value = Buffer.from(text, 'utf8');
      return [varint(Number(number) * 8 + LENGTH_DELIMITED), varint(value.length), value];
    })
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}

/** Of one message. What is absent has the default of proto3: the empty text, false, no entry. */
export class Message {
  private readonly fields = new Map<number, (Buffer | number | bigint)[]>();

  /** @throws ProtobufError */
  constructor(private readonly wire: Buffer) {
    let at = 0;
    while (at < wire.length) {
      const [tag, afterTag] = this.lengthAt(at);
      const [number, type] = [Math.floor(tag / 8), tag % 8];
      if (number === 0) throw new ProtobufError('a field has the number 0');
      const [value, next] = this.valueAt(afterTag, type);
      at = next;
      if (value === undefined) continue;
      const values = this.fields.get(number);
      if (values) values.push(value);
      else this.fields.set(number, [value]);
    }
  }

  /** The last one counts. @throws ProtobufError */
  text(number: number): string {
    return this.texts(number).at(-1) ?? '';
  }

  /** @throws ProtobufError */
  texts(number: number): string[] {
    return this.buffers(number).map((value) => value.toString('utf8'));
  }

  /** @throws ProtobufError */
  messages(number: number): Message[] {
    return this.buffers(number).map((value) => new Message(value));
  }

  /** The message in a field; of several the last. Absent: an empty one, as proto3 reads it. @throws ProtobufError */
  message(number: number): Message {
    return this.messages(number).at(-1) ?? EMPTY;
  }

  /** Whether the field is there at all: for those whose absence means something else than their default. */
  has(number: number): boolean {
    return this.fields.has(number);
  }

  /** @throws ProtobufError */
  bool(number: number): boolean {
    return Number(this.varint(number)) !== 0;
  }

  /** uint32, uint64, an enum, or an int that is never below 0. @throws ProtobufError also above 2^53, where it is not exact */
  count(number: number): number {
    const value = this.varint(number);
    if (typeof value === 'number') return value;
    throw new ProtobufError(`field ${number} is no number from 0 to 2^53`);
  }

  /** The lower 32 bits: of an int32, whose negative values take 64 bits on the wire, the uint32 with the same bits. @throws ProtobufError */
  bits32(number: number): number {
    const value = this.varint(number);
    return typeof value === 'number' ? value % 2 ** 32 : Number(BigInt.asUintN(32, value));
  }

  /** @throws ProtobufError */
  bytes(number: number): Buffer[] {
    return this.buffers(number);
  }

  /** All whole numbers of a repeated field, packed or not; above 2^53 and below 0 as the 64 bits on the wire. @throws ProtobufError */
  wholes(number: number): (number | bigint)[] {
    return (this.fields.get(number) ?? []).flatMap((value) => (Buffer.isBuffer(value) ? packed(value) : [value]));
  }

  /** The last one counts. */
  private varint(number: number): number | bigint {
    const value = this.fields.get(number)?.at(-1) ?? 0;
    if (!Buffer.isBuffer(value)) return value;
    throw new ProtobufError(`field ${number} is no truth value or number`);
  }

  private buffers(number: number): Buffer[] {
    return (this.fields.get(number) ?? []).map((value) => {
      if (Buffer.isBuffer(value)) return value;
      throw new ProtobufError(`field ${number} is no text or message`);
    });
  }

  /** The value and where the next field begins; no value where the type is one that nobody asks for. */
  private valueAt(at: number, type: number): [value: Buffer | number | bigint | undefined, next: number] {
    if (type === VARINT) return varintAt(this.wire, at);
    const [length, start] = type === LENGTH_DELIMITED ? this.lengthAt(at) : [FIXED[type], at];
    if (length === undefined) throw new ProtobufError(`wire type ${type} is not known`);
    const end = start + length;
    if (end > this.wire.length) throw new ProtobufError('it ends within a field', 'truncated');
    return [type === LENGTH_DELIMITED ? this.wire.subarray(start, end) : undefined, end];
  }

  private lengthAt(at: number): [value: number, next: number] {
    const [value, next] = varintAt(this.wire, at);
    return [Number(value), next];
  }
}

function packed(bytes: Buffer): (number | bigint)[] {
  const values: (number | bigint)[] = [];
  for (let at = 0; at < bytes.length;) {
    const [value, next] = varintAt(bytes, at);
    values.push(value);
    at = next;
  }
  return values;
}

/** A number where it is exact, below 2^53. */
function varintAt(bytes: Buffer, start: number): [value: number | bigint, next: number] {
  let value = 0;
  let large = 0n;
  for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) throw new ProtobufError('it ends within a number', 'truncated');
    // Seven bytes hold 49 bits.
    if (index < 7) value += (byte % 128) * 128 ** index;
    else large += BigInt(byte % 128) << BigInt(7 * index);
    if (byte >= 128) continue;
    const whole = large + BigInt(value);
    const read = large === 0n ? value : whole <= Number.MAX_SAFE_INTEGER ? Number(whole) : BigInt.asUintN(64, whole);
    return [read, start + index + 1];
  }
  throw new ProtobufError('a number is longer than 10 bytes');
}

const EMPTY = new Message(Buffer.alloc(0));
