import React from 'react';
import { InlineField, MultiCombobox } from '@grafana/ui';
import { REMEMBERED_EVENT_KINDS } from '@modelwatch/contract';
import type { EventsQuery } from '../query/types';
import type { FieldsProps } from './WindowField';

export function EventsFields({ id, query, store }: FieldsProps<EventsQuery>): React.JSX.Element {
  return (
    <InlineField label="Events" htmlFor={`${id}-events`} labelWidth={12}>
      <MultiCombobox<(typeof REMEMBERED_EVENT_KINDS)[number]>
        id={`${id}-events`}
        options={REMEMBERED_EVENT_KINDS.map((value) => ({ value, label: value }))}
        value={[...(query.events ?? [])]}
        onChange={(chosen) => store({ ...query, events: chosen.map(({ value }) => value) })}
        placeholder="All"
        isClearable
        width="auto"
        minWidth={20}
      />
    </InlineField>
  );
}
