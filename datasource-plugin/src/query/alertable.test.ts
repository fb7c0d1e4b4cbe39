import { inspect } from '../testing/inspect';
import { alertableOf } from './alertable';
import { decodeQuery, QUERY_KINDS } from './decode';
import { FIGURE_KINDS } from './figures';
import { NO_FILTERS, type ResolvedFilters } from './filters';
import type { ModelwatchQuery } from './types';

const MODEL: ResolvedFilters = { ...NO_FILTERS, cluster: ['eu'], namespace: ['fraud'], model: ['a"b\\c'] };

function of(query: object, filters: Partial<ResolvedFilters> = {}) {
  return alertableOf(decodeQuery({ refId: 'A', ...query }), { ...MODEL, ...filters });
}

/** Every kind, and every figure of those that have some. */
const ASKED: ReadonlyArray<readonly [string, ModelwatchQuery]> = QUERY_KINDS.flatMap((kind) => {
  const figures = kind in FIGURE_KINDS ? Object.keys(FIGURE_KINDS[kind as keyof typeof FIGURE_KINDS].figures) : [''];
  return figures.map(
    (metric) => [`${kind} ${metric}`, decodeQuery({ refId: 'A', kind, ...(metric && { metric }) })] as const
  );
});

it.each(ASKED)('has PromQL that Prometheus can parse, or a reason in words: %s', (_, query) => {
  for (const filters of [NO_FILTERS, MODEL]) {
    const found = alertableOf(query, filters);
    if ('whyNot' in found) {
      expect(found.whyNot).toMatch(/^[A-Z].{20,}\.$/);
      continue;
    }
    const { condition } = found;
    expect(inspect(condition.expr)).toMatchObject({ errors: 0, bareSelectors: [] });
    expect(inspect(condition.expr).groupings.every((by) => by.includes('cluster'))).toBe(true);
    expect(condition.title.length * condition.summary.length).toBeGreaterThan(0);
  }
});

it('has no PromQL of what is in no series alone', () => {
  const none = ASKED.filter(([, query]) => 'whyNot' in alertableOf(query, MODEL)).map(([, { kind }]) => kind);
  expect(new Set(none)).toEqual(new Set(['segments', 'accuracy-versions', 'exploration', 'events', 'alerts']));
});

it('fires on a verdict that is bad, and on one that is stale, over the window that the model is judged by', () => {
  expect(of({ kind: 'drift' }, { feature: ['amount'] })).toMatchObject({
    condition: {
      expr:
        'max by (cluster, namespace, model, subject, feature) (' +
        'modelwatch:drift_state{cluster="eu",namespace="fraud",model="a\\"b\\\\c",feature="amount",state=~"critical|stale"}' +
        ' and on (cluster, namespace, model, window) modelwatch:drift_settings_info{cluster="eu",namespace="fraud",model="a\\"b\\\\c"}' +
        ' or 0 * (modelwatch:drift_state{cluster="eu",namespace="fraud",model="a\\"b\\\\c",feature="amount"}' +
        ' and on (cluster, namespace, model, window) modelwatch:drift_settings_info{cluster="eu",namespace="fraud",model="a\\"b\\\\c"}))',
      fires: 'above',
      threshold: 0,
    },
  });
  expect(of({ kind: 'slo-budget' }, { slo: ['answered'] })).toMatchObject({
    condition: { fires: 'below', threshold: 0.25 },
  });
});

it('says what it leaves out, and refuses what rules do not record', () => {
  expect(of({ kind: 'inventory' }, { health: ['failed'] })).toMatchObject({
    note: expect.stringContaining('health') as string,
  });
  expect(of({ kind: 'distribution', window: 'range' })).toMatchObject({
    note: expect.stringContaining('time range') as string,
  });
  expect(of({ kind: 'distribution', method: 'js' })).toMatchObject({
    whyNot: expect.stringContaining('statistic') as string,
  });
  expect(of({ kind: 'distribution' }, { version: ['2'] })).toMatchObject({
    whyNot: expect.stringContaining('version') as string,
  });
  expect(of({ kind: 'accuracy-detail' }, { age: ['1h'] })).toMatchObject({
    whyNot: expect.stringContaining('age') as string,
  });
  expect(of({ kind: 'service-health', metric: 'errors' })).toMatchObject({
    condition: { threshold: 0.05 },
    note: undefined,
  });
  expect(of({ kind: 'service-health', metric: 'rate' })).toMatchObject({
    note: expect.stringContaining('threshold') as string,
  });
});
