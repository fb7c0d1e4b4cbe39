/** Standalone servers that files and HTTP documents name: they appear and vanish while the exporter runs. */
import { createHash } from 'node:crypto';
import type { DeclaredModel, Tell } from '../../domain/observation';
import type { Telemetry } from '../../domain/telemetry';
import { SYSTEM_CLOCK, type Clock } from '../clock';
import type { Drop } from '../servers/probe';
import type { Discovered } from './document';
import { watchDiscoveryFiles } from './files';
import { pollHttpSd, type HttpSdOptions } from './http';

export interface DiscoveryOptions {
  /** Paths of files; `*` in the last part stands for anything. */
  readonly files: readonly string[];
  readonly httpSd: readonly HttpSdOptions[];
  /** Servers of the configuration itself: no document may speak for one of them. */
  readonly taken: readonly string[];
  /** How often files are looked at. */
  readonly lookEveryMs?: number;
}

const FILES = 'discovery/files';
/** Files that did not change are confirmed so often. */
const CONFIRM_EVERY_SECONDS = 30;

export function createDiscovery(
  options: DiscoveryOptions,
  tell: Tell,
  telemetry: Telemetry,
  clock: Clock = SYSTEM_CLOCK
): { stop(): Promise<void> } {
  const book = new Book(new Set(options.taken), tell);
  const stops = options.httpSd.map((sd, index) => startHttp(sd, index, book, tell, telemetry, clock));
  if (options.files.length > 0) stops.push(startFiles(options, book, tell, telemetry, clock));
  return {
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

function startHttp(
  sd: HttpSdOptions,
  index: number,
  book: Book,
  tell: Tell,
  telemetry: Telemetry,
  clock: Clock
): () => Promise<void> {
  const source = `discovery/http_sd_${index}`;
  const drop: Drop = (reason, detail) => telemetry.dropped(source, reason, detail);
  let last: { readonly atSeconds: number; readonly objects: number } | undefined;
  const status = (state: 'syncing' | 'synced' | 'failing', message?: string) =>
    tell({
      kind: 'source-status',
      source,
      title: `Discovery at ${new URL(sd.url).host}`,
      resources: [],
      state,
      required: false,
      objects: last?.objects ?? 0,
      ...(last ? { lastContactSeconds: last.atSeconds } : {}),
      ...(message === undefined ? {} : { message }),
    });
  status('syncing');
  const poll = pollHttpSd(
    sd,
    drop,
    (answer) => {
      if ('problem' in answer) {
        telemetry.error(source, answer.reason);
        return status('failing', `${answer.problem}; the servers that it named before are kept`);
      }
      book.set(source, new Map([['', answer.found]]), drop);
      last = { atSeconds: clock.nowSeconds(), objects: answer.found.size };
      return status('synced');
    },
    clock
  );
  return () => poll.stop();
}

function startFiles(
  { files, lookEveryMs }: DiscoveryOptions,
  book: Book,
  tell: Tell,
  telemetry: Telemetry,
  clock: Clock
): () => Promise<void> {
  const drop: Drop = (reason, detail) => telemetry.dropped(FILES, reason, detail);
  let objects = 0;
  let problems: readonly string[] = [];
  let goodSeconds: number | undefined;
  let cancel = () => {};
  const status = () => {
    cancel();
    cancel = clock.after(CONFIRM_EVERY_SECONDS, status);
    if (problems.length === 0) goodSeconds = clock.nowSeconds();
    tell({
      kind: 'source-status',
      source: FILES,
      title: 'Discovery in files',
      resources: [],
      state: problems.length === 0 ? 'synced' : 'failing',
      required: false,
      objects,
      ...(goodSeconds === undefined ? {} : { lastContactSeconds: goodSeconds }),
      ...(problems.length === 0 ? {} : { message: `${problems.join('; ')}; what was read of them before is kept` }),
    });
  };
  const watch = watchDiscoveryFiles(
    files,
    drop,
    (list) => {
      ({ problems } = list);
      for (const _ of problems) telemetry.error(FILES, 'invalid_response');
      objects = [...list.found.values()].reduce((sum, { size }) => sum + size, 0);
      book.set(FILES, list.found, drop);
      status();
    },
    lookEveryMs
  );
  return () => {
    cancel();
    watch.stop();
    return Promise.resolve();
  };
}

/** What each origin named last, and what was told of it. */
class Book {
  private readonly lists = new Map<string, ReadonlyMap<string, Discovered>>();
  private told = new Map<string, { readonly print: string; readonly models: readonly DeclaredModel[] }>();

  constructor(
    private readonly taken: ReadonlySet<string>,
    private readonly tell: Tell
  ) {}

  /** Tells what is new, changed or gone. */
  set(origin: string, list: ReadonlyMap<string, Discovered>, drop: Drop): void {
    this.lists.set(origin, list);
    const next = new Map<string, { print: string; models: readonly DeclaredModel[] }>();
    for (const [place, found] of this.all()) {
      for (const [server, models] of found) {
        if (!this.taken.has(server) && !next.has(server)) next.set(server, { print: printOf(models), models });
        else if (list.has(place))
          drop(
            'name_conflict',
            `${place || origin}: expected a server of its own name, got ${JSON.stringify(server)} again`
          );
      }
    }
    for (const [server, { print, models }] of this.told) {
      if (next.get(server)?.print === print) continue;
      for (const { name } of models) this.tell({ kind: 'model-withdrawn', name, server });
    }
    for (const [server, { print, models }] of next) {
      if (this.told.get(server)?.print === print) continue;
      for (const model of models) this.tell({ kind: 'model-declared', model });
    }
    this.told = next;
  }

  private all(): (readonly [place: string, found: Discovered])[] {
    return [...this.lists.values()].flatMap((list) => [...list]);
  }
}

function printOf(models: readonly DeclaredModel[]): string {
  return createHash('sha256').update(JSON.stringify(models)).digest('base64');
}
