/** What accuracy of a model means: what its owner says of it, and what follows from its reference. */
import {
  LOWER_IS_BETTER,
  MOST_CLASSES,
  OTHER_CLASSES,
  type BaselineMetric,
  type DriftLevel,
  type DriftWindow,
  type Reference,
  type Task,
} from '@modelwatch/contract';
import { pairsNeeded, shareOfClass } from './pairs-needed';

export type AccuracyLimits = Readonly<Record<DriftLevel, number>>;

/** Said of one model; what is absent follows from the reference. */
export interface AccuracySettings {
  readonly task?: Task | undefined;
  /** The class whose probability a score is; without it the last of two in their order, as scikit-learn has it. */
  readonly positiveClass?: string | undefined;
  /** Score from which the prediction is the positive class; 0.5 unless said. */
  readonly decisionThreshold?: number | undefined;
  readonly limits?: Readonly<Partial<Record<BaselineMetric, AccuracyLimits>>> | undefined;
  /** Shares by which a score may be worse than its baseline. */
  readonly drop?: Readonly<Partial<Record<BaselineMetric, AccuracyLimits>>> | undefined;
  /** Without it what chance asks for. */
  readonly minimumRows?: number | undefined;
  /** The window that the verdict rests on; without it that of drift. */
  readonly window?: DriftWindow | undefined;
}

/** The relative loss against the baseline from which there is a warning, and from which it is critical, unless set. */
const DROP: AccuracyLimits = { warning: 0.05, critical: 0.15 };

/** The first that the reference has a baseline of is judged by its drop when nobody says which. */
const JUDGED: Readonly<Record<Task, readonly BaselineMetric[]>> = {
  classification: ['auc', 'accuracy'],
  regression: ['rmse', 'mae'],
};

/** How the pairs of a model are counted and judged. */
export interface AccuracyPlan {
  /** Absent: pairs are counted, and nothing is said of how right they are. */
  readonly task?: Task;
  readonly window: DriftWindow;
  readonly rowsNeeded: number;
  readonly decisionThreshold: number;
  /** The classes that are told apart, in their order. */
  readonly classes: readonly string[];
  /** Only of a classification with two classes, or with a class that somebody named. */
  readonly positiveClass?: string;
  /** Whether predictions are scores: said by the reference, else each number that is no class is one. */
  readonly predictsScores?: boolean;
  readonly limits: Readonly<Partial<Record<BaselineMetric, AccuracyLimits>>>;
}

export interface AccuracyBasis {
  readonly references: readonly Pick<Reference, 'task' | 'classes' | 'target' | 'prediction' | 'baseline'>[];
  readonly settings: AccuracySettings;
  /** Of drift. */
  readonly window: DriftWindow;
}

/** The first reference that says something is the one that counts: the task of a model does not change with its version. */
export function accuracyPlan({ references, settings, window }: AccuracyBasis): AccuracyPlan {
  const reference = references.find(({ task }) => task !== undefined) ?? references[0];
  const task = settings.task ?? reference?.task;
  const classes: Classes = task === 'classification' ? classesOf(reference, settings) : { classes: [] };
  const limits = limitsOf(settings, task, reference?.baseline);
  const positives = shareOfClass(reference?.target, classes.positiveClass);
  return {
    ...(task === undefined ? {} : { task }),
    window: settings.window ?? window,
    rowsNeeded: settings.minimumRows ?? pairsNeeded(limits, reference?.baseline ?? {}, positives),
    decisionThreshold: settings.decisionThreshold ?? 0.5,
    ...classes,
    limits,
  };
}

type Classes = Pick<AccuracyPlan, 'classes' | 'positiveClass' | 'predictsScores'>;

function classesOf(reference: AccuracyBasis['references'][number] | undefined, settings: AccuracySettings): Classes {
  const { classes = [], prediction } = reference ?? {};
  const all = classes.filter((name) => name !== OTHER_CLASSES);
  const positiveClass = settings.positiveClass ?? (all.length === 2 ? all[1] : undefined);
  return {
    classes: boundedClasses(all, positiveClass),
    ...(positiveClass === undefined ? {} : { positiveClass }),
    ...(prediction ? { predictsScores: isScore(prediction, all) } : {}),
  };
}

type Limits = AccuracyPlan['limits'];

/**
 * Floors, which are said as they are, and drops, which follow from the baseline. Of a score with both the stricter one
 * counts; a floor alone takes the place of the drop that nobody asked for.
 */
function limitsOf({ limits = {}, drop }: AccuracySettings, task: Task | undefined, baseline: Scores = {}): Limits {
  if (!drop) return { ...fromBaseline(usualDrop(task, baseline), baseline), ...limits };
  const dropped = fromBaseline(drop, baseline);
  return { ...dropped, ...mapLimits(limits, (metric, floor) => stricter(metric, floor, dropped[metric] ?? floor)) };
}

type Scores = NonNullable<Reference['baseline']>;

function usualDrop(task: Task | undefined, baseline: Scores): Limits {
  const metric = task && JUDGED[task].find((each) => baseline[each] !== undefined);
  return metric === undefined ? {} : { [metric]: DROP };
}

function fromBaseline(drop: Limits, baseline: Scores): Limits {
  return mapLimits(drop, (metric, { warning, critical }) => {
    const score = baseline[metric];
    if (score === undefined) return undefined;
    const worse = (share: number) => score + (LOWER_IS_BETTER.includes(metric) ? 1 : -1) * share * Math.abs(score);
    return { warning: worse(warning), critical: worse(critical) };
  });
}

function stricter(metric: BaselineMetric, a: AccuracyLimits, b: AccuracyLimits): AccuracyLimits {
  const pick = LOWER_IS_BETTER.includes(metric) ? Math.min : Math.max;
  return { warning: pick(a.warning, b.warning), critical: pick(a.critical, b.critical) };
}

function mapLimits(
  limits: Limits,
  to: (metric: BaselineMetric, limit: AccuracyLimits) => AccuracyLimits | undefined
): Limits {
  const entries = (Object.entries(limits) as [BaselineMetric, AccuracyLimits][]).flatMap(([metric, limit]) => {
    const mapped = to(metric, limit);
    return mapped ? [[metric, mapped] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** The positive class is never among the others. */
function boundedClasses(all: readonly string[], positiveClass: string | undefined): string[] {
  const named = all.slice(0, MOST_CLASSES);
  if (positiveClass === undefined || named.includes(positiveClass)) return named;
  return [...named.slice(0, MOST_CLASSES - 1), positiveClass];
}

/** Classes may be numbers, too: a column of 0 and 1 alone is no column of scores. */
function isScore(prediction: NonNullable<Reference['prediction']>, classes: readonly string[]): boolean {
  return prediction.type === 'numeric' && prediction.bins.some(({ to }) => !classes.includes(String(to)));
}
