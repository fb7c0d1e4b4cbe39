import type { DataFrame, FieldConfig } from '@grafana/data';
import { CHALLENGER_FIELDS, CHALLENGER_SCORE_FIELDS } from '@modelwatch/contract';
import { challengerConfig, driftConfig, METRIC_CONFIG, UNITS } from '../appearance';
import { quantity, tableFrame, text, type Column } from '../columns';
import type { FrameContext } from '../inventoryFrame';
import type { CandidateRow, CandidateScoreRow } from './join';

/** Two that answer the same rows differ in the third place. */
const SCORE: FieldConfig = { decimals: 4 };
const COUNT: FieldConfig = { unit: UNITS.count };
const SHARE: FieldConfig = { unit: UNITS.ratio };

const CANDIDATE: Readonly<Record<keyof typeof CHALLENGER_FIELDS, Column<CandidateRow>>> = {
  cluster: text('Cluster', (row) => row.cluster || undefined),
  namespace: text('Namespace', (row) => row.namespace),
  model: text('Model', (row) => row.model),
  role: text('Role', (row) => row.role),
  challenger: text('Challenger', (row) => row.challenger || undefined),
  answersAs: text('Answers as', (row) => row.answersAs || undefined),
  source: text('Declared in', (row) => row.source || undefined),
  state: text('Verdict', (row) => row.state, challengerConfig('Verdict')),
  pairs: quantity('Pairs', COUNT, (row) => row.pairs),
  expected: quantity('Answers of the champion', COUNT, (row) => row.expected),
  judgedPairs: quantity('Pairs with an actual', COUNT, (row) => row.judgedPairs),
  pairsNeeded: quantity('Pairs needed', COUNT, (row) => row.pairsNeeded),
  agreement: quantity('Agreement', SHARE, (row) => row.agreement),
  difference: quantity('Mean difference', SCORE, (row) => row.difference),
  p50: quantity('P50', { unit: UNITS.seconds }, (row) => row.p50Seconds),
  p95: quantity('P95', { unit: UNITS.seconds }, (row) => row.p95Seconds),
  errorsRatio: quantity('Errors', SHARE, (row) => row.errorsRatio),
  drift: text('Drift', (row) => row.drift, driftConfig('Drift')),
  window: text('Window', (row) => row.window || undefined),
};

const OF_SCORE: Readonly<Record<keyof typeof CHALLENGER_SCORE_FIELDS, Column<CandidateScoreRow>>> = {
  cluster: text('Cluster', (row) => row.cluster || undefined),
  namespace: text('Namespace', (row) => row.namespace),
  model: text('Model', (row) => row.model),
  challenger: text('Challenger', (row) => row.challenger),
  metric: text('Metric', (row) => row.metric, METRIC_CONFIG),
  state: text('Verdict', (row) => row.state, challengerConfig('Verdict')),
  champion: quantity('Champion', SCORE, (row) => row.champion),
  candidate: quantity('Challenger’s', SCORE, (row) => row.candidate),
  lead: quantity('Lead', SCORE, (row) => row.lead),
  margin: quantity('By chance up to', SCORE, (row) => row.margin),
  judgedPairs: quantity('Pairs with an actual', COUNT, (row) => row.judgedPairs),
  pairsNeeded: quantity('Pairs needed', COUNT, (row) => row.pairsNeeded),
  window: text('Window', (row) => row.window || undefined),
};

function columnsOf<Row, Key extends string>(
  fields: Readonly<Record<Key, string>>,
  columns: Readonly<Record<Key, Column<Row>>>
): Array<readonly [string, Column<Row>]> {
  return (Object.keys(columns) as Key[]).map((key) => [fields[key], columns[key]] as const);
}

export function challengerFrame(rows: readonly CandidateRow[], context: FrameContext): DataFrame {
  return tableFrame('Challengers', { kind: 'challengers' }, columnsOf(CHALLENGER_FIELDS, CANDIDATE), rows, context);
}

export function challengerScoresFrame(rows: readonly CandidateScoreRow[], context: FrameContext): DataFrame {
  const columns = columnsOf(CHALLENGER_SCORE_FIELDS, OF_SCORE);
  return tableFrame('Scores on the same rows', { kind: 'challenger-scores' }, columns, rows, context);
}
