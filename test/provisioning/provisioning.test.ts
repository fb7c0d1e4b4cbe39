import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALERTS, METRICS, RECORDED } from '@modelwatch/contract';
import { parse, stringify } from 'yaml';
import { FLEET_PANELS } from '../../exporter/src/rules';
import { generatedFiles } from '../../provisioning/src/files';
import {
  DASHBOARD_FILES,
  PROVISIONING,
  readDashboard,
  readProvisioning,
  shippedExpressions,
} from '../support/expressions';
import { runOnFiles } from '../support/promtool';
import { promqlProblems, readPromql } from '../support/promql';

it.each(Object.entries(generatedFiles()))('%s is what the generator writes', (path, text) => {
  // After a change: npx tsx provisioning/build.ts
  expect(existsSync(join(PROVISIONING, path)) ? readProvisioning(path) : 'missing').toBe(text);
});

describe('queries', () => {
  it.each(shippedExpressions().map(({ place, expr }) => [place, expr] as const))('%s', (_place, expr) => {
    expect(promqlProblems(expr)).toEqual([]);
  });

  it('of the rules record every recorded series, and only those', () => {
    const rules = parse(readProvisioning('prometheus/rules.yml')) as {
      groups: { rules: { record?: string; alert?: string; labels?: Record<string, string> }[] }[];
    };
    const all = rules.groups.flatMap((group) => group.rules);
    const recorded = new Set(all.flatMap(({ record }) => record ?? []));
    expect([...recorded].sort()).toEqual(
      Object.values(RECORDED)
        .map((series) => series.name)
        // Written by `modelwatch rules custom` for whoever declares a query.
        .filter((name) => name !== RECORDED.customMetricQueried.name)
        // Of drift-10m.rules.yml: windows that are no sums of hours.
        .filter((name) => name !== RECORDED.windowBinRows.name)
        .sort()
    );
    expect(all.flatMap(({ alert }) => alert ?? []).sort()).toEqual(Object.values(ALERTS).sort());
    for (const group of rules.groups) expect(group.rules.length).toBeLessThanOrEqual(20);
  });
});

describe.each(DASHBOARD_FILES)('%s', (path) => {
  const dashboard = readDashboard(path);
  const core = path.includes('importable');

  it('has panels that say what they show and can be told apart', () => {
    const ids = dashboard.panels.map((panel) => panel.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
      expect(panel.description).not.toBe('');
      expect(panel.interval).toBe('30s');
      if (panel.type !== 'modelwatch-models-panel') expect(panel.fieldConfig.defaults.unit).toBeTruthy();
      const refs = panel.targets.map((target) => target.refId);
      expect(new Set(refs).size).toBe(refs.length);
    }
    expect(dashboard.links.length).toBeGreaterThan(0);
  });

  it('has panels that do not overlap and fill the width', () => {
    const cells = new Set<string>();
    for (const { gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(cells.has(`${x},${y}`)).toBe(false);
          cells.add(`${x},${y}`);
        }
      }
    }
  });

  it('asks data sources that will be there', () => {
    const known = core ? ['${datasource}'] : ['prometheus', 'modelwatch', '-- Mixed --'];
    const used = dashboard.panels.flatMap((panel) => [panel.datasource, ...panel.targets.map((one) => one.datasource)]);
    for (const { uid } of used) expect(known).toContain(uid);
    const variables = dashboard.templating.list.map((variable) => variable.name);
    expect(variables.includes('datasource')).toBe(core);
    const text = readProvisioning(path);
    for (const [, name] of text.matchAll(/\$\{?([a-z_]+)\}?/g)) {
      // `__` are Grafana's own; the links of our panel name fields of its rows.
      if (name?.startsWith('__') || name === 'model' || name === 'feature' || name === 'slo' || name === 'pipeline')
        continue;
      expect(variables).toContain(name);
    }
    expect(dashboard.uid).toBe(core ? undefined : `modelwatch-${/([a-z-]+)\.json$/.exec(path)?.[1]}`);
    expect(/modelwatch-models-/.test(text)).toBe(
      !core && /fleet|model\.json|drift|accuracy|fairness|challengers|custom|generative|slo|alerts/.test(path)
    );
  });

  it('rates counters, folds what two exporters say, and reads the fleet from recorded series', () => {
    for (const panel of dashboard.panels) {
      expect(panel.targets.length).toBeLessThanOrEqual(4);
      for (const { expr } of panel.targets) {
        if (expr === undefined) continue;
        for (const { metric } of readPromql(expr).selectors) {
          const recorded = metric.startsWith('modelwatch:');
          if (path.includes('fleet')) expect(recorded || metric === METRICS.exporterSynced.name).toBe(true);
          if (/(_total|_sum|_count|_bucket)$/.test(metric)) expect(expr).toMatch(/(rate|increase)\(/);
        }
        for (const { metric, matchers } of readPromql(expr).selectors) {
          expect(`${metric}: ${matchers.map((matcher) => matcher.label).join()}`).toContain('cluster');
        }
      }
    }
  });
});

it.each(DASHBOARD_FILES)('%s draws rates of one window in one panel', (path) => {
  for (const { title, targets } of readDashboard(path).panels) {
    const text = targets.map(({ expr }) => expr).join('\n');
    if (/modelwatch:\w+:5m/.test(text)) expect(`${title}: ${text}`).not.toContain('$__rate_interval');
  }
});

it.each(DASHBOARD_FILES.filter((path) => path.endsWith('usage.json')))(
  '%s says which figures the chosen namespace does not narrow',
  (path) => {
    const told = readDashboard(path).panels.flatMap(({ title, targets }) =>
      targets.flatMap(({ expr, legendFormat = '' }) =>
        expr === undefined || expr.includes('$namespace') ? [] : [`${title} ${legendFormat}`]
      )
    );
    expect(told).not.toEqual([]);
    for (const text of told) expect(text).toContain('of the whole cluster');
  }
);

describe('the health panel', () => {
  it.each(['fleet', 'model'])('of %s carries the alertable query last', (name) => {
    const panel = readDashboard(`grafana/dashboards/${name}.json`).panels.find(({ id }) => id === FLEET_PANELS.health);
    expect(panel?.type).toBe('modelwatch-models-panel');
    expect(panel?.targets[0]).toMatchObject({ kind: 'inventory', datasource: { uid: 'modelwatch' } });
    const last = panel?.targets.at(-1);
    expect(last).toMatchObject({ hide: true, datasource: { type: 'prometheus' } });
    expect(last?.expr).toContain('modelwatch:model_health{health="failed"');
  });
});

/** As Grafana's templates fill it in; a fleet of one cluster has no such label. */
const link = (name: string) =>
  `{{ externalURL | reReplaceAll "/+$" "" }}/d/modelwatch-${name}?` +
  '{{ with $labels.namespace }}var-namespace={{ urlquery . }}{{ end }}' +
  '{{ with $labels.model }}&var-model={{ urlquery . }}{{ end }}{{ with $labels.cluster }}&var-cluster={{ urlquery . }}{{ end }}' +
  (name === 'slo-detail'
    ? '{{ with $labels.pipeline }}&var-model={{ urlquery . }}{{ end }}{{ with $labels.slo }}&var-slo={{ urlquery . }}{{ end }}'
    : '');

interface GrafanaRule {
  uid: string;
  title: string;
  condition: string;
  noDataState: string;
  execErrState: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  notification_settings: { receiver: string; repeat_interval?: string };
  data: { refId: string; model: { expr?: string } }[];
}

describe('alerts in Grafana', () => {
  const groups = (
    parse(readProvisioning('grafana/alerting/rules.yaml')) as {
      groups: { interval: string; folder: string; rules: GrafanaRule[] }[];
    }
  ).groups;
  const rules = groups.flatMap((group) => group.rules);

  it('say Alerting for no data and for errors, and never rest on an empty answer', () => {
    for (const rule of rules) {
      expect(rule).toMatchObject({ noDataState: 'Alerting', execErrState: 'Alerting', condition: 'B' });
      expect(rule.uid).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
      // A filter at the top would make "all is well" look like "no data".
      expect(rule.data[0]?.model.expr).not.toMatch(/(==|>|<|!=) *\d+$/);
    }
    expect(new Set(rules.map((rule) => rule.uid)).size).toBe(rules.length);
  });

  it('have an answer where a model has no other channels than those of every model', () => {
    const model = 'namespace="lab", model="iris"';
    const input_series = [
      `${RECORDED.modelServing.name}{${model}, state="failed"}`,
      `${RECORDED.modelHealth.name}{${model}, health="failed"}`,
      `${RECORDED.modelHealth.name}{${model}, health="stale"}`,
      `${RECORDED.modelHealth.name}{${model}, health="healthy"}`,
      `${RECORDED.modelChannel.name}{${model}, channel="serving", status="ok"}`,
      `${RECORDED.modelReplicasDesired.name}{${model}}`,
      `${RECORDED.modelReplicasAvailable.name}{${model}}`,
      `${METRICS.exporterSynced.name}{instance="one", shard="0"}`,
      `${METRICS.exporterTotalShards.name}{instance="one", shard="0"}`,
    ].map((series) => ({ series, values: '1x5' }));
    const promql_expr_test = rules.map(({ data }) => ({
      expr: `absent(${data[0]?.model.expr})`,
      eval_time: '2m',
      exp_samples: [],
    }));
    const tests = { evaluation_interval: '1m', tests: [{ interval: '1m', input_series, promql_expr_test }] };
    const { ok, output } = runOnFiles('promtool', ['test', 'rules', 'tests.yml'], { 'tests.yml': stringify(tests) });
    expect(output).not.toContain('FAILED');
    expect(ok).toBe(true);
  });

  it('point to panels that exist, those of drift, accuracy and fairness with the model filled in', () => {
    for (const { title, annotations } of rules) {
      const ofDrift = /Drift|DataQuality|Batches|OutOfRange/.test(title);
      const ofAccuracy = /Accuracy|ActualsStale/.test(title);
      const ofFairness = title.includes('Fairness');
      const ofModel: readonly (readonly [boolean, string])[] = [
        [title.includes('SLO'), 'slo-detail'],
        [ofDrift, 'drift'],
        [ofAccuracy, 'accuracy'],
        [ofFairness, 'fairness'],
      ];
      const name = ofModel.find(([is]) => is)?.[1] ?? 'fleet';
      expect(annotations.__dashboardUid__).toBe(`modelwatch-${name}`);
      for (const folder of ['dashboards', 'importable']) {
        const ids = readDashboard(`grafana/${folder}/${name}.json`).panels.map((panel) => String(panel.id));
        expect(ids).toContain(annotations.__panelId__);
      }
      expect(annotations.dashboard_url).toBe(name === 'fleet' ? undefined : link(name));
    }
  });

  it('go to a contact point and stand in a folder that are provisioned with them', () => {
    const points = parse(readProvisioning('grafana/alerting/contact-points.yaml')) as {
      contactPoints: { name: string }[];
    };
    const provider = parse(readProvisioning('grafana/dashboards/modelwatch.yaml')) as {
      providers: { folder: string; folderUid?: string; allowUiUpdates: boolean }[];
    };
    const names = points.contactPoints.map((point) => point.name);
    for (const { notification_settings: told } of rules) {
      expect(names).toContain(told.receiver);
      // An Alertmanager takes for over what it does not hear of again and again.
      expect(told.repeat_interval).toBe('1m');
    }
    for (const group of groups) {
      expect(group.folder).toBe(provider.providers[0]?.folder);
      expect(group.interval).toMatch(/^(\d+0s|\d+m)$/);
    }
    expect(provider.providers[0]).toMatchObject({ allowUiUpdates: true });
    expect(provider.providers[0]).not.toHaveProperty('folderUid');
  });

  it('have a runbook each', () => {
    const pages = readdirSync(join(PROVISIONING, '../docs/runbooks'));
    for (const alert of Object.values(ALERTS)) expect(pages).toContain(`${alert}.md`);
    for (const { title, annotations } of rules) expect(annotations.runbook_url).toContain(`${title}.md`);
  });
});

describe('configuration of the tools', () => {
  it('is accepted by Prometheus and keeps the labels of the models', () => {
    const text = readProvisioning('prometheus/prometheus.yml');
    const rules = readProvisioning('prometheus/rules.yml');
    const checked = runOnFiles('promtool', ['check', 'config', 'prometheus.yml'], {
      'prometheus.yml': text,
      'rules.yml': rules,
    });
    expect(checked.output).toContain(`${rules.match(/(record|alert): /g)?.length} rules found`);
    expect(checked.ok).toBe(true);
    const { scrape_configs: jobs } = parse(text) as { scrape_configs: { job_name: string; honor_labels?: boolean }[] };
    expect(jobs.find((job) => job.job_name === 'modelwatch')?.honor_labels).toBe(true);
  });
});
