/** Drift and data quality of each feature, and what is predicted. */
import { EVENT_METRICS, RECORDED, type DataProblem } from '@modelwatch/contract';
import { MODEL_BY, highest, type Figure, type FigureKindTable, type Select } from './figure';

const BY_FEATURE = [...MODEL_BY, 'feature'] as const;
const BY_SCORE = [...BY_FEATURE, 'method', 'window'] as const;
const OF_FEATURES = ['subject="feature"'];
const OF_PREDICTIONS = ['subject="prediction"'];

/** Of each model the window that its verdict rests on. */
function ofWindow(select: Select, series: string): string {
  return `${series} and on (cluster, namespace, model, window) ${select(RECORDED.driftSettings.name, { of: 'model' })}`;
}

function judged(
  series: { readonly name: string; readonly help: string },
  by: readonly string[],
  matchers: readonly string[],
  label: string,
  unit: string
): Figure {
  return {
    label,
    unit,
    by,
    description: `${series.help} Of the window that the verdict on the model rests on.`,
    expr: (select) => highest(by, ofWindow(select, select(series.name, { matchers }))),
  };
}

function problem(name: DataProblem, label: string): Figure {
  return {
    label,
    unit: 'percentunit',
    by: BY_FEATURE,
    description: RECORDED.dataQualityRatio.help,
    expr: (select) => highest(BY_FEATURE, select(RECORDED.dataQualityRatio.name, { matchers: [`problem="${name}"`] })),
  };
}

const FEATURES = {
  score: judged(RECORDED.driftScore, BY_SCORE, OF_FEATURES, 'Drift score', 'none'),
  rows: judged(RECORDED.driftRows, [...BY_FEATURE, 'window'], OF_FEATURES, 'Rows compared', 'short'),
  missing: problem('missing', 'Share of missing values'),
  new: problem('new', 'Share of values of a new category'),
  out_of_range: problem('out_of_range', 'Share of values out of range'),
  invalid: problem('invalid', 'Share of invalid values'),
} as const satisfies Record<string, Figure>;

export const DRIFT_FIGURES: FigureKindTable<keyof typeof FEATURES> = {
  label: 'Drift over time',
  description: 'Drift score, rows and data quality of each feature',
  figures: FEATURES,
  fallback: 'score',
  filters: ['cluster', 'namespace', 'model', 'feature'],
  ofModels: false,
};

const BY_BIN = ['cluster', 'namespace', 'model', 'reference', 'bin'] as const;
const BY_CLASS = [...MODEL_BY, 'bin'] as const;

/** Bins are numbers: their category, or the edges of their range, say more. Special bins keep their name. */
function namedBins(expr: string, reference: string): string {
  const edges = `max by (${[...BY_BIN, 'from', 'to', 'category'].join(', ')}) (${reference})`;
  const joined = `${expr} * on (${BY_BIN.join(', ')}) group_left (from, to, category) (0 * ${edges} + 1)`;
  const ranged = `label_join(${joined}, "range", " to ", "from", "to")`;
  const byRange = `label_replace(${ranged}, "bin", "$1", "range", "(.+ to .+)")`;
  return `label_replace(${byRange}, "bin", "$1", "category", "(.+)")`;
}

const PREDICTIONS = {
  rate: {
    label: 'Predictions per second',
    description: 'Predictions (rows) that were taken in as events, per second over 5 minutes.',
    unit: 'cps',
    by: [...MODEL_BY, 'version'],
    expr: (select) =>
      `sum by (cluster, namespace, model, version) (rate(${select(EVENT_METRICS.predictions.name, { over: '5m' })}))`,
  },
  score: judged(RECORDED.driftScore, [...MODEL_BY, 'method', 'window'], OF_PREDICTIONS, 'Drift of predictions', 'none'),
  rows: judged(RECORDED.driftRows, [...MODEL_BY, 'window'], OF_PREDICTIONS, 'Predictions compared', 'short'),
  shares: {
    label: 'Share of predictions by class or range',
    description: 'Share of the predictions of the last hour in each class, or in each range of the reference.',
    unit: 'percentunit',
    by: BY_CLASS,
    expr: (select) => {
      const rows = highest(BY_BIN, select(RECORDED.binRows.name, { matchers: OF_PREDICTIONS }));
      const all = `(sum by (cluster, namespace, model, reference) (${rows}) > 0)`;
      const shares = `${rows} / on (cluster, namespace, model, reference) group_left () ${all}`;
      return highest(BY_CLASS, namedBins(shares, select(EVENT_METRICS.predictionReference.name)));
    },
  },
  features_drifted: {
    label: 'Features that drifted',
    description: `${RECORDED.driftFeatures.help} Of the window that the verdict on the model rests on.`,
    unit: 'short',
    by: [...MODEL_BY, 'state'],
    expr: (select) =>
      highest(
        [...MODEL_BY, 'state'],
        ofWindow(select, select(RECORDED.driftFeatures.name, { matchers: ['state=~"critical|warning"'] }))
      ),
  },
  features_drifted_share: {
    label: 'Share of features that drifted',
    description:
      'Features over a threshold by all that have a verdict, of the window that the verdict on the model rests on.',
    unit: 'percentunit',
    by: MODEL_BY,
    expr: (select) => {
      const features = (states: string) =>
        `sum by (cluster, namespace, model, reference) (${ofWindow(select, select(RECORDED.driftFeatures.name, { matchers: [`state=~"${states}"`] }))})`;
      return highest(MODEL_BY, `${features('critical|warning')} / (${features('critical|warning|ok')} > 0)`);
    },
  },
} as const satisfies Record<string, Figure>;

export const PREDICTION_FIGURES: FigureKindTable<keyof typeof PREDICTIONS> = {
  label: 'Predictions',
  description: 'Predictions of each model, their classes and ranges, and how many of its features drifted',
  figures: PREDICTIONS,
  fallback: 'rate',
  filters: ['cluster', 'namespace', 'model'],
  ofModels: false,
};
