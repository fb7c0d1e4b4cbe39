/** A row for each value of each segment of a model: its rows, its drift and its accuracy, each with its gate. */
import { DRIFT_STATES, isSegmentRest, type DriftState } from '@modelwatch/contract';
import { scoredAgainst } from '../drift/distribution';
import { joinDrift, severityOf, type DriftRow } from '../drift/subjects';
import { modelIdOf, NAMELESS, type ModelId } from '../identity';
import type { Sample } from '../samples';
import { SegmentPairs, type SegmentAccuracy } from './accuracy';

export interface SegmentRow extends ModelId, SegmentAccuracyFields {
  readonly segment: string;
  /** Label `value` of the metrics, and what the value is called. */
  readonly value: string;
  readonly name: string;
  readonly rows: number;
  /** Of the rows of the segment, 0 to 1; of the reference likewise. */
  readonly share?: number | undefined;
  readonly referenceShare?: number | undefined;
  /** Drift of the predictions; absent where the reference has none. */
  readonly state?: DriftState | undefined;
  readonly score?: number | undefined;
  /** What has the worst state of all features that are told apart, and then drifted most. */
  readonly worst?: DriftRow | undefined;
  /** Features over a threshold, and those that are told apart at all. */
  readonly drifted: number;
  readonly features: number;
}

interface SegmentAccuracyFields {
  readonly accuracy: SegmentAccuracy;
}

export interface SegmentAnswers {
  readonly now: readonly Sample[];
  /** Shares of the reference by bin; its rows by value. */
  readonly bins: readonly Sample[];
  readonly rows: readonly Sample[];
  readonly pairs: readonly Sample[];
  /** What was counted over. */
  readonly window: string;
  /** Names of values by segment, then by label; where the exporter tells them. */
  readonly names?: ReadonlyMap<string, ReadonlyMap<string, string>> | undefined;
}

const keyOf = ({ cluster = '', segment = '', value = '' }: Sample['labels']): string =>
  [cluster, segment, value].join('\u0000');
const subjectKeyOf = (labels: Sample['labels']): string =>
  [keyOf(labels), labels['subject'], labels['feature'] ?? '', labels['reference']].join('\u0000');

function grouped(samples: readonly Sample[], key: (labels: Sample['labels']) => string): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const found = groups.get(key(sample.labels));
    if (found) found.push(sample);
    else groups.set(key(sample.labels), [sample]);
  }
  return groups;
}

/** Whether the name of some value is no label. */
export function hidesNames(bins: readonly Sample[]): boolean {
  return bins.some(({ labels: { bin, value = '', category } }) => !bin && !category && !isSegmentRest(value));
}

/** Of several references the one that most rows were compared with. */
function mostRows(rows: readonly DriftRow[]): DriftRow | undefined {
  return [...rows].sort((a, b) => (b.rows ?? 0) - (a.rows ?? 0))[0];
}

const rank = ({ state }: DriftRow): number => (state ? DRIFT_STATES.indexOf(state) : DRIFT_STATES.length);

/** Values in the order of the metrics: those with most rows first; `other` and `missing` last. */
function compareValues(a: SegmentRow, b: SegmentRow): number {
  const isRest = ({ value }: SegmentRow): number => Number(isSegmentRest(value));
  return (
    a.cluster.localeCompare(b.cluster) ||
    a.segment.localeCompare(b.segment) ||
    isRest(a) - isRest(b) ||
    b.rows - a.rows ||
    a.value.localeCompare(b.value, 'en', { numeric: true })
  );
}

function driftOfValue(subjects: readonly DriftRow[], key: string, answers: Groups, window: string): DriftRow[] {
  const scored = subjects.flatMap((subject): DriftRow[] => {
    const own = [key, subject.subject, subject.feature, subject.reference].join('\u0000');
    const bins = answers.bins.get(own);
    if (!bins) return [];
    const rows = (answers.rows.get(own) ?? []).map((each) => ({ ...each, labels: { ...each.labels, window } }));
    return [scoredAgainst(subject, { bins, rows, subjects: [] }, { asRecorded: false, window }).subject];
  });
  const bySubject = new Map<string, DriftRow[]>();
  for (const row of scored) {
    const name = `${row.subject}\u0000${row.feature}`;
    bySubject.set(name, [...(bySubject.get(name) ?? []), row]);
  }
  return [...bySubject.values()].flatMap((rows) => mostRows(rows) ?? []);
}

interface Groups {
  readonly bins: ReadonlyMap<string, readonly Sample[]>;
  readonly rows: ReadonlyMap<string, readonly Sample[]>;
}

/** @returns rows, and samples that could not be used by what is wrong with them */
export function segmentRows(answers: SegmentAnswers): { rows: SegmentRow[]; dropped: ReadonlyMap<string, number> } {
  const { rows: subjects, dropped } = joinDrift({ now: answers.now });
  const ofBins = answers.rows.filter(({ labels }) => labels['bin']);
  const predictions = answers.rows.filter(({ labels }) => !labels['bin']);
  const groups = {
    bins: grouped(
      answers.bins.filter(({ labels }) => labels['bin']),
      subjectKeyOf
    ),
    rows: grouped(ofBins, subjectKeyOf),
  };
  const referenceRows = grouped(
    answers.bins.filter(({ labels }) => !labels['bin']),
    keyOf
  );
  const pairs = new SegmentPairs(answers.pairs, keyOf);
  const nameless = predictions.filter(({ labels }) => !modelIdOf(labels)).length;
  const rows = predictions.flatMap(({ labels, value: count }): SegmentRow[] => {
    const id = modelIdOf(labels);
    if (!id) return [];
    const { segment = '', value = '' } = labels;
    const key = keyOf(labels);
    const drift = driftOfValue(
      subjects.filter(({ cluster }) => cluster === id.cluster),
      key,
      groups,
      answers.window
    );
    const features = drift.filter(({ subject }) => subject === 'feature');
    const whole = predictions.filter(
      (each) => each.labels['segment'] === segment && (each.labels['cluster'] ?? '') === id.cluster
    );
    const known = largestReference(referenceRows, key);
    const worst = [...features].sort((a, b) => rank(a) - rank(b) || severityOf(b) - severityOf(a))[0];
    const predicted = drift.find(({ subject }) => subject === 'prediction');
    return [
      {
        ...id,
        ...{ segment, value, rows: count },
        name: answers.names?.get(segment)?.get(value) ?? value,
        share: shareOf(
          count,
          whole.map((each) => each.value)
        ),
        referenceShare: known && shareOf(known.value, sameReference(answers.bins, known)),
        state: predicted?.state,
        score: predicted?.score,
        worst,
        drifted: features.filter(({ state }) => state === 'critical' || state === 'warning').length,
        features: features.length,
        accuracy: pairs.of(key),
      },
    ];
  });
  const all = new Map(dropped);
  if (nameless > 0) all.set(NAMELESS, (all.get(NAMELESS) ?? 0) + nameless);
  return { rows: rows.sort(compareValues), dropped: all };
}

function largestReference(rows: ReadonlyMap<string, readonly Sample[]>, key: string): Sample | undefined {
  return [...(rows.get(key) ?? [])].sort((a, b) => b.value - a.value)[0];
}

function sameReference(bins: readonly Sample[], { labels: of }: Sample): number[] {
  const isSame = ({ labels }: Sample): boolean =>
    !labels['bin'] && ['cluster', 'reference', 'segment'].every((label) => labels[label] === of[label]);
  return bins.filter(isSame).map(({ value }) => value);
}

function shareOf(part: number, all: readonly number[]): number | undefined {
  const whole = all.reduce((sum, value) => sum + value, 0);
  return whole > 0 ? part / whole : undefined;
}
