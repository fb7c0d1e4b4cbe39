/** What an earlier process left on disk for another replica, which is this one's own now. */
import type { LaneOptions } from './lane';

const AT_ONCE = 2_000;
const BYTES_AT_ONCE = 1_048_576;

/**
 * Not to be called while it runs: what two read together would be removed twice.
 *
 * @param mayGoOn asked before each part
 * @returns how many were taken in
 */
export async function takeOwn(
  stored: LaneOptions['stored'],
  receive: (items: readonly unknown[]) => Promise<unknown>,
  mayGoOn: () => boolean
): Promise<number> {
  let taken = 0;
  while (mayGoOn() && stored.pending() > 0) {
    const texts = await stored.oldest(AT_ONCE, BYTES_AT_ONCE);
    await receive(texts.map((text): unknown => JSON.parse(text)));
    await stored.remove(texts.length);
    taken += texts.length;
  }
  return taken;
}
