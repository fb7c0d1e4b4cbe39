/** What detectors of others said, one row per detector and what it is of. Their numbers are no scores of ours. */
import {
  DETECTOR_METRICS,
  DETECTOR_SOURCES,
  DETECTOR_STATES,
  DETECTOR_THRESHOLDS,
  RECORDED,
  type DetectorSource,
  type DetectorState,
} from '@modelwatch/contract';
import { compareModels, modelIdKey, modelIdOf, NAMELESS, type ModelId } from '../identity';
import type { Sample } from '../samples';

/** Times are milliseconds since 1970. What the detector does not tell is absent. */
export interface DetectorRow extends ModelId {
  readonly detector: string;
  readonly source: DetectorSource;
  readonly method: string;
  /** Empty: of all features together. */
  readonly feature: string;
  readonly state?: DetectorState | undefined;
  readonly score?: number | undefined;
  readonly scoreThreshold?: number | undefined;
  readonly pValue?: number | undefined;
  readonly pValueThreshold?: number | undefined;
  readonly lastResultMs?: number | undefined;
}

type Draft = { -readonly [Key in keyof DetectorRow]: DetectorRow[Key] };

type Take = (draft: Draft, sample: Sample) => string | undefined;

const rankOf = ({ state }: { readonly state?: DetectorState | undefined }): number =>
  state ? DETECTOR_STATES.indexOf(state) : DETECTOR_STATES.length;

const BY_NAME: ReadonlyMap<string, Take> = new Map<string, Take>([
  [
    RECORDED.detectorState.name,
    (draft, { labels, value }) => {
      const state = DETECTOR_STATES.find((one) => one === labels['state']);
      if (!state) return 'unknown state of a detector';
      // Two may hold for a moment while rules are evaluated: the worse one is shown.
      if (value === 1 && rankOf({ state }) < rankOf(draft)) draft.state = state;
      return undefined;
    },
  ],
  [
    RECORDED.detectorScore.name,
    (draft, { value }) => {
      draft.score = value;
      return undefined;
    },
  ],
  [
    RECORDED.detectorPValue.name,
    (draft, { value }) => {
      draft.pValue = value;
      return undefined;
    },
  ],
  [
    RECORDED.detectorThreshold.name,
    (draft, { labels, value }) => {
      const of = DETECTOR_THRESHOLDS.find((one) => one === labels['of']);
      if (!of) return 'unknown threshold of a detector';
      if (of === 'score') draft.scoreThreshold = value;
      else draft.pValueThreshold = value;
      return undefined;
    },
  ],
  [
    DETECTOR_METRICS.detectorLastResult.name,
    (draft, { value }) => {
      // Each exporter tells of those that it heard.
      draft.lastResultMs = Math.max(draft.lastResultMs ?? -Infinity, value * 1_000);
      return undefined;
    },
  ],
]);

function draftOf(labels: Sample['labels']): Draft | string {
  const id = modelIdOf(labels);
  if (!id) return NAMELESS;
  const { detector, method = '', feature = '' } = labels;
  const source = DETECTOR_SOURCES.find((one) => one === labels['source']);
  return detector && source ? { ...id, detector, source, method, feature } : 'no label detector or source';
}

const natural = new Intl.Collator('en', { numeric: true });

function compareRows(a: DetectorRow, b: DetectorRow): number {
  return (
    rankOf(a) - rankOf(b) ||
    compareModels(a, b) ||
    natural.compare(a.detector, b.detector) ||
    natural.compare(a.feature, b.feature)
  );
}

/** Worst first. A detector is listed when it has a state, a score or a p-value: what is merely named is not. */
export function joinDetectors(samples: readonly Sample[]): {
  readonly rows: readonly DetectorRow[];
  /** Samples that could not be used, by what is wrong with them. */
  readonly dropped: ReadonlyMap<string, number>;
} {
  const drafts = new Map<string, Draft>();
  const dropped = new Map<string, number>();
  for (const sample of samples) {
    const take = BY_NAME.get(sample.labels['__name__'] ?? '');
    const made = take ? draftOf(sample.labels) : 'unknown series';
    const wrong = typeof made === 'string' || !take ? made : take(kept(drafts, made), sample);
    if (typeof wrong === 'string') dropped.set(wrong, (dropped.get(wrong) ?? 0) + 1);
  }
  const rows = [...drafts.values()].filter(
    ({ state, score, pValue }) => state !== undefined || score !== undefined || pValue !== undefined
  );
  return { rows: rows.sort(compareRows), dropped };
}

function kept(drafts: Map<string, Draft>, made: Draft): Draft {
  const key = [modelIdKey(made), made.detector, made.source, made.method, made.feature].join('\u0000');
  const found = drafts.get(key) ?? made;
  drafts.set(key, found);
  return found;
}
