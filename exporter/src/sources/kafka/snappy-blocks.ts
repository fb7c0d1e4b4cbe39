/**
 * Snappy as Java's producers write it: not as one block, but as a stream of blocks, each with its length before it.
 * Source: xerial/snappy-java, SnappyOutputStream and SnappyCodec.
 */
const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** The magic bytes, and two versions of four bytes. */
const HEADER_BYTES = 16;

/** @param expand of one block @throws Error when the bytes end within a block */
export function expandSnappy(bytes: Buffer, expand: (block: Buffer) => Buffer): Buffer {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return expand(bytes);
  const blocks: Buffer[] = [];
  for (let at = HEADER_BYTES; at < bytes.length;) {
    const start = at + 4;
    const end = start > bytes.length ? Infinity : start + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new Error('Snappy: it ends within a block');
    blocks.push(expand(bytes.subarray(start, end)));
    at = end;
  }
  return Buffer.concat(blocks);
}
