/** What Prometheus said of accuracy, joined into one row per score of each model. */
import {
  ACCURACY_STATES,
  BASELINE_METRICS,
  beyondLimit,
  DRIFT_WINDOWS,
  RECORDED,
  type AccuracyState,
  type BaselineMetric,
  type DriftLevel,
} from '@modelwatch/contract';
import { compareModels, modelIdKey, modelIdOf, NAMELESS, type ModelId } from '../identity';
import type { Sample } from '../samples';

export interface ScoreId extends ModelId {
  readonly metric: BaselineMetric;
}

/** Times are milliseconds since 1970, durations seconds. What nobody said is absent, never 0. */
export interface AccuracyRow extends ScoreId {
  readonly task: string;
  readonly positiveClass: string;
  readonly state?: AccuracyState | undefined;
  readonly sinceMs?: number | undefined;
  readonly score?: number | undefined;
  readonly scoreBefore?: number | undefined;
  readonly baseline?: number | undefined;
  readonly warning?: number | undefined;
  readonly critical?: number | undefined;
  readonly window: string;
  readonly pairs?: number | undefined;
  readonly pairsNeeded?: number | undefined;
  readonly lastPairMs?: number | undefined;
  readonly openPredictions?: number | undefined;
  readonly actualDelaySeconds?: number | undefined;
}

export interface AccuracyAnswers {
  readonly now: readonly Sample[];
  /** Open predictions and delay of actuals, told apart by the label `figure`. */
  readonly actuals?: readonly Sample[];
  /** Scores a week before. */
  readonly before?: readonly Sample[];
  /** The window that was asked for; absent: of each model that of its settings. */
  readonly window?: string | undefined;
  /** The scores that were asked for; empty for all. */
  readonly metrics?: readonly string[];
}

export interface AccuracyJoin {
  /** Worst first. */
  readonly rows: readonly AccuracyRow[];
  /** Samples that could not be used, by what is wrong with them. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Models that are watched, and of which nothing is recorded over the window: by window. */
  readonly silent: ReadonlyMap<string, readonly ModelId[]>;
}

/** What has been gathered of one score. By window, since the one that counts may not be known yet. */
interface Draft {
  readonly metric: BaselineMetric;
  readonly states: Array<{ readonly state: AccuracyState; readonly window: string }>;
  readonly scores: Map<string, number>;
  readonly limits: Partial<Record<DriftLevel, number>>;
  baseline?: number;
}

interface OfModel {
  readonly id: ModelId;
  settings?: { readonly task: string; readonly window: string; readonly positiveClass: string };
  readonly pairs: Map<string, number>;
  readonly scores: Map<BaselineMetric, Draft>;
  readonly figures: Map<string, number>;
}

export function metricOf(text: string | undefined): BaselineMetric | undefined {
  return BASELINE_METRICS.find((metric) => metric === text);
}

export function scoreKey(id: ScoreId): string {
  return [modelIdKey(id), id.metric].join('\u0000');
}

type Take = (draft: Draft, sample: Sample) => string | undefined;

const BY_SCORE: ReadonlyMap<string, Take> = new Map<string, Take>([
  [
    RECORDED.accuracyState.name,
    (draft, { labels, value }) => {
      const state = ACCURACY_STATES.find((one) => one === labels['state']);
      if (!state) return 'unknown state of accuracy';
      if (value === 1) draft.states.push({ state, window: labels['window'] ?? '' });
      return undefined;
    },
  ],
  [
    RECORDED.accuracyScore.name,
    (draft, { labels, value }) => {
      draft.scores.set(labels['window'] ?? '', value);
      return undefined;
    },
  ],
  [
    RECORDED.accuracyLimit.name,
    (draft, { labels: { level }, value }) => {
      if (level !== 'warning' && level !== 'critical') return 'unknown level of a limit';
      draft.limits[level] = value;
      return undefined;
    },
  ],
  [
    RECORDED.accuracyBaseline.name,
    (draft, { value }) => {
      draft.baseline = value;
      return undefined;
    },
  ],
]);

/** Gathers samples per score and model, and counts those that have no place. */
class Gathering {
  readonly models = new Map<string, OfModel>();
  readonly dropped = new Map<string, number>();

  take(samples: readonly Sample[]): void {
    for (const sample of samples) {
      const wrong = this.takeOne(sample);
      if (wrong) this.dropped.set(wrong, (this.dropped.get(wrong) ?? 0) + 1);
    }
  }

  private takeOne(sample: Sample): string | undefined {
    const { labels, value } = sample;
    const id = modelIdOf(labels);
    if (!id) return NAMELESS;
    const { __name__: name = '', figure } = labels;
    const take = BY_SCORE.get(name);
    if (take) {
      const metric = metricOf(labels['metric']);
      return metric ? take(draftOf(this.model(id), metric), sample) : 'unknown metric of accuracy';
    }
    const model = this.model(id);
    switch (name) {
      case RECORDED.accuracySettings.name: {
        const { task = '', window = '', positive_class: positiveClass = '' } = labels;
        model.settings = { task, window, positiveClass };
        return undefined;
      }
      case RECORDED.accuracyPairs.name:
        model.pairs.set(labels['window'] ?? '', value);
        return undefined;
      case RECORDED.accuracyRowsNeeded.name:
      case RECORDED.accuracyLastPair.name:
        model.figures.set(name, value);
        return undefined;
      default:
        if (figure === undefined) return 'unknown series';
        model.figures.set(figure, value);
        return undefined;
    }
  }

  private model({ cluster, namespace, model }: ModelId): OfModel {
    const id = { cluster, namespace, model };
    const key = modelIdKey(id);
    const found = this.models.get(key) ?? { id, pairs: new Map(), scores: new Map(), figures: new Map() };
    this.models.set(key, found);
    return found;
  }
}

function draftOf({ scores }: OfModel, metric: BaselineMetric): Draft {
  const found = scores.get(metric) ?? { metric, states: [], scores: new Map(), limits: {} };
  scores.set(metric, found);
  return found;
}

/** Where no settings say it, the longest window that anything was recorded over. */
function windowOf({ settings, pairs, scores }: OfModel, asked: string | undefined): string | undefined {
  if (asked ?? settings?.window) return asked ?? settings?.window;
  const found = [...scores.values()].flatMap((draft) => [
    ...draft.scores.keys(),
    ...draft.states.map(({ window }) => window),
  ]);
  return [...DRIFT_WINDOWS].reverse().find((window) => found.includes(window) || pairs.has(window));
}

function rowOf(model: OfModel, draft: Draft, window: string): AccuracyRow {
  const { metric, states, scores, limits, baseline } = draft;
  const { settings, pairs, figures } = model;
  const lastPair = figures.get(RECORDED.accuracyLastPair.name);
  const judged = states.filter((one) => one.window === window);
  return {
    ...model.id,
    metric,
    task: settings?.task ?? '',
    positiveClass: settings?.positiveClass ?? '',
    // Two may hold for a moment while rules are evaluated: the worse one is shown.
    state: ACCURACY_STATES.find((state) => judged.some((one) => one.state === state)),
    score: scores.get(window),
    baseline,
    warning: limits.warning,
    critical: limits.critical,
    window,
    pairs: pairs.get(window),
    pairsNeeded: figures.get(RECORDED.accuracyRowsNeeded.name),
    lastPairMs: lastPair === undefined ? undefined : lastPair * 1000,
    openPredictions: figures.get('open_predictions'),
    actualDelaySeconds: figures.get('actual_delay'),
  };
}

/** With too few pairs, and without limit and baseline, nothing names a score: that there is none must be seen all the same. */
const FIRST_OF_TASK: Readonly<Record<string, BaselineMetric>> = { classification: 'accuracy', regression: 'rmse' };

function rowsOf(model: OfModel, answers: AccuracyAnswers): AccuracyRow[] {
  const window = windowOf(model, answers.window);
  if (window === undefined || !isRecorded(model, window)) return [];
  const drafts = [...model.scores.values()];
  const first = FIRST_OF_TASK[model.settings?.task ?? ''];
  const shown = drafts.length > 0 || answers.metrics?.length || !first ? drafts : [draftOf(model, first)];
  return shown.map((draft) => rowOf(model, draft, window));
}

/** What is merely set, and counted over no window, has no row. */
function isRecorded({ pairs, scores }: OfModel, window: string): boolean {
  const judged = [...scores.values()].some((one) => one.states.some((state) => state.window === window));
  return pairs.has(window) || judged || [...scores.values()].some((one) => one.scores.has(window));
}

export function compareRows(a: AccuracyRow, b: AccuracyRow): number {
  const rank = ({ state }: AccuracyRow): number => (state ? ACCURACY_STATES.indexOf(state) : ACCURACY_STATES.length);
  const off = (row: AccuracyRow): number => beyondLimit(row) ?? Number.NEGATIVE_INFINITY;
  return (
    rank(a) - rank(b) ||
    (off(a) === off(b) ? 0 : off(b) - off(a)) ||
    compareModels(a, b) ||
    BASELINE_METRICS.indexOf(a.metric) - BASELINE_METRICS.indexOf(b.metric)
  );
}

function silentOf(models: Iterable<OfModel>, asked: string | undefined): Map<string, ModelId[]> {
  const silent = new Map<string, ModelId[]>();
  for (const model of models) {
    const window = asked ?? model.settings?.window;
    if (window === undefined || isRecorded(model, window)) continue;
    silent.set(window, [...(silent.get(window) ?? []), model.id]);
  }
  return silent;
}

/** Joins the parts of the answer. */
export function joinAccuracy(answers: AccuracyAnswers): AccuracyJoin {
  const gathered = new Gathering();
  gathered.take(answers.now);
  // What is said of a model that is not among those shown makes no row.
  const known = new Set(gathered.models.keys());
  gathered.take(answers.actuals ?? []);
  const before = new Gathering();
  before.take(answers.before ?? []);
  const models = [...gathered.models].flatMap(([key, model]) => (known.has(key) ? [model] : []));
  const rows = models
    .flatMap((model) => rowsOf(model, answers))
    .map((row) => ({
      ...row,
      scoreBefore: before.models.get(modelIdKey(row))?.scores.get(row.metric)?.scores.get(row.window),
    }));
  return { rows: rows.sort(compareRows), dropped: gathered.dropped, silent: silentOf(models, answers.window) };
}
