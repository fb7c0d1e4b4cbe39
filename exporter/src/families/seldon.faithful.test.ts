/**
 * What Seldon Core 2's controllers write, in the shapes of its custom resource definitions (2.9), against the whole
 * exposition: `fixtures/seldon/*.yaml` has the objects by case, the text beside it what comes of them. Zeros of 0/1 sets
 * are left out: they say the same again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fleetOfObjects, NOW } from './faithful.fixture';
import { renderChange } from './index';
import { OF_WORKLOADS } from './workloads.fixture';

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const SETS = /_(serving|condition)\{/;
const FIXTURES = join(__dirname, 'fixtures', 'seldon');
const read = (file: string) => readFileSync(join(FIXTURES, file), 'utf8');

function expose(objects: readonly KubernetesObject[]): string[] {
  const { fleet, drops } = fleetOfObjects(
    objects.map((object) => ({ ...object, metadata: { namespace: 'ns', ...object.metadata } }))
  );
  const text = new Map<string, readonly string[]>();
  for (const { group, key, texts } of [fleet.flush(NOW), fleet.flush(NOW + 1)].flatMap(renderChange)) {
    if (group !== 'usage') text.set(`${group} ${key}`, texts ?? []);
  }
  const lines = [...text.values()].flat().flatMap((part) => part.split('\n'));
  const own = lines.filter((line) => line.startsWith('modelwatch_model_') || !OF_WORKLOADS.test(line));
  const said = own.filter((line) => line !== '' && !(SETS.test(line) && line.endsWith(' 0')));
  return [...said, ...drops.map((reason) => `dropped: ${reason}`)].sort();
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
