/**
 * What is promised of models and pipelines, kept up to date: from the configuration, from files, and from ConfigMaps. What
 * is refused leaves the last good one of its file or ConfigMap in force, and is told until it is mended.
 */
import { ConfigError } from './config/refusals';
import type { Config } from './config/schema';
import type { ConfigMap } from './domain/events/config-map';
import type { SloBook } from './domain/slo/book';
import type { DeclaredSlo } from './domain/slo/spec';
import type { Log } from './log/log';
import { configuredSlos, readSloText } from './slo-document';
import { watchReferenceFiles, type Found } from './sources/references/files';

export type SloConfig = Pick<Config, 'slos' | 'sloFiles'>;

export interface SloProblem {
  readonly place: string;
  /** Names value and expectation. */
  readonly text: string;
}

/** The same object until something of it changes. */
export interface Declarations {
  /** In the order in which they count: of two of one name on one model the first holds. */
  readonly declared: readonly DeclaredSlo[];
  /** Of whole files and documents, of which the last good one stays in force. */
  readonly problems: readonly SloProblem[];
}

/** Takes ConfigMaps as one set of watches tells of them. */
export interface TakesConfigMaps {
  applied(map: ConfigMap): void;
  deleted(namespace: string, name: string): void;
  /** The watches that tell of them answer from now on. */
  takeOver(): void;
}

export interface SloWatch {
  readonly current: () => Declarations;
  /** Another configuration is in force. */
  change(config: SloConfig): void;
  configMaps(): TakesConfigMaps;
  /** To be called about every second, with what became of the objectives. */
  advance(book: Pick<SloBook, 'holders' | 'refusedCount'>): void;
  stop(): void;
}

export interface SloWatchDeps {
  /** How much is wrong now. */
  readonly onProblems: (count: number) => void;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly lookEveryMs?: number | undefined;
}

/** What was read of one text last. */
interface Held {
  readonly text?: string;
  readonly declared: readonly DeclaredSlo[];
  readonly problem?: SloProblem;
}

type Maps = Map<string, ReadonlyMap<string, Held>>;

/** Reads files at once: what is in them is declared when it returns. */
export function startSlos(first: SloConfig, { log, lookEveryMs, onProblems }: SloWatchDeps): SloWatch {
  let config = first;
  let files = new Map<string, { held: Held; stop: () => void }>();
  let maps: Maps = new Map();
  let current: Declarations | undefined;
  let known = new Set<string>();
  /** The first set of watches answers from the beginning. */
  let isFirst = true;
  let refusedBefore = 0;

  /** Made anew when it is asked for: many ConfigMaps may come in one turn. */
  function collect(): Declarations {
    const ofMaps = [...maps].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, documents]) => [...documents.values()]);
    const held = [...[...files.values()].map((file) => file.held), ...ofMaps];
    const problems = held.flatMap(({ problem }) => problem ?? []);
    known = tell(problems, known, log);
    return { declared: [...configuredSlos(config.slos), ...held.flatMap(({ declared }) => declared)], problems };
  }

  function changed(): void {
    current = undefined;
  }

  function open(): void {
    const before = files;
    files = new Map();
    for (const file of new Set(config.sloFiles)) {
      const kept = before.get(file);
      const slot = kept ?? { held: { declared: [] }, stop: () => undefined };
      files.set(file, slot);
      if (kept) continue;
      const take = (found: Found) => {
        const next = read(slot.held, found, file);
        if (next === slot.held) return;
        slot.held = next;
        changed();
      };
      slot.stop = watchReferenceFiles([file], (_, found) => take(found), lookEveryMs).stop;
    }
    for (const [file, { stop }] of before) if (!files.has(file)) stop();
    changed();
  }

  open();
  return {
    current: () => (current ??= collect()),
    change: (next) => {
      config = next;
      open();
    },
    configMaps: () => {
      const own: Maps = isFirst ? maps : new Map();
      isFirst = false;
      return {
        applied: ({ meta: { namespace, name }, slos }) => {
          const key = `${namespace}/${name}`;
          const last = own.get(key) ?? maps.get(key);
          const documents = Object.entries(slos).map(
            ([document, text]) =>
              [document, read(last?.get(document), { text }, `configmap ${key} ${document}`, namespace)] as const
          );
          const before = own.get(key);
          const isSame =
            documents.length === (before?.size ?? 0) && documents.every(([one, held]) => before?.get(one) === held);
          if (isSame) return;
          if (documents.length > 0) own.set(key, new Map(documents));
          else own.delete(key);
          if (own === maps) changed();
        },
        deleted: (namespace, name) => {
          if (own.delete(`${namespace}/${name}`) && own === maps) changed();
        },
        takeOver: () => {
          maps = own;
          changed();
        },
      };
    },
    advance: ({ holders, refusedCount }) => {
      onProblems((current?.problems.length ?? 0) + refusedCount);
      if (refusedCount > refusedBefore) {
        const [example] = [...holders.values()].find(({ refused }) => refused.length > 0)?.refused ?? [];
        log.warn({ refused: refusedCount, example }, 'Objectives of models are refused; /api/v1/slos has all');
      }
      refusedBefore = refusedCount;
    },
    stop: () => files.forEach(({ stop }) => stop()),
  };
}

const NOTHING: Held = { declared: [] };

/** The same again for the same text. */
function read(last: Held = NOTHING, found: Found, name: string, boundTo?: string): Held {
  if ('problem' in found) {
    if (last.problem?.text === found.problem) return last;
    return { declared: last.declared, problem: { place: name, text: found.problem } };
  }
  if (last.text === found.text) return last;
  try {
    return { text: found.text, declared: readSloText(found.text, name, boundTo) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { text: found.text, declared: last.declared, problem: { place: name, text: error.problems.join('; ') } };
  }
}

/** Logs what is new, and what is not wrong any more. @returns what is known to be wrong now */
function tell(problems: readonly SloProblem[], known: ReadonlySet<string>, log: SloWatchDeps['log']): Set<string> {
  const now = new Set(problems.map(({ place, text }) => `${place}: ${text}`));
  for (const problem of now) {
    if (!known.has(problem)) log.warn({ problem }, 'Objectives are refused; what was good before is in force');
  }
  const mended = [...known].filter((problem) => !now.has(problem)).length;
  if (mended > 0) log.info({ mended, open: now.size }, 'Objectives are in order again');
  return now;
}
