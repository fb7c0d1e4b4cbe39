/** What the scores of one model are made of: its pairs by class, by score and by age, as they were counted. */
import {
  OTHER_CLASSES,
  PREDICTION_AGES,
  RECORDED,
  SCORE_BINS,
  type AccuracyDetailSubject,
  type DistributionWindow,
  type PredictionAge,
} from '@modelwatch/contract';
import type { Counted } from '../../query/accuracyDetail';
import { modelIdKey, modelIdOf, type ModelId } from '../identity';
import type { Sample } from '../samples';

/** What is set of one model. */
export interface DetailSettings extends ModelId {
  readonly task: string;
  readonly positiveClass: string;
  /** The one that its verdict rests on. */
  readonly window: string;
  readonly pairsNeeded?: number | undefined;
}

export interface Cell {
  readonly predicted: string;
  readonly actual: string;
  readonly pairs: number;
}

/** One bin of scores; shares are undefined without pairs, and with too few in all. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly pairs: number;
  readonly meanScore?: number | undefined;
  readonly positives?: number | undefined;
}

export interface Detail {
  readonly subject: AccuracyDetailSubject;
  /** Undefined where the model has no classes. */
  readonly confusion?: readonly Cell[] | undefined;
  /** Undefined where it gives no scores. */
  readonly calibration?: readonly CalibrationBin[] | undefined;
  readonly ages: ReadonlyArray<{ readonly age: PredictionAge; readonly pairs: number }>;
}

const natural = new Intl.Collator('en', { numeric: true });

/** By name, the positive class after the others, and what is not told apart last. */
export function inOrder(classes: Iterable<string>, positiveClass: string): string[] {
  const rank = (name: string): number => (name === OTHER_CLASSES ? 2 : Number(name === positiveClass));
  return [...classes].sort((a, b) => rank(a) - rank(b) || natural.compare(a, b));
}

/** Settings by model; a model without them has no accuracy. */
export function readSettings(now: readonly Sample[]): Map<string, DetailSettings> {
  const found = new Map<string, DetailSettings>();
  const needed = new Map<string, number>();
  for (const { labels, value } of now) {
    const id = modelIdOf(labels);
    if (!id) continue;
    if (labels['__name__'] === RECORDED.accuracyRowsNeeded.name) needed.set(modelIdKey(id), value);
    if (labels['__name__'] !== RECORDED.accuracySettings.name) continue;
    const { task = '', window = '', positive_class: positiveClass = '' } = labels;
    found.set(modelIdKey(id), { ...id, task, window, positiveClass });
  }
  return new Map([...found].map(([key, one]) => [key, { ...one, pairsNeeded: needed.get(key) }]));
}

const isOf = (counted: Counted, { labels }: Sample): boolean => labels['counted'] === counted;
const sum = (samples: readonly Sample[]): number => samples.reduce((total, { value }) => total + value, 0);

/** Of one name in several clusters the one with the most pairs. */
export function modelOf(
  settings: ReadonlyMap<string, DetailSettings>,
  counts: readonly Sample[]
): DetailSettings | undefined {
  const pairsOf = (key: string): number =>
    sum(counts.filter((one) => isOf('pairs', one) && modelIdKey(modelIdOf(one.labels) ?? NOBODY) === key));
  return [...settings].sort(([a], [b]) => pairsOf(b) - pairsOf(a))[0]?.[1];
}
const NOBODY: ModelId = { cluster: '', namespace: '', model: '' };

/** Every predicted and actual class; what is not told apart only where there is any. */
function confusionOf(counts: readonly Sample[], positiveClass: string): Cell[] {
  const cells = new Map<string, Cell>();
  const key = (predicted: string, actual: string): string => [predicted, actual].join('\u0000');
  const shown = new Set<string>();
  for (const { labels, value } of counts.filter((one) => isOf('outcomes', one))) {
    const { predicted = '', actual = '' } = labels;
    cells.set(key(predicted, actual), { predicted, actual, pairs: value });
    for (const name of [predicted, actual]) if (name !== OTHER_CLASSES || value > 0) shown.add(name);
  }
  const classes = inOrder(shown, positiveClass);
  return classes.flatMap((predicted) =>
    classes.map((actual) => cells.get(key(predicted, actual)) ?? { predicted, actual, pairs: 0 })
  );
}

function calibrationOf(counts: readonly Sample[], pairsNeeded: number): CalibrationBin[] | undefined {
  const scored = counts.filter((one) => isOf('score_outcomes', one));
  if (scored.length === 0) return undefined;
  const enough = sum(scored) >= pairsNeeded;
  return Array.from({ length: SCORE_BINS }, (_, index): CalibrationBin => {
    const ofBin = (samples: readonly Sample[]) => samples.filter(({ labels }) => labels['bin'] === String(index));
    const outcomes = ofBin(scored);
    const pairs = sum(outcomes);
    const positives = sum(outcomes.filter(({ labels }) => labels['actual'] === '1'));
    const scores = sum(ofBin(counts.filter((one) => isOf('score_sum', one))));
    const bounds = { from: index / SCORE_BINS, to: (index + 1) / SCORE_BINS };
    return {
      ...bounds,
      pairs,
      ...(enough && pairs > 0 && { meanScore: scores / pairs, positives: positives / pairs }),
    };
  });
}

/** @param counts of all models of the name */
export function detailOf(settings: DetailSettings, counts: readonly Sample[], window: DistributionWindow): Detail {
  const { task, positiveClass, pairsNeeded, window: _ofVerdict, ...id } = settings;
  const own = counts.filter(({ labels }) => modelIdKey(modelIdOf(labels) ?? NOBODY) === modelIdKey(id));
  const pairs = own.filter((one) => isOf('pairs', one));
  const isClassification = task === 'classification';
  const ages = PREDICTION_AGES.flatMap((age) => {
    const ofAge = sum(own.filter((one) => isOf('ages', one) && one.labels['age'] === age));
    return ofAge > 0 ? [{ age, pairs: ofAge }] : [];
  });
  return {
    subject: {
      ...id,
      task,
      positiveClass,
      window,
      pairs: pairs.length ? sum(pairs) : null,
      pairsNeeded: pairsNeeded ?? null,
    },
    confusion: isClassification ? confusionOf(own, positiveClass) : undefined,
    calibration: isClassification && positiveClass ? calibrationOf(own, pairsNeeded ?? 0) : undefined,
    ages,
  };
}
