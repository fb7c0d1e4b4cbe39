/** What a process itself has to say to the event log: its start, its end and its configuration. */
import { hashOf } from './config/load';
import type { Config } from './config/schema';
import type { EventSink } from './log/events/types';

export interface ProcessEvents {
  started(configHash: string): void;
  stopped(): void;
  /** Another configuration is in force. */
  changed(from: Config, to: Config): void;
  refused(problems: number): void;
}

/** Which process it is, and where. */
export interface ProcessName {
  readonly role: 'exporter' | 'responder';
  readonly host: string;
}

export function createProcessEvents(
  sink: EventSink,
  { role, host }: ProcessName,
  nowSeconds: () => number
): ProcessEvents {
  const who = `${role === 'exporter' ? 'Exporter' : 'Responder'} ${host}`;
  /** Of this process: no other one sees it. */
  const own = (action: string, more: { readonly text: string; readonly details?: Record<string, unknown> }) => {
    const atSeconds = nowSeconds();
    return { kind: 'configuration', action, atSeconds, identity: [role, host, action, atSeconds], ...more } as const;
  };

  return {
    started(hash) {
      const text = `${who} began with configuration ${hash}`;
      sink.write({ ...own(`${role}-started`, { text, details: { config: { hash } } }), type: 'start', to: hash });
    },
    stopped() {
      sink.write({ ...own(`${role}-stopped`, { text: `${who} ended` }), type: 'end' });
    },
    changed(from, to) {
      const [before, hash] = [hashOf(from), hashOf(to)];
      const sections = changedSections(from, to);
      const text = `${who} has another configuration: ${sections.join(', ')}`;
      const details = { config: { hash, hash_before: before, sections } };
      const event = own('configuration-changed', { text, details });
      sink.write({ ...event, type: 'change', from: before, to: hash, outcome: 'success' });
    },
    refused(problems) {
      const text = `${who} refused a configuration; its log says why, in ${problems} lines`;
      sink.write({
        ...own('configuration-refused', { text, details: { config: { problems } } }),
        type: 'error',
        outcome: 'failure',
      });
    },
  };
}

/** Keys of two levels whose value is another now; never the values. */
function changedSections(from: Config, to: Config): string[] {
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
