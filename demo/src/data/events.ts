/** Sends what the models with data are asked, and answer, to an exporter: as many rows as the time that has passed. */
import type { FleetState } from '../fleet/state';
import { modelKey } from '../fleet/state';
import type { DataScenarioName } from '../types';
import { DATA_MODELS } from '.';
import { ChatStream } from './chat-stream';
import { Draw } from './draw';
import { Reviews } from './reviews';
import { actualsOf, actualsRequest, requestsOf, type Actual, type Event, type EventRequest } from './wire';
import type { Amounts, DataModel } from './types';

const TIMEOUT_MS = 5_000;
/** With the scenario `too-little-traffic` on. */
const FEW_ROWS_PER_SECOND = 0.05;
/** From a prediction to its actual, and the same with the scenario `late-actuals` on. */
const DELAY_SECONDS = 30;
const LATE_SECONDS = 900;
/** After a pause, of the machine for example: nobody makes up for hours. */
const MOST_ROWS = 2_000;

export interface EventsOptions {
  readonly seed: number;
  readonly state: FleetState;
  readonly nowMs: () => number;
  /** What is due is sent so often. */
  readonly intervalMs: number;
}

/**
 * What cannot be sent is lost, as with loggers of model servers: they do not hold up requests.
 * @param url of the exporter; absent: nothing is sent
 */
export function startEvents(
  url: string | undefined,
  { seed, state, nowMs, intervalMs }: EventsOptions
): { readonly stop: () => Promise<void> } {
  if (url === undefined) return { stop: () => Promise.resolve() };
  const inFleet = ({ namespace, model }: DataModel) =>
    state.plan.models.some((each) => modelKey(each) === `${namespace}/${model}`);
  const chats = state.modelOf('prompt-shift') ? [new ChatStream(seed, amountsOf(state), nowMs())] : [];
  const isPilingUp = () => state.shiftOf('review-backlog', nowMs()) > 0;
  const reviews = state.modelOf('review-backlog') ? [new Reviews(seed, isPilingUp, nowMs())] : [];
  const models = DATA_MODELS.filter(inFleet).map((model) => new Stream(model, seed, state, nowMs()));
  const streams = [...reviews, ...models, ...chats];
  const ended = new AbortController();
  let sending = Promise.resolve();
  const timer = setInterval(() => {
    const due = streams.flatMap((stream) => stream.take(nowMs()));
    sending = sending.then(async () => {
      for (const request of due) await send(url, request, ended.signal);
    });
  }, intervalMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      ended.abort();
      await sending;
    },
  };
}

/** Both scenarios of prompts happen to the one model that is prompted. */
function amountsOf(state: FleetState): (nowMs: number) => Amounts {
  return (nowMs) => (scenario) =>
    scenario === 'prompt-shift' || scenario === 'refusals' ? state.shiftOf(scenario, nowMs) : 0;
}

async function send(url: string, { path, headers, body }: EventRequest, ended: AbortSignal): Promise<void> {
  if (ended.aborted) return;
  const signal = AbortSignal.any([ended, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body, signal });
    await answer.arrayBuffer();
  } catch {
    // Nobody listens, or takes too long.
  }
}

/** The rows of one model, one after the other, and what came true of them later. */
class Stream {
  private readonly draw: Draw;
  private owed = 0;
  private count = 0;
  private readonly open: { readonly dueMs: number; readonly actuals: readonly Actual[] }[] = [];

  constructor(
    readonly model: DataModel,
    seed: number,
    private readonly state: FleetState,
    private lastMs: number
  ) {
    this.draw = new Draw('events', seed, model.namespace, model.model, lastMs);
    // The first batch is there at once.
    this.lastMs -= 1_000 * (model.batchSeconds ?? 0);
  }

  /** What is to be sent now. */
  take(nowMs: number): EventRequest[] {
    const requests = this.due(nowMs);
    return this.isOf('events-stop') && this.state.shiftOf('events-stop', nowMs) > 0 ? [] : requests;
  }

  private due(nowMs: number): EventRequest[] {
    const amounts = (scenario: DataScenarioName) => (this.isOf(scenario) ? this.state.shiftOf(scenario, nowMs) : 0);
    const { batchSeconds } = this.model;
    if (batchSeconds !== undefined && nowMs - this.lastMs < 1_000 * batchSeconds) return this.known(nowMs);
    // Named by its minute.
    const batch = batchSeconds === undefined ? undefined : `${new Date(nowMs).toISOString().slice(0, 16)}Z`;
    const events = this.rows(nowMs, amounts);
    const delaySeconds = amounts('late-actuals') > 0 ? LATE_SECONDS : DELAY_SECONDS;
    this.open.push({ dueMs: nowMs + delaySeconds * 1_000, actuals: actualsOf(this.model, events) });
    return [...requestsOf(this.model, events, { batch }), ...this.known(nowMs)];
  }

  private known(nowMs: number): EventRequest[] {
    const due = this.open.filter(({ dueMs }) => dueMs <= nowMs);
    this.open.splice(0, this.open.length, ...this.open.filter(({ dueMs }) => dueMs > nowMs));
    const actuals = due.flatMap((each) => each.actuals);
    return actuals.length === 0 ? [] : [actualsRequest(this.model, actuals)];
  }

  private rows(nowMs: number, amounts: Amounts): Event[] {
    const { namespace, model, rowsPerSecond, row } = this.model;
    const perSecond = amounts('too-little-traffic') > 0 ? FEW_ROWS_PER_SECOND : rowsPerSecond;
    this.owed = Math.min(MOST_ROWS, this.owed + (perSecond * Math.max(0, nowMs - this.lastMs)) / 1_000);
    const events: Event[] = [];
    for (; this.owed >= 1; this.owed--) {
      const id = `${namespace}-${model}-${this.lastMs.toString(36)}-${(this.count++).toString(36)}`;
      const isMalformed = amounts('malformed-events') > 0 && this.count % 2 === 0;
      events.push({ id, timeSeconds: nowMs / 1_000, isMalformed, ...row(this.draw, amounts) });
    }
    this.lastMs = nowMs;
    return events;
  }

  private isOf(scenario: DataScenarioName): boolean {
    const its = this.state.modelOf(scenario);
    return its?.namespace === this.model.namespace && its.name === this.model.model;
  }
}
