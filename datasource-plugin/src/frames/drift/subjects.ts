/** What Prometheus said of drift, joined into one row per feature, and one for the predictions, of each model. */
import {
  DRIFT_METHODS,
  DRIFT_STATES,
  DRIFT_SUBJECTS,
  DRIFT_WINDOWS,
  driftSeverity,
  FEATURE_WEIGHTS,
  EVENT_METRICS,
  RECORDED,
  type DriftLevel,
  type DriftMethod,
  type DriftState,
  type DriftSubject,
} from '@modelwatch/contract';
import { compareModels, modelIdKey, modelIdOf, NAMELESS, type ModelId } from '../identity';
import type { Sample } from '../samples';

/** A feature of a model, or its predictions, against one reference. The feature of predictions is empty. */
export interface SubjectId extends ModelId {
  readonly reference: string;
  readonly subject: DriftSubject;
  readonly feature: string;
}

/** Times are milliseconds since 1970. What nobody said is absent, never 0. */
export interface DriftRow extends SubjectId {
  readonly type?: string | undefined;
  readonly state?: DriftState | undefined;
  readonly sinceMs?: number | undefined;
  readonly score?: number | undefined;
  readonly scoreBefore?: number | undefined;
  readonly method?: string | undefined;
  readonly window?: string | undefined;
  readonly rows?: number | undefined;
  readonly rowsNeeded?: number | undefined;
  readonly warning?: number | undefined;
  readonly critical?: number | undefined;
  readonly importance?: number | undefined;
  readonly weight?: string | undefined;
  readonly referenceName?: string | undefined;
  readonly referenceRows?: number | undefined;
  readonly lastPredictionMs?: number | undefined;
}

export interface DriftAnswers {
  readonly now: readonly Sample[];
  /** Scores a week before. */
  readonly before?: readonly Sample[];
  /** The window that was asked for; absent: of each model that of its settings. */
  readonly window?: string | undefined;
}

export interface DriftJoin {
  /** Worst first. */
  readonly rows: readonly DriftRow[];
  /** Samples that could not be used, by what is wrong with them. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Models that are watched, and of which nothing is recorded over the window: by window. */
  readonly silent: ReadonlyMap<string, readonly ModelId[]>;
}

/** The subject that a recorded series is about, or undefined where its labels do not say. */
export function subjectIdOf(labels: Sample['labels']): SubjectId | undefined {
  const id = modelIdOf(labels);
  const subject = DRIFT_SUBJECTS.find((one) => one === labels['subject']);
  const { reference, feature = '' } = labels;
  if (!id || !subject || !reference || (subject === 'feature') !== (feature !== '')) return undefined;
  return { ...id, reference, subject, feature };
}

export function subjectKey(id: SubjectId): string {
  return [modelIdKey(id), id.reference, id.subject, id.feature].join('\u0000');
}

/** `amount`, or `predictions`. */
export function subjectTitle({ subject, feature }: Pick<SubjectId, 'subject' | 'feature'>): string {
  return subject === 'prediction' ? 'predictions' : feature;
}

interface Settings {
  readonly method?: string | undefined;
  readonly window?: string | undefined;
}

interface OfModel {
  settings: Settings;
  lastPrediction?: number;
  readonly references: Map<string, { name?: string; rows?: number }>;
}

/** What has been gathered of one subject. By window, since the one that counts may not be known yet. */
interface Draft {
  readonly id: SubjectId;
  readonly states: Array<{ readonly state: DriftState; readonly method: string; readonly window: string }>;
  readonly scores: Array<{ readonly value: number; readonly method: string; readonly window: string }>;
  readonly rows: Map<string, number>;
  readonly thresholds: Partial<Record<DriftLevel, number>>;
  rowsNeeded?: number;
  type?: string;
  weight?: string;
}

type Take = (draft: Draft, sample: Sample) => string | undefined;

const BY_SUBJECT: ReadonlyMap<string, Take> = new Map<string, Take>([
  [
    RECORDED.driftState.name,
    (draft, { labels, value }) => {
      const state = DRIFT_STATES.find((one) => one === labels['state']);
      if (!state) return 'unknown state of drift';
      if (value === 1) draft.states.push({ state, method: labels['method'] ?? '', window: labels['window'] ?? '' });
      return undefined;
    },
  ],
  [
    RECORDED.driftScore.name,
    (draft, { labels, value }) => {
      draft.scores.push({ value, method: labels['method'] ?? '', window: labels['window'] ?? '' });
      return undefined;
    },
  ],
  [
    RECORDED.driftRows.name,
    (draft, { labels, value }) => {
      draft.rows.set(labels['window'] ?? '', value);
      return undefined;
    },
  ],
  [
    RECORDED.driftRowsNeeded.name,
    (draft, { value }) => {
      draft.rowsNeeded = value;
      return undefined;
    },
  ],
  [
    RECORDED.driftThreshold.name,
    (draft, { labels, value }) => {
      const { level } = labels;
      if (level !== 'warning' && level !== 'critical') return 'unknown level of a threshold';
      draft.thresholds[level] = value;
      return undefined;
    },
  ],
  [
    EVENT_METRICS.driftSubject.name,
    (draft, { labels }) => {
      if (labels['type']) draft.type = labels['type'];
      if (labels['weight']) draft.weight = labels['weight'];
      return undefined;
    },
  ],
]);

/** Gathers samples per subject and model, and counts those that have no place. */
class Gathering {
  readonly subjects = new Map<string, Draft>();
  readonly models = new Map<string, OfModel>();
  readonly importance = new Map<string, number>();
  readonly dropped = new Map<string, number>();

  take(samples: readonly Sample[]): void {
    for (const sample of samples) {
      const wrong = this.takeOne(sample);
      if (wrong) this.drop(wrong);
    }
  }

  drop(wrong: string): void {
    this.dropped.set(wrong, (this.dropped.get(wrong) ?? 0) + 1);
  }

  model(id: ModelId): OfModel {
    const key = modelIdKey(id);
    const found = this.models.get(key) ?? { settings: {}, references: new Map() };
    this.models.set(key, found);
    return found;
  }

  private takeOne(sample: Sample): string | undefined {
    const { labels, value } = sample;
    const id = modelIdOf(labels);
    if (!id) return NAMELESS;
    const name = labels['__name__'] ?? '';
    const take = BY_SUBJECT.get(name);
    if (take) {
      const subject = subjectIdOf(labels);
      return subject ? take(this.subject(subject), sample) : 'no label subject, feature or reference';
    }
    const reference = labels['reference'] ?? '';
    const model = this.model(id);
    switch (name) {
      case RECORDED.driftSettings.name:
        model.settings = { method: labels['method'], window: labels['window'] };
        return undefined;
      case EVENT_METRICS.featureImportance.name:
        this.importance.set(importanceKey({ ...id, reference, feature: labels['feature'] ?? '' }), value);
        return undefined;
      case EVENT_METRICS.lastPrediction.name:
        model.lastPrediction = Math.max(model.lastPrediction ?? -Infinity, value);
        return undefined;
      case EVENT_METRICS.referenceInfo.name:
        this.reference(model, reference).name = labels['reference_name'] ?? '';
        return undefined;
      case EVENT_METRICS.referenceRows.name:
        this.reference(model, reference).rows = value;
        return undefined;
      default:
        return 'unknown series';
    }
  }

  private reference(model: OfModel, id: string): { name?: string; rows?: number } {
    const found = model.references.get(id) ?? {};
    model.references.set(id, found);
    return found;
  }

  private subject(id: SubjectId): Draft {
    const key = subjectKey(id);
    const found = this.subjects.get(key) ?? { id, states: [], scores: [], rows: new Map(), thresholds: {} };
    this.subjects.set(key, found);
    return found;
  }
}

function importanceKey(id: ModelId & { readonly reference: string; readonly feature: string }): string {
  return [modelIdKey(id), id.reference, id.feature].join('\u0000');
}

/** Where no settings say it, the longest window that anything was recorded over. */
function windowOf({ states, rows }: Draft, settings: Settings, asked: string | undefined): string | undefined {
  if (asked ?? settings.window) return asked ?? settings.window;
  const found = [...states.map(({ window }) => window), ...rows.keys()];
  return [...DRIFT_WINDOWS].reverse().find((window) => found.includes(window));
}

function rowOf(draft: Draft, gathered: Gathering, answers: DriftAnswers): DriftRow {
  const { id, states, scores, thresholds } = draft;
  const { settings, lastPrediction, references } = gathered.model(id);
  const window = windowOf(draft, settings, answers.window);
  const counts = (one: { readonly method: string; readonly window: string }): boolean =>
    one.window === window && (settings.method === undefined || one.method === settings.method);
  const judged = states.filter(counts);
  const score = scores.find(counts);
  const reference = references.get(id.reference);
  return {
    ...id,
    type: draft.type,
    // Two may hold for a moment while rules are evaluated: the worse one is shown.
    state: DRIFT_STATES.find((state) => judged.some((one) => one.state === state)),
    score: score?.value,
    method: settings.method ?? score?.method ?? judged[0]?.method,
    window,
    rows: window === undefined ? undefined : draft.rows.get(window),
    rowsNeeded: draft.rowsNeeded,
    warning: thresholds.warning,
    critical: thresholds.critical,
    importance: gathered.importance.get(importanceKey(id)),
    weight: draft.weight,
    referenceName: reference?.name || undefined,
    referenceRows: reference?.rows,
    lastPredictionMs: lastPrediction === undefined ? undefined : lastPrediction * 1000,
  };
}

export function severityOf(row: DriftRow): number {
  return driftSeverity({ ...row, weight: FEATURE_WEIGHTS.find((weight) => weight === row.weight) });
}

function compareRows(a: DriftRow, b: DriftRow): number {
  const rank = ({ state }: DriftRow): number => (state ? DRIFT_STATES.indexOf(state) : DRIFT_STATES.length);
  return (
    rank(a) - rank(b) ||
    severityOf(b) - severityOf(a) ||
    compareModels(a, b) ||
    DRIFT_SUBJECTS.indexOf(b.subject) - DRIFT_SUBJECTS.indexOf(a.subject) ||
    a.feature.localeCompare(b.feature, 'en', { numeric: true }) ||
    a.reference.localeCompare(b.reference, 'en')
  );
}

function silentOf(gathered: Gathering, rows: readonly DriftRow[], asked: string | undefined): Map<string, ModelId[]> {
  const told = new Set(rows.map(modelIdKey));
  const silent = new Map<string, ModelId[]>();
  for (const { id } of gathered.subjects.values()) {
    const window = asked ?? gathered.model(id).settings.window;
    if (window === undefined || told.has(modelIdKey(id))) continue;
    told.add(modelIdKey(id));
    silent.set(window, [...(silent.get(window) ?? []), id]);
  }
  return silent;
}

/** Joins the parts of the answer. A subject is listed when it has a state, a score or rows: what is merely named is not. */
export function joinDrift(answers: DriftAnswers): DriftJoin {
  const gathered = new Gathering();
  gathered.take(answers.now);
  const before = new Gathering();
  before.take(answers.before ?? []);
  const recorded = [...gathered.subjects].filter(
    ([, { states, scores, rows }]) => states.length + scores.length + rows.size > 0
  );
  const rows = recorded.flatMap(([key, draft]): DriftRow[] => {
    const row = rowOf(draft, gathered, answers);
    if (!row.method || !row.window) {
      gathered.drop('nobody says by which method and over which window');
      return [];
    }
    // Scores of another statistic are no comparison.
    const same = before.subjects.get(key)?.scores.find((one) => one.method === row.method && one.window === row.window);
    return [{ ...row, scoreBefore: same?.value }];
  });
  return { rows: rows.sort(compareRows), dropped: gathered.dropped, silent: silentOf(gathered, rows, answers.window) };
}

export function isDriftMethod(value: string | undefined): value is DriftMethod {
  return DRIFT_METHODS.some((method) => method === value);
}
