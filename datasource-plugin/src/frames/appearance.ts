/** Units, names and colours, so that Grafana's own panels show our frames well too. */
import { MappingType, type FieldConfig, type ValueMapping } from '@grafana/data';
import {
  ACCURACY_METRIC_NAMES,
  BATCH_STATES,
  CHALLENGER_STATE_NAMES,
  CHALLENGER_STATES,
  COVERAGE_STATES,
  DRIFT_STATES,
  HEALTH_MEANINGS,
  HEALTH_STATES,
  SLO_STATES,
  type BatchState,
  type ChallengerState,
  type CoverageState,
  type CustomDirection,
  type DriftState,
  type HealthState,
  type SloState,
} from '@modelwatch/contract';

const GREY = '#8E8E8E';
const HEALTH_COLORS: Record<HealthState, string> = {
  failed: 'dark-red',
  degraded: 'orange',
  stale: GREY,
  unknown: GREY,
  progressing: GREY,
  idle: GREY,
  healthy: 'blue',
};

const HEALTH_MAPPINGS: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      HEALTH_STATES.map((health, index) => [health, { index, text: health, color: HEALTH_COLORS[health] }])
    ),
  },
];

const MEANINGS = HEALTH_STATES.map((health) => `${health}: ${HEALTH_MEANINGS[health]}`).join('\n');

/** Of a field of health words. */
export function healthConfig(displayName: string): FieldConfig {
  return { displayNameFromDS: displayName, description: MEANINGS, mappings: HEALTH_MAPPINGS };
}

const DRIFT_COLORS: Record<DriftState, string> = {
  critical: 'dark-red',
  warning: 'orange',
  stale: GREY,
  too_little_data: GREY,
  ok: 'blue',
};

const DRIFT_MAPPINGS: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      DRIFT_STATES.map((state, index) => [
        state,
        { index, text: state.replaceAll('_', ' '), color: DRIFT_COLORS[state] },
      ])
    ),
  },
];

const BATCH_COLORS: Record<BatchState, string> = {
  critical: 'dark-red',
  warning: 'orange',
  incomplete: GREY,
  too_little_data: GREY,
  ok: 'blue',
};

/** Of a field of verdicts on batches. */
export function batchConfig(displayName: string): FieldConfig {
  const options = Object.fromEntries(
    BATCH_STATES.map((state, index) => [state, { index, text: state.replaceAll('_', ' '), color: BATCH_COLORS[state] }])
  );
  return { displayNameFromDS: displayName, mappings: [{ type: MappingType.ValueToText, options }] };
}

const METRIC_MAPPINGS: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(ACCURACY_METRIC_NAMES).map(([metric, text], index) => [metric, { index, text }])
    ),
  },
];

/** Of a field of names of scores. */
export const METRIC_CONFIG: FieldConfig = { mappings: METRIC_MAPPINGS };

const DIRECTIONS: Record<CustomDirection, string> = {
  higher_is_better: 'higher is better',
  lower_is_better: 'lower is better',
};

/** Of a field that says which way a score is good. */
export const DIRECTION_CONFIG: FieldConfig = {
  mappings: [
    {
      type: MappingType.ValueToText,
      options: Object.fromEntries(Object.entries(DIRECTIONS).map(([value, words]) => [value, { text: words }])),
    },
  ],
};

/** Of a field of states of drift, or of accuracy, which has the same. */
export function driftConfig(displayName: string): FieldConfig {
  return { displayNameFromDS: displayName, mappings: DRIFT_MAPPINGS };
}

const CHALLENGER_COLORS: Record<ChallengerState, string> = {
  ahead: 'blue',
  behind: 'orange',
  no_difference: GREY,
  too_little_data: GREY,
  stale: GREY,
};

const CHALLENGER_MAPPINGS: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      CHALLENGER_STATES.map((state, index) => [
        state,
        { index, text: CHALLENGER_STATE_NAMES[state], color: CHALLENGER_COLORS[state] },
      ])
    ),
  },
];

/** Of a field of verdicts on challengers. */
export function challengerConfig(displayName: string): FieldConfig {
  return { displayNameFromDS: displayName, mappings: CHALLENGER_MAPPINGS };
}

const COVERAGE_COLORS: Record<CoverageState, string> = {
  partial: 'orange',
  no_reference: GREY,
  no_events: GREY,
  too_little_data: GREY,
  complete: 'blue',
};

/** Of a field of states of coverage. */
export function coverageConfig(displayName: string): FieldConfig {
  const options = Object.fromEntries(
    COVERAGE_STATES.map((state, index) => [
      state,
      { index, text: state.replaceAll('_', ' '), color: COVERAGE_COLORS[state] },
    ])
  );
  return { displayNameFromDS: displayName, mappings: [{ type: MappingType.ValueToText, options }] };
}

const SLO_COLORS: Record<SloState, string> = {
  page: 'dark-red',
  spent: 'dark-red',
  ticket: 'orange',
  stale: GREY,
  idle: GREY,
  too_little_data: GREY,
  met: 'blue',
};

/** Of a field of states of objectives. */
export function sloConfig(displayName: string): FieldConfig {
  const options = Object.fromEntries(
    SLO_STATES.map((state, index) => [state, { index, text: state.replaceAll('_', ' '), color: SLO_COLORS[state] }])
  );
  return { displayNameFromDS: displayName, mappings: [{ type: MappingType.ValueToText, options }] };
}

/** Grafana's ids of units. */
export const UNITS = {
  requestsPerSecond: 'reqps',
  ratio: 'percentunit',
  seconds: 's',
  count: 'short',
  time: 'dateTimeAsIso',
  ago: 'dateTimeFromNow',
} as const;
