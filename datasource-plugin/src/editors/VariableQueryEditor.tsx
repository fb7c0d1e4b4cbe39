import React from 'react';
import type { QueryEditorProps } from '@grafana/data';
import { Combobox, InlineField, Stack } from '@grafana/ui';
import type { ModelwatchDataSource } from '../datasource';
import type { ModelwatchOptions } from '../options';
import { decodeVariableQuery } from '../query/decode';
import { FILTER_FIELDS, VARIABLE_LABELS, type ModelwatchQuery, type VariableQuery } from '../query/types';
import { FilterFields } from './FilterFields';

type Props = QueryEditorProps<ModelwatchDataSource, ModelwatchQuery, ModelwatchOptions, VariableQuery>;

const LABEL_OPTIONS = VARIABLE_LABELS.map((value) => ({ value, label: `${value}s` }));

/** A stored query that cannot be read starts again as the list of namespaces. */
function read(stored: unknown): VariableQuery {
  try {
    return decodeVariableQuery(stored);
  } catch {
    return decodeVariableQuery('namespace');
  }
}

export function VariableQueryEditor({ query: stored, onChange, datasource, range }: Props): React.JSX.Element {
  const query = read(stored);
  return (
    <Stack direction="column" gap={0.5}>
      <InlineField label="List" htmlFor="modelwatch-variable-label" labelWidth={12}>
        <Combobox
          id="modelwatch-variable-label"
          options={LABEL_OPTIONS}
          value={query.label}
          onChange={({ value }) => onChange({ ...query, label: value })}
          width={26}
        />
      </InlineField>
      <FilterFields
        idPrefix="modelwatch-variable"
        filters={query.filters ?? {}}
        fields={FILTER_FIELDS.filter((field) => field !== query.label)}
        onChange={(filters) => onChange({ ...query, filters })}
        suggest={(label, filters) => datasource.suggest(label, filters, range)}
      />
    </Stack>
  );
}
