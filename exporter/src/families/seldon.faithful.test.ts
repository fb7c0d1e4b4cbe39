/**
 * What Seldon Core 2's controllers write, in the shapes of its custom resource definitions (2.9), against the whole
 * exposition: `fixtures/seldon/*.yaml` has the objects by case, the text beside it what comes of them. Zeros of 0/1 sets
 * are left out: they say the same again.
 */
import { OF_WORKLOADS } from './workloads.fixture';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DropReason } from '@modelwatch/contract';
import { parse } from 'yaml';
import { createFleet } from '../domain/fleet';
import { NO_TELEMETRY } from '../domain/telemetry';
import { KINDS } from '../sources/kubernetes/kinds';
import { createStore } from '../sources/kubernetes/store';
import { renderChange } from './index';

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const NOW = Date.parse('2026-02-01T00:00:00Z') / 1000;
const SETS = /_(serving|condition)\{/;
const FIXTURES = join(__dirname, 'fixtures', 'seldon');
const read = (file: string) => readFileSync(join(FIXTURES, file), 'utf8');

function expose(objects: readonly KubernetesObject[]): string[] {
  const drops: string[] = [];
  const telemetry = {
    ...NO_TELEMETRY,
    dropped: (_: string, reason: DropReason) => void drops.push(`dropped: ${reason}`),
  };
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150, telemetry });
  for (const kind of KINDS) {
    const store = createStore(kind, (told) => fleet.observe(told), telemetry).view(kind.versions[0]);
    for (const { kind: title, metadata } of objects) {
      const object = objects.find((each) => each.metadata === metadata);
      if (title === kind.title) store.applied({ ...object, metadata: { namespace: 'ns', ...metadata } });
    }
    fleet.observe({
      kind: 'source-status',
      source: kind.title,
      title: kind.title,
      resources: [kind.resource],
      state: 'synced',
      required: true,
      objects: 1,
      lastContactSeconds: NOW,
    });
  }
  const text = new Map<string, readonly string[]>();
  for (const { group, key, texts } of [fleet.flush(NOW), fleet.flush(NOW + 1)].flatMap(renderChange)) {
    if (group !== 'usage') text.set(`${group} ${key}`, texts ?? []);
  }
  const lines = [...text.values()].flat().flatMap((part) => part.split('\n'));
  const own = lines.filter((line) => line.startsWith('modelwatch_model_') || !OF_WORKLOADS.test(line));
  const said = own.filter((line) => line !== '' && !(SETS.test(line) && line.endsWith(' 0')));
  return [...said, ...drops].sort();
}

/** `## case` and the lines below it. */
function expectations(file: string): ReadonlyMap<string, readonly string[]> {
  const parts = read(file).split(/^## /m).slice(1);
  return new Map(
    parts.map((part) => {
      const [name = '', ...lines] = part.trimEnd().split('\n');
      return [name, lines] as const;
    })
  );
}

describe.each(readdirSync(FIXTURES).filter((file) => file.endsWith('.yaml')))('%s', (file) => {
  const cases = parse(read(file)) as Record<string, readonly KubernetesObject[]>;
  const expected = expectations(file.replace('.yaml', '.txt'));

  it.each(Object.keys(cases))('%s', (name) => {
    expect(expose(cases[name] ?? [])).toEqual(expected.get(name));
  });

  it('has an expectation for each case, and no other', () => {
    expect([...expected.keys()]).toEqual(Object.keys(cases));
  });

  it('shows no secret', () => {
    expect(read(file.replace('.yaml', '.txt'))).not.toMatch(/hunter2|AKIA|example\.com/);
  });
});
