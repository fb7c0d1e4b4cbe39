/**
 * The little of Protocol Buffers that health and metadata of model servers need: messages of texts, truth values and
 * messages. Wire format: https://protobuf.dev/programming-guides/encoding. Fields that are not asked for are skipped.
 */

export class ProtobufError extends Error {}

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
  private readonly fields = new Map<number, (Buffer | boolean)[]>();

  /** @throws ProtobufError */
  constructor(private readonly bytes: Buffer) {
    let at = 0;
    while (at < bytes.length) {
      const [tag, afterTag] = this.varintAt(at);
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

  /** @throws ProtobufError */
  bool(number: number): boolean {
    const value = this.fields.get(number)?.at(-1) ?? false;
    if (typeof value === 'boolean') return value;
    throw new ProtobufError(`field ${number} is no truth value`);
  }

  private buffers(number: number): Buffer[] {
    return (this.fields.get(number) ?? []).map((value) => {
      if (typeof value !== 'boolean') return value;
      throw new ProtobufError(`field ${number} is no text or message`);
    });
  }

  /** The value and where the next field begins; no value where the type is one that nobody asks for. */
  private valueAt(at: number, type: number): [value: Buffer | boolean | undefined, next: number] {
    if (type === VARINT) {
      const [value, next] = this.varintAt(at);
      return [value !== 0, next];
    }
    const [length, start] = type === LENGTH_DELIMITED ? this.varintAt(at) : [FIXED[type], at];
    if (length === undefined) throw new ProtobufError(`wire type ${type} is not known`);
    const end = start + length;
    if (end > this.bytes.length) throw new ProtobufError('it ends within a field');
    return [type === LENGTH_DELIMITED ? this.bytes.subarray(start, end) : undefined, end];
  }

  /** Exact up to 2^53; above, it is a number that nobody asks for, and not 0. */
  private varintAt(start: number): [value: number, next: number] {
    let value = 0;
    for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
      const byte = this.bytes[start + index];
      if (byte === undefined) throw new ProtobufError('it ends within a number');
      value += (byte % 128) * 128 ** index;
      if (byte < 128) return [value, start + index + 1];
    }
    throw new ProtobufError('a number is longer than 10 bytes');
  }
}
