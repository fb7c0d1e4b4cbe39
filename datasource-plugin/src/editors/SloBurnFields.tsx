import React from 'react';
import { InlineField, InlineSwitch } from '@grafana/ui';
import type { SloBurnQuery } from '../query/types';
import type { FieldsProps } from './WindowField';

export function SloBurnFields({ id, query, store }: FieldsProps<SloBurnQuery>): React.JSX.Element {
  const { window, ...ofBudget } = query;
  return (
    <InlineField
      label="Time range"
      htmlFor={`${id}-range`}
      labelWidth={16}
      tooltip="Over the time range of the dashboard, in place of the window of the budget"
    >
      <InlineSwitch
        id={`${id}-range`}
        value={window === 'range'}
        onChange={({ currentTarget }) => store(currentTarget.checked ? { ...query, window: 'range' } : ofBudget)}
      />
    </InlineField>
  );
}
