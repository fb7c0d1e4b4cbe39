/** `modelwatch ingest`: the predictions of a file, sent to a running exporter. */
import { preview, type IngestReport } from '@modelwatch/contract';
import { sideFeatureNames, TEXT_SIDES } from '../domain/generative/features';
import { TableError, type Batch, type Cell } from '../profile/table';
import { openTable } from '../sources/tables/open';
import { warningsOf } from './compared-with';
import { parseFlagsAndFiles, single, UsageError, type Flags } from './arguments';
import { progressBar } from './progress';
import { exporterOf } from './running-exporter';
import { createEventSender, type EventSender } from './send-events';
import { delimiter, isFile, modelName, tableFormat } from './table-arguments';

const FLAGS = [
  ...['url', 'user', 'model', 'version', 'prediction', 'prompt', 'completion', 'id', 'time'],
  ...['exclude', 'format', 'delimiter', 'batch', 'request-rows'],
];
const DEFAULT_REQUEST_ROWS = '500';
const SHOWN_PROBLEMS = 10;
/** Requests under way at a time: while one is counted the next is on its way. */
const SENDERS = 2;

/** Columns that are no features. */
const ROLES = ['prediction', 'prompt', 'completion', 'id', 'time'] as const;

interface Columns {
  readonly prediction: string | undefined;
  readonly prompt: string | undefined;
  readonly completion: string | undefined;
  readonly id: string | undefined;
  readonly time: string | undefined;
  readonly exclude: readonly string[];
}

/** @returns the exit code: 1 when the file or a prediction was refused. @throws UsageError; Error when no exporter takes them */
export async function runIngest(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { flags, files } = parseFlagsAndFiles(args, FLAGS);
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) throw new UsageError('expected one file with predictions');
  if (!isFile(file)) throw new UsageError(`expected a file that can be read, got ${preview(file)}`);
  const [namespace, model] = modelName(single(flags, 'model'));
  if (namespace === undefined || model === undefined)
    throw new UsageError('--model: expected NAMESPACE/MODEL, got nothing');
  const [version, run] = [single(flags, 'version'), single(flags, 'batch')];
  const shared = { namespace, model, version, batch: run };
  const size = requestRows(single(flags, 'request-rows') ?? DEFAULT_REQUEST_ROWS);
  const table = openTable(file, tableFormat(file, single(flags, 'format')), delimiter(single(flags, 'delimiter')));
  const { url, headers } = exporterOf(flags, env);
  const sender = createEventSender(url, headers);
  const tally = createTally();
  const lane = createLane(SENDERS);
  const columns = columnsOf(flags);
  const bar = progressBar(process.stderr);
  const texts = TEXT_SIDES.filter((side) => columns[side] !== undefined);
  const features = new Set<string>(texts.flatMap(sideFeatureNames));
  const take = (batch: Batch): void => {
    refuseUnknown(columns, batch.names);
    for (const name of featuresOf(columns, batch.names)) features.add(name);
    for (let start = 0; start < batch.rows; start += size) {
      const predictions = eventsOf(batch, columns, start, Math.min(start + size, batch.rows));
      lane.add(async () =>
        tally.add(await sender.send(JSON.stringify({ ...shared, predictions })), batch.firstRow + start)
      );
    }
  };
  if (run !== undefined) await tellBatch(sender, shared);
  try {
    await table.read(take, bar.show, lane.ready);
    await lane.done();
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    await lane.done();
    tally.problems.push(...error.problems);
    tally.unread = true;
  } finally {
    bar.end();
  }
  tell(tally.problems.map((problem) => `${file}: ${problem}`));
  process.stderr.write(`${tally.summary()}\n`);
  const isWhole = tally.refused === 0 && !tally.unread;
  // One that is left open can be sent again, mended.
  if (run !== undefined && isWhole) {
    await tellBatch(sender, { ...shared, state: 'closed', rows: tally.accepted + tally.duplicates });
  }
  const warnings =
    features.size === 0 ? [] : await warningsOf({ url, headers }, { namespace, model, version }, [...features]);
  tell(warnings.map((warning) => `warning: ${warning}`));
  return isWhole ? 0 : 1;
}

function tell(lines: readonly string[]): void {
  for (const line of lines.slice(0, SHOWN_PROBLEMS)) process.stderr.write(`${line}\n`);
}

/** @throws Error when the exporter does not take it: then no row of the batch is sent */
async function tellBatch(sender: EventSender, news: Readonly<Record<string, unknown>>): Promise<void> {
  const { problems } = await sender.send(JSON.stringify(news), 'batches');
  const [problem] = problems;
  if (problem) throw new Error(`--batch: ${problem.message}`);
}

function requestRows(text: string): number {
  const size = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= 10_000) return size;
  throw new UsageError(`--request-rows: expected a whole number from 1 to 10000, got ${preview(text)}`);
}

function columnsOf(flags: Flags): Columns {
  const [prediction, prompt, completion, id, time] = ROLES.map((name) => single(flags, name));
  return { prediction, prompt, completion, id, time, exclude: flags['exclude'] ?? [] };
}

function refuseUnknown({ exclude, ...roles }: Columns, names: readonly string[]): void {
  for (const [flag, column] of [
    ...ROLES.map((role) => [role, roles[role]]),
    ...exclude.map((name) => ['exclude', name]),
  ]) {
    if (column === undefined || names.includes(column)) continue;
    throw new TableError([`--${flag}: expected a column of the file, got ${preview(column)}`]);
  }
}

function featuresOf({ exclude, ...roles }: Columns, names: readonly string[]): string[] {
  const apart = new Set([...Object.values(roles), ...exclude]);
  return names.filter((name) => !apart.has(name));
}

function eventsOf({ columns, names }: Batch, roles: Columns, start: number, end: number): object[] {
  const { prediction, prompt, completion, id, time } = roles;
  const features = featuresOf(roles, names).map((name) => [name, columns[names.indexOf(name)] ?? []] as const);
  const column = (name: string | undefined) => (name === undefined ? [] : (columns[names.indexOf(name)] ?? []));
  const [predictions, ids, times] = [column(prediction), column(id), column(time)];
  const [prompts, completions] = [column(prompt), column(completion)];
  return Array.from({ length: end - start }, (_, index) => {
    const row = start + index;
    return {
      ...(id === undefined ? {} : { id: jsonOf(ids[row]) }),
      ...(time === undefined ? {} : { timeSeconds: secondsOf(times[row]) }),
      features: Object.fromEntries(features.map(([name, cells]) => [name, jsonOf(cells[row])])),
      ...(prediction === undefined ? {} : { prediction: jsonOf(predictions[row]) }),
      ...(prompt === undefined ? {} : { prompt: textOf(prompts[row]) }),
      ...(completion === undefined ? {} : { completion: textOf(completions[row]) }),
    };
  });
}

/** JSON has no whole numbers beyond 2^53, no times, no infinities; what is not a number is missing. */
function jsonOf(cell: Cell): string | number | boolean | null {
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell === 'number' && !Number.isFinite(cell)) return Number.isNaN(cell) ? null : String(cell);
  return cell ?? null;
}

function textOf(cell: Cell): string | null {
  const value = jsonOf(cell);
  return value === null ? null : String(value);
}

/** A time that cannot be read goes as it is, and the exporter says what is wrong with it. */
function secondsOf(cell: Cell): number | string | boolean | null {
  const value = jsonOf(cell);
  if (typeof value !== 'string' || value === '') return value === '' ? null : value;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? value : parsed / 1_000;
}

function createTally() {
  const sum = { accepted: 0, duplicates: 0, refused: 0, unread: false, problems: [] as string[] };
  return Object.assign(sum, {
    add(report: IngestReport, firstRow: number): void {
      sum.accepted += report.accepted;
      sum.duplicates += report.duplicates;
      sum.refused += report.refused;
      if (sum.problems.length >= SHOWN_PROBLEMS) return;
      for (const { index, message } of report.problems) {
        sum.problems.push(`row ${firstRow + index}: ${message.replace(/^predictions\[\d+\]\.?/, '')}`);
      }
    },
    summary(): string {
      const words = [
        `${sum.accepted.toLocaleString('en-US')} ${sum.accepted === 1 ? 'prediction' : 'predictions'} counted`,
      ];
      if (sum.duplicates > 0) {
        words.push(`${sum.duplicates.toLocaleString('en-US')} ${sum.duplicates === 1 ? 'was' : 'were'} counted before`);
      }
      if (sum.refused > 0) words.push(`${sum.refused.toLocaleString('en-US')} refused`);
      return words.join(', ');
    },
  });
}

/** Some pieces of work at a time; the first failure ends them all. */
function createLane(most: number) {
  const waiting: (() => Promise<void>)[] = [];
  const running = new Set<Promise<void>>();
  let failure: unknown;
  const next = (): void => {
    while (running.size < most && failure === undefined) {
      const work = waiting.shift();
      if (!work) return;
      const done: Promise<void> = work()
        .catch((error: unknown) => {
          failure ??= error ?? new Error('no error was told');
        })
        .finally(() => {
          running.delete(done);
          next();
        });
      running.add(done);
    }
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds() && failure === undefined) await Promise.race(running);
    if (failure !== undefined) throw failure;
  };
  return {
    add: (work: () => Promise<void>): void => {
      waiting.push(work);
      next();
    },
    /** Nothing waits for its turn. */
    ready: () => until(() => waiting.length === 0),
    done: () => until(() => waiting.length === 0 && running.size === 0),
  };
}
