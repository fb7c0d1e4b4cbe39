import React from 'react';
import type { QueryEditorProps, SelectableValue } from '@grafana/data';
import { Alert, Button, Combobox, InlineField, InlineFieldRow, InlineSwitch, Stack } from '@grafana/ui';
import type { ModelwatchDataSource } from '../datasource';
import type { ModelwatchOptions } from '../options';
import { decodeQuery } from '../query/decode';
import { DEFAULT_QUERY, FILTER_FIELDS, type ModelwatchQuery, type QueryKind, type ServiceMetric } from '../query/types';
import { FilterFields } from './FilterFields';

type Props = QueryEditorProps<ModelwatchDataSource, ModelwatchQuery, ModelwatchOptions>;

const KINDS: Record<QueryKind, { label: string; description: string }> = {
  inventory: { label: 'Inventory', description: 'One row per model with health, reason, replicas and requests' },
  'health-history': { label: 'Health over time', description: 'Health of each model over the time range' },
  'service-metrics': { label: 'Service metrics', description: 'Rate, errors or latency of each model over time' },
  'health-transitions': { label: 'Changes of health', description: 'One annotation per change of health' },
};
const METRICS: Record<ServiceMetric, string> = {
  rate: 'Requests per second',
  errors: 'Share of failed requests',
  latency_mean: 'Mean latency',
  latency_p95: '95th percentile of latency',
};

function optionsOf<T extends string>(entries: Record<T, string | { label: string; description: string }>) {
  return Object.entries<string | { label: string; description: string }>(entries).map(([value, entry]) => ({
    value: value as T,
    ...(typeof entry === 'string' ? { label: entry } : entry),
  })) satisfies Array<SelectableValue<T>>;
}
const KIND_OPTIONS = optionsOf(KINDS);
const METRIC_OPTIONS = optionsOf(METRICS);

/** The stored query, or why it cannot be read. */
function read(stored: ModelwatchQuery): { query: ModelwatchQuery } | { problem: string } {
  try {
    return { query: decodeQuery(stored) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

export function QueryEditor({ query: stored, onChange, onRunQuery, datasource, range }: Props): React.JSX.Element {
  const store = (query: ModelwatchQuery): void => {
    onChange(query);
    onRunQuery();
  };
  const known = read(stored);
  if ('problem' in known) {
    const reset = (): void => store({ ...DEFAULT_QUERY, refId: stored.refId });
    return (
      <Alert title="This query cannot be read" severity="error">
        <p>{known.problem}</p>
        <Button onClick={reset} variant="secondary">
          Start again with the inventory of all models
        </Button>
      </Alert>
    );
  }
  const { query } = known;
  const id = `modelwatch-${query.refId}`;
  // Decoding gives the new kind its defaults and drops what belongs to the old one.
  const chooseKind = (kind: QueryKind): void => store(decodeQuery({ ...query, kind }));
  return (
    <Stack direction="column" gap={0.5}>
      <InlineFieldRow>
        <InlineField label="Show" htmlFor={`${id}-kind`} labelWidth={12}>
          <Combobox
            id={`${id}-kind`}
            options={KIND_OPTIONS}
            value={query.kind}
            onChange={({ value }) => chooseKind(value)}
            width={26}
          />
        </InlineField>
        {query.kind === 'service-metrics' && (
          <InlineField label="Metric" htmlFor={`${id}-metric`} labelWidth={12}>
            <Combobox
              id={`${id}-metric`}
              options={METRIC_OPTIONS}
              value={query.metric}
              onChange={({ value }) => store({ ...query, metric: value })}
              width={30}
            />
          </InlineField>
        )}
        {query.kind === 'inventory' && (
          <InlineField label="Sparklines" htmlFor={`${id}-sparklines`} labelWidth={12}>
            <InlineSwitch
              id={`${id}-sparklines`}
              value={query.sparklines ?? true}
              onChange={({ currentTarget }) => store({ ...query, sparklines: currentTarget.checked })}
            />
          </InlineField>
        )}
      </InlineFieldRow>
      <FilterFields
        idPrefix={id}
        filters={query.filters ?? {}}
        fields={FILTER_FIELDS}
        onChange={(filters) => store({ ...query, filters })}
        suggest={(label, filters) => datasource.suggest(label, filters, range)}
      />
    </Stack>
  );
}
