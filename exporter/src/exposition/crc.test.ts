import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { combineCrc, shiftOf } from './crc';

describe('combineCrc', () => {
  it('is the CRC of the whole, whatever the pieces are', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 8 }), (pieces) => {
        const combined = pieces.reduce((crc, piece) => combineCrc(crc, crc32(piece), shiftOf(piece.length)), 0);
        expect(combined >>> 0).toBe(crc32(Buffer.concat(pieces)));
      })
    );
  });

  it('holds for a length beyond 2^16', () => {
    const [a, b] = [Buffer.alloc(5, 'a'), Buffer.alloc(200_003, 'model')];
    expect(combineCrc(crc32(a), crc32(b), shiftOf(b.length)) >>> 0).toBe(crc32(Buffer.concat([a, b])));
  });
});
