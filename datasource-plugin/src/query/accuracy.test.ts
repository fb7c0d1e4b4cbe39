import { METRICS, RECORDED } from '@modelwatch/contract';
import { inspect } from '../testing/inspect';
import { buildParts } from '../testing/parts';
import { NO_FILTERS, type ResolvedFilters } from './filters';
import type { AccuracyDetailQuery, AccuracyQuery, AccuracyVersionsQuery } from './types';
import { MAX_MODELS } from './window';

const BY = '(cluster, namespace, model)';
const one: ResolvedFilters = { ...NO_FILTERS, namespace: ['shop'], model: ['risk'] };
const IDS = 'namespace="shop",model="risk"';
const SETTINGS = `and on (cluster, namespace, model, window) modelwatch:accuracy_settings_info{${IDS}}`;

function parts(
  query: AccuracyQuery | AccuracyDetailQuery | AccuracyVersionsQuery,
  filters: ResolvedFilters
): Record<string, string> {
  return Object.fromEntries(buildParts(query, filters, 21_600).map(({ name, expr }) => [name, expr]));
}
const accuracy = (over: Partial<AccuracyQuery> = {}): AccuracyQuery => ({ refId: 'A', kind: 'accuracy', ...over });
const detail = (over: Partial<AccuracyDetailQuery> = {}): AccuracyDetailQuery => ({
  refId: 'A',
  kind: 'accuracy-detail',
  ...over,
});

describe('accuracy', () => {
  it('asks for all that is recorded of the window of the model, for the week before, and once over the range', () => {
    const { now, 'week-before': before, 'accuracy-history': history, ...others } = parts(accuracy(), one);
    expect(now).toBe(
      `({__name__=~"modelwatch:accuracy_state|modelwatch:accuracy_score",${IDS}} ${SETTINGS}` +
        ` or modelwatch:accuracy_pairs{${IDS}} ${SETTINGS}` +
        ` or {__name__=~"modelwatch:accuracy_limit|modelwatch:accuracy_baseline",${IDS}}` +
        ` or {__name__=~"modelwatch:accuracy_rows_needed|modelwatch:accuracy_last_pair_timestamp_seconds",${IDS}}` +
        ` or modelwatch:accuracy_settings_info{${IDS}})`
    );
    expect(before).toBe(`(modelwatch:accuracy_score{${IDS}} offset 1w ${SETTINGS})`);
    expect(history).toBe(
      `({__name__=~"modelwatch:accuracy_state|modelwatch:accuracy_score",${IDS}} ${SETTINGS} @ end()` +
        ` or modelwatch:accuracy_pairs{${IDS}} ${SETTINGS} @ end())`
    );
    expect(Object.keys(others)).toEqual(['actuals']);
  });

  it('asks for the window that is chosen, and no other delay', () => {
    const { now, actuals } = parts(accuracy({ window: '7d' }), one);
    expect(now).toContain(`modelwatch:accuracy_pairs{${IDS},window="7d"}`);
    expect(actuals?.match(/modelwatch_actual_delay_seconds_bucket\{[^}]+\}\[\w+\]/g)).toEqual([
      `modelwatch_actual_delay_seconds_bucket{${IDS}}[1d]`,
    ]);
  });

  it('narrows to a score what is of one, and nothing that is of the model', () => {
    const { now } = parts(accuracy(), { ...one, metric: ['auc', 'f1'] });
    expect(now).toContain(`accuracy_score",${IDS},metric=~"auc|f1"}`);
    expect(now).toContain(`accuracy_baseline",${IDS},metric=~"auc|f1"}`);
    expect(now).toContain(`modelwatch:accuracy_pairs{${IDS}} and on`);
  });

  it('of many models asks for those that are worst, and for one more to tell that there are others', () => {
    const { now, 'accuracy-history': history } = parts(accuracy(), NO_FILTERS);
    const worst = (at: string) => {
      const state = (matcher: string) => `modelwatch:accuracy_state{namespace!="",state${matcher}}${at}`;
      return (
        ` and on ${BY} topk(${MAX_MODELS + 1}, max by ${BY} (3 * ${state('="critical"')} or 2 * ${state('="warning"')} or ${state('!~"critical|warning"')})` +
        ` or 0 * max by ${BY} (modelwatch:accuracy_pairs{namespace!=""}${at}))`
      );
    };
    expect(now?.endsWith(worst(''))).toBe(true);
    expect(history?.endsWith(worst(' @ end()'))).toBe(true);
  });
});

describe('accuracy in detail', () => {
  it('asks at first which window the verdict rests on', () => {
    expect(parts(detail(), one)).toEqual({
      now: `modelwatch:accuracy_settings_info{${IDS}} or {__name__=~"modelwatch:accuracy_rows_needed",${IDS}}`,
    });
  });

  it.each([
    ['10m', {}, `sum by ${BY} (increase(modelwatch_accuracy_pairs_total{${IDS}}[10m]))`],
    ['7d', {}, `sum by ${BY} (max by ${BY} (sum_over_time(modelwatch:accuracy_pairs{${IDS},window="1h"}[7d:1h])))`],
    ['7d', { version: ['2'] }, `sum by ${BY} (increase(modelwatch_accuracy_pairs_total{${IDS},version="2"}[7d]))`],
    [
      'range',
      { age: ['older'] },
      `sum by ${BY} (increase(modelwatch_accuracy_pairs_total{${IDS},age="older"}[21600s]))`,
    ],
  ] as const)('counts over %s of %j', (window, more, expr) => {
    const { counts } = parts(detail({ window }), { ...one, ...more });
    expect(counts?.startsWith(`label_replace(${expr}, "counted", "pairs", "", "") or `)).toBe(true);
  });

  it('knows how old predictions were from the counters alone', () => {
    expect(parts(detail({ window: '1d' }), one)['counts']).toContain(
      `sum by (cluster, namespace, model, age) (increase(modelwatch_accuracy_pairs_total{${IDS}}[1d]))`
    );
  });

  it('over the time range counts each point over an hour, or over its step', () => {
    const spans = (range: number) =>
      buildParts(detail({ window: 'range' }), one, range)
        .find(({ name }) => name === 'predicted-actual')
        ?.expr.match(/\[\w+\]/g);
    expect(new Set(spans(21_600))).toEqual(new Set(['[3600s]']));
    expect(new Set(spans(864_000))).toEqual(new Set(['[14400s]']));
  });

  it.each([
    [NO_FILTERS, 'Accuracy in detail is of one model: choose one namespace, not all.'],
    [{ ...one, model: ['a', 'b'] }, 'choose one model, not 2.'],
  ])('of %j is refused in words', (filters, message) => {
    expect(() => parts(detail({ window: '1h' }), filters)).toThrow(message);
  });
});

const versions = (over: Partial<AccuracyVersionsQuery> = {}): AccuracyVersionsQuery => ({
  refId: 'A',
  kind: 'accuracy-versions',
  ...over,
});

describe('accuracy by version', () => {
  it.each([
    [{}, {}, '', '21600s'],
    [{ window: '1d' as const }, { version: ['2'], age: ['1h'] }, ',version="2",age="1h"', '1d'],
  ])('of %j %j counts pairs of each version from the counters', (over, more, matchers, span) => {
    const { now, counts } = parts(versions(over), { ...one, ...more });
    expect(now).toContain('modelwatch:accuracy_baseline');
    expect(counts).toContain(
      `label_replace(sum by (cluster, namespace, model, version) (increase(modelwatch_accuracy_pairs_total{${IDS}${matchers}}[${span}])), "counted", "pairs", "", "")`
    );
  });

  it('of many models is refused in words', () => {
    expect(() => parts(versions(), NO_FILTERS)).toThrow('Accuracy by version is of one model: choose one namespace');
  });
});

describe('every expression', () => {
  const narrowed = { ...one, cluster: ['eu'], metric: ['auc'], version: ['1'], age: ['1h'] };
  const all = [
    ...(['10m', '1h', '1d', '7d', undefined] as const).flatMap((window) =>
      [one, NO_FILTERS, narrowed].flatMap((filters) => buildParts(accuracy(window && { window }), filters, 60))
    ),
    ...(['10m', '1h', '1d', '7d', 'range', undefined] as const).flatMap((window) =>
      [one, narrowed].flatMap((filters) => buildParts(detail(window && { window }), filters, 60))
    ),
    ...[one, narrowed].flatMap((filters) => buildParts(versions(), filters, 60)),
  ].map(({ expr }) => expr);
  const known = new Set([...Object.values(METRICS), ...Object.values(RECORDED)].map(({ name }) => name));
  known.add(`${METRICS.actualDelay.name}_bucket`);

  it.each([...new Set(all)])('%s', (expr) => {
    const { errors, groupings, bareSelectors } = inspect(expr);
    expect({ errors, bareSelectors }).toEqual({ errors: 0, bareSelectors: [] });
    expect(groupings.filter((labels) => !labels.includes('cluster'))).toEqual([]);
    const names = expr.match(/modelwatch[_:][a-zA-Z0-9_:]+/g) ?? [];
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('of accuracy is one of four at most', () => {
    expect(buildParts(accuracy(), NO_FILTERS, 60)).toHaveLength(4);
    expect(buildParts(detail({ window: '1d' }), one, 60)).toHaveLength(3);
  });
});
