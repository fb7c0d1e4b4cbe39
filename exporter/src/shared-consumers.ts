/** What replicas tell each other of the consumers of models: sketches, which are the same in whatever order they are told. */
import type { Consumers, ConsumerPart } from './domain/consumers/windows';
import type { EventBook } from './domain/events/book';
import type { ModelEvents } from './domain/events/model-events';
import type { Forwarding } from './forwarding';
import type { ForwardItem } from './forwarding/items';

/** More often than Prometheus looks. */
const NEWS_SECONDS = 5;
/** All of it, since a replica may have begun anew unseen. */
const ALL_SECONDS = 600;

export interface SharedConsumers {
  /** To be called about every second. */
  advance(forwarding: Forwarding, nowSeconds: number): void;
  /** The next time all is told. */
  tellAll(): void;
  /** What another replica says. @returns whether the model may be counted */
  learn(of: { readonly namespace: string; readonly model: string }, part: ConsumerPart, nowSeconds: number): boolean;
}

export function createSharedConsumers(book: Pick<EventBook, 'models' | 'admit' | 'touch'>): SharedConsumers {
  let nextNews = -Infinity;
  let nextAll = -Infinity;
  return {
    advance(forwarding, now) {
      if (now < nextNews && now < nextAll) return;
      nextNews = now + NEWS_SECONDS;
      const isAll = now >= nextAll;
      if (isAll) nextAll = now + ALL_SECONDS;
      const partsOf = (consumers: Consumers) => {
        const news = consumers.takeNews();
        return isAll ? consumers.all() : news;
      };
      forwarding.share(
        [...book.models].flatMap((model) => partsOf(model.consumers).map((part) => itemOf(model, part)))
      );
    },
    tellAll: () => (nextAll = -Infinity),
    learn({ namespace, model }, part, now) {
      const events = book.admit(namespace, model);
      if (events?.consumers.learn(part, now)) book.touch(events);
      return events !== undefined;
    },
  };
}

function itemOf({ namespace, model }: ModelEvents, { period, number, sketch }: ConsumerPart): ForwardItem {
  const registers = Buffer.from(sketch).toString('base64');
  return { key: JSON.stringify([namespace, model, '']), consumers: { period, number, registers } };
}
