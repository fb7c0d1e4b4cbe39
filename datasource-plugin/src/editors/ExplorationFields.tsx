import React from 'react';
import { Combobox, InlineField } from '@grafana/ui';
import { EXPLORATION_ONLY, EXPLORATION_SHOWS, type ExplorationQuery } from '../query/types';
import type { FieldsProps } from './WindowField';

const SHOWS = {
  rows: 'Rows',
  'predicted-actual': 'Predicted and actual by time of prediction',
} as const;
const ALL = 'all';
const ONLY = { joined: 'With an actual', wrong: 'Wrong predictions' } as const;

export function ExplorationFields({ id, query, store }: FieldsProps<ExplorationQuery>): React.JSX.Element {
  const choose = (value: string): void => {
    const { only: _before, ...rest } = query;
    const only = EXPLORATION_ONLY.find((one) => one === value);
    store({ ...rest, ...(only && { only }) });
  };
  return (
    <>
      <InlineField label="As" htmlFor={`${id}-show`} labelWidth={12}>
        <Combobox
          id={`${id}-show`}
          options={EXPLORATION_SHOWS.map((value) => ({ value, label: SHOWS[value] }))}
          value={query.show ?? 'rows'}
          onChange={({ value }) => store({ ...query, show: value })}
          width={40}
        />
      </InlineField>
      <InlineField label="Rows" htmlFor={`${id}-only`} labelWidth={12}>
        <Combobox
          id={`${id}-only`}
          options={[{ value: ALL, label: 'All' }, ...EXPLORATION_ONLY.map((value) => ({ value, label: ONLY[value] }))]}
          value={query.only ?? ALL}
          onChange={({ value }) => choose(value)}
          width={24}
        />
      </InlineField>
    </>
  );
}
