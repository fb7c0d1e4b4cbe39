/** Alerts on objectives. They read the state that is recorded, so that panel and pager cannot disagree. */
import { ALERTS, RECORDED, SLO_LABELS, type BurnSeverity } from '@modelwatch/contract';
import { orNone } from '../alerts';
import { ID } from '../promql';
import type { AlertRule } from '../types';
import { INFO, ON } from './settings';
import { BURN } from './windows';
import { BURNING, STATE } from './states';

const MINUTES = 60;
const MODEL_INFO = RECORDED.modelInfo.name;

/**
 * 1 for the objectives that `holds` is about, 0 for all others; with the owner that the objective names, else that of the
 * model, and the importance of the model. An alert never waits for these.
 */
function ofObjectives(holds: string): string {
  const each = `(group by (${SLO_LABELS}) (${holds}) or ${ON} 0 * group by (${SLO_LABELS}) (${STATE}))`;
  const owned = `${each} * ${ON} group_left (owner) ${INFO}{owner!=""}`;
  return orNone(`${owned} * on (${ID}) group_left (importance) ${MODEL_INFO}
or ${ON}
${each} * on (${ID}) group_left (owner, importance) ${MODEL_INFO}
or ${ON}
${owned}
or ${ON}
${each}`);
}

const inState = (state: string) => `${STATE}{state="${state}"}`;

/** Of Prometheus' own templates: asks for series of the objective of an alert. */
function asked(series: string, matchers = '', times = ''): string {
  const query = `${times}${series}{${matchers}cluster=%q, namespace=%q, model=%q, pipeline=%q, slo=%q}`;
  const names = ['cluster', 'namespace', 'model', 'pipeline', 'slo'].map((name) => `$labels.${name}`);
  return `printf ${JSON.stringify(query)} ${names.join(' ')} | query`;
}

const SUBJECT = '{{ $labels.namespace }}/{{ or $labels.model $labels.pipeline }}';
const FIGURE = '{{ . | first | value | printf "%.3g" }}';
const PERCENT = '{{ . | first | value | humanizePercentage }}';
const DURATION = '{{ . | first | value | humanizeDuration }}';

const window = `{{ with ${asked(INFO)} }}{{ . | first | label "window" }} {{ end }}`;
const left = `{{ with ${asked(RECORDED.sloBudgetLeft.name, '', '100 * ')} }}{{ if gt (. | first | value) 0.0 }}, {{ . | first | value | printf "%.0f" }}% left{{ else }}, nothing left{{ end }}{{ end }}`;
const gone = `{{ with ${asked(RECORDED.sloExhaustion.name)} }}{{ if gt (. | first | value) 0.0 }}, gone in ${DURATION}{{ end }}{{ end }}`;

/** `fraud/scorer burns its 30d budget 16 times too fast: answered, 24% left, gone in 11h 2m 0s`. */
function burnSummary(severity: BurnSeverity): string {
  // The long window of the alert; while nothing is counted the last hour says what it still can.
  const now = `{{ with ${asked(BURNING, `severity="${severity}", `)} }} ${FIGURE} times{{ end }}`;
  return `${SUBJECT} burns its ${window}budget${now} too fast: {{ $labels.slo }}${left}${gone}`;
}

function attained(): string {
  const objective = `{{ with ${asked(RECORDED.sloObjective.name)} }} of {{ . | first | value | humanizePercentage }}{{ end }}`;
  const reached = `{{ with ${asked(RECORDED.sloAttained.name)} }}, attained ${PERCENT}{{ end }}`;
  const burn = `{{ with ${asked(BURN, 'window="1h", ')} }}, burn rate of the last hour ${FIGURE}{{ end }}`;
  return ` Objective${objective}${reached}${burn}.`;
}

export function sloAlerts(): AlertRule[] {
  return [
    {
      alert: ALERTS.sloFastBurn,
      condition: ofObjectives(inState('page')),
      forSeconds: 2 * MINUTES,
      severity: 'critical',
      summary: `${SUBJECT} burns its budget too fast: {{ $labels.slo }}`,
      inNumbers: burnSummary('page'),
      description:
        'So many events are bad that the budget of the objective is spent long before its window ends. The alert stays while nothing is counted.',
      explanation: attained(),
      panel: 'slo',
    },
    {
      alert: ALERTS.sloSlowBurn,
      // What is spent is in no other state; that it still burns must not end the alert.
      condition: ofObjectives(`${inState('ticket')} or ${inState('spent')} and ${ON} ${BURNING}{severity="ticket"}`),
      forSeconds: 15 * MINUTES,
      severity: 'warning',
      summary: `${SUBJECT} burns its budget too fast: {{ $labels.slo }}`,
      inNumbers: burnSummary('ticket'),
      description: 'If this goes on, the budget of the objective is spent before its window ends.',
      explanation: attained(),
      panel: 'slo',
    },
    {
      alert: ALERTS.sloNoData,
      condition: ofObjectives(inState('stale')),
      forSeconds: 10 * MINUTES,
      severity: 'warning',
      summary: `Nobody knows whether ${SUBJECT} keeps its objective {{ $labels.slo }}`,
      description:
        'The events of this objective were counted, and are not any more. Nothing says that it holds; its budget stands still.',
      panel: 'slo',
    },
  ];
}
