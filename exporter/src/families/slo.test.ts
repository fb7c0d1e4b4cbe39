import { entityKey, MOST_SLOS } from '@modelwatch/contract';
import { sloRows } from './slo';
import { inferenceSample } from '../domain/testing/builders';
import type { ModelView, PipelineView } from '../domain/views';
import { createSloBook, type SloHolder } from '../domain/slo/book';
import type { DeclaredSlo, SloSpec } from '../domain/slo/spec';

const spec = (more: Partial<SloSpec> = {}): SloSpec => ({
  name: 'availability',
  subject: 'models',
  selector: {},
  indicator: 'availability',
  objective: 0.999,
  window: '30d',
  method: 'occurrences',
  ...more,
});
const declared = (more: Partial<SloSpec> = {}, rest: Partial<DeclaredSlo> = {}): DeclaredSlo => ({
  spec: spec(more),
  place: 'config slos[0]',
  warnings: [],
  ...rest,
});
const model = (namespace: string, name: string, more: Partial<ModelView> = {}): ModelView => ({
  ...{ key: entityKey({ namespace, name }), namespace, name, platform: 'kserve' },
  ...{ verdict: { state: 'serving', reasons: [] }, conditions: [], history: [] },
  ...{ replicas: {}, traffic: [], pods: [], endpoints: [] },
  ...more,
});
/** Polled, with these bounds of how long requests take. */
const measured = (...replicas: number[][]): Pick<ModelView, 'endpoints'> => ({
  endpoints: replicas.map((les, index) => ({
    ...{ namespace: 'payments', server: 's', replica: `r-${index}`, address: 'a', up: true, ready: true },
    inference: [
      inferenceSample('risk', '1', {
        histograms: { duration: { buckets: les.map((le) => ({ le, count: 1 })), sum: 1, count: 1 } },
      }),
    ],
  })),
});
const pipeline = (name: string, bounds: number[] = []): PipelineView => ({
  ...{ key: entityKey({ namespace: 'payments', name }), namespace: 'payments', name, platform: 'seldon' },
  ...{ verdict: { state: 'serving', reasons: [] }, conditions: [], history: [], steps: [] },
  calls: [
    {
      ...{ replica: 'g', method: 'rest', requests: {}, responses: {} },
      duration: { buckets: bounds.map((le) => ({ le, count: 1 })), sum: 1, count: 1 },
    },
  ],
});
const names = (holder: SloHolder | undefined) => holder?.objectives.map((one) => one.spec.name);
const text = (holder: SloHolder | undefined) => (holder ? sloRows.map((row) => row.render(holder)).join('') : '');

describe('objectives of a model', () => {
  const selected = (selector: SloSpec['selector'], view: ModelView, boundTo?: string) => {
    const book = createSloBook();
    book.declare([declared({ selector }, boundTo === undefined ? {} : { boundTo })]);
    return names(book.put('models', view)) ?? [];
  };

  it.each<[SloSpec['selector'], boolean]>([
    [{}, true],
    [{ namespaces: ['pay*'] }, true],
    [{ namespaces: ['shop', 'payments'] }, true],
    [{ namespaces: ['shop'] }, false],
    [{ names: ['ri*k'] }, true],
    [{ names: ['churn'] }, false],
    [{ platform: 'seldon' }, false],
    [{ owner: 'team-a', importance: 'high' }, true],
    [{ owner: 'team-b' }, false],
    [{ importance: 'low' }, false],
    [{ namespaces: ['payments'], names: ['churn'] }, false],
  ])('are those that select it: %j', (selector, isSelected) => {
    const view = model('payments', 'risk', { owner: 'team-a', importance: 'high' });
    expect(selected(selector, view)).toEqual(isSelected ? ['availability'] : []);
  });

  it('of a ConfigMap are of its namespace alone', () => {
    expect(selected({}, model('payments', 'risk'), 'payments')).toEqual(['availability']);
    expect(selected({}, model('shop', 'churn'), 'payments')).toEqual([]);
  });

  it('are not those of pipelines', () => {
    const book = createSloBook();
    book.declare([declared({ subject: 'pipelines' })]);
    expect(names(book.put('models', model('payments', 'risk')))).toEqual([]);
    expect(names(book.put('pipelines', pipeline('risk')))).toEqual(['availability']);
  });

  it('are told again when something of them changed, and only then', () => {
    const book = createSloBook();
    book.declare([declared({ selector: { owner: 'team-a' } })]);
    const view = model('payments', 'risk', { owner: 'team-a' });
    expect(names(book.put('models', view))).toEqual(['availability']);
    expect(book.put('models', { ...view, lastObservedSeconds: 5 })).toBeUndefined();
    expect(names(book.put('models', { ...view, owner: 'team-b' }))).toEqual([]);
    book.declare([declared({ selector: { importance: 'high' } })]);
    expect(names(book.put('models', view))).toEqual([]);
    expect(names(book.put('models', { ...view, importance: 'high' }))).toEqual(['availability']);
    expect(names(book.put('models', view))).toEqual([]);
    expect(book.holders.size).toBe(0);
    book.declare([declared({ name: 'other' })]);
    expect(names(book.put('models', view))).toEqual(['other']);
    expect(book.remove('models', view.key)).toBe(true);
    expect(book.remove('models', view.key)).toBe(false);
  });

  it('of one name hold once, and the other is refused naming both places', () => {
    const book = createSloBook();
    book.declare([declared(), declared({ objective: 0.9 }, { place: 'file slo.yaml line 3 column 1' })]);
    const holder = book.put('models', model('payments', 'risk'));
    expect(holder?.objectives.map((one) => one.spec.objective)).toEqual([0.999]);
    expect(holder?.refused).toEqual([
      {
        place: 'file slo.yaml line 3 column 1',
        text: 'expected one objective availability of payments/risk, got another beside config slos[0]',
      },
    ]);
    expect(book.refusedCount).toBe(1);
    book.declare([declared()]);
    expect(book.put('models', model('payments', 'risk'))?.refused).toEqual([]);
    expect(book.refusedCount).toBe(0);
  });

  it('are bounded, for one model and for all', () => {
    const book = createSloBook(MOST_SLOS + 1);
    const many = Array.from({ length: MOST_SLOS + 1 }, (_, index) => declared({ name: `slo-${index}` }));
    book.declare(many);
    const first = book.put('models', model('payments', 'risk'));
    expect(first?.objectives).toHaveLength(MOST_SLOS);
    expect(first?.refused[0]?.text).toBe('expected at most 20 objectives of payments/risk, got slo-20 beside these');
    const second = book.put('models', model('shop', 'churn'));
    expect(second?.objectives).toHaveLength(1);
    expect(second?.refused[0]?.text).toMatch(
      /^expected at most 21 objectives of all models and pipelines, got slo-1 of/
    );
    expect(book.refusedCount).toBe(21);
    book.remove('models', model('payments', 'risk').key);
    book.declare(many.slice(0, 3));
    expect(book.put('models', model('shop', 'churn'))?.objectives).toHaveLength(3);
  });
});

describe('the bound that slow requests of an objective are counted at', () => {
  const latency = declared({ name: 'latency', indicator: 'latency', thresholdSeconds: 0.3 });
  const shown = (holder: SloHolder | undefined) => /slo_threshold_seconds\{.*le="(.*)"\} 0.3/.exec(text(holder))?.[1];

  it('is the highest that is not above the threshold and that every replica has', () => {
    const of = (...replicas: number[][]) => {
      const book = createSloBook();
      book.declare([latency]);
      return shown(book.put('models', model('payments', 'risk', measured(...replicas))));
    };
    expect(of([0.1, 0.25, 0.5])).toBe('0.25');
    expect(of([0.1, 0.25, 0.3, 0.5])).toBe('0.3');
    expect(of([0.1, 0.25, 0.5], [0.1, 0.5])).toBe('0.1');
    expect(of([0.5, 1])).toBe('');
    expect(of([])).toBe('');
  });

  it('stays while no replica answers, and follows a server with other bounds', () => {
    const book = createSloBook();
    book.declare([latency]);
    const [one, other] = [measured([0.25, 0.5]), measured([0.2, 0.5])].map((more) => model('payments', 'risk', more));
    expect(shown(book.put('models', one!))).toBe('0.25');
    expect(book.put('models', model('payments', 'risk'))).toBeUndefined();
    expect(shown(book.put('models', other!))).toBe('0.2');
    book.declare([latency]);
    expect(shown(book.put('models', model('payments', 'risk')))).toBe('0.2');
  });

  it('is that of the gateways, of a pipeline', () => {
    const book = createSloBook();
    book.declare([{ ...latency, spec: { ...latency.spec, subject: 'pipelines' } }]);
    expect(shown(book.put('pipelines', pipeline('risk-chain', [0.1, 1])))).toBe('0.1');
  });
});

it('shows an objective with all that rules join', () => {
  const book = createSloBook();
  book.declare([
    declared({
      ...{ name: 'f1', indicator: 'accuracy', objective: 0.95, window: '7d', score: 'f1' },
      ...{ threshold: { op: 'gte', value: 0.8 } },
    }),
  ]);
  const id = 'namespace="payments",model="risk",pipeline="",slo="f1"';
  expect(text(book.put('models', model('payments', 'risk', { owner: 'team-a' }))).split('\n')).toEqual([
    `modelwatch_slo_info{${id},indicator="accuracy",method="occurrences",metric="f1",window="7d",owner="team-a"} 1`,
    `modelwatch_slo_objective_ratio{${id}} 0.95`,
    `modelwatch_slo_threshold{${id},op="gte"} 0.8`,
    `modelwatch_slo_burn_rate_threshold{${id},severity="page",long="1h",short="5m"} 3.36`,
    `modelwatch_slo_burn_rate_threshold{${id},severity="page",long="6h",short="30m"} 1.4`,
    `modelwatch_slo_burn_rate_threshold{${id},severity="ticket",long="1d",short="2h"} 1`,
    `modelwatch_slo_burn_min_events{${id},severity="page",long="1h",short="5m"} 12`,
    `modelwatch_slo_burn_min_events{${id},severity="page",long="6h",short="30m"} 29`,
    `modelwatch_slo_burn_min_events{${id},severity="ticket",long="1d",short="2h"} 40`,
    '',
  ]);
});
