/** What the exporter says of the replicas that it passes events on to. */
import { METRICS, type MetricFamily } from '@modelwatch/contract';
import type { Counter, Gauge } from 'prom-client';
import type { ForwardMetrics } from '../forwarding';

export function createForwardMetrics(
  counter: (family: MetricFamily) => Counter,
  gauge: (family: MetricFamily) => Gauge
): ForwardMetrics {
  const forwarded = counter(METRICS.exporterForwardedEvents);
  const failed = counter(METRICS.exporterForwardErrors);
  const queue = gauge(METRICS.exporterForwardQueue);
  const up = gauge(METRICS.exporterPeerUp);
  return {
    forwarded: (peer, outcome, count) => forwarded.inc({ peer, outcome }, count),
    forwardFailed: (peer, reason) => failed.inc({ peer, reason }),
    forwardQueue: (peer, memory, disk) => {
      queue.set({ peer, place: 'memory' }, memory);
      if (disk === undefined) queue.remove({ peer, place: 'disk' });
      else queue.set({ peer, place: 'disk' }, disk);
    },
    peerUp: (peer, isUp) => up.set({ peer }, isUp ? 1 : 0),
  };
}
