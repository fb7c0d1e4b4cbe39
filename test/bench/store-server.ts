/**
 * A server for the store's benchmark, a process of its own that the benchmark talks to: `segments` is the real store
 * behind the real handler; `strings` keeps a string per object and family and joins them at each scrape, as
 * kube-state-metrics does; `prom-client` is the usual library.
 */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import express from 'express';
import { Gauge, Registry } from 'prom-client';
import { createExpositionStore } from '../../exporter/src/exposition/segments';
import { metricsHandler } from '../../exporter/src/http/metrics';
import { createSelfMetrics } from '../../exporter/src/http/self-metrics';
import { createLog } from '../../exporter/src/log/log';
import { createRandom, families, labelsOf, textsOf } from './store-load';

export type Command =
  | { readonly do: 'fill'; readonly objects: number }
  /** Changes a share of the objects in the first two families. */
  | { readonly do: 'change'; readonly share: number }
  | { readonly do: 'settle' | 'memory' | 'stall' };

export interface Answer {
  readonly ms: number;
  readonly rssMB: number;
  readonly arrayBuffersMB: number;
  readonly heapMB: number;
  /** Longest since it was last asked for. */
  readonly stallMs: number;
}

interface Shape {
  readonly set: (object: number, values: readonly number[]) => void;
  readonly settle: () => Promise<void>;
  readonly listener: RequestListener;
}

const SHAPES: Record<string, () => Shape> = {
  segments: () => {
    const store = createExpositionStore([{ name: 'objects', families }]);
    const log = createLog({ level: 'error', format: 'json' });
    const selfMetrics = createSelfMetrics({
      version: '0',
      configHash: '0',
      configLoadedAtSeconds: 0,
      onDrop: () => undefined,
      onBrokenFamily: () => undefined,
    });
    const settle = () => Promise.resolve({ everSynced: true, synced: true, sources: [] } as never);
    const app = express().disable('etag');
    app.get('/metrics', metricsHandler({ settle, exposition: store, selfMetrics, log }));
    return {
      set: (object, values) => {
        store.set('objects', `team/${object}`, textsOf(object, values), `team-${object % 50}`);
      },
      settle: () => store.settle(),
      listener: app,
    };
  },
  strings: () => {
    const objects = new Map<number, readonly string[]>();
    return {
      set: (object, values) => void objects.set(object, textsOf(object, values)),
      settle: () => Promise.resolve(),
      listener: (_, response) => {
        const parts: string[] = [];
        families.forEach(({ name }, family) => {
          parts.push(`# TYPE ${name} gauge\n`);
          for (const texts of objects.values()) parts.push(texts[family] ?? '');
        });
        response.end(parts.join(''));
      },
    };
  },
  'prom-client': () => {
    const registry = new Registry();
    const labelNames = Object.keys(labelsOf(0));
    const gauges = families.map((family) => new Gauge({ ...family, labelNames, registers: [registry] }));
    return {
      set: (object, values) => {
        const labels = labelsOf(object);
        gauges.forEach((gauge, index) => gauge.set(labels, values[index] ?? 1));
      },
      settle: () => Promise.resolve(),
      listener: (_, response) => void registry.metrics().then((text) => response.end(text)),
    };
  },
};

let longestMs = 0;
let lastTickMs = performance.now();
function watchTheLoop(): void {
  const now = performance.now();
  longestMs = Math.max(longestMs, now - lastTickMs - 1);
  lastTickMs = now;
}

async function inSlices(count: number, work: (index: number) => void): Promise<void> {
  let started = performance.now();
  for (let index = 0; index < count; index++) {
    work(index);
    if (performance.now() - started < 4) continue;
    await nextTurn();
    started = performance.now();
  }
}

function main(): void {
  const shape = SHAPES[process.argv[2] ?? '']?.();
  if (!shape) throw new RangeError(`shape: expected one of ${Object.keys(SHAPES).join(', ')}`);
  let objects = 0;
  const random = createRandom(1);
  const obey = async (command: Command): Promise<void> => {
    if (command.do === 'fill') {
      objects = command.objects;
      await inSlices(objects, (object) => shape.set(object, []));
    } else if (command.do === 'change') {
      const values = [Math.floor(random() * 1e6), Math.floor(random() * 1e6)];
      await inSlices(objects * command.share, () => shape.set(Math.floor(random() * objects), values));
    } else if (command.do === 'settle') await shape.settle();
  };
  setInterval(watchTheLoop, 1).unref();
  process.on('message', (command: Command) => {
    if (command.do === 'memory') globalThis.gc?.();
    const started = performance.now();
    void obey(command).then(() => {
      const { rss, arrayBuffers, heapUsed } = process.memoryUsage();
      const ms = performance.now() - started;
      const answer = { ms, rssMB: rss / 1e6, arrayBuffersMB: arrayBuffers / 1e6, heapMB: heapUsed / 1e6 };
      process.send?.({ ...answer, stallMs: longestMs } satisfies Answer);
      if (command.do !== 'stall') return;
      longestMs = 0;
      lastTickMs = performance.now();
    });
  });
  process.on('disconnect', () => process.exit(0));
  const server = createServer(shape.listener);
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}

main();
