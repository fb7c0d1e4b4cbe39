import { DROP_REASONS, HEALTH_STATES, SERVING_REASONS, healthOfServing } from '@modelwatch/contract';
import fc from 'fast-check';
import { createExpositionStore } from '../exposition/segments';
import { GROUPS, renderChange } from '../families';
import { createFleet } from './fleet';
import type { Observation } from './observation';
import type { KubernetesResource } from './resources';
import { NO_TELEMETRY } from './telemetry';
import {
  NOW,
  inferenceGraph,
  inferenceService,
  kservePod,
  predictor,
  probeResult,
  seldonExperiment,
  seldonModel,
  seldonPipeline,
  seldonPod,
  seldonServer,
  sourceStatus,
  workload,
} from './testing/builders';

/** Names meet often, so that references hit; some are what nobody expects. */
const name = fc.constantFrom(
  'a',
  'b',
  'a-predictor',
  '',
  'x/y',
  '__proto__',
  'constructor',
  '🙂 "q"\n\\',
  'n'.repeat(300)
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'ModelFailed',
    'ModelAvailable',
    'PipelineReady',
    'ScheduleFailed: no',
    'OOMKilled',
    'x'.repeat(10_000)
  )
);
const number = fc.oneof(
  fc.integer({ min: -3, max: 5 }),
  fc.constantFrom(NaN, Infinity, 1e300, 0.5),
  fc.constant(undefined)
);
const condition = fc.record({
  type: fc.oneof(fc.constantFrom('Ready', 'ModelReady', 'PredictorReady', 'Stopped', 'PipelineReady'), text),
  status: fc.constantFrom('True', 'False', 'Unknown'),
  reason: fc.option(text, { nil: undefined }),
  message: fc.option(text, { nil: undefined }),
  lastTransitionSeconds: number,
});
const status = fc.option(fc.record({ conditions: fc.array(condition, { maxLength: 4 }) }), { nil: undefined });
const container = fc.record({
  name: fc.constantFrom('mlserver', 'triton', 'agent', 'kserve-container'),
  image: text,
  env: fc.dictionary(fc.constantFrom('SELDON_OVERCOMMIT_PERCENTAGE', 'SELDON_SERVER_CAPABILITIES'), text),
  memoryBytes: number,
  cpuCores: number,
  gpus: number,
  ports: fc.array(fc.record({ name: text, port: fc.integer() }), { maxLength: 2 }),
});

/** Every kind, with each field that outsiders fill overwritten at random. */
const resource = fc
  .record({
    kind: fc.nat(9),
    name,
    namespace: fc.constantFrom('p', 'q', ''),
    status,
    number,
    other: number,
    text,
    names: fc.array(name, { maxLength: 3 }),
    flag: fc.boolean(),
    containers: fc.array(container, { maxLength: 2 }),
    deletedSeconds: number,
  })
  .map((random): KubernetesResource => {
    const base = [
      seldonModel('a', ''),
      seldonServer('a'),
      seldonPipeline('a', random.names),
      seldonExperiment('a', { candidates: random.names.map((one) => ({ name: one, weight: random.number ?? 0 })) }),
      inferenceService('a', {
        traffic: random.names.map((one) => ({ revision: one, percent: random.number ?? 0, latest: random.flag })),
      }),
      inferenceGraph('a', random.names),
      predictor('a', 1, 1),
      workload('a', 1, 1),
      seldonPod('a', 0),
      kservePod('a', 0),
    ][random.kind] as KubernetesResource;
    return {
      ...base,
      meta: {
        ...base.meta,
        name: random.name,
        namespace: random.namespace,
        ...(random.flag ? { deletedSeconds: random.deletedSeconds } : {}),
      },
      status: random.status,
      desiredReplicas: random.number,
      availableReplicas: random.other,
      readyReplicas: random.other,
      minReplicas: random.number,
      memoryBytes: random.number,
      server: random.text,
      transitionStatus: random.text,
      containers: random.containers,
      containerStates: [
        { name: 'x', ready: random.flag, restarts: 3, waitingReason: random.text, message: random.text },
      ],
      ready: random.flag,
      ip: random.text,
    } as unknown as KubernetesResource;
  });

const endpoint = fc.record({ namespace: fc.constantFrom('p', 'q', 'standalone'), server: name, replica: name });
const probe = fc
  .record({
    up: fc.boolean(),
    live: fc.boolean(),
    ready: fc.boolean(),
    names: fc.array(name),
    state: fc.constantFrom('ready', 'loading', 'unavailable'),
    text,
  })
  .map(({ up, live, ready, names, state, text: words }) =>
    probeResult({
      up,
      live,
      ready,
      serverName: words,
      models: names.map((one) => ({ name: one, ready, state: state as 'ready', version: words, reason: words })),
      ...(up ? {} : { error: { cause: 'timeout' as const, text: words } }),
    })
  );
const observation: fc.Arbitrary<Observation> = fc.oneof(
  { weight: 6, arbitrary: resource.map((one) => ({ kind: 'resource-applied' as const, resource: one })) },
  fc.record({
    kind: fc.constant('resource-deleted' as const),
    resource: fc.constantFrom('SeldonModel', 'Pod', 'InferenceService', 'SeldonServer', 'Deployment'),
    namespace: fc.constantFrom('p', 'q'),
    name,
  }),
  fc.record({
    kind: fc.constant('model-declared' as const),
    model: fc.record({ name, server: name, url: fc.constantFrom('http://h:1', 'nonsense') }),
  }),
  fc.record({
    kind: fc.constant('endpoint-probed' as const),
    endpoint,
    atSeconds: fc.integer({ min: NOW - 99, max: NOW + 99 }),
    result: probe,
  }),
  fc.record({ kind: fc.constant('endpoint-removed' as const), endpoint }),
  fc
    .record({ state: fc.constantFrom('synced', 'failing', 'silent', 'absent'), lastContactSeconds: number })
    .map((more) => sourceStatus(more as Partial<ReturnType<typeof sourceStatus>>))
);

const LINE = /^modelwatch_[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (?:[-+0-9.e]+|NaN|[-+]Inf)$/u;

describe('a fleet of anything', () => {
  it('never throws, keeps its promises, and is always readable exposition', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 40 }), (observations) => {
        const drops: string[] = [];
        const telemetry = { ...NO_TELEMETRY, dropped: (_: string, reason: string) => drops.push(reason) };
        const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150, telemetry });
        const store = createExpositionStore(GROUPS);
        observations.forEach((one, index) => {
          fleet.observe(one);
          if (index % 3) return;
          for (const { group, key, texts } of renderChange(fleet.flush(NOW + index))) {
            if (texts) store.set(group, key, texts);
            else store.delete(group, key);
          }
        });
        fleet.flush(NOW + 100);
        fleet.takeTargets();
        for (const view of fleet.snapshot().models.values()) {
          const { state, reasons } = view.verdict;
          expect(HEALTH_STATES).toContain(healthOfServing(state));
          expect(reasons.length > 0).toBe(state !== 'serving');
          for (const { reason, text: words } of reasons) {
            expect(SERVING_REASONS).toContain(reason);
            expect(words.length).toBeLessThan(1_000);
          }
        }
        drops.forEach((reason) => expect(DROP_REASONS).toContain(reason));
        const lines = store.view('prometheus').text().split('\n');
        const samples = lines.filter((line) => line !== '' && !line.startsWith('#'));
        for (const line of samples) expect(line).toMatch(LINE);
        expect(new Set(samples.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(samples.length);
      }),
      { numRuns: 300 }
    );
  });
});
