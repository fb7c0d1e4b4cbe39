import React from 'react';
import { Combobox, InlineField } from '@grafana/ui';
import { DISTRIBUTION_METHODS, DISTRIBUTION_METHOD_NAMES, type DriftSubject } from '@modelwatch/contract';
import type { DistributionQuery } from '../query/types';
import { OF_MODEL, type FieldsProps } from './WindowField';

const SUBJECTS: Array<{ value: DriftSubject; label: string }> = [
  { value: 'feature', label: 'A feature' },
  { value: 'prediction', label: 'The predictions' },
];
const METHODS = [
  { value: OF_MODEL, label: 'Statistic of the model' },
  ...DISTRIBUTION_METHODS.map((value) => ({ value, label: DISTRIBUTION_METHOD_NAMES[value] })),
];

/** What a distribution is of, and by which statistic. */
export function DistributionFields({ id, query, store }: FieldsProps<DistributionQuery>): React.JSX.Element {
  const chooseSubject = (subject: DriftSubject): void => {
    // Predictions have no feature, and a filter that means nothing is refused.
    const { feature: _feature, ...filters } = query.filters ?? {};
    store({ ...query, subject, ...(subject === 'prediction' && { filters }) });
  };
  const chooseMethod = (value: string): void => {
    const { method: _before, ...rest } = query;
    const method = DISTRIBUTION_METHODS.find((one) => one === value);
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
        tooltip="The thresholds of a model hold for its own statistic: of another one only the score is shown. Those on bins are of numbers alone."
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
