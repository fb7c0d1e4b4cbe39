/** How right models are, and what becomes of their actuals. */
import { ACCURACY_METRICS, RECORDED } from '@modelwatch/contract';
import { MODEL_BY, highest, type Figure, type FigureKindTable, type Select } from './figure';

const BY_SCORE = [...MODEL_BY, 'metric', 'window'] as const;
const BY_METRIC = [...MODEL_BY, 'metric'] as const;
const BY_LIMIT = [...BY_METRIC, 'level'] as const;
const MODEL = MODEL_BY.join(', ');
const COUNT = 'short';

/** Of each model the window that its verdict rests on. */
function ofWindow(select: Select, series: string): string {
  return `${series} and on (${MODEL}, window) ${select(RECORDED.accuracySettings.name, { of: 'model' })}`;
}

/** Where the series is of one score, the filter on scores narrows it. */
function recorded(
  series: { readonly name: string; readonly help: string },
  by: readonly string[],
  label: string,
  unit: string
): Figure {
  const of = by.includes('metric') ? {} : ({ of: 'model' } as const);
  const isOfWindow = by.includes('window');
  return {
    label,
    unit,
    by,
    description: isOfWindow ? `${series.help} Of the window that the verdict on the model rests on.` : series.help,
    expr: (select) => {
      const found = select(series.name, of);
      return highest(by, isOfWindow ? ofWindow(select, found) : found);
    },
  };
}

function delay(quantile: number, words: string): Figure {
  return {
    label: `Delay of actuals, ${words}`,
    unit: 's',
    by: MODEL_BY,
    description: 'Time from a prediction to its actual, of those that came within an hour.',
    expr: (select) => {
      const buckets = select(`${ACCURACY_METRICS.actualDelay.name}_bucket`, { of: 'model', over: '1h' });
      return `histogram_quantile(${quantile}, sum by (${MODEL}, le) (increase(${buckets})))`;
    },
  };
}

/** What exporters count each for itself adds up. */
const hourly = (by: readonly string[], counter: string) => `sum by (${by.join(', ')}) (increase(${counter}))`;

const FIGURES = {
  score: recorded(RECORDED.accuracyScore, BY_SCORE, 'Score', 'none'),
  baseline: recorded(RECORDED.accuracyBaseline, BY_METRIC, 'Baseline', 'none'),
  limit: recorded(RECORDED.accuracyLimit, BY_LIMIT, 'Limits of the score', 'none'),
  pairs: recorded(RECORDED.accuracyPairs, [...MODEL_BY, 'window'], 'Pairs of prediction and actual', COUNT),
  pairs_needed: recorded(RECORDED.accuracyRowsNeeded, MODEL_BY, 'Pairs needed', COUNT),
  pairs_by_age: {
    label: 'Pairs by age of the prediction',
    description:
      'Pairs whose actual arrived within an hour, by how old the prediction was by then: up to an hour, a day, a week, or older.',
    unit: COUNT,
    by: [...MODEL_BY, 'age'],
    expr: (select) => hourly([...MODEL_BY, 'age'], select(ACCURACY_METRICS.pairs.name, { of: 'model', over: '1h' })),
  },
  delay_p50: delay(0.5, 'median'),
  delay_p95: delay(0.95, '95th percentile'),
  open: {
    label: 'Open predictions',
    description: ACCURACY_METRICS.openPredictions.help,
    unit: COUNT,
    by: MODEL_BY,
    expr: (select) => `sum by (${MODEL}) (${select(ACCURACY_METRICS.openPredictions.name, { of: 'model' })})`,
  },
  expired: {
    label: 'Expired predictions of an hour',
    description: `${ACCURACY_METRICS.expiredPredictions.help} Within an hour.`,
    unit: COUNT,
    by: MODEL_BY,
    expr: (select) => hourly(MODEL_BY, select(ACCURACY_METRICS.expiredPredictions.name, { of: 'model', over: '1h' })),
  },
  joined: {
    label: 'Share of predictions that met their actual',
    description:
      'Of the predictions that were resolved or given up within a day, the share whose actual came. Scores rest on these alone.',
    unit: 'percentunit',
    by: MODEL_BY,
    expr: (select) => {
      const of = { of: 'model', over: '1d' } as const;
      const joined = hourly(MODEL_BY, select(ACCURACY_METRICS.actuals.name, { ...of, matchers: ['outcome="joined"'] }));
      const expired = hourly(MODEL_BY, select(ACCURACY_METRICS.expiredPredictions.name, of));
      return `${joined} / on (${MODEL}) (${joined} + on (${MODEL}) ${expired} > 0)`;
    },
  },
  actuals: {
    label: 'Actuals per second by outcome',
    description: 'Actuals that arrived, per second over 5 minutes, by what became of them.',
    unit: 'cps',
    by: [...MODEL_BY, 'outcome'],
    expr: (select) =>
      `sum by (${MODEL}, outcome) (rate(${select(ACCURACY_METRICS.actuals.name, { of: 'model', over: '5m' })}))`,
  },
} as const satisfies Record<string, Figure>;

export const ACCURACY_FIGURES: FigureKindTable<keyof typeof FIGURES> = {
  label: 'Accuracy over time',
  description: 'Scores with baselines and limits, pairs, and what becomes of actuals',
  figures: FIGURES,
  fallback: 'score',
  filters: ['cluster', 'namespace', 'model', 'metric'],
  ofModels: false,
};
