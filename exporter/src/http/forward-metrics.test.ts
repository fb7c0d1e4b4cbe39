import { Counter, Gauge, Registry } from 'prom-client';
import type { MetricFamily } from '@modelwatch/contract';
import { createForwardMetrics } from './forward-metrics';

it('says nothing of a disk that cannot be read, and of it again when it can', async () => {
  const registry = new Registry();
  const options = ({ name, help, labels }: MetricFamily) => ({
    ...{ name, help, registers: [registry] },
    labelNames: [...labels],
  });
  const { forwardQueue } = createForwardMetrics(
    (family) => new Counter(options(family)),
    (family) => new Gauge(options(family))
  );
  const samples = async (disk: number | undefined) => {
    forwardQueue('1', 2, disk);
    return (await registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith('modelwatch_exporter_forward_queue'));
  };
  const memory = 'modelwatch_exporter_forward_queue_events{peer="1",place="memory"} 2';
  expect(await samples(3)).toEqual([memory, memory.replace('memory', 'disk').replace(' 2', ' 3')]);
  expect(await samples(undefined)).toEqual([memory]);
  expect(await samples(0)).toHaveLength(2);
});
