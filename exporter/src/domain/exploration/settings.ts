/** Which rows of a model may be held for data exploration, and what of them. */
import type { Segment } from '../segments/plan';

export interface ExplorationSettings {
  readonly enabled: boolean;
  /** The last so many. */
  readonly rows?: number | undefined;
  /** Features that are held; absent: all that are not dropped. */
  readonly columns?: readonly string[] | undefined;
  readonly dropped?: readonly string[] | undefined;
  /** Features of which only is held that there was a value. */
  readonly masked?: readonly string[] | undefined;
  /** Share of the predictions that is held. */
  readonly sampleRatio?: number | undefined;
  readonly retentionSeconds?: number | undefined;
}

/** What an exporter has room for; absent: it holds no rows of anybody. */
export interface ExplorationLimits {
  /** Of all models together. */
  readonly maxBytes: number;
  readonly maxRowsPerModel: number;
}

export interface ExplorationPlan {
  readonly mostRows: number;
  readonly mostBytes: number;
  readonly sampleRatio: number;
  readonly retentionSeconds: number;
  readonly redaction: Redaction;
}

export type Redaction = Pick<ExplorationSettings, 'columns' | 'dropped' | 'masked'>;

const DEFAULT_ROWS = 1_000;
/** What is held may be personal data: a day is enough to look at what is going wrong. */
const DEFAULT_RETENTION_SECONDS = 86_400;

/** @param models that have rows, among which the memory is shared in equal parts: none can take that of another */
export function explorationPlan(
  { rows, sampleRatio, retentionSeconds, columns, dropped, masked }: ExplorationSettings,
  { maxBytes, maxRowsPerModel }: ExplorationLimits,
  models: number
): ExplorationPlan {
  return {
    mostRows: Math.min(rows ?? DEFAULT_ROWS, maxRowsPerModel),
    mostBytes: Math.floor(maxBytes / Math.max(1, models)),
    sampleRatio: sampleRatio ?? 1,
    retentionSeconds: retentionSeconds ?? DEFAULT_RETENTION_SECONDS,
    redaction: { columns, dropped, masked },
  };
}

/** How a feature is held. */
export type Treatment = 'kept' | 'masked' | 'dropped';

export function treatmentOf({ columns, dropped, masked }: Redaction, feature: string): Treatment {
  if (dropped?.includes(feature) || (columns && !columns.includes(feature))) return 'dropped';
  return masked?.includes(feature) ? 'masked' : 'kept';
}

/** The value of a segment is that of a feature: where that is redacted, so is the segment. */
export function openSegments(segments: readonly Segment[], redaction: Redaction): Segment[] {
  return segments.filter(({ column }) => treatmentOf(redaction, column) === 'kept');
}

/** @param limits of the exporter. @returns what is wrong, in words */
export function explorationProblems(
  { enabled, rows }: ExplorationSettings,
  limits: ExplorationLimits | undefined
): string[] {
  if (!enabled) return [];
  if (!limits) return ['exploration: expected events.exploration.tokenFile in the configuration, got none'];
  const { maxRowsPerModel } = limits;
  if (rows === undefined || rows <= maxRowsPerModel) return [];
  return [
    `exploration.rows: expected at most ${maxRowsPerModel}, as events.exploration.maxRowsPerModel says, got ${rows}`,
  ];
}
