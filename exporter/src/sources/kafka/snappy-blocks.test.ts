import { expandSnappy } from './snappy-blocks';

// What the blocks hold is Snappy's affair: here they are texts, and expanded they are in upper case.
const upper = (block: Buffer) => Buffer.from(block.toString().toUpperCase());
/** As snappy-java begins. */
const HEADER = Buffer.from('82534e41505059000000000100000001', 'hex');
const block = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);

describe('expandSnappy', () => {
  it('takes one block as it is', () => {
    expect(expandSnappy(Buffer.from('abc'), upper).toString()).toBe('ABC');
  });

  it('takes blocks apart', () => {
    const framed = Buffer.concat([HEADER, block('abc'), block('de')]);
    expect(expandSnappy(framed, upper).toString()).toBe('ABCDE');
    expect(expandSnappy(HEADER, upper)).toHaveLength(0);
  });

  it('refuses what ends within a block', () => {
    const framed = Buffer.concat([HEADER, block('abc')]);
    for (const end of [17, 19, 20, 22])
      expect(() => expandSnappy(framed.subarray(0, end), upper)).toThrow('within a block');
  });
});
