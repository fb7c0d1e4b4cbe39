/** Text of what is counted of events, object by object, for the exposition store. */
import type { ModelEvents } from '../domain/events/model-events';
import { accuracyRows, accuracySettingRows, actualRows, estimateRows, type AccuracySlotView } from './accuracy';
import { batchCountRows, batchRows, batchSettingRows, type BatchView } from './batches';
import { challengerInfoRows, challengerRows, type ChallengerView } from './challengers';
import {
  customRefusalRows,
  customRows,
  customSettingRows,
  type CustomRefusalsView,
  type CustomSlotView,
} from './custom';
import {
  binRows,
  eventDropRows,
  eventRows,
  referenceColumnRows,
  referenceRows,
  type ColumnCountsView,
  type DropsView,
  type ReferenceColumnView,
} from './events';
import { explorationRows } from './exploration';
import { fairnessSettingRows } from './fairness';
import { detectorRows, type DetectorView } from './detectors';
import { generativeRows } from './generative';
import type { Row } from './row';
import {
  segmentReferenceRows,
  segmentRoomRows,
  segmentRows,
  segmentShareRows,
  type SegmentReferenceView,
  type SegmentTableView,
} from './segments';

/** What changes with each event stands apart from what is said of references, which changes with the configuration. */
const ROWS = {
  events: eventRows,
  eventDrops: eventDropRows,
  eventBins: binRows,
  actuals: actualRows,
  accuracy: accuracyRows,
  estimates: estimateRows,
  challengers: challengerRows,
  generative: generativeRows,
  detectors: detectorRows,
  exploration: explorationRows,
  references: referenceRows,
  referenceColumns: referenceColumnRows,
  accuracySettings: accuracySettingRows,
  challengerInfo: challengerInfoRows,
  custom: customRows,
  customRefusals: customRefusalRows,
  customSettings: customSettingRows,
  segments: segmentRows,
  segmentShares: segmentShareRows,
  segmentReferences: segmentReferenceRows,
  segmentRoom: segmentRoomRows,
  batches: batchRows,
  batchCounts: batchCountRows,
  batchSettings: batchSettingRows,
  fairnessSettings: fairnessSettingRows,
} as const;
type EventGroup = keyof typeof ROWS;

const CHOSEN_BY: Readonly<Record<EventGroup, 'events' | 'references'>> = {
  events: 'events',
  eventDrops: 'events',
  eventBins: 'events',
  actuals: 'events',
  accuracy: 'events',
  estimates: 'events',
  challengers: 'events',
  generative: 'events',
  detectors: 'events',
  exploration: 'events',
  references: 'references',
  referenceColumns: 'references',
  accuracySettings: 'references',
  challengerInfo: 'events',
  custom: 'events',
  customRefusals: 'events',
  customSettings: 'references',
  segments: 'events',
  segmentShares: 'references',
  segmentReferences: 'references',
  segmentRoom: 'references',
  batches: 'events',
  batchCounts: 'events',
  batchSettings: 'references',
  fairnessSettings: 'references',
};

/** Headers of the families; texts are given in this order. */
export const EVENT_GROUPS = (Object.entries(ROWS) as [EventGroup, readonly Row<never>[]][]).map(([name, rows]) => ({
  name,
  chosenBy: CHOSEN_BY[name],
  families: rows.map(({ family: { name: familyName, type, help } }) => ({ name: familyName, type, help })),
}));

export interface EventText {
  readonly group: EventGroup;
  readonly key: string;
  readonly texts: readonly string[];
}

/** Of events whose model is not known. */
export function textOfUnknown(
  { dropped, refused }: { dropped: DropsView['dropped']; refused: CustomRefusalsView['refused'] },
  seen: boolean
): EventText[] {
  const unknown = { namespace: '', model: '', seen };
  return [
    text('eventDrops', '', eventDropRows, { ...unknown, dropped }),
    text('customRefusals', '', customRefusalRows, { ...unknown, refused }),
  ];
}

/** What moves with events. One object after the other, so that whoever asks can make a pause. */
export function* textOfEvents(model: ModelEvents): Generator<EventText> {
  const { namespace, model: name } = model;
  const key = `${namespace}/${name}`;
  yield text('events', key, eventRows, model);
  yield text<DropsView>('eventDrops', key, eventDropRows, model);
  if (model.accuracy) {
    yield text('actuals', key, actualRows, model);
    if (model.accuracy.estimate) yield text('estimates', key, estimateRows, model);
    yield* textOfAccuracy(model, key);
    yield* textOfChallengers(model, key);
  }
  yield* textOfCustom(model, key);
  for (const table of model.segments.tables) {
    yield text<SegmentTableView>('segments', `${key}/${table.key}`, segmentRows, { namespace, model: name, table });
  }
  yield text('batchCounts', key, batchCountRows, model);
  for (const batch of model.batches.all) {
    const view: BatchView = { namespace, model: name, batch, accuracy: model.batches.accuracy };
    yield text('batches', `${key}/${batch.id}`, batchRows, view);
  }
  if (model.generative || model.feedback.versions.size > 0) yield text('generative', key, generativeRows, model);
  if (model.rows) yield text('exploration', key, explorationRows, model);
  for (const [detector, slot] of model.detectors.slots) {
    const view: DetectorView = { namespace, model: name, slot };
    yield text('detectors', `${key}/${detector}`, detectorRows, view);
  }
  for (const { version, bins: byReference } of model.slots.values()) {
    for (const bins of byReference.values()) {
      for (const column of bins.plan.columns) {
        const view: ColumnCountsView = { namespace, model: name, version, bins, column };
        const { reference } = bins.plan;
        yield text('eventBins', `${key}/${version}/${reference.id}/${columnKey(column)}`, binRows, view);
      }
    }
  }
}

function* textOfAccuracy({ namespace, model, accuracy }: ModelEvents, key: string): Generator<EventText> {
  for (const slot of accuracy?.slots.values() ?? []) {
    const view: AccuracySlotView = { namespace, model, slot };
    yield text('accuracy', `${key}/${slot.version}`, accuracyRows, view);
  }
}

function* textOfChallengers({ namespace, model, challengers }: ModelEvents, key: string): Generator<EventText> {
  for (const [name, counts] of challengers?.counts ?? []) {
    const view: ChallengerView = { namespace, model, counts };
    yield text('challengers', `${key}/${name}`, challengerRows, view);
    yield text('challengerInfo', `${key}/${name}`, challengerInfoRows, view);
  }
}

function* textOfCustom({ namespace, model, custom }: ModelEvents, key: string): Generator<EventText> {
  if (custom.slots.size === 0) return;
  for (const slot of custom.slots.values()) {
    const view: CustomSlotView = { namespace, model, slot };
    yield text('custom', `${key}/${slot.metric.name}`, customRows, view);
  }
  const view: CustomRefusalsView = { namespace, model, refused: custom.refused, seen: custom.seen };
  yield text('customRefusals', key, customRefusalRows, view);
}

/** What is said of its references, and of its settings. */
export function* textOfReferences(model: ModelEvents): Generator<EventText> {
  const { namespace, model: name, settings } = model;
  const key = `${namespace}/${name}`;
  if (!settings) return;
  yield text('references', key, referenceRows, model);
  if (settings.customMetrics.length > 0) yield text('customSettings', key, customSettingRows, model);
  if (model.accuracy) yield text('accuracySettings', key, accuracySettingRows, model);
  yield text('segmentRoom', key, segmentRoomRows, model);
  yield text('batchSettings', key, batchSettingRows, model);
  if (model.fairness) yield text('fairnessSettings', key, fairnessSettingRows, model);
  for (const table of model.segments.tables) {
    if (table.content.kind !== 'bins') continue;
    const view: SegmentTableView = { namespace, model: name, table };
    yield text('segmentShares', `${key}/${table.key}`, segmentShareRows, view);
  }
  for (const plan of model.plans) {
    const view: SegmentReferenceView = { model, plan };
    yield text('segmentReferences', `${key}/${plan.reference.id}`, segmentReferenceRows, view);
    for (const column of plan.columns) {
      const view: ReferenceColumnView = { namespace, model: name, settings, plan, column };
      yield text('referenceColumns', `${key}/${plan.reference.id}/${columnKey(column)}`, referenceColumnRows, view);
    }
  }
}

/** The prediction has a key that no feature has. */
function columnKey({ subject, feature }: ColumnCountsView['column']): string {
  return `${subject}/${feature}`;
}

function text<View>(group: EventGroup, key: string, rows: readonly Row<View>[], view: View): EventText {
  return { group, key, texts: rows.map((row) => row.render(view)) };
}
