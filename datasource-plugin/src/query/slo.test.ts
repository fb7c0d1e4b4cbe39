import { inspect } from '../testing/inspect';
import { buildParts } from '../testing/parts';
import { decodeQuery } from './decode';
import { NO_FILTERS, type ResolvedFilters } from './filters';
import { buildLabelValues } from './labelValues';
import { sloStepSeconds } from './sloHistory';

const MONTH = 2_592_000;
const one: ResolvedFilters = { ...NO_FILTERS, namespace: ['shop'], model: ['risk'], slo: ['answered'] };
const IDS = 'namespace="shop",model="risk",slo="answered"';
const ON = 'cluster, namespace, model, pipeline, slo';

function parts(kind: 'slo-status' | 'slo-budget' | 'slo-burn' | 'alerts', filters: ResolvedFilters) {
  return Object.fromEntries(
    buildParts({ refId: 'A', kind }, filters, MONTH).map(({ name, expr }) => [name, expr] as const)
  );
}

it('asks for what is recorded of objectives, and for states in trouble over the range', () => {
  expect(parts('slo-status', one)).toEqual({
    now: `{__name__=~"modelwatch:slo_info|modelwatch:slo_objective_ratio|modelwatch:slo_attained_ratio|modelwatch:slo_budget_left_ratio|modelwatch:slo_exhaustion_seconds|modelwatch:slo_burning|modelwatch:slo_state",${IDS}}`,
    burn:
      `modelwatch:slo_burn_rate{${IDS},window=~"5m|1h"} or ` +
      `modelwatch:slo_events{${IDS}} and on (${ON}, window) modelwatch:slo_info{${IDS}}`,
    limits:
      ['min', 'max']
        .map(
          (end) =>
            `label_replace(${end} by (${ON}) (modelwatch:slo_burn_rate_threshold{${IDS},severity="page"}), "end", "${end}", "", "")`
        )
        .join(' or ') +
      ` or label_replace(max by (${ON}, le) (modelwatch_slo_threshold_seconds{${IDS}}), "__name__", "modelwatch_slo_threshold_seconds", "", "")` +
      ` or label_replace(max by (${ON}, op) (modelwatch_slo_threshold{${IDS}}), "__name__", "modelwatch_slo_threshold", "", "")`,
    'slo-history': `modelwatch:slo_state{${IDS},state!~"met"} == 1`,
  });
});

it('of a model and a pipeline are those of either', () => {
  const either = parts('slo-budget', { ...one, pipeline: ['risk'] })['spent'];
  expect(either).toContain('{namespace="shop",model=~"|risk",pipeline=~"|risk",slo="answered"}');
});

it('sums what a budget lost by coarse rates, in steps that are whole numbers of them, and asks for what changed', () => {
  const { spent, changes } = parts('slo-budget', { ...one, cluster: ['eu'] });
  const ids = `cluster="eu",${IDS}`;
  expect(spent).toBe(
    `label_replace(sum_over_time(modelwatch:slo_events_coarse_rate{${ids}}[7200s] offset -7200s), "counted", "all", "", "") or ` +
      `label_replace(sum_over_time(modelwatch:slo_bad_events_coarse_rate{${ids}}[7200s] offset -7200s), "counted", "bad", "", "")`
  );
  expect(changes).toBe(
    'label_replace(group by (cluster, namespace, model, version) (last_over_time(modelwatch:model_info{cluster="eu",namespace="shop",model="risk",version!=""}[7200s] offset -7200s)), "change", "rollout", "", "") or ' +
      'label_replace(group by (cluster, namespace, model, status) (last_over_time(modelwatch:model_channel{cluster="eu",namespace="shop",model="risk",channel="drift",status=~"warning|critical"}[7200s] offset -7200s)), "change", "drift", "", "") or ' +
      'label_replace(group by (cluster, namespace, model, pipeline, slo, alertname, severity) (last_over_time(ALERTS{cluster="eu",namespace="shop",model="risk",slo=~"|answered",alertstate="firing"}[7200s] offset -7200s)), "change", "alert", "", "")'
  );
  for (const days of [7, 14, 28, 30, 90]) expect((sloStepSeconds(days * 86_400) / 240) % 1).toBe(0);
});

it('asks for the highest burn rate of each step, over the windows that alerts have', () => {
  expect(parts('slo-burn', one)['burn']).toBe(
    `max_over_time(modelwatch:slo_burn_rate{${IDS}}[7200s] offset -7200s) and on (${ON}, window) ` +
      `label_replace(last_over_time(modelwatch:slo_burn_rate_threshold{${IDS}}[7200s] @ end() offset -7200s), "window", "$1", "long", "(.+)")`
  );
});

it('asks for every alert that names the model, and without one for those that we ship', () => {
  expect(parts('alerts', one)).toEqual({
    now: `ALERTS{${IDS}} == 1`,
    since: `ALERTS_FOR_STATE{${IDS}}`,
    // Whether anybody evaluates rules on it: that no alert names what is not there tells nothing.
    state: `count(modelwatch:slo_state{${IDS}})`,
  });
  const state = (filters: Partial<ResolvedFilters>) => parts('alerts', { ...NO_FILTERS, ...filters })['state'];
  const either = 'namespace!="",model=~"|risk",pipeline=~"|risk"';
  expect(state({ cluster: ['eu'] })).toBe('count(modelwatch:model_health{cluster="eu",namespace!=""})');
  expect(state({ model: ['risk'] })).toBe('count(modelwatch:model_health{namespace!="",model="risk"})');
  expect(state({ pipeline: ['risk'] })).toBe('count(modelwatch:slo_state{namespace!="",pipeline="risk"})');
  expect(state({ model: ['risk'], pipeline: ['risk'] })).toBe(
    `count(modelwatch:model_health{namespace!="",model="risk"} or modelwatch:slo_state{${either}})`
  );
  expect(parts('alerts', NO_FILTERS)['now']).toBe('ALERTS{alertname=~"Modelwatch.+"} == 1');
});

it('is PromQL with a matcher in each selector and the cluster in each grouping', () => {
  const all = (['slo-status', 'slo-budget', 'slo-burn', 'alerts'] as const).flatMap((kind) =>
    [one, NO_FILTERS, { ...one, pipeline: ['p"1'] }].flatMap((filters) => Object.values(parts(kind, filters)))
  );
  for (const expr of [...all, buildLabelValues('slo', one)]) {
    const { errors, groupings, bareSelectors } = inspect(expr);
    expect([expr, errors, bareSelectors]).toEqual([expr, 0, []]);
    if (!expr.startsWith('count by (slo)')) for (const each of groupings) expect(each).toContain('cluster');
  }
});

it('reads stored queries, and refuses a window or a filter that means nothing', () => {
  expect(decodeQuery({ refId: 'A', kind: 'slo-burn', window: 'range', filters: { slo: 'answered' } })).toMatchObject({
    window: 'range',
    filters: { slo: ['answered'] },
  });
  expect(() => decodeQuery({ refId: 'A', kind: 'slo-burn', window: '1d' })).toThrow(/query.window.*range/);
  expect(() => decodeQuery({ refId: 'A', kind: 'slo-status', filters: { feature: ['x'] } })).toThrow(
    /query.filters.feature.*cluster, namespace, model, pipeline, slo/
  );
});
