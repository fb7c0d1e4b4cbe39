/** Dashboard *Alerts*: what fires now, for how long, what comes again and again, and what was done by itself. */
import { HEALTH_STATES, RECORDED } from '@modelwatch/contract';
import { dashboard, FLEET_VARIABLES } from './frame';
import { alertsPanel, PANEL_MODEL_LINK, stat, timeline, timeseries } from './parts';
import { responderRow } from './responder';
import { SLO_DETAIL_LINK } from './slo';
import type { Dashboard, Panel, Variant } from './types';

const SELECTED = 'alertname=~"Modelwatch.+", cluster=~"$cluster", namespace=~"$namespace"';
const WHAT = 'cluster, namespace, model, pipeline, slo, alertname';
/** Prometheus keeps one of these for each alert while it holds. */
const FIRING = `ALERTS{alertstate="firing", ${SELECTED}}`;

function list(variant: Variant): Panel[] {
  if (variant === 'core') return [];
  return [
    alertsPanel(
      {
        id: 1,
        title: 'Alerts',
        description:
          'What fires, and what waits to, the worst first: since when, who is told by Alertmanager, and what is silenced.',
        gridPos: { x: 0, y: 4, w: 24, h: 12 },
      },
      { cluster: ['$cluster'], namespace: ['$namespace'] },
      { objectiveDashboard: SLO_DETAIL_LINK, modelDashboard: PANEL_MODEL_LINK }
    ),
  ];
}

export function alertsDashboard(variant: Variant): Dashboard {
  const y = variant === 'plugins' ? 16 : 4;
  const watched = `0 * sum by (cluster) (${RECORDED.modelHealth.name}{health="${HEALTH_STATES[0]}", cluster=~"$cluster", namespace=~"$namespace"})`;
  return dashboard(variant, {
    dashboard: 'alerts',
    title: 'Alerts',
    description: 'What fires now, since when, and what comes again and again.',
    variables: FLEET_VARIABLES,
    panels: [
      stat(
        variant,
        {
          id: 2,
          title: 'Alerts by severity',
          description: 'How many alerts fire now. 0 only while the rules are evaluated.',
          gridPos: { x: 0, y: 0, w: 24, h: 4 },
          queries: [
            {
              expr: `sum by (cluster) (${FIRING.replace('{', '{severity="critical", ')}) or ${watched}`,
              legend: '{{cluster}} critical',
            },
            {
              expr: `sum by (cluster) (${FIRING.replace('{', '{severity="warning", ')}) or ${watched}`,
              legend: '{{cluster}} warning',
            },
          ],
        },
        'short'
      ),
      ...list(variant),
      timeline(
        variant,
        {
          id: 3,
          title: 'Alerts over time',
          description: 'When each alert fired. What comes and goes needs a longer `for`, or a mend.',
          gridPos: { x: 0, y, w: 24, h: 12 },
          queries: [
            {
              expr: `max by (${WHAT}) (${FIRING})`,
              legend: '{{cluster}} {{namespace}}/{{model}}{{pipeline}} {{slo}} {{alertname}}',
            },
            // A row for the quiet times, so that an empty chart can only mean that nobody watched.
            { expr: watched, legend: '{{cluster}} rules are evaluated' },
          ],
          noValue: 'No rules are evaluated',
        },
        [
          { value: 0, text: 'evaluated', color: 'blue' },
          { value: 1, text: 'firing', color: 'orange' },
        ]
      ),
      timeseries(
        variant,
        {
          id: 4,
          title: 'Alerts by kind',
          description: 'How many of each kind fire.',
          gridPos: { x: 0, y: y + 12, w: 24, h: 9 },
          queries: [{ expr: `count by (cluster, alertname) (${FIRING})`, legend: '{{cluster}} {{alertname}}' }],
          noValue: 'Nothing fires, or no rules are evaluated',
        },
        'short'
      ),
      ...responderRow(variant, y + 21),
    ],
  });
}
