/**
 * Strings of bytes that were seen before. A page of metrics repeats few strings many times, and so does the next page of
 * the same server: making each of them anew costs more than reading it.
 */

/** FNV-1a begins with a number of this process, so that no server can know which of its strings collide. */
export const SEED = Math.floor(Math.random() * 2 ** 32) | 0;
const PRIME = 0x01000193;

export function hashNext(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, PRIME);
}

export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = SEED;
  for (let at = start; at < end; at += 1) hash = hashNext(hash, bytes[at] as number);
  return hash;
}

/** Spreads what a hash has in some of its bits over all of them. */
export function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return once ^ (once >>> 13);
}

/** Whether the bytes are this string, when it is ASCII; false for any other. */
export function isText(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== bytes[start + at] || code > 127) return false;
  }
  return true;
}

const SLOTS = 8_192;
/** Longer ones are rarely told twice, and would make the table large. */
const LONGEST = 64;

/** One string per slot: a newcomer takes the place of the one before it, so it never grows. */
export class Strings {
  private readonly slots: string[] = new Array<string>(SLOTS).fill('');

  /** The bytes as UTF-8. @param hash their `hashOf` */
  of(bytes: Buffer, start: number, end: number, hash: number): string {
    if (end - start > LONGEST) return bytes.toString('utf8', start, end);
    const slot = mixed(hash) & (SLOTS - 1);
    const known = this.slots[slot] as string;
    if (isText(known, bytes, start, end)) return known;
    return (this.slots[slot] = bytes.toString('utf8', start, end));
  }
}

/** Which of a few strings the bytes are. */
export class Vocabulary {
  private readonly table: (string | undefined)[];
  private readonly mask: number;

  constructor(words: ReadonlySet<string>) {
    this.mask = 2 ** Math.ceil(Math.log2(words.size * 2 + 2)) - 1;
    this.table = new Array<string | undefined>(this.mask + 1).fill(undefined);
    for (const word of words) {
      const bytes = Buffer.from(word);
      let slot = mixed(hashOf(bytes, 0, bytes.length)) & this.mask;
      while (this.table[slot] !== undefined) slot = (slot + 1) & this.mask;
      this.table[slot] = word;
    }
  }

  find(bytes: Uint8Array, start: number, end: number, hash: number): string | undefined {
    for (let slot = mixed(hash) & this.mask; ; slot = (slot + 1) & this.mask) {
      const word = this.table[slot];
      if (word === undefined || isText(word, bytes, start, end)) return word;
    }
  }
}
