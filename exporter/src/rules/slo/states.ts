/** What budgets and burn rates say: alerts that hold, the state of each objective, and a channel of its model. */
import {
  RECORDED,
  SLO_LABELS,
  SLO_STATES,
  SLO_WINDOW_SECONDS,
  SLO_WINDOWS,
  type BurnSeverity,
  type ChannelStatus,
  type SloState,
} from '@modelwatch/contract';
import { ID, labelled } from '../promql';
import type { RecordingRule, ResolvedOptions } from '../types';
import { IDLE, INFO, MINUTES, ON } from './settings';
import { BAD_ALLOWED, BURN, COUNT, COUNTED } from './windows';

const EVENTS = RECORDED.sloEventsRate.name;
const THRESHOLD = RECORDED.sloBurnRateThreshold.name;
const LEFT = RECORDED.sloBudgetLeft.name;
export const BURNING = RECORDED.sloBurning.name;
export const STATE = RECORDED.sloState.name;

/** Old failures leave the window, too, so it is at least this long. */
function exhaustionRule(): RecordingRule {
  const seconds = SLO_WINDOWS.map((window) => `${SLO_WINDOW_SECONDS[window]} * ${INFO}{window="${window}"}`);
  return {
    record: RECORDED.sloExhaustion.name,
    expr: `((${LEFT} > 0) * ${ON} (${seconds.join(' or ')}) / ${ON} (${BURN}{window="1h"} > 0))
or
0 * (${LEFT} <= 0)`,
  };
}

/** Both windows over the line, and more events in the long one than a single failure needs. */
function burningRule(): RecordingRule {
  const each = `on (${SLO_LABELS}, severity, long, short)`;
  const joined = (window: 'long' | 'short', series: string) =>
    `on (${SLO_LABELS}, ${window}) group_left () label_replace(${series}, "${window}", "$1", "window", "(.+)")`;
  const enough = `(${RECORDED.sloBurnMinEvents.name} <= ${joined('long', COUNT)})`;
  return {
    record: BURNING,
    expr: `(0 * ${THRESHOLD} + ${joined('long', BURN)} > ${each} ${THRESHOLD})
and ${each} (${THRESHOLD} < ${joined('short', BURN)})
and ${each} ${enough}`,
  };
}

const burning = (severity: BurnSeverity) => `${BURNING}{severity="${severity}"}`;

/**
 * Exactly one for each objective. Reads what it recorded at the evaluation before: a page stays while nothing is counted,
 * unless the model was scaled to zero.
 */
function stateRule({ sloIntervalSeconds }: ResolvedOptions): RecordingRule {
  // One lost scrape makes nothing stale.
  const counted = `present_over_time(${EVENTS}[${Math.ceil(2.5 * sloIntervalSeconds)}s])`;
  // Of so few events as cannot spend a budget two bad ones do, one does not.
  const twoBad = `${BAD_ALLOWED} * ${ON} (1 - ${LEFT}) > 1.5`;
  // What was fine when it could last be judged says nothing of now.
  const unjudged = `(${INFO}{${MINUTES}} and ${ON} (${COUNT}{window="1h"} == 0))`;
  const states: Record<SloState, string> = {
    page: `${burning('page')} or (${STATE}{state="page"} unless ${ON} ${EVENTS} unless ${ON} ${IDLE})`,
    spent: `${LEFT} <= 0 and ${ON} (${BAD_ALLOWED} >= 1 or ${twoBad})`,
    ticket: burning('ticket'),
    stale: `${COUNTED} unless ${ON} ${counted} unless ${ON} ${IDLE}`,
    idle: IDLE,
    too_little_data: `(${INFO} unless ${ON} (${BAD_ALLOWED} >= 1)) or ${unjudged}`,
    met: INFO,
  };
  const each = SLO_STATES.map((state) => labelled(`group by (${SLO_LABELS}) (${states[state]})`, 'state', state));
  return { record: STATE, expr: `(\n${each.join(`\nor ${ON}\n`)}\n)\nand ${ON} ${INFO}` };
}

/** The worst of the objectives of a model. A page makes it fail: what was promised of it does not hold. */
function channelRule(): RecordingRule {
  const statuses: readonly (readonly [ChannelStatus, readonly SloState[]])[] = [
    ['critical', ['page']],
    ['warning', ['spent', 'ticket']],
    ['stale', ['stale']],
    ['too_little_data', ['too_little_data']],
    ['ok', ['met', 'idle']],
  ];
  const each = statuses.map(([status, states]) =>
    labelled(`group by (${ID}) (${STATE}{model!="", state=~"${states.join('|')}"})`, 'status', status)
  );
  return { record: RECORDED.modelChannel.name, expr: each.join(`\nor on (${ID})\n`), labels: { channel: 'slo' } };
}

export function stateRules(options: ResolvedOptions): RecordingRule[] {
  return [exhaustionRule(), burningRule(), stateRule(options), channelRule()];
}
