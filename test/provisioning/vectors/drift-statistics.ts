/** Distributions of drift-statistics.json, which drift_statistics.py wrote: every statistic of each, as numpy and scipy have it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DRIFT_METHODS, RECORDED, type DriftMethod } from '@modelwatch/contract';
import type { RuleVector } from '../../support/promtool';

interface Case {
  readonly name: string;
  /** Of an hour: whole numbers a minute. */
  readonly rows: readonly number[];
  readonly reference: readonly number[];
  readonly statistics: Readonly<Record<DriftMethod, number>>;
}

const CASES = JSON.parse(readFileSync(join(__dirname, '../fixtures/drift-statistics.json'), 'utf8')) as readonly Case[];
const MINUTES = 70;

/** A model for each method, of which nothing but the setting differs. */
function inputOf({ rows, reference }: Case, method: DriftMethod): Record<string, string> {
  const model = `namespace="ns", model="${method}"`;
  const bins = rows.flatMap((count, index) => {
    const bin = `${model}, reference="r", feature="f", bin="${index}"`;
    return [
      [`modelwatch_feature_observations_total{${bin}, version="1"}`, `0+${count / 60}x${MINUTES}`],
      [`modelwatch_feature_reference_ratio{${bin}}`, `${reference[index]}x${MINUTES}`],
    ];
  });
  return {
    ...(Object.fromEntries(bins) as Record<string, string>),
    [`modelwatch_drift_settings_info{${model}, method="${method}", window="1h"}`]: `1x${MINUTES}`,
    [`modelwatch_drift_rows_needed{${model}, reference="r", subject="feature", feature="f"}`]: `1x${MINUTES}`,
  };
}

export const STATISTICS_VECTORS: readonly RuleVector[] = CASES.map((one) => ({
  name: `statistics of numpy and scipy: ${one.name}`,
  input: Object.assign({}, ...DRIFT_METHODS.map((method) => inputOf(one, method))) as Record<string, string>,
  expect: DRIFT_METHODS.map((method) => {
    const value = one.statistics[method];
    return {
      expr: `abs(${RECORDED.driftScore.name}{model="${method}"} - ${value}) < bool ${1e-6 * Math.max(1, value)}`,
      at: '65m',
      samples: {
        [`{namespace="ns", model="${method}", reference="r", subject="feature", feature="f", method="${method}", window="1h"}`]: 1,
      },
    };
  }),
}));
