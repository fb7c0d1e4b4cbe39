import { METRICS, PREDICTIONS_VALUE, RECORDED } from '@modelwatch/contract';
import { inspect } from '../testing/inspect';
import { buildParts } from '../testing/parts';
import { buildLabelValues } from './labelValues';
import { NO_FILTERS, type ResolvedFilters } from './filters';
import type { DistributionQuery, DriftQuery } from './types';
import { MAX_MODELS } from './window';

const one: ResolvedFilters = { ...NO_FILTERS, namespace: ['shop'], model: ['risk'] };
const ofAmount: ResolvedFilters = { ...one, feature: ['amount'] };
const SETTINGS =
  'and on (cluster, namespace, model, window) modelwatch:drift_settings_info{namespace="shop",model="risk"}';

const DETECTORS =
  '{__name__=~"modelwatch:detector_state|modelwatch:detector_score|modelwatch:detector_p_value|modelwatch:detector_threshold|modelwatch_detector_last_result_timestamp_seconds",namespace="shop",model="risk",kind="drift"}';

function parts(query: DriftQuery | DistributionQuery, filters: ResolvedFilters): Record<string, string> {
  return Object.fromEntries(buildParts(query, filters, 21_600).map(({ name, expr }) => [name, expr]));
}
const drift = (over: Partial<DriftQuery> = {}): DriftQuery => ({ refId: 'A', kind: 'drift', ...over });
const distribution = (over: Partial<DistributionQuery> = {}): DistributionQuery => ({
  refId: 'A',
  kind: 'distribution',
  ...over,
});

describe('drift', () => {
  it('asks for all that is recorded, for the week before, and once over the range', () => {
    expect(parts(drift(), one)).toEqual({
      now:
        `({__name__=~"modelwatch:drift_state|modelwatch:drift_score|modelwatch:drift_rows",namespace="shop",model="risk"} ${SETTINGS}` +
        ' or {__name__=~"modelwatch:drift_rows_needed|modelwatch:drift_threshold|modelwatch_drift_subject_info|modelwatch_feature_importance_ratio",namespace="shop",model="risk"}' +
        ' or {__name__=~"modelwatch_reference_info|modelwatch_reference_rows|modelwatch_last_prediction_timestamp_seconds",namespace="shop",model="risk"}' +
        ' or modelwatch:drift_settings_info{namespace="shop",model="risk"})',
      detectors: DETECTORS,
      'week-before': `(modelwatch:drift_score{namespace="shop",model="risk"} offset 1w ${SETTINGS})`,
      'drift-history': `({__name__=~"modelwatch:drift_state|modelwatch:drift_score|modelwatch:drift_rows",namespace="shop",model="risk"} ${SETTINGS} @ end())`,
    });
  });

  it('asks for the window that is chosen in the place of that of the settings', () => {
    expect(parts(drift({ window: '1h' }), one)['week-before']).toBe(
      '(modelwatch:drift_score{namespace="shop",model="risk",window="1h"} offset 1w)'
    );
  });

  it('of many models asks for those that drifted most, and for one more to tell that there are others', () => {
    const { now, 'drift-history': history } = parts(drift(), NO_FILTERS);
    const worst = (at: string) =>
      ` and on (cluster, namespace, model) topk(${MAX_MODELS + 1}, max by (cluster, namespace, model) (modelwatch:drift_score{namespace!=""}${at})` +
      ` or 0 * max by (cluster, namespace, model) (modelwatch:drift_state{namespace!=""}${at}))`;
    expect(now?.endsWith(worst(''))).toBe(true);
    expect(history?.endsWith(worst(' @ end()'))).toBe(true);
  });

  it('narrows to the predictions where these are chosen as a feature, alone or beside one', () => {
    const of = (...feature: string[]) => parts(drift({ window: '1h' }), { ...one, feature })['week-before'];
    expect(of(PREDICTIONS_VALUE)).toContain('model="risk",feature="",window="1h"}');
    expect(of('amount', PREDICTIONS_VALUE)).toContain('model="risk",feature=~"amount|",window="1h"}');
  });

  it('asks what detectors of others say of the features that are chosen, and of all of them together', () => {
    const of = (...feature: string[]) => parts(drift(), { ...one, feature })['detectors'];
    expect(of('amount')).toBe(DETECTORS.replace('}', ',feature=~"amount|"}'));
    expect(of(PREDICTIONS_VALUE)).toBe(DETECTORS.replace('}', ',feature=""}'));
  });

  it('of many models asks for the detectors of those that one of them warns of', () => {
    const ids = 'namespace!="",kind="drift"';
    expect(parts(drift(), NO_FILTERS)['detectors']).toBe(
      `${DETECTORS.replace('namespace="shop",model="risk",kind="drift"', ids)} and on (cluster, namespace, model)` +
        ` topk(${MAX_MODELS + 1}, max by (cluster, namespace, model) (2 * modelwatch:detector_state{${ids},state="warning"}` +
        ` or modelwatch:detector_state{${ids}} or 0 * modelwatch:detector_score{${ids}}))`
    );
  });

  it('narrows to a feature what is of one, and nothing that is of the model', () => {
    const { now } = parts(drift(), ofAmount);
    expect(now).toContain('model="risk",feature="amount"} and on');
    expect(now).toContain('modelwatch:drift_settings_info{namespace="shop",model="risk"}');
    expect(now).toContain('modelwatch_last_prediction_timestamp_seconds",namespace="shop",model="risk"}');
  });

  it.each([
    [86_400, 120],
    [7_201, 120],
    [7_200, 120],
    [1_800, 30],
    [300, 15],
  ])(
    'over %d s is asked for at most every %d s: cells of a short range are not wider than they must be',
    (range, step) => {
      const history = buildParts(drift(), one, range).find(({ name }) => name === 'drift-history');
      expect(history).toMatchObject({ maxPoints: 60, minStepSeconds: step });
    }
  );
});

describe('a distribution', () => {
  const recorded = 'namespace="shop",model="risk",feature="amount",subject="feature"';
  const raw = 'namespace="shop",model="risk",feature="amount"';
  const BY = '(cluster, namespace, model, reference, bin)';

  it('counts rows over the window that the verdict rests on', () => {
    const { rows = '' } = parts(distribution(), ofAmount);
    expect(rows.split(' or label_replace')).toHaveLength(4);
    expect(rows).toContain(
      `label_replace(max by ${BY} (modelwatch:bin_rows:1h{${recorded}}), "window", "1h", "", "") ${SETTINGS}`
    );
  });

  it.each([
    ['10m', `sum by ${BY} (increase(modelwatch_feature_observations_total{${raw}}[10m]))`],
    ['1h', `max by ${BY} (modelwatch:bin_rows:1h{${recorded}})`],
    ['7d', `max by ${BY} (sum_over_time(modelwatch:bin_rows:1h{${recorded}}[7d:1h]))`],
    ['range', `sum by ${BY} (increase(modelwatch_feature_observations_total{${raw}}[21600s]))`],
  ] as const)('counts rows over %s whether or not that is recorded', (window, expr) => {
    expect(parts(distribution({ window }), ofAmount)['rows']).toBe(
      `label_replace(${expr}, "window", "${window}", "", "")`
    );
  });

  it('of a version is counted from the counters, which alone know it', () => {
    const { rows, ...others } = parts(distribution({ window: '1d' }), { ...ofAmount, version: ['v1', 'v2'] });
    expect(rows).toBe(
      `label_replace(sum by ${BY} (increase(modelwatch_feature_observations_total{${raw},version=~"v1|v2"}[1d])), "window", "1d", "", "")`
    );
    // Its state is of other rows.
    expect(Object.keys(others)).toEqual(['now', 'bins']);
  });

  it('of predictions has counters of its own', () => {
    const { rows, bins } = parts(distribution({ subject: 'prediction', window: '10m' }), one);
    expect(rows).toContain('modelwatch_prediction_observations_total{namespace="shop",model="risk"}[10m]');
    expect(bins).toContain('modelwatch_prediction_reference_ratio{namespace="shop",model="risk"}');
  });

  it.each([
    [{}, one, 'A distribution is of one feature of one model: choose one feature, not all.'],
    [{}, { ...ofAmount, feature: ['a', 'b'] }, 'choose one feature, not 2.'],
    [{ subject: 'prediction' }, NO_FILTERS, 'of the predictions of one model: choose one namespace, not all.'],
  ] as const)('%j of %j is refused in words', (query, filters, message) => {
    expect(() => parts(distribution(query), filters)).toThrow(message);
  });
});

describe('every expression', () => {
  const all = [
    ...(['10m', '1h', '1d', '7d', 'range', undefined] as const).flatMap((window) =>
      [{}, { subject: 'prediction' as const }].flatMap((of) =>
        [ofAmount, { ...ofAmount, cluster: ['eu'], version: ['v1'] }].flatMap((filters) =>
          buildParts(
            distribution({ ...of, ...(window && { window }) }),
            of.subject ? { ...filters, feature: [] } : filters,
            60
          )
        )
      )
    ),
    ...[one, NO_FILTERS, ofAmount].flatMap((filters) => buildParts(drift(), filters, 60)),
  ].map(({ expr }) => expr);
  const known = new Set([...Object.values(METRICS), ...Object.values(RECORDED)].map(({ name }) => name));

  it.each([...new Set([...all, buildLabelValues('feature', one), buildLabelValues('version', one)])])('%s', (expr) => {
    const { errors, groupings, bareSelectors } = inspect(expr);
    expect({ errors, bareSelectors }).toEqual({ errors: 0, bareSelectors: [] });
    // `count by (feature)` lists values, whatever the cluster.
    if (!expr.startsWith('count by')) expect(groupings.filter((labels) => !labels.includes('cluster'))).toEqual([]);
    const names = expr.match(/modelwatch[_:][a-zA-Z0-9_:]+/g) ?? [];
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});
