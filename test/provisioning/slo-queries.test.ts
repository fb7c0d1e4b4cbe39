/** Rules of objectives with queries, in promtool. */
import { buildQueriedSloRules, buildSloRules, renderGroups, type QueriedSlo } from '../../exporter/src/rules';
import { groupsNamed, testRules } from '../support/promtool';

const OPTIONS = { intervalSeconds: 60, sloIntervalSeconds: 60 };
const slo = (name: string, query: QueriedSlo['query']): QueriedSlo => ({
  namespace: 'ns',
  model: 'm',
  slo: name,
  query,
});
const id = (name: string) => `cluster="c", namespace="ns", model="m", slo="${name}"`;
const counted = (name: string, indicator = ', indicator="query"') => `{${id(name)}${indicator}}`;

function test(
  slos: readonly QueriedSlo[],
  samples: Readonly<Record<string, readonly [string, number | undefined]>>
): void {
  const rules = renderGroups('prometheus', buildQueriedSloRules(OPTIONS, slos), OPTIONS);
  const expect_ = Object.entries(samples).map(([expr, [labels, value]]) => ({
    ...{ expr: `round(${expr}, 1e-6)`, at: '20m' },
    samples: value === undefined ? {} : { [labels]: value },
  }));
  const vector = {
    name: 'queries',
    input: {
      'asked{cluster="c", pod="1"}': '0+60x30',
      'asked{cluster="c", pod="2"}': '0+120x30',
      'failed{cluster="c", pod="1", namespace="other"}': '0+6x30',
      'ratio{cluster="c"}': '0.25x30',
      'level{cluster="c", pod="1"}': '5x30',
      'several{cluster="c", pod="1"}': '5x30',
      'several{cluster="c", pod="2"}': '5x30',
    },
    expect: expect_,
  };
  expect(testRules(rules, [vector], 60).output).toContain('SUCCESS');
}
const COUNTED = (name: string) => `modelwatch:slo_counted_rate{slo="${name}"}`;
const BAD = (name: string) => `modelwatch:slo_bad_counted_rate{slo="${name}"}`;

it('count events, those that are bad or those that are not good; nothing ever counted is 0 of them', () => {
  const sum = (metric: string) => `sum by (cluster) (rate(${metric}[5m]))`;
  const total = `${sum('asked')} # of all`;
  test(
    [
      slo('bad', { kind: 'bad', events: sum('failed'), total }),
      slo('never-bad', { kind: 'bad', events: sum('ghost'), total }),
      slo('good', { kind: 'good', events: `${sum('asked')} - ${sum('failed')}`, total }),
      slo('never-good', { kind: 'good', events: sum('ghost'), total }),
      slo('nobody', { kind: 'bad', events: sum('failed'), total: sum('ghost') }),
    ],
    {
      [COUNTED('bad')]: [counted('bad'), 3],
      [BAD('bad')]: [counted('bad'), 0.1],
      [BAD('never-bad')]: [counted('never-bad'), 0],
      [BAD('good')]: [counted('good'), 0.1],
      [BAD('never-good')]: [counted('never-good'), 3],
      [COUNTED('nobody')]: ['', undefined],
      [BAD('nobody')]: ['', undefined],
    }
  );
});

it('judge minutes by a share or by a threshold, where there is one value', () => {
  const threshold = (op: 'lte' | 'lt' | 'gte' | 'gt', limit: number, value = 'level') =>
    ({ kind: 'threshold', value, op, threshold: limit }) as const;
  const minute = 0.016667;
  test(
    [
      slo('failures', { kind: 'failure_ratio', ratio: 'ratio' }),
      slo('successes', { kind: 'success_ratio', ratio: 'ratio' }),
      slo('broken', { kind: 'failure_ratio', ratio: 'ratio * NaN' }),
      slo('at-most', threshold('lte', 5)),
      slo('below', threshold('lt', 5)),
      slo('at-least', threshold('gte', 6)),
      slo('above', threshold('gt', 4)),
      slo('infinite', threshold('lt', 5, 'level / 0')),
      slo('negative', threshold('gt', -6, '-level')),
      slo('no-share', { kind: 'failure_ratio', ratio: '-ratio' }),
      slo('several', threshold('lt', 5, 'several')),
    ],
    {
      [COUNTED('failures')]: [counted('failures'), minute],
      [BAD('failures')]: [counted('failures'), 0.004167],
      [BAD('successes')]: [counted('successes'), 0.0125],
      [COUNTED('broken')]: ['', undefined],
      [BAD('broken')]: ['', undefined],
      [BAD('at-most')]: [counted('at-most'), 0],
      [BAD('below')]: [counted('below'), minute],
      [BAD('at-least')]: [counted('at-least'), minute],
      [BAD('above')]: [counted('above'), 0],
      [COUNTED('infinite')]: [counted('infinite'), minute],
      [BAD('infinite')]: [counted('infinite'), minute],
      [COUNTED('negative')]: [counted('negative'), minute],
      [BAD('negative')]: [counted('negative'), 0],
      [COUNTED('no-share')]: ['', undefined],
      [COUNTED('several')]: ['', undefined],
    }
  );
});

it('become events by the rules for all objectives', () => {
  const query = {
    kind: 'bad',
    events: 'sum by (cluster) (rate(failed[5m]))',
    total: 'sum by (cluster) (rate(asked[5m]))',
  } as const;
  const queries = buildQueriedSloRules(OPTIONS, [slo('mine', query)]);
  const events = groupsNamed(
    renderGroups('prometheus', [...queries, ...buildSloRules(OPTIONS)], OPTIONS),
    'modelwatch-slo-queries',
    'modelwatch-slo-events'
  );
  const info = `${id('mine')}, pipeline="", indicator="query", method="occurrences", metric="", window="30d", owner=""`;
  const vector = {
    name: 'events',
    input: {
      'asked{cluster="c"}': '0+60x30',
      'failed{cluster="c"}': '0+6x30',
      [`modelwatch_slo_info{${info}}`]: '1x30',
      [`modelwatch_slo_objective_ratio{${id('mine')}, pipeline=""}`]: '0.99x30',
    },
    expect: [
      { expr: 'round(modelwatch:slo_events_rate, 1e-6)', at: '20m', samples: { [counted('mine', '')]: 1 } },
      { expr: 'round(modelwatch:slo_bad_events_rate, 1e-6)', at: '20m', samples: { [counted('mine', '')]: 0.1 } },
    ],
  };
  expect(testRules(events, [vector], 60).output).toContain('SUCCESS');
});

it('stand in groups of at most 20', () => {
  const many = Array.from({ length: 21 }, (_, index) => slo(`slo-${index}`, { kind: 'failure_ratio', ratio: 'ratio' }));
  const groups = buildQueriedSloRules(OPTIONS, many);
  expect(groups.map(({ name, recordings }) => [name, recordings.length])).toEqual([
    ['modelwatch-slo-queries-1', 20],
    ['modelwatch-slo-queries-2', 20],
    ['modelwatch-slo-queries-3', 2],
  ]);
});
