/** Who sent a webhook: a bearer token, or Grafana's HMAC over the bytes as they came. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** In constant time, whatever their lengths. */
export function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
}

export interface Signed {
  readonly body: Buffer;
  /** Hexadecimal. */
  readonly signature: string | undefined;
  /** Seconds since 1970, as text. */
  readonly timestamp: string | undefined;
}

/**
 * hex(HMAC-SHA256(secret, timestamp + ":" + body)), as Grafana signs with a timestamp header. Without a timestamp in it,
 * or with one that is too far away, anything that was heard once could be said again.
 */
export function isSigned(
  { body, signature, timestamp }: Signed,
  secret: string,
  { nowSeconds, maxAgeSeconds }: { readonly nowSeconds: number; readonly maxAgeSeconds: number }
): boolean {
  if (signature === undefined || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  const expected = createHmac('sha256', secret).update(`${timestamp}:`).update(body).digest('hex');
  return isSame(signature.toLowerCase(), expected) && Math.abs(nowSeconds - Number(timestamp)) <= maxAgeSeconds;
}
