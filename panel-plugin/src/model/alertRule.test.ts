import { alertRuleHref } from './alertRule';

const MODEL = { cluster: '', namespace: 'payments', name: 'fraud "v2"' };

function defaultsOf(href: string): Record<string, unknown> {
  const url = new URL(href, 'http://grafana');
  expect(url.pathname).toBe('/alerting/new');
  return JSON.parse(url.searchParams.get('defaults') ?? '') as Record<string, unknown>;
}

it('fills the form: query on Prometheus, threshold, alerting also without data, linked to the panel', () => {
  const target = { prometheusUid: 'prom', panel: { dashboardUid: 'fleet', panelId: 3 } };
  const href = alertRuleHref(MODEL, target, '/d/fleet');
  expect(new URL(href, 'http://grafana').searchParams.get('returnTo')).toBe('/d/fleet');
  expect(defaultsOf(href)).toMatchObject({
    condition: 'B',
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
  const defaults = defaultsOf(alertRuleHref({ ...MODEL, cluster: 'eu' }, { prometheusUid: 'prom' }, '/'));
  expect(defaults.annotations).toHaveLength(1);
  expect(JSON.stringify(defaults.queries)).toContain('cluster=\\"eu\\"');
});
