/** What the exporter says of the topics of Kafka that it reads. */
import { METRICS, type DeadLetterResult, type KafkaRecordResult, type MetricFamily } from '@modelwatch/contract';
import type { Counter, Gauge } from 'prom-client';

export function createKafkaMetrics(counter: (family: MetricFamily) => Counter, gauge: (family: MetricFamily) => Gauge) {
  const records = counter(METRICS.exporterKafkaRecords);
  const lag = gauge(METRICS.exporterKafkaLag);
  const rebalances = counter(METRICS.exporterKafkaRebalances);
  const deadLetters = counter(METRICS.exporterKafkaDeadLetters);
  const shown = new Map<string, readonly string[]>();
  return {
    record: (source: string, topic: string, result: KafkaRecordResult) => records.inc({ source, topic, result }),
    /** By topic; those that were told before and are not now have no series. */
    lag: (source: string, byTopic: ReadonlyMap<string, number>) => {
      for (const topic of shown.get(source) ?? []) if (!byTopic.has(topic)) lag.remove({ source, topic });
      for (const [topic, count] of byTopic) lag.set({ source, topic }, count);
      shown.set(source, [...byTopic.keys()]);
    },
    rebalance: (source: string) => rebalances.inc({ source }),
    deadLetter: (source: string, result: DeadLetterResult) => deadLetters.inc({ source, result }),
  };
}
