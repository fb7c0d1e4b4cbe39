/** Scores by version of one model, from sums over its pairs: as the rules have them of all versions. */
import {
  ACCURACY_STATES,
  BASELINE_METRICS,
  directionOf,
  OTHER_CLASSES,
  PAIRS_OF_METRIC,
  RECORDED,
  type AccuracyState,
  type BaselineMetric,
} from '@modelwatch/contract';
import type { CountedByVersion } from '../../query/accuracyVersions';
import { compareModels, modelIdKey, modelIdOf, NAMELESS, type ModelId } from '../identity';
import type { Sample } from '../samples';
import { classScores, type ClassSums } from '../segments/accuracy';
import { metricOf } from './scores';

/** Below this share of the squares of the actuals their spread is lost in rounding: as in the rules. */
const LEAST_SPREAD = 1e-9;

export interface VersionScore extends ModelId {
  readonly version: string;
  readonly metric: BaselineMetric;
  readonly task: string;
  readonly positiveClass: string;
  /** Undefined where no limit says it. */
  readonly state?: AccuracyState | undefined;
  /** Undefined with too few pairs, and where it is not defined. */
  readonly score?: number | undefined;
  /** Of the model, whatever its version. */
  readonly baseline?: number | undefined;
  /** Those that the score is made of: of precision those whose class is told apart. */
  readonly pairs: number;
  readonly pairsNeeded?: number | undefined;
}

interface OfModel {
  readonly id: ModelId;
  task: string;
  positiveClass: string;
  needed?: number;
  readonly baselines: Map<BaselineMetric, number>;
  readonly limits: { readonly metric: BaselineMetric; readonly level: AccuracyState; readonly limit: number }[];
  readonly versions: Map<string, Sample[]>;
}

const FIRST_OF_TASK: Readonly<Record<string, BaselineMetric>> = { classification: 'accuracy', regression: 'rmse' };
const natural = new Intl.Collator('en', { numeric: true });

const sum = (samples: readonly Sample[]): number => samples.reduce((total, { value }) => total + value, 0);
const ratio = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);

/** Sums of one version. */
class Counts {
  constructor(private readonly samples: readonly Sample[]) {}

  of(counted: CountedByVersion, labels: Readonly<Record<string, string>> = {}): Sample[] {
    return this.samples.filter(
      (one) =>
        one.labels['counted'] === counted &&
        Object.entries(labels).every(([label, value]) => one.labels[label] === value)
    );
  }

  sum(counted: CountedByVersion, labels: Readonly<Record<string, string>> = {}): number {
    return sum(this.of(counted, labels));
  }

  /** Pairs of two classes that are not told apart may be right or wrong: nobody knows. */
  classified(): Sample[] {
    return this.of('outcomes').filter(
      ({ labels }) => labels['predicted'] !== OTHER_CLASSES || labels['actual'] !== OTHER_CLASSES
    );
  }

  samplesOf(metric: BaselineMetric): number {
    switch (PAIRS_OF_METRIC[metric]) {
      case 'classified_pairs':
        return sum(this.classified());
      case 'scored_pairs':
        return this.sum('score_outcomes');
      case 'relative_error_pairs':
        return this.sum('relative_error_pairs');
      default:
        return this.sum('pairs');
    }
  }
}

type Scores = Partial<Record<BaselineMetric, number | undefined>>;

function ofClasses(counts: Counts, positiveClass: string): Scores {
  const classes = new Map<string, ClassSums>();
  const add = (name: string | undefined, counted: keyof ClassSums, pairs: number): void => {
    if (name === undefined) return;
    const found = classes.get(name) ?? { predicted: 0, actual: 0, both: 0 };
    classes.set(name, { ...found, [counted]: found[counted] + pairs });
  };
  const classified = counts.classified();
  for (const { labels, value } of classified) {
    add(labels['predicted'], 'predicted', value);
    add(labels['actual'], 'actual', value);
    if (labels['predicted'] === labels['actual']) add(labels['actual'], 'both', value);
  }
  const all = sum(classified);
  return all > 0 ? classScores(classes, all, positiveClass) : {};
}

/** For each negative the positives above it, and half of those in its bin. */
function areaUnderCurve(bins: readonly { readonly positives: number; readonly negatives: number }[]) {
  let [below, wrong, negatives] = [0, 0, 0];
  for (const bin of bins) {
    wrong += bin.negatives * (below + bin.positives / 2);
    below += bin.positives;
    negatives += bin.negatives;
  }
  const found = ratio(wrong, below * negatives);
  return found === undefined ? undefined : 1 - found;
}

function ofScores(counts: Counts): Scores {
  const names = [...new Set(counts.of('score_outcomes').map(({ labels }) => labels['bin'] ?? ''))];
  const bins = names
    .sort((a, b) => Number(a) - Number(b))
    .map((bin) => ({
      positives: counts.sum('score_outcomes', { bin, actual: '1' }),
      negatives: counts.sum('score_outcomes', { bin, actual: '0' }),
      scores: counts.sum('score_sum', { bin }),
    }));
  const scored = counts.sum('score_outcomes');
  const offBy = bins.reduce((total, { scores, positives }) => total + Math.abs(scores - positives), 0);
  return {
    auc: areaUnderCurve(bins),
    log_loss: ratio(counts.sum('log_loss'), scored),
    brier: ratio(counts.sum('squared_error'), scored),
    calibration_error: ratio(offBy, scored),
  };
}

function ofErrors(counts: Counts): Scores {
  const [pairs, squared] = [counts.sum('pairs'), counts.sum('squared_error')];
  const meanSquare = ratio(squared, pairs);
  const squares = counts.sum('actual_squared');
  const actual = counts.sum('actual', { sign: 'over' }) - counts.sum('actual', { sign: 'under' });
  const spread = pairs > 0 ? squares - actual ** 2 / pairs : 0;
  return {
    mae: ratio(counts.sum('absolute_error'), pairs),
    rmse: meanSquare === undefined ? undefined : Math.sqrt(meanSquare),
    r2: spread > LEAST_SPREAD * squares ? 1 - squared / spread : undefined,
    mape: ratio(counts.sum('relative_error'), counts.sum('relative_error_pairs')),
  };
}

function judged({ limits }: OfModel, metric: BaselineMetric, score: number | undefined): AccuracyState | undefined {
  const own = limits.filter((one) => one.metric === metric);
  if (score === undefined || own.length === 0) return undefined;
  const isLower = directionOf(metric) === 'lower_is_better';
  const over = own.filter(({ limit }) => (isLower ? score >= limit : score <= limit)).map(({ level }) => level);
  return ACCURACY_STATES.find((state) => over.includes(state)) ?? 'ok';
}

function rowsOf(model: OfModel, version: string, samples: readonly Sample[]): VersionScore[] {
  const counts = new Counts(samples);
  const { id, task, positiveClass, needed, baselines } = model;
  const isRegression = task === 'regression';
  const scores = isRegression ? ofErrors(counts) : { ...ofClasses(counts, positiveClass), ...ofScores(counts) };
  const row = (metric: BaselineMetric): VersionScore => {
    const pairs = counts.samplesOf(metric);
    const isEnough = needed !== undefined && pairs > 0 && pairs >= needed;
    const score = isEnough ? scores[metric] : undefined;
    const state = isEnough ? judged(model, metric, score) : 'too_little_data';
    const known = { task, positiveClass, baseline: baselines.get(metric), pairsNeeded: needed };
    return { ...id, version, metric, ...known, pairs, score, state };
  };
  const rows = BASELINE_METRICS.filter((metric) => scores[metric] !== undefined).map(row);
  // With too few pairs for any score it must be seen all the same that the version is there: once.
  const first = FIRST_OF_TASK[task];
  if (first && rows.every(({ state }) => state === 'too_little_data')) return [row(first)];
  return rows;
}

/**
 * @param now what is set of the models of the name: settings, pairs needed, baselines and limits
 * @param counts sums over the pairs of the window, by version
 * @returns by metric, the newest version first; samples that could not be used, by what is wrong with them
 */
export function versionScores(
  now: readonly Sample[],
  counts: readonly Sample[]
): { readonly rows: readonly VersionScore[]; readonly dropped: ReadonlyMap<string, number> } {
  const models = new Map<string, OfModel>();
  const dropped = new Map<string, number>();
  const take = (sample: Sample, read: (model: OfModel, sample: Sample) => string | undefined): void => {
    const id = modelIdOf(sample.labels);
    const key = id && modelIdKey(id);
    const model = (key && models.get(key)) || (id && blank(id));
    const wrong = model ? read(model, sample) : NAMELESS;
    if (key && model) models.set(key, model);
    if (wrong) dropped.set(wrong, (dropped.get(wrong) ?? 0) + 1);
  };
  for (const sample of now) take(sample, takeSetting);
  for (const sample of counts) take(sample, takeCount);
  const rows = [...models.values()].flatMap((model) =>
    [...model.versions].flatMap(([version, samples]) => rowsOf(model, version, samples))
  );
  const order = (a: VersionScore, b: VersionScore): number =>
    compareModels(a, b) ||
    BASELINE_METRICS.indexOf(a.metric) - BASELINE_METRICS.indexOf(b.metric) ||
    natural.compare(b.version, a.version);
  return { rows: rows.sort(order), dropped };
}

function blank({ cluster, namespace, model }: ModelId): OfModel {
  const id = { cluster, namespace, model };
  return { id, task: '', positiveClass: '', baselines: new Map(), limits: [], versions: new Map() };
}

function takeSetting(model: OfModel, { labels, value }: Sample): string | undefined {
  const { __name__: name, task = '', positive_class: positiveClass = '', level } = labels;
  if (name === RECORDED.accuracySettings.name) {
    Object.assign(model, { task, positiveClass });
    return undefined;
  }
  if (name === RECORDED.accuracyRowsNeeded.name) {
    model.needed = value;
    return undefined;
  }
  const metric = metricOf(labels['metric']);
  if (!metric) return 'unknown metric of accuracy';
  if (name === RECORDED.accuracyBaseline.name) model.baselines.set(metric, value);
  else if (level === 'warning' || level === 'critical') model.limits.push({ metric, level, limit: value });
  else return 'unknown level of a limit';
  return undefined;
}

function takeCount(model: OfModel, sample: Sample): undefined {
  const { version = '' } = sample.labels;
  model.versions.set(version, [...(model.versions.get(version) ?? []), sample]);
}
