import React from 'react';
import { Combobox, InlineField } from '@grafana/ui';
import { CUSTOM_SHOWS, type CustomMetricQuery } from '../query/types';
import type { FieldsProps } from './WindowField';

const SHOWS = { metrics: 'One row per metric', values: 'Values and limits over time' } as const;

export function CustomFields({ id, query, store }: FieldsProps<CustomMetricQuery>): React.JSX.Element {
  return (
    <InlineField label="As" htmlFor={`${id}-show`} labelWidth={12}>
      <Combobox
        id={`${id}-show`}
        options={CUSTOM_SHOWS.map((value) => ({ value, label: SHOWS[value] }))}
        value={query.show ?? 'metrics'}
        onChange={({ value }) => store({ ...query, show: value })}
        width={30}
      />
    </InlineField>
  );
}
