/** Bodies of requests, within what may be held of them in memory. */
import type { Request } from 'express';
import { HttpError } from './errors';

export interface Lease {
  /** @throws HttpError 429 when there is no room for so many, which are still to come */
  expect(bytes: number): void;
  /** @throws HttpError 429 when there is no room. */
  take(bytes: number): void;
  end(): void;
}

/** Bytes of all bodies that are being read, unpacked or taken apart. */
export interface Memory {
  lease(): Lease;
}

export function createMemory(max: () => number): Memory {
  let used = 0;
  return {
    lease() {
      let own = 0;
      return {
        expect(bytes) {
          if (used + bytes <= max()) return;
          throw overCapacity();
        },
        take(bytes) {
          this.expect(bytes);
          own += bytes;
          used += bytes;
        },
        end() {
          used -= own;
          own = 0;
        },
      };
    },
  };
}

/** @throws HttpError 413 or 429, before more is held than may be. */
export async function readBody(request: Request, maxBytes: number, lease: Lease): Promise<Buffer> {
  const told = Number(request.get('content-length') ?? 0);
  if (told > maxBytes) throw tooLarge(maxBytes);
  // Room is taken as bytes come: one that promises many and sends none keeps nobody out.
  lease.expect(told);
  const chunks: Buffer[] = [];
  let length = 0;
  // By its events: an iterator costs as much as all the rest of a small request.
  await new Promise<void>((resolve, reject) => {
    const fail = (error: unknown) => {
      request.removeAllListeners('data').resume();
      reject(error as Error);
    };
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) return fail(tooLarge(maxBytes));
      try {
        lease.take(chunk.length);
      } catch (error) {
        return fail(error);
      }
      chunks.push(chunk);
    });
    request.once('end', resolve);
    request.once('error', reject);
    request.once('close', () => reject(new Error('The sender went away')));
  });
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

export function tooLarge(maxBytes: number): HttpError {
  // The rest is not read, so the connection cannot be used again.
  return new HttpError(413, 'too_large', `body: expected at most ${maxBytes} bytes; send smaller batches`, {
    Connection: 'close',
  });
}

export function overCapacity(): HttpError {
  return new HttpError(429, 'over_capacity', 'There is more than can be taken in: come back.', { 'Retry-After': '1' });
}
