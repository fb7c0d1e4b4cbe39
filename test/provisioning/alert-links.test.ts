/** Links of alerts of Prometheus to Grafana (`modelwatch rules --grafana-url`), filled in by Prometheus' own templates. */
import { stringify, parse } from 'yaml';
import { buildRules, renderRules } from '../../exporter/src/rules';
import { readDashboard } from '../support/expressions';
import { runOnFiles } from '../support/promtool';

interface Rule {
  readonly alert?: string;
  readonly annotations: Readonly<Record<string, string>>;
}
const OPTIONS = { intervalSeconds: 60 };
const alerts = (grafanaUrl: string) =>
  (parse(renderRules('prometheus', { ...OPTIONS, grafanaUrl })) as { groups: { rules: Rule[] }[] }).groups
    .flatMap(({ rules }) => rules)
    .filter(({ alert }) => alert !== undefined);

it('lead from every alert to a panel that exists', () => {
  const panelOf = new Map(
    buildRules(OPTIONS).flatMap((group) => group.alerts.map(({ alert, panel }) => [alert as string, panel] as const))
  );
  const found = alerts('https://grafana.example.com/sub/');
  expect(found.length).toBe(panelOf.size);
  for (const { alert = '', annotations } of found) {
    const link = annotations['panel_url'] ?? annotations['dashboard_url'] ?? '';
    const [, dashboard = '', id = ''] =
      /^https:\/\/grafana\.example\.com\/sub\/d\/modelwatch-([a-z-]+)\?.*viewPanel=(\d+)$/.exec(link) ?? [];
    const ids = readDashboard(`grafana/dashboards/${dashboard}.json`).panels.map((panel) => String(panel.id));
    expect([alert, ids.includes(id)]).toEqual([alert, true]);
  }
});

it('choose the model, the objective and the cluster of the alert, whatever their names', () => {
  const chosen = ['ModelwatchSLOFastBurn', 'ModelwatchModelDrift', 'ModelwatchModelErrors'];
  const rules = alerts('https://grafana.example.com').flatMap(({ alert = '', annotations }) =>
    chosen.includes(alert)
      ? [
          {
            alert,
            expr: 'firing',
            annotations: { look: [annotations['dashboard_url'], annotations['panel_url'] ?? ''].join(' ') },
          },
        ]
      : []
  );
  const about = { namespace: 'a b', model: 'x&y' };
  const slo = { namespace: 'ns', pipeline: 'p', slo: 'answered', cluster: 'eu' };
  const series = (labels: object) =>
    `firing{${Object.entries(labels)
      .map(([name, value]) => `${name}="${String(value)}"`)
      .join(', ')}}`;
  const twice = (path: string, panel: string) =>
    `https://grafana.example.com/d/${path} https://grafana.example.com/d/${path}&viewPanel=${panel}`;
  const looks: Readonly<Record<string, readonly [string, string]>> = {
    ModelwatchSLOFastBurn: [
      twice('modelwatch-slo-detail?var-namespace=a+b&var-model=x%26y', '3'),
      twice('modelwatch-slo-detail?var-namespace=ns&var-cluster=eu&var-model=p&var-slo=answered', '3'),
    ],
    ModelwatchModelDrift: [
      twice('modelwatch-drift?var-namespace=a+b&var-model=x%26y', '1'),
      twice('modelwatch-drift?var-namespace=ns&var-cluster=eu', '1'),
    ],
    ModelwatchModelErrors: [
      'https://grafana.example.com/d/modelwatch-fleet?viewPanel=3 ',
      'https://grafana.example.com/d/modelwatch-fleet?viewPanel=3 ',
    ],
  };
  const alert_rule_test = Object.entries(looks).map(([alertname, [first, second]]) => ({
    eval_time: '0m',
    alertname,
    exp_alerts: [
      { exp_labels: about, exp_annotations: { look: first } },
      { exp_labels: slo, exp_annotations: { look: second } },
    ],
  }));
  const { ok, output } = runOnFiles('promtool', ['test', 'rules', 'tests.yml'], {
    'rules.yml': stringify({ groups: [{ name: 'links', rules }] }),
    'tests.yml': stringify({
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      tests: [
        { input_series: [about, slo].map((labels) => ({ series: series(labels), values: '1' })), alert_rule_test },
      ],
    }),
  });
  expect(output).not.toContain('FAILED');
  expect(ok).toBe(true);
});

it('are refused where there can be no Grafana', () => {
  for (const url of ['grafana', 'ftp://grafana', '']) {
    expect(() => alerts(url)).toThrow(`grafanaUrl: expected an http:// or https:// URL, got ${JSON.stringify(url)}`);
  }
});
