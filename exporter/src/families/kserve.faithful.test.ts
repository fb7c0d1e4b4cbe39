/**
 * What KServe's controllers write, in the shapes of its custom resource definitions (0.20), against the whole exposition.
 * Each base is a readable file of objects with its exposition beside it; each row changes a base and names every line that
 * comes (+) and goes (-). Zeros of 0/1 sets are left out of both: they say the same again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { createFleet } from '../domain/fleet';
import { NO_TELEMETRY } from '../domain/telemetry';
import { KINDS } from '../sources/kubernetes/kinds';
import { createStore } from '../sources/kubernetes/store';
import { fleetOfObjects, mergePatch, NOW, type Json } from './faithful.fixture';
import { GROUPS, renderChange } from './index';
import { GRAPH_STATES } from './kserve.graph-states.fixture';
import { LLM_STATES } from './kserve.llm-states.fixture';
import type { Patch } from './kserve.patch.fixture';
import { SERVICE_STATES } from './kserve.service-states.fixture';
import { OF_WORKLOADS } from './workloads.fixture';

const SETS = /_(serving|condition|transition_status|load_state|runtime_state)\{/;
const FIXTURES = join(__dirname, 'fixtures', 'kserve');
const read = (file: string) => readFileSync(join(FIXTURES, file), 'utf8');
const base = (name: string) => parseAllDocuments(read(`${name}.yaml`)).map((document) => document.toJS() as Json);

const nameOf = ({ kind, metadata }: Json) => `${String(kind)} ${String((metadata as Json)['name'])}`;

function patched(objects: readonly Json[], patch: Patch): Json[] {
  for (const name of Object.keys(patch)) if (!objects.some((object) => nameOf(object) === name)) throw new Error(name);
  return objects.flatMap((object) => {
    const change = patch[nameOf(object)];
    if (change === null) return [];
    if (change === undefined) return [object];
    const { conditions = {}, ...rest } = change;
    const next = mergePatch(object, rest) as Json;
    const status = next['status'] as Json | undefined;
    if (!status || Object.keys(conditions).length === 0) return [next];
    const kept = ((status['conditions'] ?? []) as Json[]).filter(({ type }) => !(String(type) in conditions));
    const set = Object.entries(conditions).flatMap(([type, value]) => (value ? [{ type, ...value }] : []));
    return [{ ...next, status: { ...status, conditions: [...kept, ...set] } }];
  });
}

function expose(objects: readonly Json[]) {
  const { fleet, drops } = fleetOfObjects(objects);
  const skipped = GROUPS.findIndex(({ name }) => name === 'usage');
  const lines = renderChange(fleet.flush(NOW))
    .filter(({ group }) => group !== GROUPS[skipped]?.name)
    .flatMap(({ texts }) => texts ?? [])
    .flatMap((text) => text.split('\n'))
    .filter((line) => !OF_WORKLOADS.test(line))
    .filter((line) => line !== '' && !(SETS.test(line) && line.endsWith(' 0')));
  return { lines: lines.sort(), drops };
}

/** The lines of one entity, without what is the same in all of them. */
function diff(before: readonly string[], after: readonly string[]): string[] {
  const short = (line: string) =>
    line.replace(/^modelwatch_/, '').replace(/namespace="shop",(model|pipeline)="(ranker|chat|flow)",?/, '');
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${short(line)}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${short(line)}`),
  ];
}

describe.each(['standard', 'knative', 'llm', 'graph'])('%s.yaml', (name) => {
  it('gives the exposition beside it, and drops nothing', () => {
    const { lines, drops } = expose(base(name));
    expect(drops).toEqual([]);
    expect(lines).toEqual(read(`${name}.txt`).trimEnd().split('\n'));
  });
});

const STATES = [...SERVICE_STATES, ...LLM_STATES, ...GRAPH_STATES];

/** `## title`, then the lines that go and come. */
const expected = new Map(
  read('states.txt')
    .split('## ')
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.trimEnd().split('\n');
      return [title, lines] as const;
    })
);

describe('a state that KServe can write', () => {
  it.each(STATES)('%s', (title, name, patch) => {
    const before = expose(base(name));
    const after = expose(patched(base(name), patch));
    const lines = [...diff(before.lines, after.lines), ...after.drops.map((reason) => `dropped ${reason}`)];
    expect(lines).toEqual(expected.get(title));
  });

  it('has its lines in states.txt, and no other has', () => {
    expect([...expected.keys()]).toEqual(STATES.map(([title]) => title));
  });
});

it('gives the second of two namesakes on KServe a name that says where it is from', () => {
  const llm = patched(base('llm'), { 'LLMInferenceService chat': { metadata: { name: 'ranker' } } });
  for (const objects of [
    [...base('standard'), ...llm],
    [...llm, ...base('standard')],
  ]) {
    const { lines, drops } = expose(objects);
    expect(drops).toEqual(['name_conflict']);
    expect(lines.filter((line) => line.startsWith('modelwatch_model_serving{'))).toEqual([
      'modelwatch_model_serving{namespace="shop",model="ranker",state="serving"} 1',
      'modelwatch_model_serving{namespace="shop",model="ranker@kserve-llm",state="serving"} 1',
    ]);
  }
});

it('keeps credentials in the URI of a model to itself', () => {
  const objects = patched(base('llm'), {
    'LLMInferenceService chat': { spec: { model: { uri: 'https://me:hunter2@example.com/m?X-Signature=abc' } } },
  });
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
  const kind = KINDS.find(({ title }) => title === 'LLMInferenceService');
  if (!kind) throw new Error('no kind');
  createStore(kind, (told) => fleet.observe(told), NO_TELEMETRY)
    .view('v1alpha2')
    .applied(objects[0]);
  fleet.flush(NOW);
  const [view] = fleet.snapshot().models.values();
  expect(view?.deployment?.storageUri).toBe('https://example.com/m');
});
