/** Bodies of answers, with a limit on what they hold once they are unpacked. */
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { ProbeError } from './probe';

/** What we ask for; a server that sends another encoding unasked is told from one that sends nothing readable. */
export const ACCEPT_ENCODING = 'gzip, deflate';

type Decompress = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;
const DECOMPRESS: ReadonlyMap<string, Decompress> = new Map([
  ['gzip', promisify(gunzip) as Decompress],
  ['x-gzip', promisify(gunzip) as Decompress],
  ['deflate', promisify(inflate) as Decompress],
]);

/** Reads up to the limit; what announces or sends more is cut off at once, and the connection goes with it. */
export async function readBody(
  body: AsyncIterable<Buffer> & { on(event: 'error', listener: () => void): { destroy(): unknown } },
  announced: unknown,
  maxBytes: number,
  place: string
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = Number(announced ?? 0);
  if (!(length > maxBytes)) {
    length = 0;
    for await (const chunk of body) {
      length += chunk.length;
      if (length > maxBytes) break;
      chunks.push(chunk);
    }
  }
  if (length > maxBytes) {
    body.on('error', () => undefined).destroy();
    throw tooLarge(maxBytes, place);
  }
  return Buffer.concat(chunks);
}

/** The body without its encoding. The limit holds for what comes out: a little can be packed that becomes very much. */
export async function decoded(body: Buffer, encoding: string, maxBytes: number, place: string): Promise<Buffer> {
  if (encoding === '' || encoding === 'identity' || body.length === 0) return body;
  const decompress = DECOMPRESS.get(encoding.toLowerCase());
  if (!decompress) {
    const got = JSON.stringify(encoding.slice(0, 40));
    throw new ProbeError('invalid_response', `${place}: expected a body in gzip, deflate or plain, got ${got}`);
  }
  try {
    return await decompress(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes, place);
    throw new ProbeError('invalid_response', `${place}: expected a whole body in ${encoding}, got ${code}`);
  }
}

export function tooLarge(maxBytes: number, place: string): ProbeError {
  return new ProbeError('too_large', `${place}: expected at most ${maxBytes} bytes`);
}
