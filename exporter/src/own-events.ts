/** What the exporter itself has to say to the event log: its start and end, its configuration, references, serving states. */
import type { Config } from './config/schema';
import { hashOf } from './config/load';
import type { Monitoring } from './domain/events/monitoring-book';
import type { Snapshot } from './domain/fleet-interface';
import type { EventSink } from './log/events/types';

export interface OwnEvents {
  started(configHash: string): void;
  stopped(): void;
  /** Another configuration is in force. */
  changed(from: Config, to: Config): void;
  refused(problems: number): void;
  /** What is compared with what; to be called again and again. */
  monitoring(now: Monitoring): void;
  /** For as long as no Prometheus is read: what this exporter sees by itself. */
  fleet(now: Snapshot): void;
}

const SAME_SECONDS = 600;

export function createOwnEvents(sink: EventSink, host: string, nowSeconds: () => number): OwnEvents {
  let read: Monitoring | undefined;
  let references: ReadonlyMap<string, string> | undefined;
  let serving = new Map<string, string>();

  /** Of this process: no other one sees it. */
  const own = (action: string, more: { readonly text: string; readonly details?: Record<string, unknown> }) => {
    const atSeconds = nowSeconds();
    return { kind: 'configuration', action, atSeconds, identity: [host, action, atSeconds], ...more } as const;
  };

  return {
    started(hash) {
      const text = `Exporter ${host} began with configuration ${hash}`;
      sink.write({ ...own('exporter-started', { text, details: { config: { hash } } }), type: 'start', to: hash });
    },
    stopped() {
      sink.write({ ...own('exporter-stopped', { text: `Exporter ${host} ended` }), type: 'end' });
    },
    changed(from, to) {
      const [before, hash] = [hashOf(from), hashOf(to)];
      const sections = changedSections(from, to);
      const text = `Exporter ${host} has another configuration: ${sections.join(', ')}`;
      const details = { config: { hash, hash_before: before, sections } };
      const event = own('configuration-changed', { text, details });
      sink.write({ ...event, type: 'change', from: before, to: hash, outcome: 'success' });
    },
    refused(problems) {
      const text = `Exporter ${host} refused a configuration; its log says why, in ${problems} lines`;
      sink.write({
        ...own('configuration-refused', { text, details: { config: { problems } } }),
        type: 'error',
        outcome: 'failure',
      });
    },
    monitoring(now) {
      if (now === read) return;
      read = now;
      const held = referencesOf(now);
      const before = references;
      references = held;
      if (!before) return;
      for (const key of new Set([...before.keys(), ...held.keys()])) {
        const [from, to] = [before.get(key), held.get(key)];
        if (from === to) continue;
        const [namespace = '', model = '', version = ''] = JSON.parse(key) as string[];
        const what = to === undefined ? 'is compared with none' : `is compared with reference ${to}`;
        sink.write({
          kind: 'references',
          type: 'change',
          action: to === undefined ? 'reference-removed' : from === undefined ? 'reference-added' : 'reference-changed',
          atSeconds: nowSeconds(),
          // Two exporters that read the same document within the same minutes tell the same event.
          identity: [version, from ?? '', to ?? '', Math.floor(nowSeconds() / SAME_SECONDS)],
          ...{ namespace, model, from, to },
          text: `${namespace}/${model}${version && ` version ${version}`} ${what}`,
          details: version === '' ? {} : { version },
        });
      }
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

function referencesOf({ references }: Monitoring): Map<string, string> {
  const held = references.filter(({ inForce, loaded }) => inForce && loaded !== undefined);
  return new Map(
    held.map(({ namespace = '', model = '', version = '', loaded }) => [
      JSON.stringify([namespace, model, version]),
      loaded?.reference.id ?? '',
    ])
  );
}

/** Keys of two levels whose value is another now; never the values. */
export function changedSections(from: Config, to: Config): string[] {
  const flat = (config: Config) =>
    new Map(
      Object.entries(config).flatMap(([key, value]: [string, unknown]) =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.entries(value).map(([part, inner]) => [`${key}.${part}`, JSON.stringify(inner)] as const)
          : [[key, JSON.stringify(value)] as const]
      )
    );
  const [before, after] = [flat(from), flat(to)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key)).sort();
}
