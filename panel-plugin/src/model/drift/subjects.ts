/** Checked rows -> subjects with a verdict, in the order of the view. */
import { DRIFT_STATES, type HealthState } from '@modelwatch/contract';
import type { Origin } from '../types';
import type { ScoreRow } from './frames';
import type { Subject, Verdict } from './types';

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export interface SubjectId {
  readonly cluster?: string;
  readonly namespace?: string;
  readonly model?: string;
  readonly subject?: string;
  readonly feature?: string;
}

/** What drifts, whatever it is compared with. The parts cannot be confused, as no label holds a NUL. */
export function driftingKey({
  cluster = '',
  namespace = '',
  model = '',
  subject = '',
  feature = '',
}: SubjectId): string {
  return [cluster, namespace, model, subject, feature].join('\u0000');
}

/** How a verdict is drawn: by the state that it would make of a model, were it all there is. */
const MARKS: Readonly<Record<Verdict, HealthState>> = {
  critical: 'failed',
  warning: 'degraded',
  stale: 'stale',
  too_little_data: 'unknown',
  unknown: 'unknown',
  ok: 'healthy',
};

export function markOf(verdict: Verdict): HealthState {
  return MARKS[verdict];
}

const VERDICTS: readonly Verdict[] = [...DRIFT_STATES.filter((state) => state !== 'ok'), 'unknown', 'ok'];

export function isOver({ verdict }: Subject): boolean {
  return verdict === 'critical' || verdict === 'warning';
}

/** Worst verdict of all; `unknown` where there is none. */
export function worstVerdict(subjects: readonly Subject[]): Verdict {
  return VERDICTS.find((verdict) => subjects.some((one) => one.verdict === verdict)) ?? 'unknown';
}

/** A verdict is believed only while its answer is fresh, and `ok` only with a score under it. */
function verdictOf({ state, score, reference }: ScoreRow, tooOld: boolean): Pick<Subject, 'verdict' | 'previous'> {
  const said: Verdict = !state || !reference || (state === 'ok' && score === undefined) ? 'unknown' : state;
  return tooOld && said !== 'stale' ? { verdict: 'stale', previous: said } : { verdict: said };
}

export interface Judging {
  /** Set when the answer itself is too old: then nothing in it is news. */
  readonly answerTooOld: boolean;
  /** Whether the answer is of several models, so that a feature alone says too little. */
  readonly withModel: boolean;
  /** Whether versions are compared with references of their own, so that a feature stands there twice. */
  readonly withReference: boolean;
}

export function subjectOf(row: ScoreRow, judging: Judging, origin?: Origin): Subject {
  const { cluster = '', feature = '', since, lastPrediction, reference, ...rest } = row;
  const what = row.subject === 'prediction' ? 'predictions' : feature;
  const short = judging.withReference ? `${what} (${row.referenceName || reference || 'no reference'})` : what;
  return {
    ...rest,
    key: `${driftingKey(row)}\u0000${reference ?? ''}`,
    cluster,
    feature,
    name: judging.withModel ? `${row.model}: ${short}` : short,
    ...verdictOf(row, judging.answerTooOld),
    sinceMs: since,
    reference: reference || undefined,
    lastPredictionMs: lastPrediction,
    origin,
  };
}

/** Score by its alert limit, 1 = at the limit; undefined without a score. */
export function severity({ score, critical }: Subject): number | undefined {
  return score === undefined ? undefined : score / (critical || 1);
}

/** Predictions first, then importance times drift. What nobody gave an importance counts as the most important. */
export function arrange(subjects: readonly Subject[]): Subject[] {
  const most = Math.max(0, ...subjects.map(({ importance }) => importance ?? 0)) || 1;
  const weight = (one: Subject) => {
    const score = severity(one);
    return score === undefined ? -1 : score * (one.importance ?? most);
  };
  return [...subjects].sort(
    (a, b) =>
      Number(b.subject === 'prediction') - Number(a.subject === 'prediction') ||
      weight(b) - weight(a) ||
      (b.importance ?? most) - (a.importance ?? most) ||
      natural.compare(a.name, b.name)
  );
}
