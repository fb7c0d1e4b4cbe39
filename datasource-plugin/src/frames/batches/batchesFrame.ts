import { createDataFrame, FieldType, type DataFrame, type Field, type FieldConfig } from '@grafana/data';
import { batchConfig, driftConfig, UNITS } from '../appearance';
import type { FrameContext } from '../inventoryFrame';
import { SEGMENT_SCORES } from '../segments/accuracy';
import type { BatchRow, SubjectScore } from './batches';

interface Column {
  readonly name: string;
  readonly type: FieldType;
  readonly config: FieldConfig;
  readonly value: (row: BatchRow) => string | number | undefined;
  /** There although no row has a value. */
  readonly always?: boolean;
}

const of =
  (type: FieldType) =>
  (name: string, title: string, value: Column['value'], config: FieldConfig = {}, always = false): Column => ({
    ...{ name, type, value, always },
    config: { displayNameFromDS: title, ...config },
  });
const [text, number, time] = [of(FieldType.string), of(FieldType.number), of(FieldType.time)];

const COUNT: FieldConfig = { unit: UNITS.count };
const SCORE: FieldConfig = { decimals: 2 };

function worst({ scores }: BatchRow): SubjectScore | undefined {
  const features = scores.filter(({ subject }) => subject === 'feature');
  return [...features].sort((a, b) => (b.severity || 0) - (a.severity || 0) || b.score - a.score)[0];
}

const PREDICTIONS = 'predictions';

const milliseconds = (seconds: number | undefined): number | undefined => seconds && seconds * 1_000;

const COLUMNS: readonly Column[] = [
  text('batch', 'Batch', (row) => row.batch, {}, true),
  text('cluster', 'Cluster', (row) => row.cluster || undefined),
  text('name', 'Name', (row) => row.name || undefined),
  time('opened', 'Opened', (row) => milliseconds(row.openedSeconds), {}, true),
  time('closed', 'Closed', (row) => milliseconds(row.closedSeconds)),
  text('state', 'State', (row) => row.state, batchConfig('State'), true),
  number('rows', 'Rows', (row) => row.rows, COUNT, true),
  number(
    'score',
    'Drift of the predictions',
    (row) => row.scores.find(({ subject }) => subject === 'prediction')?.score,
    SCORE,
    true
  ),
  text('worst_feature', 'Worst feature', (row) => worst(row)?.feature),
  number('worst_score', 'Its drift', (row) => worst(row)?.score, SCORE),
  number('drifted', 'Features that drifted', (row) => (worst(row) ? row.drifted : undefined), COUNT),
  number('pairs', 'Pairs', ({ accuracy }) => accuracy.pairs, COUNT),
  number('pairs_needed', 'Pairs needed', ({ accuracy }) => accuracy.pairsNeeded, COUNT),
  text('accuracy_state', 'Accuracy state', ({ accuracy }) => accuracy.state, driftConfig('Accuracy state')),
  ...SEGMENT_SCORES.map((metric) =>
    number(metric, metric === 'f1' ? 'F1' : metric, ({ accuracy }) => accuracy.scores[metric], SCORE)
  ),
];

type Content = Pick<Field, 'name' | 'type' | 'config' | 'values'>;

function frameOf(name: string, fields: readonly Content[], { refId, notices }: FrameContext): DataFrame {
  return createDataFrame({
    refId,
    name,
    meta: { preferredVisualisationType: 'table', ...(notices?.length && { notices: [...notices] }) },
    fields: fields.map((field) => ({ ...field, config: { ...field.config } })),
  });
}

/** A row for each batch, newest last. What nobody can say is null; what no row has is left out. */
export function batchesFrame(rows: readonly BatchRow[], context: FrameContext): DataFrame {
  const fields = COLUMNS.map(({ value, ...column }) => ({ ...column, values: rows.map((row) => value(row) ?? null) }));
  const kept = fields.filter(({ always, values }) => always || values.some((value) => value !== null));
  return frameOf('Batches', kept, context);
}

/**
 * A field for the predictions and for each feature, with the batch as x axis; the predictions stand first, then what ever
 * drifted most. A bar is of the colour of `state`, the verdict on the batch: what has none is grey, not calm.
 */
export function batchScoresFrame(rows: readonly BatchRow[], context: FrameContext): DataFrame {
  const worstOf = new Map<string, number>();
  const titleOf = ({ subject, feature }: SubjectScore): string => (subject === 'prediction' ? PREDICTIONS : feature);
  for (const each of rows.flatMap(({ scores }) => scores)) {
    const title = titleOf(each);
    worstOf.set(title, Math.max(worstOf.get(title) ?? 0, each.severity || 0));
  }
  const titles = [...worstOf].sort(([, a], [, b]) => b - a).map(([title]) => title);
  const ordered = [
    ...titles.filter((title) => title === PREDICTIONS),
    ...titles.filter((title) => title !== PREDICTIONS),
  ];
  const clusters = new Set(rows.map(({ cluster }) => cluster)).size;
  const nameOf = ({ cluster, batch }: BatchRow): string => (clusters > 1 ? `${cluster} ${batch}` : batch);
  const batch = {
    name: 'batch',
    type: FieldType.string,
    config: { displayNameFromDS: 'Batch' },
    values: rows.map(nameOf),
  };
  const state = {
    ...{ name: 'state', type: FieldType.string, config: batchConfig('state') },
    values: rows.map((row) => row.state ?? null),
  };
  const scores = ordered.map((title) => ({
    ...{ name: title, type: FieldType.number, config: { ...SCORE, displayNameFromDS: title } },
    values: rows.map(({ scores: all }) => all.find((each) => titleOf(each) === title)?.score ?? null),
  }));
  return frameOf('Scores by batch', [batch, state, ...scores], context);
}
