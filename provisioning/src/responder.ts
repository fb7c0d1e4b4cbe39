/** Row of *Alerts*: whether somebody acts upon alerts by itself, what it did, and why it did not. */
import { METRICS } from '@modelwatch/contract';
import { row, stateTiles, stat, timeseries, type State } from './parts';
import type { Panel, Variant } from './types';

const NO_RESPONDER = 'No responder';
const OF = '{cluster=~"$cluster"}';
const decisions = (selector: string) => `${METRICS.responderDecisions.name}{${selector}, cluster=~"$cluster"}`;

const STATES: readonly State[] = [
  { value: 1, text: 'acts', color: 'blue' },
  { value: 2, text: 'dry run', color: 'text' },
  { value: 3, text: 'paused', color: 'orange' },
];

/** How often it happened. What happens for the first time has no sample before it from which it could increase. */
function happened(by: string, selector: string): string {
  const counted = decisions(selector);
  const window = '$__rate_interval';
  return `sum by (cluster, ${by}) (increase(${counted}[${window}]) > 0 or ${counted} > 0 unless ${counted} offset ${window})`;
}

/** One of several that is paused, or dry, is the one to know of. */
function stateNumber(): string {
  const { responderPaused, responderDryRun } = METRICS;
  return `max by (cluster) (3 * (${responderPaused.name}${OF} == 1) or 2 * (${responderDryRun.name}${OF} == 1) or 1 + 0 * ${responderDryRun.name}${OF})`;
}

/** @param y where it begins; of 10 rows */
export function responderRow(variant: Variant, y: number): Panel[] {
  const lastAction = `${METRICS.responderLastAction.name}${OF}`;
  return [
    row(variant, 5, 'Automated response', y),
    stateTiles(
      variant,
      {
        id: 6,
        title: 'Responder',
        description:
          'Whether alerts are acted upon now: acts, only says what it would do, or is held by its kill switch.',
        gridPos: { x: 0, y: y + 1, w: 6, h: 4 },
        queries: [{ expr: stateNumber(), legend: '{{cluster}}' }],
        noValue: NO_RESPONDER,
      },
      STATES
    ),
    stat(
      variant,
      {
        id: 7,
        title: 'Since the last action',
        description: 'Of each policy that acted in the time that is shown, how long ago that was.',
        gridPos: { x: 0, y: y + 5, w: 6, h: 5 },
        queries: [
          {
            expr: `time() - max by (cluster, policy, action) (max_over_time(${lastAction}[$__range]))`,
            legend: '{{cluster}} {{policy}} {{action}}',
          },
        ],
        noValue: 'No action, or no responder',
      },
      's'
    ),
    timeseries(
      variant,
      {
        id: 8,
        title: 'Actions by outcome',
        description:
          'What was done, proposed by a dry run, found to be as it should be, or failed, of the whole cluster.',
        gridPos: { x: 6, y: y + 1, w: 9, h: 9 },
        queries: [
          { expr: happened('action, result', 'result!="refused"'), legend: '{{cluster}} {{action}} {{result}}' },
        ],
        noValue: 'No action, or no responder',
      },
      'short'
    ),
    timeseries(
      variant,
      {
        id: 9,
        title: 'Refusals by reason',
        description: 'Alerts that nothing was done for, and why; no_policy: none is for them.',
        gridPos: { x: 15, y: y + 1, w: 9, h: 9 },
        queries: [{ expr: happened('reason', 'result="refused"'), legend: '{{cluster}} {{reason}}' }],
        noValue: 'No refusal, or no responder',
      },
      'short'
    ),
  ];
}
