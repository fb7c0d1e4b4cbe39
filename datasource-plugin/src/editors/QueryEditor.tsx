import React from 'react';
import type { QueryEditorProps } from '@grafana/data';
import { Alert, Button, Combobox, InlineField, InlineFieldRow, InlineSwitch, Stack } from '@grafana/ui';
import type { ModelwatchDataSource } from '../datasource';
import type { ModelwatchOptions } from '../options';
import { decodeQuery } from '../query/decode';
import { FIGURE_KINDS, isFigureKind, type Figure, type FigureKind } from '../query/figures';
import {
  ACCURACY_DETAIL_FILTERS,
  ACCURACY_FILTERS,
  BATCH_FILTERS,
  CHALLENGER_FILTERS,
  COVERAGE_FILTERS,
  CUSTOM_FILTERS,
  DEFAULT_QUERY,
  DISTRIBUTION_FILTERS,
  DRIFT_FILTERS,
  EVENT_FILTERS,
  EXPLORATION_FILTERS,
  FAIRNESS_FILTERS,
  MODEL_FILTERS,
  PREDICTION_FILTERS,
  SEGMENT_FILTERS,
  SLO_FILTERS,
  type FigureQuery,
  type FilterField,
  type ModelwatchQuery,
  type QueryKind,
} from '../query/types';
import { AlertOn } from './AlertOn';
import { BatchesFields } from './BatchesFields';
import { CustomFields } from './CustomFields';
import { DistributionFields } from './DistributionFields';
import { EventsFields } from './EventsFields';
import { ExplorationFields } from './ExplorationFields';
import { FilterFields } from './FilterFields';
import { SloBurnFields } from './SloBurnFields';
import { hasWindow, WindowField } from './WindowField';

type Props = QueryEditorProps<ModelwatchDataSource, ModelwatchQuery, ModelwatchOptions>;

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly description: string;
}

const FIGURE_OPTIONS = (Object.keys(FIGURE_KINDS) as FigureKind[]).map((value): Option<QueryKind> => {
  const { label, description } = FIGURE_KINDS[value];
  return { value, label, description };
});
const KIND_OPTIONS: Array<Option<QueryKind>> = [
  {
    value: 'inventory',
    label: 'Inventory',
    description: 'One row per model with health, reason, replicas and requests',
  },
  { value: 'health-history', label: 'Health over time', description: 'Health of each model over the time range' },
  { value: 'drift', label: 'Drift', description: 'One row per feature, and one for the predictions of each model' },
  { value: 'distribution', label: 'Distribution', description: 'One feature of one model, or its predictions, by bin' },
  {
    value: 'segments',
    label: 'Segments',
    description: 'Of one model: one row per value of a segment with its rows, drift and accuracy',
  },
  {
    value: 'batches',
    label: 'Batches',
    description: 'Of one model: one row per batch with its rows, drift and accuracy, or scores by batch',
  },
  {
    value: 'accuracy',
    label: 'Accuracy',
    description: 'One row per score of each model, with its baseline and limits',
  },
  {
    value: 'accuracy-detail',
    label: 'Accuracy in detail',
    description: 'Of one model: confusion matrix, calibration, predicted beside actual, age of predictions',
  },
  {
    value: 'accuracy-versions',
    label: 'Accuracy by version',
    description: 'Of one model: one row per score of each version, with its change against the baseline',
  },
  {
    value: 'challengers',
    label: 'Challengers',
    description: 'One row per candidate, champion first, and one per score of both on the same rows',
  },
  {
    value: 'coverage',
    label: 'Coverage',
    description: 'One row per model: which of its events of the last hour are seen, and why others are not',
  },
  {
    value: 'custom-metric',
    label: 'Custom metrics',
    description: 'One row per metric that an owner declared, with its limits, or its values over time',
  },
  {
    value: 'exploration',
    label: 'Data exploration',
    description: 'Of one model: the last rows that the exporter holds, where that is switched on',
  },
  {
    value: 'fairness',
    label: 'Fairness',
    description: 'One row per group of a protected attribute and metric, with rates, limits and rows',
  },
  {
    value: 'prediction-history',
    label: 'Predictions over time',
    description: 'Of one model: mean with 10th and 90th percentile of each hour, or shares of classes',
  },
  {
    value: 'slo-status',
    label: 'SLO status',
    description: 'One row per objective with what is attained, budget left, burn rate and state',
  },
  {
    value: 'slo-budget',
    label: 'Budget over time',
    description: 'Of one objective: budget left over its window, with rollouts, drift and alerts',
  },
  { value: 'slo-burn', label: 'Burn rates', description: 'Of one objective: burn rates over time, and each alert' },
  { value: 'alerts', label: 'Alerts', description: 'Alerts that fire or wait, of a model or of all' },
  {
    value: 'events',
    label: 'Events',
    description: 'What happened lately, as the exporter remembers it: a row and an annotation each',
  },
  ...FIGURE_OPTIONS,
  { value: 'health-transitions', label: 'Changes of health', description: 'One annotation per change of health' },
];

function metricOptions(kind: FigureKind): Array<Option<string>> {
  const figures: Readonly<Record<string, Figure>> = FIGURE_KINDS[kind].figures;
  return Object.entries(figures).map(([value, { label, description }]) => ({ value, label, description }));
}

const FIELDS: Readonly<Partial<Record<QueryKind, readonly FilterField[]>>> = {
  drift: DRIFT_FILTERS,
  distribution: DISTRIBUTION_FILTERS,
  segments: SEGMENT_FILTERS,
  batches: BATCH_FILTERS,
  accuracy: ACCURACY_FILTERS,
  'accuracy-detail': ACCURACY_DETAIL_FILTERS,
  'accuracy-versions': ACCURACY_DETAIL_FILTERS,
  challengers: CHALLENGER_FILTERS,
  coverage: COVERAGE_FILTERS,
  'custom-metric': CUSTOM_FILTERS,
  exploration: EXPLORATION_FILTERS,
  fairness: FAIRNESS_FILTERS,
  'prediction-history': PREDICTION_FILTERS,
  'slo-status': SLO_FILTERS,
  'slo-budget': SLO_FILTERS,
  'slo-burn': SLO_FILTERS,
  alerts: SLO_FILTERS,
  events: EVENT_FILTERS,
};

/** Filters that mean something for a kind. */
function fieldsOf(kind: QueryKind, ofPredictions = false): readonly FilterField[] {
  const fields = isFigureKind(kind) ? FIGURE_KINDS[kind].filters : (FIELDS[kind] ?? MODEL_FILTERS);
  return ofPredictions ? fields.filter((field) => field !== 'feature') : fields;
}

/** The stored query, or why it cannot be read. */
function read(stored: ModelwatchQuery): { query: ModelwatchQuery } | { problem: string } {
  try {
    return { query: decodeQuery(stored) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function isFigure(query: ModelwatchQuery): query is FigureQuery {
  return isFigureKind(query.kind);
}

interface FigureFieldsProps {
  readonly id: string;
  readonly query: FigureQuery;
  readonly store: (query: ModelwatchQuery) => void;
}

function FigureFields({ id, query, store }: FigureFieldsProps): React.JSX.Element {
  return (
    <>
      <InlineField label="Metric" htmlFor={`${id}-metric`} labelWidth={12}>
        <Combobox
          id={`${id}-metric`}
          options={metricOptions(query.kind)}
          value={query.metric}
          onChange={({ value }) => store({ ...query, metric: value })}
          width={36}
        />
      </InlineField>
      <InlineField
        label="Period before"
        htmlFor={`${id}-compare`}
        labelWidth={16}
        tooltip="The same for the period before the time range, as long as it, drawn over it"
      >
        <InlineSwitch
          id={`${id}-compare`}
          value={query.compare ?? false}
          onChange={({ currentTarget }) => store({ ...query, compare: currentTarget.checked })}
        />
      </InlineField>
    </>
  );
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
  const fields = fieldsOf(query.kind, query.kind === 'distribution' && query.subject === 'prediction');
  const chooseKind = (kind: QueryKind): void => {
    // Decoding gives the new kind its defaults; what belongs to the old one goes.
    const { refId, datasource: ref, filters = {} } = query;
    const allowed: readonly string[] = fieldsOf(kind);
    const kept = Object.fromEntries(Object.entries(filters).filter(([field]) => allowed.includes(field)));
    store(decodeQuery({ refId, ...(ref && { datasource: ref }), kind, filters: kept }));
  };
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
        {isFigure(query) && <FigureFields id={id} query={query} store={store} />}
        {query.kind === 'distribution' && <DistributionFields id={id} query={query} store={store} />}
        {hasWindow(query) && <WindowField id={id} query={query} store={store} />}
        {query.kind === 'exploration' && <ExplorationFields id={id} query={query} store={store} />}
        {query.kind === 'events' && <EventsFields id={id} query={query} store={store} />}
        {query.kind === 'batches' && <BatchesFields id={id} query={query} store={store} />}
        {query.kind === 'custom-metric' && <CustomFields id={id} query={query} store={store} />}
        {query.kind === 'slo-burn' && <SloBurnFields id={id} query={query} store={store} />}
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
        fields={fields}
        onChange={(filters) => store({ ...query, filters })}
        suggest={(label, filters) => datasource.suggest(label, filters, range)}
      />
      <AlertOn query={query} datasource={datasource} />
    </Stack>
  );
}
