import { parser } from '@prometheus-io/lezer-promql';
import { alertRuleHref, type AlertCondition, type AlertTarget } from '@modelwatch/contract';
import { burnCondition, budgetCondition } from './slo/alertRules';
import { driftCondition } from './drift/alertRules';
import { scoreCondition } from './accuracy/alertRules';
import type { Score } from './accuracy/types';
import { modelCondition } from './alertRules';
import type { Subject } from './drift/types';
import type { Slo } from './slo/types';

const MODEL = { cluster: '', namespace: 'payments', name: 'fraud "v2"' };

function defaultsOf(href: string): Record<string, unknown> {
  const url = new URL(href, 'http://grafana');
  expect(url.pathname).toBe('/alerting/new');
  return JSON.parse(url.searchParams.get('defaults') ?? '') as Record<string, unknown>;
}

it('fills the form: query on Prometheus, threshold, alerting also without data, linked to the panel', () => {
  const target: AlertTarget = {
    prometheusUid: 'prom',
    panel: { dashboardUid: 'fleet', panelId: 3 },
    folder: { uid: 'f', title: 'Models' },
  };
  const href = alertRuleHref(modelCondition(MODEL), target, '/d/fleet');
  expect(new URL(href, 'http://grafana').searchParams.get('returnTo')).toBe('/d/fleet');
  expect(defaultsOf(href)).toMatchObject({
    condition: 'B',
    folder: { kind: 'folder', uid: 'f', title: 'Models' },
    labels: [{ key: 'severity', value: 'critical' }],
    noDataState: 'Alerting',
    execErrState: 'Alerting',
    annotations: [{ key: 'summary' }, { key: '__dashboardUid__', value: 'fleet' }, { key: '__panelId__', value: '3' }],
    queries: [
      {
        datasourceUid: 'prom',
        model: {
          expr: 'max by (cluster, namespace, model) (modelwatch:model_serving{namespace="payments", model="fraud \\"v2\\"", state="failed"})',
          instant: true,
        },
      },
      { datasourceUid: '__expr__', model: { type: 'threshold', expression: 'A' } },
    ],
  });
});

it('names the cluster where there is one, and links to no panel rather than to half of one', () => {
  const defaults = defaultsOf(
    alertRuleHref(modelCondition({ ...MODEL, cluster: 'eu' }), { prometheusUid: 'prom' }, '/')
  );
  expect(defaults.annotations).toHaveLength(1);
  expect(JSON.stringify(defaults.queries)).toContain('cluster=\\"eu\\"');
});

const SLO: Slo = {
  ...{ key: 'k', cluster: '', namespace: 'pay', name: 'risk', isPipeline: false, slo: 'answered' },
  ...{ verdict: 'met', mark: 'healthy' },
};
const SUBJECT: Subject = {
  ...{ key: 'k', cluster: '', namespace: 'pay', model: 'risk', subject: 'feature', feature: 'amount', name: 'amount' },
  ...{ verdict: 'critical', method: 'psi', window: '1d' },
};
const SCORE: Score = {
  ...{ key: 'k', cluster: '', namespace: 'pay', model: 'risk', name: 'AUC', metric: 'auc', positiveClass: '' },
  ...{ verdict: 'critical', window: '1h' },
};

it('fires on an objective that pages or is stale, and on a budget of which little is left', () => {
  expect(burnCondition(SLO)).toMatchObject({
    expr:
      'max by (cluster, namespace, model, pipeline, slo) (modelwatch:slo_state{namespace="pay", model="risk", slo="answered", state=~"page|stale"}' +
      ' or 0 * (modelwatch:slo_state{namespace="pay", model="risk", slo="answered"}))',
    fires: 'above',
  });
  expect(budgetCondition({ ...SLO, isPipeline: true })).toMatchObject({
    expr: 'min by (cluster, namespace, model, pipeline, slo) (modelwatch:slo_budget_left_ratio{namespace="pay", pipeline="risk", slo="answered"})',
    ...{ fires: 'below', threshold: 0.25 },
  });
});

it('fires on a feature, on predictions and on a score by the window that is shown, and on none that no rule records', () => {
  expect(driftCondition(SUBJECT)?.expr).toContain(
    'subject="feature", feature="amount", method="psi", window="1d", state=~"critical|stale"'
  );
  expect(driftCondition({ ...SUBJECT, subject: 'prediction', feature: '' })?.expr).toContain(
    'subject="prediction", method="psi"'
  );
  expect(driftCondition({ ...SUBJECT, window: 'range' })).toBeUndefined();
  expect(scoreCondition(SCORE)?.expr).toContain('metric="auc", window="1h", state=~"critical|stale"');
  expect(scoreCondition({ ...SCORE, verdict: 'none' })).toBeUndefined();
});

it.each([
  modelCondition(MODEL),
  burnCondition(SLO),
  budgetCondition(SLO),
  driftCondition(SUBJECT),
  scoreCondition(SCORE),
])('asks what Prometheus can parse: $title', (condition) => {
  const faults: string[] = [];
  const { expr } = condition as AlertCondition;
  parser.parse(expr).iterate({ enter: ({ type, from }) => void (type.isError && faults.push(expr.slice(from))) });
  expect(faults).toEqual([]);
});
