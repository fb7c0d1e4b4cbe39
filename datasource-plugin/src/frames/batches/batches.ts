/** One row for each of the last batches of a model, oldest first: a chart has the newest on the right. */
import { BATCH_METRICS, BATCH_STATES, RECORDED, type BatchState } from '@modelwatch/contract';
import { modelIdOf, NAMELESS } from '../identity';
import type { Sample } from '../samples';
import { SegmentPairs, type SegmentAccuracy } from '../segments/accuracy';

/** Of the predictions, or of a feature; how often the score exceeds its critical threshold, or NaN without one. */
export interface SubjectScore {
  readonly subject: string;
  readonly feature: string;
  readonly score: number;
  readonly severity: number;
}

export interface BatchRow {
  readonly cluster: string;
  readonly batch: string;
  readonly name: string;
  readonly openedSeconds: number;
  readonly closedSeconds?: number | undefined;
  readonly rows?: number | undefined;
  readonly state?: BatchState | undefined;
  readonly scores: readonly SubjectScore[];
  /** Features over a threshold. */
  readonly drifted: number;
  readonly accuracy: SegmentAccuracy;
}

export interface BatchAnswers {
  readonly now: readonly Sample[];
  /** Scores of batches, and thresholds. */
  readonly scores: readonly Sample[];
  readonly pairs: readonly Sample[];
}

type Labels = Sample['labels'];
const keyOf = ({ cluster = '', batch = '' }: Labels): string => [cluster, batch].join('\u0000');
const subjectOf = ({ cluster = '', reference = '', subject = '', feature = '' }: Labels): string =>
  [cluster, reference, subject, feature].join('\u0000');

function isBatchState(text: string | undefined): text is BatchState {
  return BATCH_STATES.some((state) => state === text);
}

function valuesOf(samples: readonly Sample[], name: string): Map<string, Sample> {
  return new Map(
    samples.filter(({ labels }) => labels['__name__'] === name).map((sample) => [keyOf(sample.labels), sample])
  );
}

function thresholds(samples: readonly Sample[], level: string): Map<string, number> {
  const found = samples.filter(
    ({ labels }) => labels['__name__'] === RECORDED.driftThreshold.name && labels['level'] === level
  );
  return new Map(found.map(({ labels, value }) => [subjectOf(labels), value]));
}

/** @returns rows, and samples that could not be used by what is wrong with them */
export function batchRows({ now, scores, pairs }: BatchAnswers): {
  rows: BatchRow[];
  dropped: ReadonlyMap<string, number>;
} {
  const [closed, rows] = [valuesOf(now, RECORDED.batchClosed.name), valuesOf(now, RECORDED.batchRows.name)];
  const [states, infos] = [valuesOf(now, RECORDED.batchState.name), valuesOf(now, BATCH_METRICS.batchInfo.name)];
  const [warning, critical] = [thresholds(scores, 'warning'), thresholds(scores, 'critical')];
  const accuracy = new SegmentPairs(pairs, keyOf);
  const opened = now.filter(({ labels }) => labels['__name__'] === RECORDED.batchOpened.name);
  const known = opened.filter(({ labels }) => modelIdOf(labels) && labels['batch']);
  const found = known.map(({ labels, value }): BatchRow => {
    const key = keyOf(labels);
    const own = scores.filter(
      (each) => each.labels['__name__'] === RECORDED.batchDriftScore.name && keyOf(each.labels) === key
    );
    const state = states.get(key)?.labels['state'];
    const isOver = ({ labels: of, value: score }: Sample): boolean =>
      of['subject'] === 'feature' && score >= (warning.get(subjectOf(of)) ?? Infinity);
    return {
      ...{ cluster: labels['cluster'] ?? '', batch: labels['batch'] ?? '', openedSeconds: value },
      name: infos.get(key)?.labels['name'] ?? '',
      closedSeconds: closed.get(key)?.value,
      rows: rows.get(key)?.value,
      state: isBatchState(state) ? state : undefined,
      scores: own.map(({ labels: of, value: score }) => ({
        ...{ subject: of['subject'] ?? '', feature: of['feature'] ?? '', score },
        severity: score / (critical.get(subjectOf(of)) ?? NaN),
      })),
      drifted: own.filter(isOver).length,
      accuracy: accuracy.of(key),
    };
  });
  return {
    rows: found.sort(
      (a, b) =>
        a.cluster.localeCompare(b.cluster) || a.openedSeconds - b.openedSeconds || a.batch.localeCompare(b.batch)
    ),
    dropped: new Map(opened.length > known.length ? [[NAMELESS, opened.length - known.length]] : []),
  };
}
