import type { DataFrame, FieldConfig } from '@grafana/data';
import { directionOf, type DistributionWindow } from '@modelwatch/contract';
import { DIRECTION_CONFIG, driftConfig, METRIC_CONFIG, UNITS } from '../appearance';
import { quantity, tableFrame, text, type Column } from '../columns';
import type { FrameContext } from '../inventoryFrame';
import type { VersionScore } from './versions';

const SCORE: FieldConfig = { decimals: 3 };
/** Counters are extended to the ends of the window: half a pair means nothing. */
const PAIRS: FieldConfig = { unit: UNITS.count, decimals: 0 };

/** Frame `version-scores`: a row per score of each version. What nobody knows is null. */
export function versionScoresFrame(
  rows: readonly VersionScore[],
  window: DistributionWindow,
  context: FrameContext
): DataFrame {
  const columns: ReadonlyArray<readonly [string, Column<VersionScore>]> = [
    ['cluster', text('Cluster', (row) => row.cluster || undefined)],
    ['namespace', text('Namespace', (row) => row.namespace)],
    ['model', text('Model', (row) => row.model)],
    ['metric', text('Metric', (row) => row.metric, METRIC_CONFIG)],
    ['version', text('Version', (row) => row.version)],
    ['state', text('State', (row) => row.state, driftConfig('State'))],
    ['score', quantity('Score', SCORE, (row) => row.score)],
    ['baseline', quantity('Baseline', SCORE, (row) => row.baseline)],
    [
      'change',
      quantity('Change against the baseline', SCORE, ({ score, baseline }) =>
        score === undefined || baseline === undefined ? undefined : score - baseline
      ),
    ],
    ['direction', text('Direction', (row) => directionOf(row.metric), DIRECTION_CONFIG)],
    ['pairs', quantity('Pairs', PAIRS, (row) => row.pairs)],
    ['pairs_needed', quantity('Pairs needed', PAIRS, (row) => row.pairsNeeded)],
    ['positive_class', text('Positive class', (row) => row.positiveClass)],
    ['window', text('Window', () => window)],
  ];
  return tableFrame('Scores by version', { kind: 'version-scores' }, columns, rows, context);
}
