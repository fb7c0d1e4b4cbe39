/**
 * What Kubernetes' own controllers, kubelets and autoscalers write of the pods, workloads and nodes behind servers, against
 * the families of these. `fixtures/workloads/<base>.json` has the objects of a base, the text beside it its exposition;
 * `states.json` what is written next in each state, step by step, as merge patches (RFC 7386), and `states.txt` every line
 * that goes (-) and comes (+) by it. Left out of the lines: `modelwatch_`, the namespace, zeros of 0/1 sets and of phases.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DropReason } from '@modelwatch/contract';
import { createFleet } from '../domain/fleet';
import { NO_TELEMETRY } from '../domain/telemetry';
import type { Fleet } from '../domain/fleet-interface';
import { keepOf } from '../sources/kubernetes/decoders/keep';
import { KINDS } from '../sources/kubernetes/kinds';
import { createStore } from '../sources/kubernetes/store';
import { UNSHARDED } from '../domain/shards';
import { mergePatch, NOW, type Json } from './faithful.fixture';
import { renderChange } from './index';
import { OF_WORKLOADS } from './workloads.fixture';

/** By `<kind> <name>`; null: the object is deleted. A name that the base does not have: a new object. */
type Step = Readonly<Record<string, Json | null>>;
interface State {
  readonly base: string;
  readonly steps: readonly Step[];
}

const STEP_SECONDS = 60;
const SHOWN = /^modelwatch_((model|server)_(labels|annotations)|server_condition)\{/;
const ZEROS = /_(condition|pods)\{.* 0$/;
const FIXTURES = join(__dirname, 'fixtures', 'workloads');
const read = (file: string) => readFileSync(join(FIXTURES, file), 'utf8');
const base = (name: string) => JSON.parse(read(`${name}.json`)) as readonly Json[];
const lines = (text: string) => text.trimEnd().split('\n');
const nameOf = ({ kind, metadata }: Json) => `${String(kind)} ${String((metadata as Json)['name'])}`;

/** A cluster that is watched: what is written to it shows in the lines. */
class Cluster {
  readonly drops: string[] = [];
  private readonly fleet: Fleet;
  private readonly objects = new Map<string, Json>();
  private readonly text = new Map<string, readonly string[]>();
  private readonly stores;
  private version = 1_000;
  private now = NOW;

  constructor(objects: readonly Json[]) {
    const telemetry = { ...NO_TELEMETRY, dropped: (_: string, reason: DropReason) => void this.drops.push(reason) };
    this.fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150, telemetry });
    const keep = keepOf({ labels: ['team'], annotations: ['example.com/*'] });
    this.stores = new Map(
      KINDS.map((kind) => {
        const store = createStore(kind, (told) => this.fleet.observe(told), telemetry, UNSHARDED, keep);
        return [kind.title, store.view(kind.versions[0])] as const;
      })
    );
    this.contact(KINDS.map(({ title }) => title));
    for (const object of objects) this.apply(object);
    this.flush();
  }

  contact(titles: readonly string[]): void {
    for (const { title, resource } of KINDS.filter((kind) => titles.includes(kind.title))) {
      this.fleet.observe({
        kind: 'source-status',
        source: title,
        title,
        resources: [resource],
        state: 'synced',
        required: true,
        objects: 1,
        lastContactSeconds: this.now,
      });
    }
  }

  step(patches: Step): void {
    this.now += STEP_SECONDS;
    this.contact(KINDS.map(({ title }) => title));
    for (const [name, patch] of Object.entries(patches)) {
      const before = this.objects.get(name);
      if (patch === null) this.delete(name);
      else if (!before && !('kind' in patch)) throw new Error(`${name} is not in the base`);
      else this.apply(mergePatch(before, patch) as Json);
    }
    this.flush();
  }

  /** Nothing was heard for ten minutes, but of these. */
  silence(heard: readonly string[]): void {
    this.now += 600;
    this.contact(heard);
    this.flush();
  }

  get lines(): readonly string[] {
    return [...this.text.values()]
      .flat()
      .flatMap((text) => text.split('\n'))
      .filter((line) => (OF_WORKLOADS.test(line) || SHOWN.test(line)) && !ZEROS.test(line))
      .map((line) => line.replace(/^modelwatch_/, '').replace('namespace="shop",', ''))
      .sort();
  }

  private apply(object: Json): void {
    const metadata = { ...(object['metadata'] as Json), resourceVersion: String(++this.version) };
    this.objects.set(nameOf(object), object);
    this.stores.get(String(object['kind']))?.applied({ ...object, metadata });
  }

  private delete(name: string): void {
    const object = this.objects.get(name);
    if (!object) throw new Error(name);
    const metadata = { ...(object['metadata'] as Json), resourceVersion: String(++this.version) };
    this.stores.get(String(object['kind']))?.deleted({ ...object, metadata });
  }

  private flush(): void {
    for (const { group, key, texts } of renderChange(this.fleet.flush(this.now))) {
      if (texts) this.text.set(`${group} ${key}`, texts);
      else this.text.delete(`${group} ${key}`);
    }
  }
}

function diff(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

describe.each(['kserve', 'seldon'])('%s.json', (name) => {
  it('gives the exposition beside it, and drops nothing', () => {
    const cluster = new Cluster(base(name));
    expect(cluster.drops).toEqual([]);
    expect(cluster.lines).toEqual(lines(read(`${name}.txt`)));
  });
});

const STATES = Object.entries(JSON.parse(read('states.json')) as Record<string, State>);
const expected = new Map(
  read('states.txt')
    .split('## ')
    .slice(1)
    .map((section) => {
      const [title = '', ...rest] = lines(section);
      return [title, rest] as const;
    })
);

describe('a state that Kubernetes can write', () => {
  it.each(STATES)('%s', (title, { base: name, steps }) => {
    const cluster = new Cluster(base(name));
    const before = cluster.lines;
    for (const step of steps) cluster.step(step);
    expect(diff(before, cluster.lines)).toEqual(expected.get(title));
    expect(cluster.drops).toEqual([]);
  });

  it('has its lines in states.txt, and no other has', () => {
    expect([...expected.keys()]).toEqual(STATES.map(([title]) => title));
  });
});

describe('a watch that is silent', () => {
  const others = (...silent: readonly string[]) =>
    KINDS.map(({ title }) => title).filter((title) => !silent.includes(title));

  it.each([
    ['Node', /^node_(ready|unschedulable|\w+_allocatable)/],
    ['HorizontalPodAutoscaler', /_autoscaler_/],
  ])('of %s leaves nothing behind that looks alive, and brings it back with its next sign of life', (title, gone) => {
    const cluster = new Cluster(base('kserve'));
    const before = cluster.lines;
    cluster.silence(others(title));
    expect(cluster.lines).toEqual(before.filter((line) => !gone.test(line)));
    expect(cluster.lines.length).toBeLessThan(before.length);
    cluster.step({});
    expect(cluster.lines).toEqual(before);
  });
});
