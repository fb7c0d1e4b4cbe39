import React from 'react';
import { Combobox, InlineField } from '@grafana/ui';
import { DISTRIBUTION_WINDOWS, DRIFT_WINDOWS, DRIFT_WINDOW_NAMES, type DistributionWindow } from '@modelwatch/contract';
import type {
  AccuracyDetailQuery,
  AccuracyQuery,
  AccuracyVersionsQuery,
  ChallengersQuery,
  DistributionQuery,
  DriftQuery,
  FairnessQuery,
  ModelwatchQuery,
  SegmentsQuery,
} from '../query/types';

export type WindowedQuery =
  | DriftQuery
  | DistributionQuery
  | AccuracyQuery
  | SegmentsQuery
  | AccuracyDetailQuery
  | AccuracyVersionsQuery
  | ChallengersQuery
  | FairnessQuery;

export function hasWindow(query: ModelwatchQuery): query is WindowedQuery {
  return Object.hasOwn(TOOLTIPS, query.kind);
}

/** Stands for an option that is not set: an empty text would not be shown. */
export const OF_MODEL = 'model';

const TOOLTIPS: Record<WindowedQuery['kind'], string> = {
  drift: 'Rows of this time are compared with the reference. Scores exist for the windows whose rules are loaded.',
  distribution: 'Rows of this time are compared with the reference.',
  segments: 'Rows of this time are counted; without a window those of the time range.',
  accuracy: 'Actuals that arrived in this time are counted. Scores exist for the windows whose rules are loaded.',
  challengers:
    'Pairs, and actuals that arrived in this time, are counted. Figures exist for the windows whose rules are loaded.',
  fairness:
    'Decisions, and actuals that arrived in this time, are counted. Rates exist for the windows whose rules are loaded.',
  'accuracy-detail': 'Actuals that arrived in this time are counted.',
  'accuracy-versions': 'Actuals that arrived in this time are counted; without a window those of the time range.',
};

function windowOptions(windows: readonly DistributionWindow[]) {
  const label = (value: DistributionWindow): string =>
    value === 'range' ? 'Time range of the dashboard' : DRIFT_WINDOW_NAMES[value];
  return [
    { value: OF_MODEL, label: 'Window of the model' },
    ...windows.map((value) => ({ value, label: label(value) })),
  ];
}

export interface FieldsProps<Query> {
  readonly id: string;
  readonly query: Query;
  readonly store: (query: ModelwatchQuery) => void;
}

/** What is counted over; what is recorded has windows of its own, and knows no time range. */
export function WindowField({ id, query, store }: FieldsProps<WindowedQuery>): React.JSX.Element {
  const isRecorded = ['drift', 'accuracy', 'challengers', 'fairness'].includes(query.kind);
  const windows = isRecorded ? DRIFT_WINDOWS : DISTRIBUTION_WINDOWS;
  const choose = (value: string): void => {
    const { window: _before, ...rest } = query;
    const window = windows.find((one) => one === value);
    store({ ...rest, ...(window && { window }) } as ModelwatchQuery);
  };
  return (
    <InlineField label="Window" htmlFor={`${id}-window`} labelWidth={12} tooltip={TOOLTIPS[query.kind]}>
      <Combobox
        id={`${id}-window`}
        options={windowOptions(windows)}
        value={query.window ?? OF_MODEL}
        onChange={({ value }) => choose(value)}
        width={30}
      />
    </InlineField>
  );
}
