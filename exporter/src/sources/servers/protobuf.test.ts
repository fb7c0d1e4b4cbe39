import fc from 'fast-check';
import { encodeTexts, Message, ProtobufError } from './protobuf';

/**
 * Written by the Protocol Buffers of Python (protobuf 6.33.6, messages of MLServer 1.7.1): SerializeToString().hex() of what the
 * names say.
 */
const WRITTEN = {
  modelReadyRequest: '0a06646f75626c65',
  serverLive: '0801',
  serverMetadata: '0a086d6c7365727665721205312e372e31',
  index:
    '0a0f0a06646f75626c651a0552454144590a250a0766726167696c6512027631' +
    '1a0b554e415641494c41424c4522096e6f206d656d6f7279',
};
const message = (hex: string) => new Message(Buffer.from(hex, 'hex'));

it('writes texts as others do', () => {
  expect(encodeTexts({ 1: 'double' }).toString('hex')).toBe(WRITTEN.modelReadyRequest);
  expect(encodeTexts({}).length).toBe(0);
});

it('reads what others wrote', () => {
  expect(message(WRITTEN.serverLive).bool(1)).toBe(true);
  expect(message(WRITTEN.serverMetadata).text(1)).toBe('mlserver');
  expect(message(WRITTEN.serverMetadata).text(2)).toBe('1.7.1');
  const [double, fragile] = message(WRITTEN.index).messages(1);
  expect([double?.text(1), double?.text(2), double?.text(3)]).toEqual(['double', '', 'READY']);
  expect([1, 2, 3, 4].map((field) => fragile?.text(field))).toEqual(['fragile', 'v1', 'UNAVAILABLE', 'no memory']);
});

it('reads whole numbers of all sizes, and of a negative int32 its bits', () => {
  // 150 is the example of the documentation; -1 and 2^63-1 take ten and nine bytes.
  expect(message('089601').count(1)).toBe(150);
  expect(message('08ffffffffffffff0f').count(1)).toBe(Number.MAX_SAFE_INTEGER);
  expect(message('08ffffffffffffffffff01').bits32(1)).toBe(2 ** 32 - 1);
  expect(message('08ffffffffffffffffff01').bool(1)).toBe(true);
  expect(message('0880828ccbf8ffffffff01').bits32(1)).toBe(-1_990_000_384 >>> 0);
  expect(() => message('08ffffffffffffffff7f').count(1)).toThrow('no number from 0 to 2^53');
  expect([message('').count(1), message('').has(1), message('0800').has(1)]).toEqual([0, false, true]);
  expect(message('0a02080112020807').message(2).count(1)).toBe(7);
  expect(message('').message(2).text(1)).toBe('');
});

it('says whether bytes are missing or wrong', () => {
  const reasonOf = (hex: string) => {
    try {
      return message(hex);
    } catch (error) {
      return (error as ProtobufError).reason;
    }
  };
  expect(['0a0541', '0880', '0b', '0001'].map(reasonOf)).toEqual([
    'truncated',
    'truncated',
    'wrong_type',
    'wrong_type',
  ]);
});

it('gives what is absent its default, takes the last of several, and skips types that nobody asks for', () => {
  const empty = message('');
  expect([empty.bool(1), empty.text(1), empty.texts(1)]).toEqual([false, '', []]);
  expect(message('08010800').bool(1)).toBe(false);
  // Field 2 of 8 bytes, field 3 of 4 bytes, field 4 of ten bytes of a number.
  expect(message('110000000000000000' + '1d00000000' + '20ffffffffffffffffff01' + '0801').bool(1)).toBe(true);
});

it.each([
  ['a text for a truth value', '0a0141', (read: Message) => read.bool(1)],
  ['a truth value for a text', '0801', (read: Message) => read.text(1)],
  ['a text that ends early', '0a0541', () => undefined],
  ['a number that ends early', '0880', () => undefined],
  ['a number without an end', '08' + 'ff'.repeat(11), () => undefined],
  ['the begin of a group', '0b', () => undefined],
  ['field 0', '0001', () => undefined],
])('refuses %s', (_what, hex, read) => {
  expect(() => read(message(hex))).toThrow(ProtobufError);
});

it('reads or refuses any bytes, and gives back what it wrote', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        new Message(Buffer.from(bytes)).messages(1);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtobufError);
      }
    })
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 500 }), fc.integer({ min: 1, max: 2 ** 29 - 1 }), (text, field) => {
      expect(new Message(encodeTexts({ [field]: text })).text(field)).toBe(Buffer.from(text).toString());
    })
  );
});
