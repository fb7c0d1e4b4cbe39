/** What a process says of the sinks of its event log. */
import { METRICS, type EventDrop, type EventSinkFailure, type MetricFamily } from '@modelwatch/contract';
import type { Counter, Gauge } from 'prom-client';

const FAMILIES = {
  exporter: {
    written: METRICS.exporterEventLogWritten,
    dropped: METRICS.exporterEventLogDropped,
    failures: METRICS.exporterEventLogFailures,
    queued: METRICS.exporterEventLogQueued,
  },
  responder: {
    written: METRICS.responderEventLogWritten,
    dropped: METRICS.responderEventLogDropped,
    failures: METRICS.responderEventLogFailures,
    queued: METRICS.responderEventLogQueued,
  },
} as const;

export function createEventLogMetrics(
  role: keyof typeof FAMILIES,
  counter: (family: MetricFamily) => Counter,
  gauge: (family: MetricFamily) => Gauge
) {
  const families = FAMILIES[role];
  const written = counter(families.written);
  const dropped = counter(families.dropped);
  const failures = counter(families.failures);
  const queued = gauge(families.queued);
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
