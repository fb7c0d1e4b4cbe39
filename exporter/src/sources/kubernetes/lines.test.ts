import fc from 'fast-check';
import { LineSplitter } from './lines';

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(20)), (texts, cuts) => {
        const lines = texts.map((text) => text.replaceAll('\n', ' ')).filter((text) => text !== '');
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const splitter = new LineSplitter(10_000);
        const out: string[] = [];
        let at = 0;
        for (const cut of cuts) out.push(...splitter.push(bytes.subarray(at, (at += cut))));
        out.push(...splitter.push(bytes.subarray(at)));
        expect(out).toEqual(lines);
        expect(splitter.pendingBytes).toBe(0);
      })
    );
  });

  it('knows of a line that has begun', () => {
    const splitter = new LineSplitter(100);
    expect(splitter.push(Buffer.from('one\ntw'))).toEqual(['one']);
    expect(splitter.pendingBytes).toBe(2);
  });

  it('refuses a line that grows over the limit', () => {
    const splitter = new LineSplitter(10);
    splitter.push(Buffer.from('123456'));
    expect(() => splitter.push(Buffer.from('78901'))).toThrow('longer than 10 bytes');
  });
});
