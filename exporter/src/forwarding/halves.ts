/** Requests and responses of one call of a sender whose ids belong to other replicas. */
import { ForwardError, type Forwarding } from '.';
import { MOST_ITEM_BYTES, type ForwardItem } from './items';

export interface PassedHalves {
  /** For the intake. @returns whether it is another replica's */
  elsewhere(key: string, half: Readonly<Record<string, unknown>>): boolean;
  /** Resolves when their owners have them. @throws ForwardError: `too_large` when one never can get there, and the others are */
  passed(): Promise<void>;
}

export function passedHalves({ otherOwner, pass }: Pick<Forwarding, 'otherOwner' | 'pass'>): PassedHalves {
  const byOwner = new Map<number, ForwardItem[]>();
  return {
    elsewhere(key, half) {
      const owner = otherOwner(key);
      if (owner === undefined) return false;
      const items = byOwner.get(owner) ?? [];
      items.push({ key, half });
      byOwner.set(owner, items);
      return true;
    },
    async passed() {
      const answers = await Promise.all([...byOwner].map(([owner, items]) => pass(owner, items)));
      if (!answers.flat().includes('too_large')) return;
      const message = `expected requests and responses of at most ${MOST_ITEM_BYTES} bytes as JSON, since another replica joins them: send both as one event`;
      throw new ForwardError('too_large', message);
    },
  };
}
