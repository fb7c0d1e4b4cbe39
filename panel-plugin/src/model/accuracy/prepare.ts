/** Frames -> what the accuracy view shows, or a sentence why not and a way out. */
import { LoadingState, type DataFrame } from '@grafana/data';
import {
  ACCURACY_SCORE_FIELDS,
  ACCURACY_STATES,
  BASELINE_METRICS,
  decode,
  DecodeError,
  type FrameKind,
} from '@modelwatch/contract';
import { accuracyKind, frameMark, isAccuracy } from '../mark';
import type { PrepareInput } from '../prepare';
import type { Message } from '../types';
import { spanText } from '../words';
import {
  agesOf,
  calibrationOf,
  confusionOf,
  detailSubject,
  linesOf,
  predictedActualOf,
  scoreRows,
  stepOf,
  type DecodedLines,
  type ScoreRow,
} from './frames';
import type { AccuracyAnswer, Details, PreparedAccuracy, Score, ScoreHistory, Values, Verdict } from './types';
import { lowerIsBetter, metricName } from './words';

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** The parts cannot be confused, as no label holds a NUL. */
function joined(...parts: ReadonlyArray<string | undefined>): string {
  return parts.map((part) => part ?? '').join('\u0000');
}

/** A verdict is believed only while its answer is fresh, and `ok` only with a score under it. */
function verdictOf(row: ScoreRow, tooOld: boolean): Pick<Score, 'verdict' | 'previous'> {
  const { state, score, pairs, openPredictions, lastPair } = row;
  const waits = !pairs && lastPair === undefined && (openPredictions ?? 0) > 0 && score === undefined;
  let said: Verdict = state ?? (score === undefined ? 'unknown' : 'none');
  if (said === 'ok' && score === undefined) said = 'unknown';
  if (waits && (said === 'unknown' || said === 'too_little_data')) said = 'waiting';
  return tooOld && said !== 'stale' ? { verdict: 'stale', previous: said } : { verdict: said };
}

function scoreOf(row: ScoreRow, tooOld: boolean, withModel: boolean): Omit<Score, 'origin'> {
  const { cluster = '', namespace, model, metric, positiveClass = '', window } = row;
  const { since, lastPair, actualDelay, task: _task, state: _state, ...rest } = row;
  const name = metricName(metric);
  return {
    ...rest,
    key: joined(cluster, namespace, model, metric, positiveClass, window),
    cluster,
    positiveClass,
    name: withModel ? `${model}: ${name}` : name,
    ...verdictOf(row, tooOld),
    sinceMs: since,
    lastPairMs: lastPair,
    actualDelaySeconds: actualDelay,
  };
}

const ORDER: readonly Verdict[] = [
  ...ACCURACY_STATES.filter((state) => state !== 'ok'),
  'waiting',
  'unknown',
  'ok',
  'none',
];

/** How far a score is beyond its limit as a share of it, 0 = at the limit. */
function excess({ score, critical, warning, metric }: Score): number {
  const limit = critical ?? warning;
  if (score === undefined || !limit) return -Infinity;
  return ((lowerIsBetter(metric) ? 1 : -1) * (score - limit)) / Math.abs(limit);
}

/** Worst first: by state, then by how far beyond the limit, then as scores are known. */
function arrange(scores: readonly Score[]): Score[] {
  return [...scores].sort(
    (a, b) =>
      ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) ||
      (a.verdict === 'critical' || a.verdict === 'warning' ? excess(b) - excess(a) : 0) ||
      natural.compare(a.model, b.model) ||
      BASELINE_METRICS.indexOf(a.metric) - BASELINE_METRICS.indexOf(b.metric)
  );
}

function scoresOf(series: readonly DataFrame[], tooOld: boolean): Score[] {
  const frames = series.filter((frame) => accuracyKind(frame) === 'accuracy-scores');
  const rows = frames.flatMap((frame) => scoreRows(frame).map((row, rowIndex) => ({ row, frame, rowIndex })));
  const models = new Set(rows.map(({ row }) => joined(row.cluster, row.namespace, row.model)));
  // Several queries of one panel may name the same score: the first stands, so that nothing is drawn twice.
  const byKey = new Map<string, Score>();
  for (const { row, frame, rowIndex } of rows) {
    const field = frame.fields.find(({ name }) => name === ACCURACY_SCORE_FIELDS.score);
    const score = scoreOf(row, tooOld, models.size > 1);
    if (!byKey.has(score.key)) byKey.set(score.key, { ...score, origin: field && { field, rowIndex } });
  }
  return arrange([...byKey.values()]);
}

/** Values of each line on the times of all frames. */
function onOneTime(frames: readonly DecodedLines[], timesMs: readonly number[], keyOf: (line: Labels) => string) {
  const indexOf = new Map(timesMs.map((ms, index) => [ms, index]));
  const out = new Map<string, Array<number | null>>();
  for (const { timesMs: own, lines } of frames) {
    for (const { labels, values } of lines) {
      const key = keyOf(labels);
      const line = out.get(key) ?? new Array<number | null>(timesMs.length).fill(null);
      own.forEach((ms, at) => {
        const index = indexOf.get(ms);
        if (index !== undefined && line[index] === null) line[index] = values[at] ?? null;
      });
      out.set(key, line);
    }
  }
  return out;
}
type Labels = Readonly<Record<string, string>>;

/** undefined where no history was asked for. @throws DecodeError for a wrong frame */
function historyOf(series: readonly DataFrame[], scores: readonly Score[]): ScoreHistory | undefined {
  const of = (kind: FrameKind) =>
    series.filter((frame) => accuracyKind(frame) === kind).map((frame) => linesOf(frame, kind));
  const [scored, counted] = [of('accuracy-history'), of('accuracy-pairs-history')];
  for (const { lines } of scored) {
    for (const { name, labels } of lines) {
      decode.oneOf(BASELINE_METRICS)(labels.metric, `accuracy-history, field ${name}, label metric`);
    }
  }
  const timesMs = [...new Set([...scored, ...counted].flatMap((one) => one.timesMs))].sort((a, b) => a - b);
  if (!timesMs.length) return undefined;
  const modelOf = ({ cluster, namespace, model }: Labels) => joined(cluster, namespace, model);
  const byScore = onOneTime(scored, timesMs, (labels) => joined(modelOf(labels), labels.metric));
  const byModel = onOneTime(counted, timesMs, modelOf);
  const none = timesMs.map(() => null);
  const entries = (find: (one: Score) => Values | undefined) =>
    new Map(scores.map((one): [string, Values] => [one.key, find(one) ?? none]));
  const idOf = ({ cluster, namespace, model }: Score) => joined(cluster, namespace, model);
  return {
    timesMs,
    stepMs: stepOf(timesMs),
    scores: entries((one) => byScore.get(joined(idOf(one), one.metric))),
    pairs: entries((one) => byModel.get(idOf(one))),
  };
}

const DETAILS = ['confusion', 'calibration', 'predicted-actual', 'pair-ages'] as const;

/** The details of one model: of several queries those that are of the same one as the first. */
function detailsOf(series: readonly DataFrame[]): Details | undefined {
  const frames = series.flatMap((frame) => {
    const kind = DETAILS.find((one) => one === accuracyKind(frame));
    return kind ? [{ kind, frame, subject: detailSubject(frame, kind) }] : [];
  });
  const [first] = frames;
  if (!first) return undefined;
  const idOf = ({ subject: { cluster, namespace, model } }: typeof first) => joined(cluster, namespace, model);
  const frameOf = (kind: (typeof DETAILS)[number]) =>
    frames.find((one) => one.kind === kind && one.frame.length > 0 && idOf(one) === idOf(first))?.frame;
  const [confusion, calibration, lines, ages] = DETAILS.map(frameOf);
  return {
    subject: first.subject,
    confusion: confusion && confusionOf(confusion),
    calibration: calibration && calibrationOf(calibration),
    predictedActual: lines && predictedActualOf(lines),
    ages: ages && agesOf(ages),
  };
}

/** Old answers tell so themselves, in their marks. */
function answeredAt({ series, answeredAtMs }: PrepareInput): number {
  const marks = series.flatMap((frame) => frameMark(frame)?.answeredAtMs ?? []);
  return marks.length ? Math.min(...marks, answeredAtMs) : answeredAtMs;
}

function noticesOf({ errors }: PrepareInput, tooOld: boolean, ageMs: number): Message[] {
  const notices: Message[] = errors.length
    ? [{ title: 'Part of the query failed.', detail: [...new Set(errors)].join(' ').slice(0, 300) }]
    : [];
  if (tooOld) {
    notices.push({ title: `Not refreshed for ${spanText(ageMs)}.`, detail: 'Refresh the dashboard for a verdict.' });
  }
  return notices;
}

function answerOf(input: PrepareInput): AccuracyAnswer {
  const { series, nowMs, range } = input;
  const ageMs = nowMs - Math.min(answeredAt(input), nowMs);
  const tooOld = ageMs > input.answerMaxAgeMs;
  const scores = scoresOf(series, tooOld);
  return {
    scores,
    history: historyOf(series, scores),
    details: detailsOf(series),
    nowMs,
    range,
    notices: noticesOf(input, tooOld, ageMs),
    tooOld,
  };
}

const NOTHING: Message = {
  title: 'No accuracy to show',
  detail:
    'No model that was asked for has met an actual yet. Send what came true, with the ids of the predictions, to the exporter:',
  code: 'POST /ingest/actuals',
};

/** The data source may know why, as that the rules of a window are not loaded. */
function emptyMessage(frames: readonly DataFrame[]): Message {
  const told = frames.flatMap(({ meta }) => meta?.notices?.map(({ text }) => text) ?? []);
  return told.length ? { title: NOTHING.title, detail: told.join(' ').slice(0, 500) } : NOTHING;
}

function refusal(frames: readonly DataFrame[]): Message {
  const names = [...new Set(frames.flatMap((frame) => frame.fields.map(({ name }) => name)))].slice(0, 6).join(', ');
  return {
    title: 'This answer has no accuracy',
    detail: `It has ${names || 'no fields'}; needed is the query Accuracy or Accuracy detail of the Modelwatch data source.`,
  };
}

function wrong(error: DecodeError): Message {
  return {
    title: 'This answer cannot be drawn',
    detail: `${error.message}. Data source and panel may be of different versions: update both.`,
  };
}

function hasSomething({ scores, details }: AccuracyAnswer): boolean {
  return scores.length > 0 || details !== undefined;
}

function answered(input: PrepareInput): PreparedAccuracy | undefined {
  try {
    const answer = answerOf(input);
    return hasSomething(answer) ? { kind: 'accuracy', answer } : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'refusal', message: wrong(error) };
    throw error;
  }
}

export function prepareAccuracy(input: PrepareInput): PreparedAccuracy {
  const { series, errors, state } = input;
  const drawn = isAccuracy(series) ? answered(input) : undefined;
  if (drawn) return drawn;
  if (state === LoadingState.Error || errors.length) {
    const detail = [...new Set(errors)].join(' ').slice(0, 500);
    return { kind: 'error', message: { title: 'The query failed: no verdict on accuracy', detail } };
  }
  if (state === LoadingState.Loading || state === LoadingState.NotStarted) return { kind: 'loading' };
  const foreign = series.some((frame) => frame.length > 0 && !accuracyKind(frame));
  return foreign ? { kind: 'refusal', message: refusal(series) } : { kind: 'empty', message: emptyMessage(series) };
}
