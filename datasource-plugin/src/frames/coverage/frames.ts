import type { DataFrame, FieldConfig } from '@grafana/data';
import { COVERAGE_FIELDS, COVERAGE_REASON_FIELDS, type CoveragePart } from '@modelwatch/contract';
import type { CoverageFigure } from '../../query/coverage';
import { coverageConfig, UNITS } from '../appearance';
import { moment, quantity, tableFrame, text, type Column } from '../columns';
import type { ModelId } from '../identity';
import type { FrameContext } from '../inventoryFrame';
import type { CoverageReason, CoverageRow } from './join';
import { coverageWords } from './words';

const COUNT: FieldConfig = { unit: UNITS.count, decimals: 0 };
const SHARE: FieldConfig = { unit: UNITS.ratio, decimals: 1 };
const SECONDS: FieldConfig = { unit: UNITS.seconds };

/** What counters grew by is not always whole. */
const whole = (value: number | undefined) => value && Math.round(value);
const rows = (title: string, part: CoveragePart) =>
  quantity<CoverageRow>(title, COUNT, (row) => whole(row.rows.get(part)));
const figure = (title: string, name: CoverageFigure, config: FieldConfig) =>
  quantity<CoverageRow>(title, config, ({ figures }) => figures.get(name));
const counted = (title: string, name: CoverageFigure) =>
  quantity<CoverageRow>(title, COUNT, ({ figures }) => whole(figures.get(name)));

const IDENTITY = {
  cluster: text<ModelId>('Cluster', (row) => row.cluster || undefined),
  namespace: text<ModelId>('Namespace', (row) => row.namespace),
  model: text<ModelId>('Model', (row) => row.model),
};

const COLUMNS: Readonly<Record<keyof typeof COVERAGE_FIELDS, Column<CoverageRow>>> = {
  ...IDENTITY,
  state: text('Coverage', (row) => row.state, coverageConfig('Coverage')),
  words: text('In words', coverageWords),
  unseen: quantity('Not seen, at least', SHARE, (row) => row.unseen?.ratio),
  received: rows('Received', 'received'),
  counted: rows('Counted', 'counted'),
  dropped: rows('Dropped', 'dropped'),
  duplicates: rows('Known already', 'duplicate'),
  missingId: rows('Without an id', 'missing_id'),
  absentFeatures: rows('Without a feature', 'absent_features'),
  unknownFeatures: rows('With an unknown feature', 'unknown_features'),
  uncompared: rows('Without a reference', 'uncompared'),
  sampleRatio: figure('Share that is sent', 'sample_ratio', SHARE),
  refusedRequests: counted('Requests turned away', 'refused_requests'),
  seriesRefused: counted('Series without room', 'series_refused'),
  joined: quantity('Joined', COUNT, (row) => whole(row.joined)),
  openPredictions: counted('Await their actual', 'open'),
  expired: counted('Waited in vain', 'expired'),
  lagMedian: figure('Delay, median', 'lag_p50', SECONDS),
  lagHigh: figure('Delay, 95th percentile', 'lag_p95', SECONDS),
  lastPrediction: moment('Last prediction', UNITS.ago, (row) => row.lastPredictionMs),
};

const inWords = (name: string): string => name.replaceAll('_', ' ');

const REASON_COLUMNS: Readonly<Record<keyof typeof COVERAGE_REASON_FIELDS, Column<CoverageReason>>> = {
  ...IDENTITY,
  of: text('Of', ({ of }) => (of === 'dropped' ? 'rows dropped' : inWords(of))),
  reason: text('Reason', ({ reason }) => inWords(reason)),
  count: quantity('In the last hour', COUNT, ({ count }) => Math.round(count)),
};

/** Frames `coverage` and `coverage-reasons` (contract, COVERAGE_FIELDS). */
export function coverageFrames(
  found: { readonly rows: readonly CoverageRow[]; readonly reasons: readonly CoverageReason[] },
  context: FrameContext
): DataFrame[] {
  const columns = (Object.keys(COLUMNS) as Array<keyof typeof COVERAGE_FIELDS>).map(
    (key) => [COVERAGE_FIELDS[key], COLUMNS[key]] as const
  );
  const ofReasons = (Object.keys(REASON_COLUMNS) as Array<keyof typeof COVERAGE_REASON_FIELDS>).map(
    (key) => [COVERAGE_REASON_FIELDS[key], REASON_COLUMNS[key]] as const
  );
  return [
    tableFrame('Coverage', { kind: 'coverage' }, columns, found.rows, context),
    tableFrame('Reasons', { kind: 'coverage-reasons' }, ofReasons, found.reasons, { ...context, notices: [] }),
  ];
}
