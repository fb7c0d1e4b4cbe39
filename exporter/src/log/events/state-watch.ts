/**
 * Follows in Prometheus what only our rules know: health, serving, objectives, drift, accuracy and alerts. One small query
 * tells what holds now; of what changed, and of that alone, the samples are read, which say when, and what was between.
 */
import { RECORDED } from '@modelwatch/contract';
import {
  changesOf,
  goneEvent,
  identityLabels,
  keyOf,
  STATE_SUBJECTS,
  timelines,
  type Labels,
  type RawSeries,
  type StateSubject,
  type Step,
} from './transitions';
import type { EventSink } from './types';

export interface Held {
  readonly labels: Labels;
  readonly value: number;
}

export interface HeldAnswer {
  readonly samples: readonly Held[];
  /** Some: a part may be missing. Nothing is over because it is not in such an answer. */
  readonly warnings: readonly string[];
}

export interface StateWatchDeps {
  /** Instant query. Rejects when Prometheus does not answer. */
  readonly query: (promql: string, atSeconds: number) => Promise<HeldAnswer>;
  /** Samples as they are, of a selector with a range. */
  readonly samples: (promql: string, atSeconds: number) => Promise<readonly RawSeries[]>;
  readonly sink: EventSink;
  readonly nowSeconds: () => number;
}

export interface StateWatch {
  /** Reads once. Rejects when Prometheus does not answer: then all that changed is read the next time. */
  poll(): Promise<void>;
}

interface State {
  readonly subject: StateSubject;
  readonly labels: Labels;
  readonly state: string;
  /** When it was last seen. */
  readonly seenSeconds: number;
}

interface Open extends State {
  /** All that happened until then is told. */
  readonly toldSeconds: number;
}

interface Firing {
  readonly labels: Labels;
  readonly sinceSeconds: number;
  readonly seenSeconds: number;
}

/** What happened while an exporter was begun anew is read again; events that are known already have their ids. */
const LOOK_BACK_SECONDS = 300;
/** The longest gap that is read back. */
const MOST_BACK_SECONDS = 6 * 3_600;
const SUBJECTS_PER_QUERY = 50;
/** An alert or a verdict that vanishes may come back: Prometheus was restarted, or a rule was late. */
const RESOLVED_AFTER_SECONDS = 90;
const GONE_AFTER_SECONDS = 900;

const HELD_NOW = STATE_SUBJECTS.map(({ series, bad }) =>
  bad ? `${series.name}{state=~"${bad.join('|')}"}` : `${series.name} == 1`
).join('\nor ');
const OURS = 'alertname=~"Modelwatch.+"';
const FIRING = `ALERTS{${OURS}, alertstate="firing"}`;
const ACTIVE_SINCE = `ALERTS_FOR_STATE{${OURS}}`;

export function createStateWatch(deps: StateWatchDeps): StateWatch {
  let lastSeconds: number | undefined;
  let last = new Map<string, State>();
  /** Bad states that began and are not over, also while nobody can tell. */
  const open = new Map<string, Open>();
  const firing = new Map<string, Firing>();
  /** Whether all answers of this poll are. */
  let isWhole = true;

  async function ask(promql: string, atSeconds: number): Promise<readonly Held[]> {
    const { samples, warnings } = await deps.query(promql, atSeconds);
    if (warnings.length > 0) isWhole = false;
    return samples;
  }

  async function heldAt(atSeconds: number): Promise<Map<string, State>> {
    const held = new Map<string, State>();
    for (const { labels } of await ask(HELD_NOW, atSeconds)) {
      const subject = STATE_SUBJECTS.find(({ series }) => series.name === labels['__name__']);
      if (!subject) continue;
      const state = labels[subject.label] ?? '';
      const own = identityLabels(subject, labels);
      held.set(keyOf(subject, labels), { subject, labels: own, state, seenSeconds: atSeconds });
    }
    return held;
  }

  async function alertsAt(atSeconds: number): Promise<Map<string, Firing>> {
    const since = new Map<string, number>();
    for (const { labels, value } of await ask(ACTIVE_SINCE, atSeconds)) since.set(alertKey(labels), value);
    const found = new Map<string, Firing>();
    for (const { labels } of await ask(FIRING, atSeconds)) {
      const key = alertKey(labels);
      // Without it there is no id that others would give too; it comes with the next evaluation.
      const sinceSeconds = since.get(key);
      if (sinceSeconds !== undefined) found.set(key, { labels, sinceSeconds, seenSeconds: atSeconds });
    }
    return found;
  }

  function tellAlerts(now: ReadonlyMap<string, Firing>, nowSeconds: number): void {
    for (const [key, alert] of now) {
      const before = firing.get(key);
      firing.set(key, alert);
      if (before?.sinceSeconds === alert.sinceSeconds) continue;
      if (before) deps.sink.write(alertEvent(before, 'end', before.seenSeconds));
      deps.sink.write(alertEvent(alert, 'start', nowSeconds));
    }
    if (!isWhole) return;
    for (const [key, alert] of firing) {
      if (now.has(key) || nowSeconds - alert.seenSeconds < RESOLVED_AFTER_SECONDS) continue;
      firing.delete(key);
      deps.sink.write(alertEvent(alert, 'end', alert.seenSeconds));
    }
  }

  function changed(now: ReadonlyMap<string, State>): State[] {
    const states = [...now].filter(([key, { state }]) => last.get(key)?.state !== state).map(([, state]) => state);
    const unclear = [...open].filter(([key]) => !now.has(key)).map(([, state]) => state);
    return [...states, ...unclear];
  }

  async function tellStates(states: readonly State[], fromSeconds: number, nowSeconds: number): Promise<void> {
    const span = Math.ceil(Math.min(nowSeconds - fromSeconds, MOST_BACK_SECONDS));
    for (const subject of STATE_SUBJECTS) {
      const own = states.filter((state) => state.subject === subject);
      for (let index = 0; index < own.length; index += SUBJECTS_PER_QUERY) {
        const some = own.slice(index, index + SUBJECTS_PER_QUERY);
        const found = timelines(subject, await deps.samples(`${selector(subject, some)}[${span}s]`, nowSeconds));
        for (const state of some) {
          const key = keyOf(subject, state.labels);
          const steps = found.get(key) ?? [];
          if (steps.length === 0) forget(key, state, nowSeconds);
          else tell(key, state, steps);
        }
      }
    }
  }

  function tell(key: string, state: State, steps: readonly Step[]): void {
    const { events, isOpen } = changesOf(state.subject, state.labels, steps, open.get(key)?.toldSeconds);
    for (const event of events) deps.sink.write(event);
    if (isOpen) open.set(key, { ...state, toldSeconds: steps.at(-1)?.atSeconds ?? 0 });
    else open.delete(key);
  }

  function forget(key: string, state: State, nowSeconds: number): void {
    if (!isWhole || !open.has(key) || nowSeconds - state.seenSeconds < GONE_AFTER_SECONDS) return;
    open.delete(key);
    deps.sink.write(goneEvent(state.subject, state.labels, state.state, nowSeconds));
  }

  async function begin(nowSeconds: number): Promise<number> {
    const atSeconds = nowSeconds - LOOK_BACK_SECONDS;
    last = await heldAt(atSeconds);
    for (const [key, state] of last) if (state.subject.bad) open.set(key, { ...state, toldSeconds: atSeconds });
    for (const [key, alert] of await alertsAt(atSeconds)) firing.set(key, alert);
    return atSeconds;
  }

  return {
    async poll() {
      isWhole = true;
      const nowSeconds = deps.nowSeconds();
      const fromSeconds = lastSeconds ?? (await begin(nowSeconds));
      const now = await heldAt(nowSeconds);
      const alerts = await alertsAt(nowSeconds);
      // What was recorded shortly before the last poll may not have been there yet.
      await tellStates(changed(now), fromSeconds - LOOK_BACK_SECONDS, nowSeconds);
      tellAlerts(alerts, nowSeconds);
      [last, lastSeconds] = [now, nowSeconds];
    },
  };
}

/** Matches these, and perhaps others: what is told apart afterwards needs no more exact question. */
function selector({ series }: StateSubject, states: readonly State[]): string {
  const anyOf = (label: string) => {
    const values = [...new Set(states.map(({ labels }) => labels[label] ?? ''))].map(quoted);
    return `${label}=~${JSON.stringify(values.join('|'))}`;
  };
  const labels = series === RECORDED.sloState ? ['namespace', 'slo'] : ['namespace', 'model'];
  return `${series.name}{${labels.map(anyOf).join(', ')}}`;
}

/** As text in a regular expression of PromQL. */
function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function alertKey({ __name__: _name, alertstate: _state, ...labels }: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function alertEvent({ labels, sinceSeconds }: Firing, type: 'start' | 'end', atSeconds: number) {
  const { __name__: _name, alertstate: _state, alertname = '', cluster, namespace, model, ...rest } = labels;
  const who = namespace === undefined ? '' : ` for ${namespace}/${model ?? rest['server'] ?? rest['pipeline'] ?? ''}`;
  return {
    kind: 'alert',
    ...{ type, atSeconds, cluster, namespace, model },
    ...(rest['pipeline'] ? { pipeline: rest['pipeline'] } : {}),
    action: type === 'start' ? 'alert-firing' : 'alert-resolved',
    subject: alertname,
    to: type === 'start' ? 'firing' : 'resolved',
    identity: [JSON.stringify(Object.entries(rest).sort()), type, sinceSeconds],
    text: `${alertname}${who} ${type === 'start' ? 'fires' : 'is resolved'}`,
    labels: rest,
    details: { alert: { active_since: new Date(sinceSeconds * 1_000).toISOString() } },
  } as const;
}
