/** Frames and options -> what the panel shows, or a sentence why not and a way out. */
import { LoadingState, type DataFrame } from '@grafana/data';
import { RECORDED_STATE } from '@modelwatch/contract';
import { inventoryFacts } from './inventory';
import { judge, type Judging } from './judge';
import { accuracyKind, driftKind, frameMark, isInventory, sloKind } from './mark';
import { arrange } from './order';
import { bucketSeries, factsOf, modelKey } from './plain';
import { seriesOf } from './series';
import type { Message, ModelFacts, Prepared, TimeSpan } from './types';
import { spanText, type ClockText } from './words';

export interface PrepareInput {
  readonly state: LoadingState;
  readonly series: readonly DataFrame[];
  /** What went wrong, in the words of the data source; may stand beside series. */
  readonly errors: readonly string[];
  readonly range: TimeSpan;
  /** End of the range, or the present where the range ends now. */
  readonly nowMs: number;
  /** When the series arrived. */
  readonly answeredAtMs: number;
  readonly staleAfterMs: number;
  /** How old the answer itself may be before nothing in it is news. */
  readonly answerMaxAgeMs: number;
  readonly clock: ClockText;
  /** What was asked, for the empty state: PromQL, or a name of the query. */
  readonly asked?: string;
}

const EXAMPLE = `${RECORDED_STATE.modelHealth.name} == 1`;

/** What the inventory leaves open is filled from the series beside it; what it says stands. */
function enrich(base: ModelFacts, more: ModelFacts | undefined): ModelFacts {
  if (!more) return base;
  const gaps = Object.fromEntries(Object.entries(base).filter(([, value]) => value !== undefined));
  const missing = base.health === null && base.unknownWord === undefined;
  return {
    ...more,
    ...gaps,
    ...(missing && more.health !== undefined ? { health: more.health, basis: more.basis } : {}),
    // The age of the series beside it says nothing about the row: only a verdict that was taken over brings its time.
    sampledAtMs: missing ? more.sampledAtMs : base.sampledAtMs,
    stepMs: missing ? more.stepMs : base.stepMs,
    channels: base.channels.length ? base.channels : more.channels,
    history: more.history,
    origin: base.origin ?? more.origin,
  };
}

/** Facts by model. With an inventory only its models are shown: an alert query beside it must not double or add any. */
export function gatherFacts(answer: readonly DataFrame[]): ModelFacts[] {
  // Drift, accuracy, objectives and alerts name models, too, and their states are no states of a model.
  const isOfOthers = (frame: DataFrame) => driftKind(frame) ?? accuracyKind(frame) ?? sloKind(frame);
  const frames = answer.filter((frame) => !isOfOthers(frame) && frameMark(frame)?.kind !== 'alerts');
  const buckets = bucketSeries(frames.filter((frame) => !isInventory(frame)).flatMap(seriesOf));
  const rows = new Map<string, ModelFacts>();
  for (const facts of frames.filter(isInventory).flatMap(inventoryFacts)) {
    if (!rows.has(modelKey(facts))) rows.set(modelKey(facts), facts);
  }
  if (!rows.size) return [...buckets.values()].map(factsOf);
  return [...rows].map(([key, facts]) => {
    const bucket = buckets.get(key);
    return enrich(facts, bucket && factsOf(bucket));
  });
}

function errorMessage(errors: readonly string[]): Message {
  const detail = [...new Set(errors)].join(' ').slice(0, 500);
  return { title: 'The query failed: no verdict for any model', detail };
}

function emptyMessage(asked: string | undefined): Message {
  const what = asked ? `The query ${asked} returned no series.` : 'The query returned no series.';
  return {
    title: 'No models yet',
    detail: `${what} Look whether Prometheus scrapes the exporter and evaluates its rules: ${RECORDED_STATE.modelHealth.name} must have series.`,
  };
}

function refusal(frames: readonly DataFrame[]): Message {
  const names = [...new Set(frames.flatMap((frame) => frame.fields.map(({ name }) => name)))].slice(0, 6).join(', ');
  return {
    title: 'This answer names no model',
    detail: `It has ${names || 'no fields'}; needed are the labels namespace and model with health or state. Choose the Modelwatch data source, or ask Prometheus for ${EXAMPLE}`,
  };
}

/** Oldest answer: a frame of ours tells when it was put together. */
function answeredAt(input: PrepareInput): number {
  const marks = input.series.flatMap((frame) => frameMark(frame)?.answeredAtMs ?? []);
  return marks.length ? Math.min(...marks, input.answeredAtMs) : input.answeredAtMs;
}

function fleetOf(input: PrepareInput, facts: readonly ModelFacts[]): Prepared {
  const answeredAtMs = Math.min(answeredAt(input), input.nowMs);
  const ageMs = input.nowMs - answeredAtMs;
  const answerTooOld = ageMs > input.answerMaxAgeMs;
  const { staleAfterMs, clock } = input;
  const judging: Judging = { answeredAtMs, staleAfterMs, answerTooOld, clock };
  const fleet = arrange(
    facts.map((one) => judge(one, judging)),
    input.range,
    input.nowMs
  );
  const notices: Message[] = input.errors.length
    ? [{ title: 'Part of the query failed.', detail: [...new Set(input.errors)].join(' ').slice(0, 300) }]
    : [];
  if (answerTooOld) {
    notices.push({ title: `Not refreshed for ${spanText(ageMs)}.`, detail: 'Refresh the dashboard for a verdict.' });
  }
  return { kind: 'fleet', fleet: { ...fleet, isPartial: input.errors.length > 0 }, notices };
}

export function prepare(input: PrepareInput): Prepared {
  const facts = gatherFacts(input.series);
  const failed = input.state === LoadingState.Error || input.errors.length > 0;
  if (facts.length) return fleetOf(input, facts);
  if (failed) return { kind: 'error', message: errorMessage(input.errors) };
  if (input.state === LoadingState.Loading || input.state === LoadingState.NotStarted) return { kind: 'loading' };
  const rows = input.series.some((frame) => frame.length > 0 && !isInventory(frame));
  return rows
    ? { kind: 'refusal', message: refusal(input.series) }
    : { kind: 'empty', message: emptyMessage(input.asked) };
}
