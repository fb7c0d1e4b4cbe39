/** What the exporter sees by itself and says to the event log: references, settings, objectives and serving states. */
import { createHash } from 'node:crypto';
import type { Monitoring } from './domain/events/monitoring-book';
import type { Snapshot } from './domain/fleet-interface';
import { DEFAULT_ORIGIN } from './domain/events/settings';
import type { DeclaredSlo } from './domain/slo/spec';
import type { EventSink, LoggedEvent } from './log/events/types';

export interface OwnEvents {
  /** What is compared with what, and by which settings; to be called again and again once all of it was read. */
  monitoring(now: Monitoring): void;
  /** What is promised; as `monitoring`. */
  objectives(now: readonly DeclaredSlo[]): void;
  /** For as long as no Prometheus is read: what this exporter sees by itself. */
  fleet(now: Snapshot): void;
}

const SAME_SECONDS = 600;

export function createOwnEvents(sink: EventSink, nowSeconds: () => number): OwnEvents {
  let read: Monitoring | undefined;
  let references: Held | undefined;
  let settings: Held | undefined;
  let declared: readonly DeclaredSlo[] | undefined;
  let objectives: Held | undefined;
  let serving = new Map<string, string>();

  /** Two exporters that read the same within the same minutes tell the same event. */
  function configured(action: string, what: readonly string[], from?: string, to?: string) {
    const atSeconds = nowSeconds();
    const identity = [...what, from ?? '', to ?? '', Math.floor(atSeconds / SAME_SECONDS)];
    return {
      kind: 'configuration',
      type: 'change',
      action,
      atSeconds,
      identity,
      from,
      to,
    } satisfies Partial<LoggedEvent>;
  }

  return {
    monitoring(now) {
      if (now === read) return;
      read = now;
      const held = referencesOf(now);
      for (const { key, from, to, verb } of changes(references, held)) {
        const [namespace = '', model = '', version = ''] = key;
        const what = to === undefined ? 'is compared with none' : `is compared with reference ${to}`;
        sink.write({
          kind: 'references',
          type: 'change',
          action: `reference-${verb}`,
          atSeconds: nowSeconds(),
          // Two exporters that read the same document within the same minutes tell the same event.
          identity: [version, from ?? '', to ?? '', Math.floor(nowSeconds() / SAME_SECONDS)],
          ...{ namespace, model, from, to },
          text: `${namespace}/${model}${version && ` version ${version}`} ${what}`,
          details: version === '' ? {} : { version },
        });
      }
      references = held;
      const set = settingsOf(now);
      for (const { key, from, to, verb } of changes(settings, set)) {
        const [namespace = '', model = ''] = key;
        const text = `Settings of ${namespace}/${model}: ${verb}`;
        sink.write({ ...configured(`settings-${verb}`, ['settings'], from, to), namespace, model, text });
      }
      settings = set;
    },
    objectives(now) {
      if (now === declared) return;
      declared = now;
      const held = objectivesOf(now);
      for (const { key, from, to, verb } of changes(objectives, held)) {
        const [document = '', subject = '', namespace] = key;
        const text = `Objective ${subject} of ${document}: ${verb}`;
        const event = configured(`objective-${verb}`, [document, subject], from, to);
        sink.write({ ...event, namespace: namespace || undefined, subject, text, details: { document } });
      }
      objectives = held;
    },
    fleet({ models, synced }) {
      if (!synced) return;
      const now = new Map<string, string>();
      for (const {
        namespace,
        name,
        platform,
        verdict: { state, reasons },
      } of models.values()) {
        const key = `${namespace}/${name}`;
        // Nobody watches a server of these.
        if (platform === 'events') continue;
        now.set(key, state);
        const from = serving.get(key);
        if (from === undefined || from === state) continue;
        const atSeconds = nowSeconds();
        sink.write({
          ...{ kind: 'serving', type: 'change', action: 'serving-changed', atSeconds, namespace, model: name },
          identity: ['', '', '', state, Math.floor(atSeconds)],
          ...{ from, to: state, reason: reasons[0]?.reason },
          text: `${key} is ${state} (serving), was ${from}`,
        });
      }
      serving = now;
    },
  };
}

/** By a key of names, what it is: an id or a hash. */
type Held = ReadonlyMap<string, string>;

interface Change {
  readonly key: readonly string[];
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly verb: 'added' | 'changed' | 'removed';
}

/** None where nothing is known of before. */
function changes(before: Held | undefined, now: Held): Change[] {
  if (!before) return [];
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((key): Change[] => {
    const [from, to] = [before.get(key), now.get(key)];
    if (from === to) return [];
    const verb = to === undefined ? 'removed' : from === undefined ? 'added' : 'changed';
    return [{ key: JSON.parse(key) as string[], from, to, verb }];
  });
}

/** Never the values: of an objective they may be somebody's query. */
function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

/** Of models for which somebody set something. */
function settingsOf({ models }: Monitoring): Held {
  const given = [...models.values()].filter(({ origins }) =>
    Object.values(origins).some((origin) => origin !== DEFAULT_ORIGIN)
  );
  return new Map(given.map(({ namespace, model, settings }) => [JSON.stringify([namespace, model]), digest(settings)]));
}

/** Where in its document an objective stands is no change of it. */
function objectivesOf(declared: readonly DeclaredSlo[]): Held {
  const specs = new Map<string, unknown[]>();
  for (const { spec, place, boundTo = '' } of declared) {
    const document = place.replace(/ (line \d+( column \d+)?|slos\[\d+\])$/, '');
    const key = JSON.stringify([document, spec.name, boundTo]);
    specs.set(key, [...(specs.get(key) ?? []), spec]);
  }
  return new Map([...specs].map(([key, all]) => [key, digest(all)]));
}

function referencesOf({ references }: Monitoring): Held {
  const held = references.filter(({ inForce, loaded }) => inForce && loaded !== undefined);
  return new Map(
    held.map(({ namespace = '', model = '', version = '', loaded }) => [
      JSON.stringify([namespace, model, version]),
      loaded?.reference.id ?? '',
    ])
  );
}
