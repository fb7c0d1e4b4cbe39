/**
 * Everything that can go wrong with an API server, in an order that a seed decides: after it what is held equals a fresh
 * list, and no scrape in between shows a model that never was, or misses one that always was. `CHAOS_SEED=<n>` repeats a run.
 */
import { startDemo, type Demo, type KubernetesObject } from '@modelwatch/demo';
import { createFleet } from '../../exporter/src/domain/fleet';
import type { Observation } from '../../exporter/src/domain/observation';
import { NO_TELEMETRY } from '../../exporter/src/domain/telemetry';
import { createExpositionStore } from '../../exporter/src/exposition/segments';
import { GROUPS, renderChange } from '../../exporter/src/families';
import { createClock, type Clock } from '../../exporter/src/sources/clock';
import { createKubernetesSource, type KubernetesSource } from '../../exporter/src/sources/kubernetes';

const STEPS = 40;
const STALE_AFTER_SECONDS = 2;
const ALWAYS = 40;
/** Kinds of the demo and what the source makes of them. */
const KINDS = [
  ['Model', 'SeldonModel'],
  ['Server', 'SeldonServer'],
  ['Experiment', 'SeldonExperiment'],
  ['InferenceService', 'InferenceService'],
  ['Pod', 'Pod'],
] as const;

/** mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Source, fleet and exposition as the exporter wires them, with a time of day that jumps when it is told to. */
class Watching {
  private shiftMs = 0;
  private readonly wall = createClock(() => Date.now() + this.shiftMs);
  /** Kinds are looked for every half second in place of every 30. */
  private readonly clock: Clock = {
    ...this.wall,
    after: (seconds, run) => this.wall.after(seconds === 30 ? 0.5 : Math.min(seconds, 1), run),
  };
  private readonly fleet = createFleet({
    probeIntervalSeconds: 15,
    staleAfterSeconds: STALE_AFTER_SECONDS,
    telemetry: NO_TELEMETRY,
  });
  private readonly store = createExpositionStore(GROUPS);
  private readonly source: KubernetesSource;
  private readonly statuses = new Map<string, string>();
  readonly held = new Map<string, string>();

  constructor(server: string) {
    const options = {
      server,
      namespaces: [],
      staleAfterSeconds: STALE_AFTER_SECONDS,
      pageSize: 7,
      requestsPerSecond: 1_000,
    };
    this.source = createKubernetesSource(options, (one) => this.take(one), NO_TELEMETRY, { clock: this.clock });
    this.source.start();
  }

  private take(one: Observation): void {
    this.fleet.observe(one);
    if (one.kind === 'source-status') this.statuses.set(one.source, one.state);
    if (one.kind === 'resource-applied') {
      const { kind, meta } = one.resource;
      this.held.set(`${kind}/${meta.namespace}/${meta.name}`, `${meta.uid} ${meta.generation}`);
    }
    if (one.kind === 'resource-deleted') this.held.delete(`${one.resource}/${one.namespace}/${one.name}`);
  }

  jump(seconds: number): void {
    this.shiftMs += seconds * 1_000;
  }

  /** Lines of a scrape that is taken now, when so many entities were derived: as in the exporter, the rest comes later. */
  scrape(entities = 300): string[] {
    let left = entities;
    for (const { group, key, texts } of renderChange(this.fleet.flush(this.clock.nowSeconds(), () => left-- > 0))) {
      if (texts) this.store.set(group, key, texts);
      else this.store.delete(group, key);
    }
    return this.store.view('prometheus').text().split('\n');
  }

  models(): Set<string> {
    const found = this.scrape().flatMap((line) => {
      if (!line.startsWith('modelwatch_model_info{')) return [];
      return `${/namespace="([^"]*)"/.exec(line)?.[1]}/${/[{,]model="([^"]*)"/.exec(line)?.[1]}`;
    });
    return new Set(found);
  }

  /** Models of a namespace that are said to be stale. */
  stale(namespace: string): string[] {
    return this.scrape().filter(
      (line) =>
        line.startsWith('modelwatch_model_serving{') &&
        line.includes(`namespace="${namespace}"`) &&
        line.includes('state="stale"') &&
        line.endsWith(' 1')
    );
  }

  get synced(): boolean {
    return (
      this.statuses.size > 0 && [...this.statuses.values()].every((state) => state === 'synced' || state === 'absent')
    );
  }

  /** What it says of the state of everything, when all that it heard is derived. */
  state(): string[] {
    this.scrape(Infinity);
    return this.scrape(Infinity)
      .filter((line) => STATE.test(line))
      .sort();
  }

  stop(): Promise<void> {
    return this.source.stop();
  }
}

/** Times are those of the one who saw it. */
const STATE = /^modelwatch_(model|server|pipeline|experiment)_(info|serving|condition|replicas_\w+|pod_info)\{/;

const model = (namespace: string, name: string, uid: string, generation: number): KubernetesObject => ({
  apiVersion: 'mlops.seldon.io/v1alpha1',
  kind: 'Model',
  metadata: { name, namespace, uid, generation },
  spec: { storageUri: 's3://x' },
});

function expected(demo: Demo): Map<string, string> {
  return new Map(
    KINDS.flatMap(([kind, resource]) =>
      demo.api
        .list(kind)
        .map(({ metadata }): [string, string] => [
          `${resource}/${metadata.namespace}/${metadata.name}`,
          `${String(metadata['uid'])} ${String(metadata['generation'])}`,
        ])
    )
  );
}

const sorted = (map: ReadonlyMap<string, string>) => [...map].map(([key, value]) => `${key} ${value}`).sort();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function settle(what: string, holds: () => boolean, seconds = 25): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  while (!holds() && performance.now() < end) await pause(20);
  if (!holds()) throw new Error(`${what}: not within ${seconds} s`);
}

let closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  closers = [];
});

async function begin(watchList: boolean): Promise<{ demo: Demo; watching: Watching }> {
  const demo = await startDemo({ bookmarkIntervalMs: 200, watchList });
  closers.push(() => demo.stop());
  for (let index = 0; index < ALWAYS; index += 1) demo.api.apply(model('always', `m-${index}`, `always-${index}`, 1));
  const watching = new Watching(demo.api.url);
  closers.push(() => watching.stop());
  await settle('the first sync', () => watching.synced);
  // As in the exporter: nothing is shown before what was read first is derived.
  watching.state();
  return { demo, watching };
}

/** What happens to the objects, by the seed; names every model that ever was. */
class Churn {
  readonly ever = new Set<string>();
  private generation = 1;
  private uid = 0;

  constructor(
    private readonly demo: Demo,
    private readonly random: () => number
  ) {
    for (const kind of ['Model', 'InferenceService', 'LLMInferenceService']) {
      for (const { metadata } of demo.api.list(kind)) this.ever.add(`${metadata.namespace}/${metadata.name}`);
    }
  }

  apply(name: string, uid = name): void {
    this.ever.add(`churn/${name}`);
    this.demo.api.apply(model('churn', name, uid, (this.generation += 1)));
  }

  remove(name: string): void {
    this.demo.api.remove({ kind: 'Model', namespace: 'churn', name });
  }

  step(): void {
    for (let change = 0; change < 12; change += 1) {
      const name = `m-${Math.floor(this.random() * 30)}`;
      const dice = this.random();
      if (dice < 0.55) this.apply(name);
      else if (dice < 0.8) this.remove(name);
      else {
        this.remove(name);
        this.apply(name, `${name}-${(this.uid += 1)}`);
      }
      const always = Math.floor(this.random() * ALWAYS);
      this.demo.api.apply(model('always', `m-${always}`, `always-${always}`, (this.generation += 1)));
    }
  }

  /** Each object changes and goes, so that the event before the last is the wrong one. */
  lastWord(): void {
    for (let index = 0; index < 30; index += 1) {
      this.apply(`m-${index}`);
      this.apply(`m-${index}`);
      if (index % 2) this.remove(`m-${index}`);
    }
  }

  rename(count: number): void {
    const era = (this.uid += 1);
    for (let index = 0; index < count; index += 1) this.apply(`bulk-${era}-${index}`);
    for (let index = 0; index < count; index += 1) this.remove(`bulk-${era - 1}-${index}`);
  }
}

type Fault = (demo: Demo, watching: Watching, churn: Churn, random: () => number) => unknown;

const FAULTS: readonly Fault[] = [
  ({ api }) => api.disconnectWatches('clean'),
  ({ api }) => api.disconnectWatches('mid-line'),
  ({ api }) => api.expireHistory(),
  ({ api }) => {
    api.expireHistory();
    api.disconnectWatches('clean');
  },
  ({ api }, _, __, random) => {
    api.failNext(Math.ceil(random() * 12), 500);
    api.disconnectWatches('mid-line');
  },
  ({ api }, _, __, random) => {
    api.failNext(Math.ceil(random() * 6), 429, { 'Retry-After': '1' });
    api.disconnectWatches('clean');
  },
  ({ api }) => api.silence(true),
  ({ api }) => api.silence(false),
  ({ api }) => api.disorder(true),
  ({ api }) => api.disorder(false),
  ({ api }) => api.uninstallKind('Experiment'),
  ({ api }) => api.installKind('Experiment'),
  ({ api }) => api.restart(),
  (_, watching, __, random) => watching.jump((random() - 0.5) * 20_000),
  (_, __, churn) => churn.rename(1_000),
];

const SEED = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);

it.each([
  ['streamed lists', true, 1],
  ['lists in pages', false, 2],
  ['streamed lists', true, SEED],
])(
  '%s through chaos: equal in the end, and never half empty',
  async (_, watchList, seed) => {
    const random = randomOf(seed);
    const { demo, watching } = await begin(watchList);
    const churn = new Churn(demo, random);
    const always = Array.from({ length: ALWAYS }, (__, index) => `always/m-${index}`);
    const wrong: string[] = [];
    const look = (step: number): void => {
      const shown = watching.models();
      for (const name of always) if (!shown.has(name)) wrong.push(`seed ${seed}, step ${step}: ${name} is missing`);
      for (const name of shown) if (!churn.ever.has(name)) wrong.push(`seed ${seed}, step ${step}: ${name} never was`);
    };
    for (let step = 0; step < STEPS; step += 1) {
      churn.step();
      await FAULTS[Math.floor(random() * FAULTS.length)]?.(demo, watching, churn, random);
      const until = performance.now() + random() * 150;
      do {
        await pause(random() * 3);
        look(step);
      } while (performance.now() < until);
    }
    demo.api.silence(false);
    demo.api.failNext(0, 500);
    demo.api.installKind('Experiment');
    await settle('the faults are over', () => watching.synced);
    // No list comes after this that could put right what a late event spoiled.
    demo.api.disorder(true);
    churn.lastWord();
    // What is not there in the end is told by the comparison after it.
    await settle('the end of it', () => watching.synced && same(demo, watching)).catch(() => undefined);
    look(STEPS);
    expect(wrong).toEqual([]);
    const held = sorted(watching.held).filter((key) => KINDS.some(([__, resource]) => key.startsWith(`${resource}/`)));
    expect({ seed, held }).toEqual({ seed, held: sorted(expected(demo)) });
    expect(watching.synced).toBe(true);
    demo.api.disorder(false);
    await expectTheSameOfBoth(demo, watching);
  },
  60_000
);

/** An exporter that was not there through any of it says the same. */
async function expectTheSameOfBoth(demo: Demo, watching: Watching): Promise<void> {
  const newcomer = new Watching(demo.api.url);
  closers.push(() => newcomer.stop());
  await settle('the sync of a newcomer', () => newcomer.synced);
  // To write out everything keeps a process from hearing bookmarks, and what is not heard of is stale: listen in between.
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await pause(500);
    if (watching.state().join() === newcomer.state().join()) return;
  }
  await pause(500);
  expect(watching.state()).toEqual(newcomer.state());
}

it('ten thousand objects renamed at once: none is lost, none stays', async () => {
  const { demo, watching } = await begin(true);
  const churn = new Churn(demo, randomOf(3));
  churn.rename(10_000);
  await settle('all of them', () => same(demo, watching));
  watching.state();
  churn.rename(10_000);
  const shown: number[] = [];
  do {
    await pause(250);
    const models = watching.models();
    shown.push(models.size);
    expect([...models].filter((name) => name.startsWith('always/'))).toHaveLength(ALWAYS);
  } while (!same(demo, watching));
  await expectTheSameOfBoth(demo, watching);
  // In between there were more, never fewer: the new ones were made before the old ones went.
  expect(Math.min(...shown)).toBeGreaterThan(10_000);
}, 60_000);

function same(demo: Demo, watching: Watching): boolean {
  const fresh = expected(demo);
  const held = [...watching.held].filter(([key]) => KINDS.some(([, resource]) => key.startsWith(`${resource}/`)));
  return held.length === fresh.size && held.every(([key, value]) => fresh.get(key) === value);
}

it('a jump of the clock makes nothing stale, and keeps no dead watch fresh', async () => {
  const { demo, watching } = await begin(true);
  for (const seconds of [86_400, -172_800, 86_400]) {
    watching.jump(seconds);
    expect(watching.stale('always')).toEqual([]);
  }
  demo.api.silence(true);
  watching.jump(-86_400);
  await settle('stale', () => watching.stale('always').length === ALWAYS);
  demo.api.silence(false);
  await settle('fresh', () => watching.stale('always').length === 0);
});
