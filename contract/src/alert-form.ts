/**
 * What an alert rule asks, and the address of Grafana's form for a new one, filled in. Grafana's own menu item cannot do
 * that on a panel of our data source: the form would open empty. Shape of `defaults`: Grafana 12.4,
 * `alertingAlertRuleFormSchema`.
 */

/** A query that a rule can be made of: Prometheus answers it with one number for each thing that is watched. */
export interface AlertCondition {
  /** Name of the rule. */
  readonly title: string;
  /** PromQL, as of one moment. */
  readonly expr: string;
  /** It fires where the number is above the threshold, or below it. */
  readonly fires: 'above' | 'below';
  readonly threshold: number;
  /** How long it must hold, as Grafana writes durations. */
  readonly holdsFor: string;
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
}

export interface AlertTarget {
  /** The Prometheus data source behind ours: rules are evaluated by the server, which can ask no other. */
  readonly prometheusUid: string;
  /** A rule is linked to a panel by both, or by neither: one alone stops the server when it is provisioned. */
  readonly panel?: { readonly dashboardUid: string; readonly panelId: number } | undefined;
  readonly folder?: { readonly uid: string; readonly title: string } | undefined;
}

const EXPRESSION_UID = '__expr__';

/** Matchers of exact values; one that is empty says nothing. Escapes of JSON are those of PromQL for what stands in a label. */
export function exactMatchers(labels: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(labels).flatMap(([name, value]) => (value ? [`${name}=${JSON.stringify(value)}`] : []));
}

/**
 * 1 for what is in one of the states, 0 for what is in another one, from a series of which only the state that holds is
 * there. Put `stale` among the states: a rule does not hear of a series that is gone, and takes it for an end.
 * @param by labels that identify what is watched
 * @param series selector with further matchers, in the states that are asked for
 */
export function inOneOf(
  by: string,
  series: (matchers: readonly string[]) => string,
  label: string,
  states: readonly string[]
): string {
  return `max by (${by}) (${series([`${label}=~"${states.join('|')}"`])} or 0 * (${series([])}))`;
}

function queries({ expr, fires, threshold }: AlertCondition, prometheusUid: string) {
  const condition = {
    type: 'query',
    evaluator: { type: fires === 'above' ? 'gt' : 'lt', params: [threshold] },
    operator: { type: 'and' },
    query: { params: [] },
    reducer: { type: 'last', params: [] },
  };
  const expression = { type: EXPRESSION_UID, uid: EXPRESSION_UID };
  return [
    {
      refId: 'A',
      queryType: '',
      relativeTimeRange: { from: 600, to: 0 },
      datasourceUid: prometheusUid,
      model: {
        ...{ refId: 'A', expr, instant: true, range: false },
        datasource: { type: 'prometheus', uid: prometheusUid },
      },
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
export function alertRuleHref(condition: AlertCondition, target: AlertTarget, returnTo: string): string {
  const { prometheusUid, panel, folder } = target;
  const link = panel
    ? [
        { key: '__dashboardUid__', value: panel.dashboardUid },
        { key: '__panelId__', value: String(panel.panelId) },
      ]
    : [];
  const defaults = {
    type: 'grafana-alerting',
    name: condition.title,
    condition: 'B',
    evaluateFor: condition.holdsFor,
    noDataState: 'Alerting',
    execErrState: 'Alerting',
    ...(folder && { folder: { kind: 'folder', ...folder } }),
    labels: [{ key: 'severity', value: condition.severity }],
    queries: queries(condition, prometheusUid),
    annotations: [{ key: 'summary', value: condition.summary }, ...link],
  };
  return `/alerting/new?defaults=${encodeURIComponent(JSON.stringify(defaults))}&returnTo=${encodeURIComponent(returnTo)}`;
}
