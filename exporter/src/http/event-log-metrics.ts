/** What the exporter says of the sinks of its event log. */
import { METRICS, type EventDrop, type EventSinkFailure, type MetricFamily } from '@modelwatch/contract';
import type { Counter, Gauge } from 'prom-client';

export function createEventLogMetrics(
  counter: (family: MetricFamily) => Counter,
  gauge: (family: MetricFamily) => Gauge
) {
  const written = counter(METRICS.exporterEventLogWritten);
  const dropped = counter(METRICS.exporterEventLogDropped);
  const failures = counter(METRICS.exporterEventLogFailures);
  const queued = gauge(METRICS.exporterEventLogQueued);
  return {
    /** There is one of this name now. */
    opened: (sink: string) => {
      written.inc({ sink }, 0);
      queued.set({ sink }, 0);
    },
    closed: (sink: string) => queued.remove({ sink }),
    written: (sink: string, lines: number) => written.inc({ sink }, lines),
    dropped: (sink: string, reason: EventDrop, lines: number) => dropped.inc({ sink, reason }, lines),
    failed: (sink: string, reason: EventSinkFailure) => failures.inc({ sink, reason }),
    waiting: (sink: string, bytes: number) => queued.set({ sink }, bytes),
  };
}
export type EventLogMetrics = ReturnType<typeof createEventLogMetrics>;
