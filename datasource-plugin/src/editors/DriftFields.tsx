import React from 'react';
import { Combobox, InlineField } from '@grafana/ui';
import {
  DISTRIBUTION_WINDOWS,
  DRIFT_METHODS,
  DRIFT_METHOD_NAMES,
  DRIFT_WINDOWS,
  DRIFT_WINDOW_NAMES,
  type DistributionWindow,
  type DriftMethod,
  type DriftSubject,
} from '@modelwatch/contract';
import type { DistributionQuery, DriftQuery, ModelwatchQuery } from '../query/types';

export function isOfDrift(query: ModelwatchQuery): query is DriftQuery | DistributionQuery {
  return query.kind === 'drift' || query.kind === 'distribution';
}

/** Stands for an option that is not set: an empty text would not be shown. */
const OF_MODEL = 'model';

const SUBJECTS: Array<{ value: DriftSubject; label: string }> = [
  { value: 'feature', label: 'A feature' },
  { value: 'prediction', label: 'The predictions' },
];
const METHODS = [
  { value: OF_MODEL, label: 'Statistic of the model' },
  ...DRIFT_METHODS.map((value) => ({ value, label: DRIFT_METHOD_NAMES[value] })),
];

function windowOptions(windows: readonly DistributionWindow[]) {
  const label = (value: DistributionWindow): string =>
    value === 'range' ? 'Time range of the dashboard' : DRIFT_WINDOW_NAMES[value];
  return [
    { value: OF_MODEL, label: 'Window of the model' },
    ...windows.map((value) => ({ value, label: label(value) })),
  ];
}

interface Props<Query> {
  readonly id: string;
  readonly query: Query;
  readonly store: (query: ModelwatchQuery) => void;
}

function WindowField({ id, query, store }: Props<DriftQuery | DistributionQuery>): React.JSX.Element {
  const windows = query.kind === 'drift' ? DRIFT_WINDOWS : DISTRIBUTION_WINDOWS;
  const choose = (value: string): void => {
    const { window: _before, ...rest } = query;
    const window = windows.find((one) => one === value);
    store({ ...rest, ...(window && { window }) } as ModelwatchQuery);
  };
  return (
    <InlineField
      label="Window"
      htmlFor={`${id}-window`}
      labelWidth={12}
      tooltip="Rows of this time are compared with the reference. Scores exist for the windows whose rules are loaded."
    >
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

function DistributionFields({ id, query, store }: Props<DistributionQuery>): React.JSX.Element {
  const chooseSubject = (subject: DriftSubject): void => {
    // Predictions have no feature, and a filter that means nothing is refused.
    const { feature: _feature, ...filters } = query.filters ?? {};
    store({ ...query, subject, ...(subject === 'prediction' && { filters }) });
  };
  const chooseMethod = (value: string): void => {
    const { method: _before, ...rest } = query;
    const method = DRIFT_METHODS.find((one): one is DriftMethod => one === value);
    store({ ...rest, ...(method && { method }) });
  };
  return (
    <>
      <InlineField label="Of" htmlFor={`${id}-subject`} labelWidth={12}>
        <Combobox
          id={`${id}-subject`}
          options={SUBJECTS}
          value={query.subject ?? 'feature'}
          onChange={({ value }) => chooseSubject(value)}
          width={20}
        />
      </InlineField>
      <InlineField
        label="Statistic"
        htmlFor={`${id}-method`}
        labelWidth={12}
        tooltip="The thresholds of a model hold for its own statistic: of another one only the score is shown."
      >
        <Combobox
          id={`${id}-method`}
          options={METHODS}
          value={query.method ?? OF_MODEL}
          onChange={({ value }) => chooseMethod(value)}
          width={26}
        />
      </InlineField>
    </>
  );
}

/** What a query of drift is of: subject and statistic of a distribution, and the window of both. */
export function DriftFields({ id, query, store }: Props<DriftQuery | DistributionQuery>): React.JSX.Element {
  return (
    <>
      {query.kind === 'distribution' && <DistributionFields id={id} query={query} store={store} />}
      <WindowField id={id} query={query} store={store} />
    </>
  );
}
