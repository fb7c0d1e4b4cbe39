/** References and settings in ConfigMaps, as one set of watches tells of them. */
import { ConfigError } from './config/refusals';
import { readSettings } from './config/settings-document';
import type { ConfigMap } from './domain/events/config-map';
import type { Problem, ReferenceEntry, SettingsEntry } from './domain/events/monitoring-book';
import { readEntry } from './monitoring-entry';

export interface ConfigMaps {
  applied(map: ConfigMap): void;
  deleted(namespace: string, name: string): void;
  /** The watches that tell of them answer from now on. */
  takeOver(): void;
  found(): FoundInConfigMaps;
  /** What is held of one, for whoever reads it anew. */
  held(key: string): Held | undefined;
}

export interface FoundInConfigMaps {
  readonly references: readonly ReferenceEntry[];
  readonly settings: readonly SettingsEntry[];
  readonly problems: readonly Problem[];
}

/** By key of the ConfigMap. */
interface Held {
  readonly references: ReadonlyMap<string, ReferenceEntry>;
  readonly settings: ReadonlyMap<string, HeldSettings>;
}

/** The last good ones, and what is wrong with what was read since. */
interface HeldSettings {
  readonly text: string;
  readonly entry?: SettingsEntry;
  readonly problem?: Problem;
}

interface Deps {
  readonly nowSeconds: () => number;
  readonly changed: () => void;
  /** Those in force, from which the last good ones are taken over. */
  readonly before: () => ConfigMaps | undefined;
  readonly inForce: (self: ConfigMaps) => void;
}

export function createConfigMaps({ nowSeconds, changed, before, inForce }: Deps): ConfigMaps {
  const maps = new Map<string, Held>();
  const self: ConfigMaps = {
    applied({ meta: { namespace, name }, references, settings }) {
      const key = `${namespace}/${name}`;
      const known = maps.get(key) ?? before()?.held(key);
      const place = (document: string) => `configmap ${key} ${document}`;
      const read = Object.entries(references).map(([document, text]) => {
        const entry = known?.references.get(document) ?? {
          source: 'configmaps',
          place: place(document),
          boundTo: namespace,
        };
        return [document, readEntry(entry, text, nowSeconds())] as const;
      });
      const given = Object.entries(settings).map(
        ([document, text]) =>
          [document, readHeld(known?.settings.get(document), text, namespace, key, place(document))] as const
      );
      const next = { references: new Map(read), settings: new Map(given) };
      const isNews = !isSame(maps.get(key), next);
      maps.set(key, next);
      if (isNews) changed();
    },
    deleted(namespace, name) {
      if (maps.delete(`${namespace}/${name}`)) changed();
    },
    takeOver: () => inForce(self),
    found: () => collect(maps),
    held: (key) => maps.get(key),
  };
  return self;
}

function readHeld(
  known: HeldSettings | undefined,
  text: string,
  namespace: string,
  key: string,
  place: string
): HeldSettings {
  if (known?.text === text) return known;
  try {
    const { model, ...given } = readSettings(text, place);
    return { text, entry: { source: 'configmaps', origin: `configmap ${key}`, namespace, model, given } };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { entry } = known ?? {};
    const whose = entry ? { namespace, model: entry.model } : { namespace };
    const problem: Problem = { source: 'configmaps', place, text: error.problems.join('; '), ...whose };
    return { text, ...(entry ? { entry } : {}), problem };
  }
}

/** Nothing but its metadata changed. */
function isSame(known: Held | undefined, next: Held): boolean {
  if (!known) return false;
  const same = <T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>) =>
    one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
  return same(known.references, next.references) && same(known.settings, next.settings);
}

/** In the order of their names: of two that say something of one model the first holds, whichever was heard of first. */
function collect(maps: ReadonlyMap<string, Held>): FoundInConfigMaps {
  const sorted = [...maps].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, held]) => held);
  const problems: Problem[] = [];
  const settings = new Map<string, SettingsEntry>();
  for (const { entry, problem } of sorted.flatMap((held) => [...held.settings.values()])) {
    if (problem) problems.push(problem);
    if (!entry) continue;
    const { namespace, model, origin } = entry;
    const key = `${namespace}/${model}`;
    const first = settings.get(key);
    if (!first) settings.set(key, entry);
    else {
      const text = `model: expected one that no other ConfigMap speaks for, got ${model}, as in ${first.origin}`;
      problems.push({ source: 'configmaps', place: origin, text, namespace, model });
    }
  }
  return {
    references: sorted.flatMap((held) => [...held.references.values()]),
    settings: [...settings.values()],
    problems,
  };
}
