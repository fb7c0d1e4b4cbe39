/** Any JSON as an object of any kind, and any mapping over it: from the decoder to the exposition text. */
import { DROP_REASONS } from '@modelwatch/contract';
import fc from 'fast-check';
import { createFleet } from '../../domain/fleet';
import { NO_TELEMETRY } from '../../domain/telemetry';
import { sourceStatus } from '../../domain/testing/builders';
import { createExpositionStore } from '../../exposition/segments';
import { GROUPS, renderChange } from '../../families';
import { mappingSchema, type Mapping } from '../../mapping/schema';
import { MAPPED_STATES } from '../../mapping/states';
import { createCustomKinds } from './custom';
import { kindsWith } from './kinds';
import { createStore } from './store';

const NOW = 1_787_220_000;
const LINE = /^modelwatch_[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (?:[-+0-9.e]+|NaN|[-+]Inf)$/u;

/** Keys that decoders and paths look for, so that random objects meet them often; some are nobody's. */
const KEYS = [
  ...['spec', 'status', 'conditions', 'type', 'reason', 'message', 'state', 'phase', 'replicas', 'name', 'namespace'],
  ...['availableReplicas', 'observedGeneration', 'generation', 'containers', 'resources', 'requests', 'cpu', 'metrics'],
  ...[
    'labels',
    'annotations',
    'ownerReferences',
    'template',
    'metadata',
    'kind',
    'ports',
    'predictor',
    'model',
    'nodes',
  ],
  ...['candidates', 'steps', 'weight', 'modelStatus', 'lastState', 'terminated', 'containerStatuses', 'app', 'uid'],
  ...['creationTimestamp', 'deletionTimestamp', 'lastTransitionTime', '__proto__', 'constructor', 'toString', ''],
];
const key = fc.constantFrom(...KEYS);
const leaf = fc.oneof(
  fc.constantFrom(
    'Ready',
    'True',
    'False',
    'Unknown',
    'a',
    'b',
    '2026-01-31T12:00:00Z',
    '1Gi',
    '"\\\n',
    '',
    'x'.repeat(5_000)
  ),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(0, 1, -1, 0.5, 1e300, Number.MAX_SAFE_INTEGER),
  fc.boolean(),
  fc.constant(null)
);
const json = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, leaf, tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(key, tie('value'), { maxKeys: 6, noNullPrototype: true }),
}));

const object = fc.record({
  metadata: fc.oneof({ weight: 9, arbitrary: metadata() }, { weight: 1, arbitrary: json.value }),
  spec: json.value,
  status: fc.oneof(json.map, json.value),
});

function metadata() {
  const name = fc.constantFrom('a', 'b', 'a-predictor', 'x/y', '', 'n'.repeat(300), 7);
  return fc
    .record({ name, namespace: fc.constantFrom('p', 'q', 'standalone'), more: json.map })
    .map(({ more, ...identity }) => ({ ...(more as object), ...identity }));
}

const step = fc.oneof(
  key.filter((each) => /^[a-z]/i.test(each)).map((each) => `.${each}`),
  fc.constantFrom('.*', '[0]', '[type=Ready]', '["a.b/c"]')
);
const path = fc
  .tuple(fc.constantFrom('status', 'spec', 'metadata', '@'), fc.array(step, { maxLength: 4 }), fc.constantFrom('', '?'))
  .map(([root, steps, rare]) => root + steps.join('') + rare);
const single = path.map((text) => text.replaceAll('.*', '.a'));
const template = fc.oneof(
  single.map((text) => `x-\${${text}}`),
  fc.constantFrom('${@key}', '${metadata.name}', 'fixed')
);
const meaning = fc.constantFrom(...MAPPED_STATES, 'failed load_failed', 'degraded other');
const rule = fc.record(
  {
    path,
    values: fc.dictionary(fc.constantFrom('Ready', 'True', 'a', '1', '__proto__', 'constructor'), meaning, {
      noNullPrototype: true,
    }),
    others: meaning.filter((text) => text !== 'ready'),
    detail: template,
  },
  { requiredKeys: ['path', 'values'] }
);
const entity = {
  name: template,
  version: template,
  owner: template,
  replicas: fc.record({ desired: single, available: fc.oneof(path, fc.constant('@readyPods')) }),
  observedGeneration: single,
  state: fc.array(rule, { minLength: 1, maxLength: 3 }),
};
const mapping = fc.record(
  {
    name: fc.constant('any'),
    group: fc.constant('any.example'),
    versions: fc.constant(['v1']),
    plural: fc.constant('anys'),
    kind: fc.constant('Any'),
    conditions: fc.constant({ Ready: 'good', a: 'bad' }),
    pods: fc.record({ labels: fc.record({ app: single.map((text) => `\${${text}}`) }) }),
    server: fc.record(entity, { requiredKeys: ['state'] }),
    models: fc.record({ ...entity, each: fc.array(path, { minLength: 1, maxLength: 2 }) }, { requiredKeys: ['state'] }),
  },
  { requiredKeys: ['name', 'group', 'versions', 'plural', 'kind', 'models'] }
);

/** What comes of objects of all the kinds; throws, or is a well-formed exposition. */
function run(mappings: readonly Mapping[], objects: readonly unknown[]): string[] {
  const drops: string[] = [];
  const telemetry = {
    ...NO_TELEMETRY,
    dropped: (_: string, reason: string, detail: string) => {
      expect(DROP_REASONS).toContain(reason);
      expect(detail).toMatch(/expected /);
      drops.push(detail);
    },
  };
  const custom = createCustomKinds(mappings);
  const kinds = kindsWith(custom);
  const fleet = createFleet({
    probeIntervalSeconds: 15,
    staleAfterSeconds: 150,
    telemetry,
    podLabelKeys: custom.podLabelKeys,
  });
  const exposition = createExpositionStore(GROUPS);
  const show = (at: number) => {
    for (const { group, key: of, texts } of renderChange(fleet.flush(at))) {
      if (texts) exposition.set(group, of, texts);
      else exposition.delete(group, of);
    }
  };
  for (const kind of kinds) {
    const view = createStore(kind, (observation) => fleet.observe(observation), telemetry).view(kind.versions[0]);
    for (const each of objects) view.applied(each);
    fleet.observe(sourceStatus({ source: kind.plural, resources: [kind.resource], lastContactSeconds: NOW }));
    show(NOW);
    // Gone, and there again, so that the other half of the books has its turn.
    for (const each of objects) view.deleted(each);
    for (const each of objects.slice(1)) view.listed(each);
  }
  show(NOW + 1);
  fleet.takeTargets();
  custom.unmatched();
  const text = exposition.view('prometheus').text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of lines) expect(line).toMatch(LINE);
  const series = lines.map((line) => line.slice(0, line.lastIndexOf(' ')));
  expect(new Set(series).size).toBe(series.length);
  return drops;
}

describe('any JSON', () => {
  it('as an object of every kind that is watched: no throw, no broken line, every refusal told', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 4 }), (objects) => void run([], objects)),
      { numRuns: 40 }
    );
  });

  it('under any mapping', () => {
    fc.assert(
      fc.property(mapping, fc.array(object, { maxLength: 4 }), (given, objects) => {
        const parsed = mappingSchema.safeParse(given);
        // What the schema refuses never gets here; it must not throw either.
        if (parsed.success) run([parsed.data], objects);
      }),
      { numRuns: 60 }
    );
  });

  it('is mostly mapped by the mappings of this test, so that they test something', () => {
    const accepted = fc.sample(mapping, 200).filter((given) => mappingSchema.safeParse(given).success);
    expect(accepted.length).toBeGreaterThan(100);
  });
});
