/** What the events of one model amounted to. */
import { EVENT_DROP_REASONS, type EventDropReason, type Reference } from '@modelwatch/contract';
import { AccuracyCounts } from '../accuracy/counts';
import { sentAnswer } from '../accuracy/record';
import { accuracySeries } from '../accuracy/slot';
import { accuracyPlan, type AccuracyPlan } from '../accuracy/settings';
import { BatchesOfModel } from '../batches/counts';
import { batchPlan } from '../batches/settings';
import { fairnessPlan, type FairnessPlan } from '../fairness/settings';
import { ChallengersOfModel } from '../challengers/counts';
import { Consumers } from '../consumers/windows';
import { CustomCounts } from '../custom/counts';
import { DetectorCounts } from '../detectors/counts';
import { GenerativeCounts, type CountedGeneration } from '../generative/counts';
import { FeedbackCounts } from '../generative/feedback';
import { isGenerative } from '../generative/settings';
import type { RowRing } from '../exploration/ring';
import { SecondsHistogram } from '../seconds-histogram';
import { SegmentCounts } from '../segments/counts';
import { segmentsOf } from '../segments/plan';
import { Coverage } from './coverage';
import { LAG_BOUNDS_SECONDS, plausibleLag } from './lag';
import type { MonitoredModel, MonitoringSettings } from './monitored';
import { planOf, type WatchPlan } from './plan';
import { carryOver, countRow, VersionSlot, type SeriesRoom } from './slot';
import { countedVersion, KEEP_VERSION_SECONDS, OTHER_VERSIONS } from './versions';

/** One prediction, however it came here. */
export interface Prediction {
  readonly version: string;
  readonly timeSeconds?: number | undefined;
  readonly hasId: boolean;
  /** Values as JSON has them. */
  readonly features: Readonly<Record<string, unknown>>;
  readonly prediction: unknown;
  /** Of a generative model. */
  readonly generation?: CountedGeneration | undefined;
  readonly consumer?: string | undefined;
  /** The run that it was scored in. */
  readonly batch?: string | undefined;
  readonly score?: number | undefined;
  /** As they were sent, where more was made of them: of its texts. */
  readonly sentFeatures?: Readonly<Record<string, unknown>> | undefined;
  /** Share of all predictions that are sent, this one among them, where whoever sends it says so. */
  readonly sampleRatio?: number | undefined;
}

export function noDrops(): Record<EventDropReason, number> {
  return Object.fromEntries(EVENT_DROP_REASONS.map((reason) => [reason, 0])) as Record<EventDropReason, number>;
}

export class ModelEvents {
  readonly namespace: string;
  readonly model: string;
  /** Its place in the order in which models came: ids of different models are told apart by it. */
  readonly number: number;
  received = 0;
  missingId = 0;
  implausibleTime = 0;
  /** Of its last prediction. */
  lastSeconds: number | undefined;
  #heardSeconds = -Infinity;
  readonly lag = new SecondsHistogram(LAG_BOUNDS_SECONDS);
  readonly dropped = noDrops();
  readonly coverage = new Coverage();
  readonly slots = new Map<string, VersionSlot>();
  /** Was in a scrape, with 0 at first: from then on its counters are shown. */
  seen = false;
  settings: MonitoringSettings | undefined;
  readonly custom: CustomCounts;
  /** As it was declared last. */
  declaration: MonitoredModel | undefined;
  /** Only where predictions are joined with actuals. */
  readonly accuracy: AccuracyCounts | undefined;
  /** Beside it; only where predictions are joined. */
  readonly challengers: ChallengersOfModel | undefined;
  readonly segments: SegmentCounts;
  readonly batches: BatchesOfModel;
  fairness: FairnessPlan | undefined;
  /** From the first generation on, or where the settings have something of one. */
  generative: GenerativeCounts | undefined;
  readonly feedback: FeedbackCounts;
  readonly detectors: DetectorCounts;
  readonly consumers = new Consumers();
  /** Rows that may be looked at; only where both the exporter and the settings of the model allow it. */
  rows: RowRing | undefined;
  #plans: readonly WatchPlan[] = [];

  constructor(
    { namespace, model, number }: { readonly namespace: string; readonly model: string; readonly number: number },
    private readonly room: SeriesRoom,
    joins: boolean
  ) {
    this.accuracy = joins ? new AccuracyCounts(room) : undefined;
    this.challengers = joins ? new ChallengersOfModel(room) : undefined;
    this.segments = new SegmentCounts(room);
    this.batches = new BatchesOfModel(room);
    this.custom = new CustomCounts(room);
    this.detectors = new DetectorCounts(room);
    this.feedback = new FeedbackCounts(room);
    this.namespace = namespace;
    this.model = model;
    this.number = number;
  }

  get plans(): readonly WatchPlan[] {
    return this.#plans;
  }

  /** Declared: it has settings, and references as far as somebody gave one. */
  get declared(): boolean {
    return this.settings !== undefined;
  }

  get predictions(): number {
    let sum = 0;
    for (const { predictions } of this.slots.values()) sum += predictions;
    return sum;
  }

  /** Something of it was counted that is no prediction: an actual, feedback. */
  heard(nowSeconds: number): void {
    this.#heardSeconds = nowSeconds;
  }

  /** Whether that was within a day: before it is forgotten, scrapes are to see it. */
  isHeard(nowSeconds: number): boolean {
    return nowSeconds - this.#heardSeconds <= KEEP_VERSION_SECONDS;
  }

  /** Bins of references and other sums that there was no room for; those of segments and batches are told apart. */
  get seriesRefused(): number {
    const others = [this.accuracy, this.challengers, this.custom, this.generative, this.feedback, this.detectors];
    let sum = others.reduce((total, each) => total + (each?.seriesRefused ?? 0), 0);
    for (const { bins } of this.slots.values()) for (const { refused } of bins.values()) sum += refused;
    return sum;
  }

  /** What it is compared with from now on. Counts of a reference that stays are kept. */
  declare(declared: MonitoredModel | undefined, nowSeconds: number): void {
    this.declaration = declared;
    this.settings = declared?.settings;
    this.#plans = (declared?.references ?? []).map((each) => planOf(each, (declared as MonitoredModel).settings));
    for (const slot of this.slots.values()) this.#compareAnew(slot);
    this.coverage.forgetNames();
    // Bins are there before the first row, so that it is an increase.
    for (const plan of this.#plans) {
      const carried = [...this.slots.values()].some(({ bins }) => bins.has(plan.reference.id));
      if (!carried) this.#slotOf(plan.version ?? '', nowSeconds).open(plan, this.room);
    }
    this.#declareAccuracy(declared, nowSeconds);
    this.custom.declare(declared?.settings.customMetrics ?? []);
    this.#declareGenerative();
    this.#declareSegments(declared);
  }

  /** The reference that a version is compared with. */
  referenceOf(version: string): Reference | undefined {
    return this.#planFor(version)?.reference;
  }

  count(event: Prediction, nowSeconds: number): void {
    const slot = this.#slotOf(event.version, nowSeconds);
    const plan = this.#planFor(event.version);
    slot.lastSeconds = this.lastSeconds = nowSeconds;
    slot.predictions += 1;
    if (!event.hasId) this.missingId += 1;
    this.#observeLag(event.timeSeconds, nowSeconds);
    this.#countRow(slot, plan, event);
    this.accuracy?.predicted(sentAnswer(event));
    this.segments.count(event, plan?.reference.id);
    const { batch } = event;
    if (batch !== undefined) this.batches.count({ ...event, batch, plan }, nowSeconds);
    this.#countGeneration(event, slot.version);
    if (event.consumer) this.consumers.saw(event.consumer, nowSeconds);
    const { features, prediction = null, score = null } = event;
    this.custom.predicted({ features, prediction, score }, nowSeconds);
  }

  #countRow(slot: VersionSlot, plan: WatchPlan | undefined, event: Prediction): void {
    this.coverage.represented += 1 / (event.sampleRatio ?? 1);
    if (!plan) {
      this.coverage.uncompared += 1;
      return;
    }
    const bins = slot.bins.get(plan.reference.id) ?? slot.open(plan, this.room);
    if (countRow(bins, event.features, event.prediction) > 0) this.coverage.absentFeatures += 1;
    this.coverage.sawNames(event.sentFeatures ?? event.features, plan.names);
  }

  #declareSegments(declared: MonitoredModel | undefined): void {
    const references = (declared?.references ?? []).map(({ reference }) => reference);
    const accuracy = this.accuracy?.plan;
    const bins = Math.max(0, ...this.#plans.map(({ series }) => series));
    const segments = declared ? segmentsOf(references, declared.settings) : [];
    this.fairness = declared && fairnessPlan(declared.settings.fairness, accuracyPlanOf(declared), segments);
    const basis = {
      plans: this.#plans,
      accuracy,
      reserve: bins + (accuracy ? accuracySeries(accuracy) : 0),
    };
    this.batches.giveBack();
    this.segments.declare({ ...basis, segments, fairness: this.fairness });
    const settings = declared?.settings.batches;
    this.batches.declare({ ...basis, plan: settings && batchPlan(settings) });
  }

  #countGeneration({ generation, consumer, features }: Prediction, version: string): void {
    if (generation && !this.generative) {
      this.generative = new GenerativeCounts(this.room);
      this.#declareGenerative();
    }
    this.generative?.count({ generation, consumer, features, version });
  }

  #declareGenerative(): void {
    const settings = this.settings?.generative ?? {};
    if (isGenerative(settings)) this.generative ??= new GenerativeCounts(this.room);
    this.generative?.declare(settings, [...this.slots.keys()]);
  }

  #declareAccuracy(declared: MonitoredModel | undefined, nowSeconds: number): void {
    if (!declared) {
      this.accuracy?.declare(undefined, [], nowSeconds);
      this.challengers?.planned(undefined);
      return;
    }
    const { references } = declared;
    const plan = accuracyPlanOf(declared);
    const versions = references.length === 0 ? [''] : references.map(({ version = '' }) => version);
    this.accuracy?.declare(plan, versions, nowSeconds);
    this.challengers?.planned(plan);
  }

  /**
   * Lets go of versions without an event for a day. A reference keeps its bins, or its drift would be without data.
   * @returns whether anything is gone
   */
  expire(nowSeconds: number): boolean {
    const before = this.slots.size;
    for (const slot of this.slots.values()) {
      if (nowSeconds - slot.lastSeconds <= KEEP_VERSION_SECONDS) continue;
      const isNeeded = [...slot.bins.keys()].some(
        (id) => ![...this.slots.values()].some((other) => other !== slot && other.bins.has(id))
      );
      if (isNeeded) continue;
      for (const id of slot.bins.keys()) slot.close(id, this.room);
      this.slots.delete(slot.version);
    }
    const others = [
      this.accuracy?.expire(nowSeconds),
      this.generative?.keepVersions(this.slots),
      this.feedback.expire(this.slots, nowSeconds),
      this.detectors.expire(nowSeconds),
      this.consumers.isUsed && this.consumers.advance(nowSeconds),
    ];
    return others.includes(true) || this.slots.size !== before;
  }

  #observeLag(timeSeconds: number | undefined, nowSeconds: number): void {
    if (timeSeconds === undefined) return;
    const lag = plausibleLag(timeSeconds, nowSeconds);
    if (lag === undefined) this.implausibleTime += 1;
    else this.lag.observe(lag);
  }

  #planFor(version: string): WatchPlan | undefined {
    return (
      this.#plans.find((plan) => plan.version === version) ?? this.#plans.find((plan) => plan.version === undefined)
    );
  }

  #slotOf(version: string, nowSeconds: number): VersionSlot {
    const name = countedVersion(version, this.slots.keys());
    const slot = this.slots.get(name) ?? new VersionSlot(name, nowSeconds);
    this.slots.set(name, slot);
    return slot;
  }

  #compareAnew(slot: VersionSlot): void {
    const before = [...slot.bins.keys()].flatMap((id) => slot.close(id, this.room) ?? []);
    const own = this.#planFor(slot.version);
    for (const closed of before) {
      const plan = this.#plans.find(({ reference }) => reference.id === closed.plan.reference.id);
      const isCompared = slot.version === OTHER_VERSIONS || plan?.reference.id === own?.reference.id;
      if (plan && isCompared) carryOver(closed, slot.open(plan, this.room));
    }
  }
}

function accuracyPlanOf({ references, settings }: MonitoredModel): AccuracyPlan {
  return accuracyPlan({
    references: references.map(({ reference }) => reference),
    settings: settings.accuracy,
    window: settings.window,
  });
}
