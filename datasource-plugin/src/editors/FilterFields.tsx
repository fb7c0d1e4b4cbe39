import React from 'react';
import { InlineField, InlineFieldRow, MultiCombobox, type ComboboxOption } from '@grafana/ui';
import { HEALTH_STATES, PLATFORMS, PREDICTION_AGES } from '@modelwatch/contract';
import { VARIABLE_LABELS, type FilterField, type ModelFilters, type VariableLabel } from '../query/types';

/** Gives the values to choose from for a label; fails when Prometheus does not answer. */
export type SuggestValues = (label: VariableLabel, filters: ModelFilters) => Promise<string[]>;

interface Props {
  readonly filters: ModelFilters;
  readonly fields: readonly FilterField[];
  readonly onChange: (filters: ModelFilters) => void;
  readonly suggest: SuggestValues;
  /** Makes the ids of the inputs unique on a page with several queries. */
  readonly idPrefix: string;
}

const LABELS: Record<FilterField, string> = {
  cluster: 'Cluster',
  namespace: 'Namespace',
  model: 'Model',
  platform: 'Platform',
  health: 'Health',
  server: 'Server',
  pipeline: 'Pipeline',
  feature: 'Feature',
  version: 'Version',
  segment: 'Segment',
  segment_value: 'Value',
  metric: 'Score',
  age: 'Age',
  slo: 'Objective',
  custom_metric: 'Metric',
};
const FIXED: Partial<Record<FilterField, readonly string[]>> = {
  platform: PLATFORMS,
  health: HEALTH_STATES,
  age: PREDICTION_AGES,
};

function options(values: readonly string[], typed: string): Array<ComboboxOption<string>> {
  const wanted = typed.toLowerCase();
  return values.filter((value) => value.toLowerCase().includes(wanted)).map((value) => ({ value, label: value }));
}

/** The values of a field that match what is typed; without an answer none, and any text can be typed still. */
async function loadOptions(field: FilterField, typed: string, { filters, suggest }: Props) {
  const fixed = FIXED[field];
  if (fixed) return options(fixed, typed);
  const label = VARIABLE_LABELS.find((entry) => entry === field);
  if (!label) return [];
  const others = { ...filters, [field]: [] };
  return options(await suggest(label, others).catch(() => []), typed);
}

/** One field per filter; an empty one means all. Values that are not offered, variables too, can be typed. */
export function FilterFields(props: Props): React.JSX.Element {
  const { filters, fields, onChange, idPrefix } = props;
  return (
    <InlineFieldRow>
      {fields.map((field) => (
        <InlineField key={field} label={LABELS[field]} htmlFor={`${idPrefix}-${field}`} labelWidth={12}>
          <MultiCombobox<string>
            id={`${idPrefix}-${field}`}
            options={(typed) => loadOptions(field, typed, props)}
            value={(filters[field] ?? []).map((value) => ({ value, label: value }))}
            onChange={(chosen) => onChange({ ...filters, [field]: chosen.map(({ value }) => value) })}
            placeholder="All"
            createCustomValue
            isClearable
            width="auto"
            minWidth={20}
          />
        </InlineField>
      ))}
    </InlineFieldRow>
  );
}
