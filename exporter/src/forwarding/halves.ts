/** Requests and responses of one call of a sender whose ids belong to other replicas. */
import type { Forwarding } from '.';
import type { ForwardItem } from './items';

export interface PassedHalves {
  /** For the intake. @returns whether it is another replica's */
  elsewhere(key: string, half: Readonly<Record<string, unknown>>): boolean;
  /** Resolves when their owners have them. @throws ForwardError */
  passed(): Promise<unknown>;
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
    passed: () => Promise.all([...byOwner].map(([owner, items]) => pass(owner, items))),
  };
}
