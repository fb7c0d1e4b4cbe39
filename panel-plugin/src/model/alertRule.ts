/**
 * The address of Grafana's form for a new alert rule, filled in for one model. Grafana's own menu item cannot do that on
 * a panel of our data source: the form would open empty. Shape of `defaults`: Grafana 12.4, `alertingAlertRuleFormSchema`.
 */
import { RECORDED_STATE } from '@modelwatch/contract';
import type { ModelId } from './plain';

export interface AlertTarget {
  /** The Prometheus data source behind the panel: rules are evaluated by the server, which can ask no other. */
  readonly prometheusUid: string;
  /** A rule is linked to a panel by both, or by neither: one alone stops the server when it is provisioned. */
  readonly panel?: { readonly dashboardUid: string; readonly panelId: number };
}

const EXPRESSION_UID = '__expr__';

/** A PromQL string: its escapes are those of JSON for what can stand in a label. */
function matcher(label: string, value: string): string {
  return `${label}=${JSON.stringify(value)}`;
}

function cannotServe({ cluster, namespace, name }: ModelId): string {
  const matchers = [
    ...(cluster ? [matcher('cluster', cluster)] : []),
    matcher('namespace', namespace),
    matcher('model', name),
    matcher('state', 'failed'),
  ];
  return `max by (cluster, namespace, model) (${RECORDED_STATE.modelServing.name}{${matchers.join(', ')}})`;
}

function queries(expr: string, prometheusUid: string) {
  const relativeTimeRange = { from: 600, to: 0 };
  const datasource = { type: 'prometheus', uid: prometheusUid };
  const condition = {
    type: 'query',
    evaluator: { type: 'gt', params: [0] },
    operator: { type: 'and' },
    query: { params: [] },
    reducer: { type: 'last', params: [] },
  };
  const expression = { type: EXPRESSION_UID, uid: EXPRESSION_UID };
  return [
    {
      refId: 'A',
      queryType: '',
      relativeTimeRange,
      datasourceUid: prometheusUid,
      model: { refId: 'A', expr, instant: true, range: false, datasource },
    },
    {
      refId: 'B',
      queryType: '',
      datasourceUid: EXPRESSION_UID,
      model: { refId: 'B', type: 'threshold', expression: 'A', datasource: expression, conditions: [condition] },
    },
  ];
}

/** Path with query. No data and errors alert too: a rule that cannot be evaluated proves no health. */
export function alertRuleHref(model: ModelId, target: AlertTarget, returnTo: string): string {
  const { prometheusUid, panel } = target;
  const link = panel
    ? [
        { key: '__dashboardUid__', value: panel.dashboardUid },
        { key: '__panelId__', value: String(panel.panelId) },
      ]
    : [];
  const defaults = {
    type: 'grafana-alerting',
    name: `${model.name} cannot serve`,
    condition: 'B',
    evaluateFor: '2m',
    noDataState: 'Alerting',
    execErrState: 'Alerting',
    queries: queries(cannotServe(model), prometheusUid),
    annotations: [{ key: 'summary', value: `Model ${model.namespace}/${model.name} cannot serve` }, ...link],
  };
  const parameters = new URLSearchParams({ defaults: JSON.stringify(defaults), returnTo });
  return `/alerting/new?${parameters.toString()}`;
}
