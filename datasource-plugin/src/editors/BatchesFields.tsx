import React from 'react';
import { Combobox, InlineField } from '@grafana/ui';
import { BATCHES_SHOWS, type BatchesQuery } from '../query/types';
import type { FieldsProps } from './WindowField';

const SHOWS = { batches: 'One row per batch', scores: 'Scores of drift by batch' } as const;

export function BatchesFields({ id, query, store }: FieldsProps<BatchesQuery>): React.JSX.Element {
  return (
    <InlineField label="As" htmlFor={`${id}-show`} labelWidth={12}>
      <Combobox
        id={`${id}-show`}
        options={BATCHES_SHOWS.map((value) => ({ value, label: SHOWS[value] }))}
        value={query.show ?? 'batches'}
        onChange={({ value }) => store({ ...query, show: value })}
        width={30}
      />
    </InlineField>
  );
}
