import { createDataFrame, FieldType, type DataFrame, type FieldConfig } from '@grafana/data';
import { directionOf } from '@modelwatch/contract';
import { driftConfig, UNITS } from '../appearance';
import type { FrameContext } from '../inventoryFrame';
import { SEGMENT_SCORES, type SegmentScore } from './accuracy';
import type { SegmentRow } from './segments';

interface Column {
  readonly name: string;
  readonly type: FieldType;
  readonly config: FieldConfig;
  readonly value: (row: SegmentRow) => string | number | undefined;
  /** There although no row has a value. */
  readonly always?: boolean;
}

const text = (name: string, title: string, value: Column['value'], always = false): Column => ({
  ...{ name, value, always },
  type: FieldType.string,
  config: { displayNameFromDS: title },
});
const number = (name: string, title: string, config: FieldConfig, value: Column['value'], always = false): Column => ({
  ...{ name, value, always },
  type: FieldType.number,
  config: { displayNameFromDS: title, ...config },
});
const state = (name: string, title: string, value: Column['value']): Column => ({
  ...text(name, title, value, true),
  config: driftConfig(title),
});

const COUNT: FieldConfig = { unit: UNITS.count };
const SHARE: FieldConfig = { unit: UNITS.ratio };
const SCORE: FieldConfig = { decimals: 2 };
const SCORES: Readonly<Record<SegmentScore, readonly [string, FieldConfig]>> = {
  accuracy: ['Accuracy', SHARE],
  precision: ['Precision', SHARE],
  recall: ['Recall', SHARE],
  f1: ['F1', SCORE],
  mae: ['MAE', SCORE],
  rmse: ['RMSE', SCORE],
};

const COLUMNS: readonly Column[] = [
  text('cluster', 'Cluster', (row) => row.cluster || undefined),
  text('segment', 'Segment', (row) => row.segment, true),
  text('value', 'Value', (row) => row.value, true),
  text('name', 'Name', (row) => (row.name === row.value ? undefined : row.name)),
  number('rows', 'Rows', COUNT, (row) => Math.round(row.rows), true),
  number('share', 'Share', SHARE, (row) => row.share, true),
  number('reference_share', 'Share in the reference', SHARE, (row) => row.referenceShare),
  state('state', 'Predictions', (row) => row.state),
  number('score', 'Drift of the predictions', SCORE, (row) => row.score, true),
  text('worst_feature', 'Worst feature', (row) => row.worst?.feature),
  state('worst_state', 'Its state', (row) => row.worst?.state),
  number('worst_score', 'Its drift', SCORE, (row) => row.worst?.score),
  number('drifted', 'Features that drifted', COUNT, (row) => (row.features > 0 ? row.drifted : undefined)),
  number('pairs', 'Pairs', COUNT, ({ accuracy }) => accuracy.pairs && Math.round(accuracy.pairs)),
  number('pairs_needed', 'Pairs needed', COUNT, ({ accuracy }) => accuracy.pairsNeeded),
  state('accuracy_state', 'Accuracy state', ({ accuracy }) => accuracy.state),
  ...SEGMENT_SCORES.flatMap((metric) => {
    const [title, config] = SCORES[metric];
    const change = `${title}, change${directionOf(metric) === 'lower_is_better' ? ' (lower is better)' : ''}`;
    return [
      number(metric, title, config, ({ accuracy }) => accuracy.scores[metric]),
      number(`${metric}_change`, change, config, ({ accuracy }) => accuracy.changes[metric]),
    ];
  }),
];

/** A row for each value of each segment. What nobody can say is null; what no row has is left out. */
export function segmentsFrame(rows: readonly SegmentRow[], context: FrameContext): DataFrame {
  const fields = COLUMNS.map(({ value, ...column }) => ({ ...column, values: rows.map((row) => value(row) ?? null) }));
  const kept = fields.filter(({ always, values }) => always || values.some((value) => value !== null));
  return createDataFrame({
    refId: context.refId,
    name: 'Segments',
    meta: {
      preferredVisualisationType: 'table',
      ...(context.notices?.length && { notices: [...context.notices] }),
    },
    fields: kept.map(({ name, type, config, values }) => ({ name, type, config: { ...config }, values })),
  });
}
