/** Predictions from Kafka. Beside the watches, as all events: what was counted survives a configuration that is loaded again. */
import type { SourceView } from '../../domain/source-book';
import { Progress } from './counting';
import { KafkaSource, type KafkaDeps, type KafkaSourceOptions } from './source';

export type { KafkaMetrics, KafkaSourceOptions } from './source';

export interface KafkaSources {
  /** Another configuration is in force; clusters that stay as they are are not interrupted. */
  change(options: readonly KafkaSourceOptions[]): void;
  views(): readonly SourceView[];
  stop(): Promise<void>;
}

export function createKafkaSources(deps: KafkaDeps): KafkaSources {
  let running = new Map<string, KafkaSource>();
  /** By what the offsets of a partition depend on. */
  const progress = new Map<string, Progress>();
  let settled: Promise<unknown> = Promise.resolve();
  let wanted: readonly KafkaSourceOptions[] = [];

  const progressOf = ({ brokers, groupId }: KafkaSourceOptions): Progress => {
    const key = JSON.stringify([brokers, groupId]);
    const known = progress.get(key) ?? new Progress();
    progress.set(key, known);
    return known;
  };

  async function apply(): Promise<void> {
    const before = running;
    const next = new Map(wanted.map((options) => [JSON.stringify(options), options]));
    running = new Map([...before].filter(([key]) => next.has(key)));
    // One that comes in the place of another begins when that has committed what it counted.
    await Promise.all([...before].filter(([key]) => !next.has(key)).map(([, source]) => source.stop()));
    for (const [key, options] of next) {
      if (!running.has(key)) running.set(key, new KafkaSource(options, progressOf(options), deps));
    }
  }

  return {
    change(options) {
      wanted = options;
      settled = settled.then(apply);
    },
    views: () => [...running.values()].map((source) => source.view()),
    async stop() {
      this.change([]);
      await settled;
    },
  };
}
