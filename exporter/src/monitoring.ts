/**
 * What is watched of the data of models, kept up to date: references from files, addresses and ConfigMaps, settings from
 * the configuration and ConfigMaps. What is refused leaves the last good one in force, and is told until it is mended.
 */
import type { ReferenceConfig } from './config/monitoring';
import type { Config } from './config/schema';
import {
  monitoredModels,
  monitoringOf,
  NO_MONITORING,
  type MonitoringInput,
  MONITORING_SOURCES,
  type Monitoring,
  type MonitoringSource,
  type Problem,
  type ReferenceEntry,
  type SettingsEntry,
} from './domain/events/monitoring-book';
import type { MonitoredModel } from './domain/events/monitored';
import type { SourceView } from './domain/source-book';
import type { Log } from './log/log';
import { createConfigMaps, type ConfigMaps, type FoundInConfigMaps } from './monitoring-config-maps';
import { SYSTEM_CLOCK, type Clock } from './sources/clock';
import { readEntry, unchanged, withProblem } from './monitoring-entry';
import { watchReferenceFiles } from './sources/references/files';
import { pollReference, shownPlace, type FoundAtUrl } from './sources/references/url';

type MonitoringConfig = Config['monitoring'];

export interface MonitoringDeps {
  /** Called with all models that are watched when something of them changed; those that did not are the same objects. */
  readonly onModels: (models: readonly MonitoredModel[]) => void;
  /** How much is wrong now, by where it comes from. */
  readonly onProblems: (counts: Readonly<Record<MonitoringSource, number>>) => void;
  /** Series of events that one model may have. */
  readonly seriesPerModel: number;
  /** Whether predictions are joined by their id. */
  readonly joins: boolean;
  /** Rows that may be held; absent: none. */
  readonly exploration?: MonitoringInput['exploration'];
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly clock?: Clock;
  readonly lookEveryMs?: number | undefined;
}

export interface MonitoringWatch {
  /** Another configuration is in force. */
  change(config: MonitoringConfig): void;
  /** For the ConfigMaps that one set of watches tells of. */
  configMaps(): ConfigMaps;
  current(): Monitoring;
  /**
   * What was not read once since the start, in words: until then nobody can tell that a model is not watched any more.
   * Undefined once all was, and after a minute whatever was.
   *
   * @param sources of the watches, ConfigMaps among them
   */
  firstReading(sources: readonly SourceView[]): string | undefined;
  stop(): Promise<void>;
}

/** One reference of the configuration. */
interface Slot {
  readonly entry: () => ReferenceEntry;
  readonly stop: () => Promise<void>;
}

/** Enough for a second question to a store that was away for a moment; one that is away for long holds nothing up. */
const FIRST_READING_SECONDS = 60;
const CONFIG_MAPS = 'kubernetes/configmaps';

/** Settings of the configuration are said to come from here. */
const CONFIG_ORIGIN = 'config';

/** Reads files at once, and calls back with what is in them before it returns. */
export function startMonitoring(first: MonitoringConfig, deps: MonitoringDeps): MonitoringWatch {
  const { clock = SYSTEM_CLOCK, log } = deps;
  let config = first;
  let slots = new Map<string, Slot>();
  let current = NO_MONITORING;
  let models: readonly MonitoredModel[] = [];
  let known = new Set<string>();
  let soon: NodeJS.Immediate | undefined;
  let configMaps: ConfigMaps | undefined;
  const startedSeconds = clock.nowSeconds();
  let isRead = false;
  const ending = new Set<Promise<void>>();

  /** All that comes in one turn of the event loop shows together. */
  const changed = () => {
    soon ??= setImmediate(publish);
  };

  function publish(): void {
    clearImmediate(soon);
    soon = undefined;
    const found = configMaps?.found();
    const entries = [...slots.values()].map(({ entry }) => entry());
    current = monitoringOf(monitoringInput(config, deps, entries, found));
    known = tell(current.problems, known, log);
    const count = (source: MonitoringSource) => current.problems.filter((one) => one.source === source).length;
    deps.onProblems(Object.fromEntries(MONITORING_SOURCES.map((source) => [source, count(source)])) as Counts);
    models = monitoredModels(current, models);
    deps.onModels(models);
  }

  function open(): void {
    const before = slots;
    slots = new Map();
    for (const one of config.references) {
      const key = JSON.stringify(one);
      slots.set(key, before.get(key) ?? openSlot(one, { clock, lookEveryMs: deps.lookEveryMs, changed }));
    }
    for (const [key, slot] of before) {
      if (slots.has(key)) continue;
      const ended = slot.stop().finally(() => ending.delete(ended));
      ending.add(ended);
    }
    publish();
  }

  function unread(sources: readonly SourceView[]): readonly string[] {
    const entries = [...slots.values()].map(({ entry }) => entry());
    const places = entries.filter(({ source, loaded }) => source === 'urls' && !loaded).map(({ place }) => place);
    const isListing = sources.some(({ source, state }) => source === CONFIG_MAPS && state === 'syncing');
    // What was read and is not told yet is told in this turn of the event loop.
    return [...places, ...(isListing || soon !== undefined ? ['configmaps'] : [])];
  }

  open();
  return {
    change: (next) => {
      config = next;
      open();
    },
    configMaps: () => {
      const next = createConfigMaps({ nowSeconds: clock.nowSeconds, changed, before: () => configMaps, inForce });
      configMaps ??= next;
      return next;
    },
    current: () => current,
    firstReading: (sources) => {
      if (isRead) return undefined;
      const places = unread(sources);
      isRead = places.length === 0 || clock.nowSeconds() - startedSeconds >= FIRST_READING_SECONDS;
      return isRead ? undefined : places.join(', ');
    },
    stop: async () => {
      clearImmediate(soon);
      await Promise.all([...ending, ...[...slots.values()].map((slot) => slot.stop())]);
    },
  };

  function inForce(next: ConfigMaps): void {
    configMaps = next;
    changed();
  }
}

type Counts = Record<MonitoringSource, number>;

/** Who says what, in the order in which it counts. @param found in ConfigMaps */
export function monitoringInput(
  { defaults, models }: Pick<MonitoringConfig, 'defaults' | 'models'>,
  { seriesPerModel, joins, exploration }: Pick<MonitoringInput, 'seriesPerModel' | 'joins' | 'exploration'>,
  references: readonly ReferenceEntry[],
  found?: FoundInConfigMaps
): MonitoringInput {
  return {
    references: [...references, ...(found?.references ?? [])],
    defaults: [{ origin: CONFIG_ORIGIN, given: defaults }],
    settings: [...(found?.settings ?? []), ...models.map(settingsEntry)],
    ...{ seriesPerModel, joins, exploration },
    problems: found?.problems ?? [],
  };
}

function settingsEntry({ namespace, model, ...given }: MonitoringConfig['models'][number]): SettingsEntry {
  return { source: 'config', origin: CONFIG_ORIGIN, namespace, model, given };
}

/** Logs what is new, and what is not wrong any more. @returns what is known to be wrong now */
function tell(problems: readonly Problem[], known: ReadonlySet<string>, log: MonitoringDeps['log']): Set<string> {
  const now = new Set(problems.map(({ place, text }) => `${place}: ${text}`));
  for (const problem of now) {
    if (!known.has(problem))
      log.warn({ problem }, 'A reference or a setting is not as it should be; what was good before is in force');
  }
  const mended = [...known].filter((problem) => !now.has(problem)).length;
  if (mended > 0) log.info({ mended, open: now.size }, 'References or settings are in order again');
  return now;
}

interface SlotDeps {
  readonly clock: Clock;
  readonly lookEveryMs: number | undefined;
  readonly changed: () => void;
}

/** Of a reference of which nothing was read yet. */
export function firstEntry({ file, namespace, model, version, ...rest }: ReferenceConfig): ReferenceEntry {
  const from =
    file === undefined
      ? ({ source: 'urls', place: shownPlace(rest) } as const)
      : ({ source: 'files', place: `file ${file}` } as const);
  return { ...from, namespace, model, version };
}

function openSlot(config: ReferenceConfig, { clock, lookEveryMs, changed }: SlotDeps): Slot {
  const { file, namespace: _namespace, model: _model, version: _version, ...rest } = config;
  let entry = firstEntry(config);
  const take = (found: FoundAtUrl) => {
    const before = entry;
    if ('text' in found) entry = readEntry(entry, found.text, clock.nowSeconds());
    else entry = 'problem' in found ? withProblem(entry, found.problem) : unchanged(entry);
    if (entry !== before) changed();
  };
  if (file === undefined) {
    const poll = pollReference(rest, take, clock);
    return { entry: () => entry, stop: () => poll.stop() };
  }
  const watch = watchReferenceFiles([file], (_, found) => take(found), lookEveryMs);
  return {
    entry: () => entry,
    stop: () => {
      watch.stop();
      return Promise.resolve();
    },
  };
}
