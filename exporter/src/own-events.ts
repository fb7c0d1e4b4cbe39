/** What the exporter sees by itself and says to the event log: references and serving states. */
import type { Monitoring } from './domain/events/monitoring-book';
import type { Snapshot } from './domain/fleet-interface';
import type { EventSink } from './log/events/types';

export interface OwnEvents {
  /** What is compared with what; to be called again and again. */
  monitoring(now: Monitoring): void;
  /** For as long as no Prometheus is read: what this exporter sees by itself. */
  fleet(now: Snapshot): void;
}

const SAME_SECONDS = 600;

export function createOwnEvents(sink: EventSink, nowSeconds: () => number): OwnEvents {
  let read: Monitoring | undefined;
  let references: ReadonlyMap<string, string> | undefined;
  let serving = new Map<string, string>();

  return {
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
