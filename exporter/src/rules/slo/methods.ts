/** From what is counted to events, by the method of the objective. */
import { METRICS, RECORDED, SLO_LABELS } from '@modelwatch/contract';
import type { RecordingRule } from '../types';
import { declared, INFO, MINUTES, ON } from './settings';

const ofObjectives = (series: string) => `sum by (${SLO_LABELS}) (${series})`;
const COUNTED = ofObjectives(RECORDED.sloCountedRate.name);
const BAD = ofObjectives(RECORDED.sloBadCountedRate.name);

/**
 * A slice is the five minutes that end now, judged each minute, so that it is an event of 1/60 a second; one without
 * requests is none. Which share of it was bad counts as it is, or against what a slice may have. Minutes are slices already.
 */
export function methodRules(): RecordingRule[] {
  const asCounted = `and ${ON} (${INFO}{method="occurrences"} or ${INFO}{${MINUTES}})`;
  const sliced = (methods: string) => `and ${ON} ${INFO}{method=~"${methods}", ${MINUTES.replace('=~', '!~')}}`;
  const share = `(${BAD} / ${ON} (${COUNTED} > 0))`;
  const allowed = `(1 - ${declared(METRICS.sloSliceTarget)})`;
  return [
    {
      record: RECORDED.sloEventsRate.name,
      expr: `(${COUNTED} ${asCounted})
or
((${COUNTED} > bool 0) / 60 ${sliced('timeslices|ratio_timeslices')})`,
    },
    {
      record: RECORDED.sloBadEventsRate.name,
      expr: `(${BAD} ${asCounted})
or
((${share} > bool ${ON} ${allowed}) / 60 ${sliced('timeslices')})
or
(${share} / 60 ${sliced('ratio_timeslices')})
or ${ON}
(0 * ${COUNTED} ${sliced('timeslices|ratio_timeslices')})`,
    },
  ];
}
