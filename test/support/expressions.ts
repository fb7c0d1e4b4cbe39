/** Every PromQL expression of what we ship, with the place where it stands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const PROVISIONING = join(__dirname, '../../provisioning');

export const DASHBOARDS = [
  'fleet',
  'model',
  'drift',
  'accuracy',
  'fairness',
  'custom-metrics',
  'challengers',
  'servers',
  'llm-serving',
  'generative',
  'pipelines',
  'slo-overview',
  'slo-detail',
  'alerts',
  'usage',
] as const;

/** Panels of what the demo does not do while nothing is wrong, and of what nobody has configured. */
export const QUIET_PANELS: readonly string[] = [
  'Failed probes by cause',
  'Alerts by kind',
  'Responder',
  'Since the last action',
  'Actions by outcome',
  'Refusals by reason',
  'Alerts over time',
  'Replicas in trouble',
  'Difference of the answers',
  'Adapters with requests',
  'Reasons',
  'Features that drifted',
  'Refused samples',
  'Pairs of prediction and actual',
  'Rows by what became of them',
  'Share of rows that are not seen',
  'Delay of events',
  'Delay of actuals that were joined',
  'Predictions that wait for their actual',
  'Actuals, and predictions that waited in vain',
  'Series that there was no room for',
  'Requests turned away unread',
  'Share of the predictions that is sent',
  'Different consumers of the last day, by model',
  'Custom metrics',
  'Their limits',
  'What detectors of others say',
  'p-values of detectors of others',
  'Scores of detectors of others',
  'Batches',
  'Drift of the predictions and of $feature by batch',
  'Predicted and actual by time of prediction, of the last rows that are held',
  'Rows that are held',
  'Memory of the rows',
];

export const DASHBOARD_FILES = ['dashboards', 'importable'].flatMap((folder) =>
  DASHBOARDS.map((name) => `grafana/${folder}/${name}.json`)
);

export interface Expression {
  readonly place: string;
  readonly expr: string;
}

export function readProvisioning(path: string): string {
  return readFileSync(join(PROVISIONING, path), 'utf8');
}

export interface DashboardPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly interval: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly links: readonly { readonly url: string }[];
  readonly targets: readonly {
    readonly refId: string;
    readonly hide?: boolean;
    readonly expr?: string;
    readonly legendFormat?: string;
    readonly kind?: string;
    readonly datasource: { readonly type: string; readonly uid: string };
  }[];
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit?: string;
      readonly noValue?: string;
      readonly links?: readonly { url: string }[];
    };
  };
}

export interface DashboardFile {
  readonly uid?: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly links: readonly unknown[];
  readonly panels: readonly DashboardPanel[];
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr?: string }[] };
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: string | { readonly query: string };
      readonly datasource?: { readonly uid: string };
    }[];
  };
}

export function readDashboard(path: string): DashboardFile {
  return JSON.parse(readProvisioning(path)) as DashboardFile;
}

function ofDashboard(path: string): Expression[] {
  const { annotations, panels, templating } = readDashboard(path);
  const targets = panels.flatMap((panel) =>
    panel.targets.flatMap(({ refId, expr }) =>
      expr === undefined ? [] : [{ place: `${path}: ${panel.title || panel.id} ${refId}`, expr }]
    )
  );
  const variables = templating.list.flatMap(({ name, query }) => {
    const text = typeof query === 'string' ? query : query.query;
    const selector = /^(?:label_values\((.+), \w+|query_result\((.+))\)$/.exec(text)?.slice(1).find(Boolean);
    return selector ? [{ place: `${path}: variable ${name}`, expr: selector }] : [];
  });
  const marks = annotations.list.flatMap(({ name, expr }) =>
    expr === undefined ? [] : [{ place: `${path}: annotation ${name}`, expr }]
  );
  return [...targets, ...variables, ...marks];
}

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly record?: string;
      readonly alert?: string;
      readonly expr: string;
      readonly annotations?: { readonly description: string };
    }[];
  }[];
}

function ofRules(path: string): Expression[] {
  const { groups } = parse(readProvisioning(path)) as RuleFile;
  return groups.flatMap(({ rules }) =>
    rules.flatMap(({ record, alert, expr, annotations }) => {
      const place = `${path}: ${record ?? alert}`;
      const texts = (annotations?.description ?? '').matchAll(/printf ("(?:[^"\\]|\\.)+")/g);
      const queries = [...texts]
        .map(([, text]) => JSON.parse(text ?? '') as string)
        .filter((text) => text.includes('%q'));
      return [
        { place, expr },
        ...queries.map((query) => ({ place: `${place} annotation`, expr: query.replaceAll('%q', '"x"') })),
      ];
    })
  );
}

interface GrafanaRules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly uid: string;
      readonly data: readonly { readonly model: { expr?: string } }[];
    }[];
  }[];
}

function ofGrafanaRules(path: string): Expression[] {
  const { groups } = parse(readProvisioning(path)) as GrafanaRules;
  return groups.flatMap(({ rules }) =>
    rules.flatMap(({ uid, data }) =>
      data.flatMap(({ model }) => (model.expr === undefined ? [] : [{ place: `${path}: ${uid}`, expr: model.expr }]))
    )
  );
}

export function shippedExpressions(): Expression[] {
  return [
    ...DASHBOARD_FILES.flatMap(ofDashboard),
    ...ofRules('prometheus/rules.yml'),
    ...ofRules('prometheus/drift-10m.rules.yml'),
    ...ofRules('prometheus/accuracy-10m.rules.yml'),
    ...ofGrafanaRules('grafana/alerting/rules.yaml'),
  ];
}
