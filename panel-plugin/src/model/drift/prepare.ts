/** Frames -> what the drift view shows, or a sentence why not and a way out. */
import { LoadingState, type DataFrame } from '@grafana/data';
import { DecodeError, DRIFT_SCORE_FIELDS } from '@modelwatch/contract';
import { driftKind, frameMark, isDrift } from '../mark';
import type { PrepareInput } from '../prepare';
import type { Message } from '../types';
import { spanText } from '../words';
import { detectorsOf } from './detectors';
import { distributionOf, scoreRows } from './frames';
import { historyOf } from './history';
import { arrange, driftingKey, subjectOf } from './subjects';
import type { Distribution, DriftAnswer, PreparedDrift, Scores, Subject } from './types';

function subjectsOf(frames: readonly DataFrame[], answerTooOld: boolean): Subject[] {
  const rows = frames.flatMap((frame) => scoreRows(frame).map((row, rowIndex) => ({ row, frame, rowIndex })));
  const models = new Set(rows.map(({ row }) => [row.cluster, row.namespace, row.model].join('\u0000')));
  const references = new Map<string, Set<string | undefined>>();
  for (const { row } of rows) {
    const key = driftingKey(row);
    references.set(key, (references.get(key) ?? new Set()).add(row.reference));
  }
  // Several queries of one panel may name the same feature: the first stands, so that nothing is drawn twice.
  const seen = new Set<string>();
  return rows.flatMap(({ row, frame, rowIndex }) => {
    const field = frame.fields.find(({ name }) => name === DRIFT_SCORE_FIELDS.score);
    const withReference = (references.get(driftingKey(row))?.size ?? 0) > 1;
    const judging = { answerTooOld, withModel: models.size > 1, withReference };
    const subject = subjectOf(row, judging, field && { field, rowIndex });
    if (seen.has(subject.key)) return [];
    seen.add(subject.key);
    return [subject];
  });
}

function scoresOf(series: readonly DataFrame[], answerTooOld: boolean): Scores | undefined {
  const subjects = arrange(
    subjectsOf(
      series.filter((frame) => driftKind(frame) === 'drift-scores'),
      answerTooOld
    )
  );
  return subjects.length ? { subjects, history: historyOf(series, subjects) } : undefined;
}

function distribution(series: readonly DataFrame[], answerTooOld: boolean): Distribution | undefined {
  const frame = series.find((one) => driftKind(one) === 'distribution' && one.length > 0);
  if (!frame) return undefined;
  const { row, bins, origins } = distributionOf(frame);
  return { subject: subjectOf(row, { answerTooOld, withModel: false, withReference: false }), bins, origins };
}

/** Old answers tell so themselves, in their marks. */
function answeredAt({ series, answeredAtMs }: PrepareInput): number {
  const marks = series.flatMap((frame) => frameMark(frame)?.answeredAtMs ?? []);
  return marks.length ? Math.min(...marks, answeredAtMs) : answeredAtMs;
}

function answerOf(input: PrepareInput): DriftAnswer {
  const { series, nowMs, range, errors } = input;
  const ageMs = nowMs - Math.min(answeredAt(input), nowMs);
  const tooOld = ageMs > input.answerMaxAgeMs;
  const notices: Message[] = errors.length
    ? [{ title: 'Part of the query failed.', detail: [...new Set(errors)].join(' ').slice(0, 300) }]
    : [];
  if (tooOld) {
    notices.push({ title: `Not refreshed for ${spanText(ageMs)}.`, detail: 'Refresh the dashboard for a verdict.' });
  }
  return {
    scores: scoresOf(series, tooOld),
    distribution: distribution(series, tooOld),
    detectors: detectorsOf(
      series.filter((frame) => driftKind(frame) === 'drift-detectors'),
      tooOld
    ),
    nowMs,
    range,
    notices,
  };
}

const NO_SCORES: Message = {
  title: 'No drift to show',
  detail:
    'No reference is loaded for what was asked, or no rows were compared with it yet. Make a reference from the training data:',
  code: 'modelwatch profile train.csv',
};

/** The data source may know why, as that the rules of a window are not loaded. */
function emptyMessage(frames: readonly DataFrame[]): Message {
  const told = frames.flatMap(({ meta }) => meta?.notices?.map(({ text }) => text) ?? []);
  return told.length ? { title: NO_SCORES.title, detail: told.join(' ').slice(0, 500) } : NO_SCORES;
}

function refusal(frames: readonly DataFrame[]): Message {
  const names = [...new Set(frames.flatMap((frame) => frame.fields.map(({ name }) => name)))].slice(0, 6).join(', ');
  return {
    title: 'This answer has no drift',
    detail: `It has ${names || 'no fields'}; needed is the query Drift or Distribution of the Modelwatch data source.`,
  };
}

function wrong(error: DecodeError): Message {
  return {
    title: 'This answer cannot be drawn',
    detail: `${error.message}. Data source and panel may be of different versions: update both.`,
  };
}

function answered(input: PrepareInput): PreparedDrift | undefined {
  try {
    const answer = answerOf(input);
    return answer.scores || answer.distribution || answer.detectors.length > 0 ? { kind: 'drift', answer } : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'refusal', message: wrong(error) };
    throw error;
  }
}

export function prepareDrift(input: PrepareInput): PreparedDrift {
  const { series, errors, state } = input;
  const drawn = isDrift(series) ? answered(input) : undefined;
  if (drawn) return drawn;
  if (state === LoadingState.Error || errors.length) {
    const detail = [...new Set(errors)].join(' ').slice(0, 500);
    return { kind: 'error', message: { title: 'The query failed: no verdict on drift', detail } };
  }
  if (state === LoadingState.Loading || state === LoadingState.NotStarted) return { kind: 'loading' };
  const foreign = series.some((frame) => frame.length > 0 && !driftKind(frame));
  return foreign ? { kind: 'refusal', message: refusal(series) } : { kind: 'empty', message: emptyMessage(series) };
}
