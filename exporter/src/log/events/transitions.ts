/**
 * Changes of what our rules record in Prometheus, as events. Pure: samples go in, events come out. When something changed
 * is the time of the first sample of the new state, the same for whoever reads it and whenever: so is the id of the event.
 */
import { RECORDED, type EventKind, type RecordedSeries } from '@modelwatch/contract';
import type { LoggedEvent } from './types';

export type Labels = Readonly<Record<string, string>>;

/** A recorded series whose state is one of its labels. */
export interface StateSubject {
  readonly kind: EventKind;
  readonly series: RecordedSeries;
  readonly label: 'health' | 'state';
  /** States that somebody should know of; absent: each change is an event. */
  readonly bad?: readonly string[];
  /** The state in which what was bad is over; others say that nobody knows. */
  readonly good?: string;
}

export const STATE_SUBJECTS: readonly StateSubject[] = [
  { kind: 'health', series: RECORDED.modelHealth, label: 'health' },
  { kind: 'serving', series: RECORDED.modelServing, label: 'state' },
  { kind: 'slo', series: RECORDED.sloState, label: 'state', bad: ['page', 'ticket', 'spent'], good: 'met' },
  { kind: 'drift', series: RECORDED.driftState, label: 'state', bad: ['warning', 'critical'], good: 'ok' },
  { kind: 'accuracy', series: RECORDED.accuracyState, label: 'state', bad: ['warning', 'critical'], good: 'ok' },
];

export interface RawSeries {
  readonly labels: Labels;
  /** Oldest first. */
  readonly samples: readonly { readonly atSeconds: number; readonly value: number }[];
}

export interface Step {
  readonly atSeconds: number;
  readonly state: string;
}

/** Labels that say whose state it is: those that our rules give, without what Prometheus or Thanos adds. */
export function identityLabels({ series, label }: StateSubject, labels: Labels): Labels {
  const names = series.labels.filter((name) => name !== label && labels[name]);
  return Object.fromEntries(names.map((name) => [name, labels[name] ?? '']));
}

export function keyOf(subject: StateSubject, labels: Labels): string {
  return `${subject.series.name} ${JSON.stringify(identityLabels(subject, labels))}`;
}

/** By key, the states that one after the other held. */
export function timelines(subject: StateSubject, all: readonly RawSeries[]): Map<string, readonly Step[]> {
  const samples = new Map<string, Step[]>();
  for (const { labels, samples: own } of all) {
    const key = keyOf(subject, labels);
    const held = own.filter(({ value }) => value === 1);
    const steps = held.map(({ atSeconds }) => ({ atSeconds, state: labels[subject.label] ?? '' }));
    samples.set(key, [...(samples.get(key) ?? []), ...steps]);
  }
  return new Map([...samples].map(([key, steps]) => [key, withoutRepetition(steps)]));
}

function withoutRepetition(steps: readonly Step[]): readonly Step[] {
  const sorted = [...steps].sort((a, b) => a.atSeconds - b.atSeconds);
  return sorted.filter(({ state }, index) => sorted[index - 1]?.state !== state);
}

export interface Changes {
  readonly events: readonly LoggedEvent[];
  /** Whether something bad began that is not over. */
  readonly isOpen: boolean;
}

/** @param openSince of something bad that began and is not over, the time up to which all is told; undefined: there is none */
export function changesOf(
  subject: StateSubject,
  labels: Labels,
  steps: readonly Step[],
  openSince: number | undefined
): Changes {
  const events: LoggedEvent[] = [];
  let isOpen = openSince !== undefined;
  steps.forEach((step, index) => {
    if (openSince !== undefined && step.atSeconds <= openSince) return;
    const from = steps[index - 1]?.state;
    const type = typeOf(subject, from, step.state, isOpen);
    if (subject.bad) isOpen = subject.bad.includes(step.state) || (isOpen && step.state !== subject.good);
    if (type) events.push(eventOf(subject, identityLabels(subject, labels), type, from, step));
  });
  return { events, isOpen };
}

function typeOf({ bad, good }: StateSubject, from: string | undefined, to: string, isOpen: boolean) {
  if (!bad) return from === undefined ? undefined : 'change';
  // What held when the timeline begins is no news, unless it is bad and nobody knew.
  if (from === undefined && isOpen && to !== good) return undefined;
  if (bad.includes(to)) return isOpen ? 'change' : 'start';
  if (to === good) return isOpen ? 'end' : undefined;
  return from !== undefined && bad.includes(from) ? 'change' : undefined;
}

function eventOf(
  subject: StateSubject,
  labels: Labels,
  type: 'start' | 'change' | 'end',
  from: string | undefined,
  { atSeconds, state }: Step
): LoggedEvent {
  const { kind } = subject;
  const { cluster, namespace, model, pipeline, ...rest } = labels;
  return {
    ...{ kind, type, atSeconds, cluster, namespace, from, to: state },
    model,
    ...(pipeline ? { pipeline } : {}),
    subject: subjectOf(kind, labels),
    action: `${kind}-${ACTIONS[type]}`,
    identity: [pipeline ?? '', rest['window'] ?? '', rest['method'] ?? '', state, atSeconds],
    text: textOf(kind, labels, from, state),
    details: rest,
  };
}

const ACTIONS = { start: 'began', change: 'changed', end: 'ended' } as const;

/** What had begun is not judged any more: the feature, the objective or the model is gone. */
export function goneEvent(subject: StateSubject, labels: Labels, state: string, nowSeconds: number): LoggedEvent {
  const event = eventOf(subject, labels, 'end', state, { atSeconds: nowSeconds, state: 'gone' });
  return { ...event, identity: [...event.identity.slice(0, 3), 'gone', Math.floor(nowSeconds / 3_600)] };
}

function subjectOf(kind: EventKind, labels: Labels): string | undefined {
  if (kind === 'slo') return labels['slo'];
  if (kind === 'accuracy') return labels['metric'];
  return kind === 'drift' ? labels['feature'] || 'predictions' : undefined;
}

function textOf(kind: EventKind, labels: Labels, from: string | undefined, to: string): string {
  const who = `${labels['namespace'] ?? ''}/${labels['model'] ?? labels['pipeline'] ?? ''}`;
  const before = from === undefined ? '' : `, was ${from}`;
  const what: Partial<Record<EventKind, string>> = {
    health: `${who} is ${to}`,
    serving: `${who} is ${to} (serving)`,
    slo: `Objective ${labels['slo']} of ${who}: ${to}`,
    drift: `Drift of ${labels['feature'] || 'the predictions'} of ${who} (${labels['window']}): ${to}`,
    accuracy: `Accuracy of ${who} (${labels['metric']} over ${labels['window']}): ${to}`,
  };
  return `${what[kind]}${before}`;
}
