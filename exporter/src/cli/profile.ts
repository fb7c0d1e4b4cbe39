/** `modelwatch profile`: from training data to a reference. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { BASELINE_METRICS, MOST_SEGMENTS, preview, TASKS, type Reference } from '@modelwatch/contract';
import { importanceOf } from '../profile/importance';
import { referenceText } from '../profile/document';
import { DEFAULT_OPTIONS, type ProfileOptions } from '../profile/options';
import { profileOf, type Profile } from '../profile/profile';
import { TableError, type Table } from '../profile/table';
import { textTable, type TextColumns } from '../profile/text-table';
import { refusalTest } from '../domain/generative/refusals';
import { loadLanguages } from '../sources/language';
import { readImportance } from '../sources/tables/importance-file';
import { openTable } from '../sources/tables/open';
import { parseFlagsAndFiles, single, UsageError, type Flags } from './arguments';
import { progressBar } from './progress';
import { delimiter, isFile, modelName, tableFormat } from './table-arguments';

const FLAGS = [
  ...[
    'output',
    'format',
    'delimiter',
    'name',
    'model',
    'version',
    'target',
    'prediction',
    'task',
    'exclude',
    'segment',
  ],
  ...['categorical', 'numeric', 'missing-value', 'bins', 'edges', 'categories', 'importance', 'baseline'],
  ...['prompt', 'completion', 'refusal-phrase'],
];
const MOST_BINS = 100;
const MOST_CATEGORIES = 1_000;

/** @returns the exit code: 1 when the data was refused. @throws UsageError */
export async function runProfile(args: readonly string[]): Promise<number> {
  const { flags, files } = parseFlagsAndFiles(args, FLAGS);
  const [file, ...more] = files;
  if (file === undefined) throw new UsageError('expected a file with training data');
  if (more.length > 0) throw new UsageError(`expected one file, got ${files.map((name) => preview(name)).join(' ')}`);
  if (file === '-') throw new UsageError('expected a file, got "-": the data is read twice, so save it first');
  if (!isFile(file)) throw new UsageError(`expected a file that can be read, got ${preview(file)}`);
  const options = optionsOf(file, flags);
  const table = openTable(file, tableFormat(file, single(flags, 'format')), delimiter(single(flags, 'delimiter')));
  const importanceFile = single(flags, 'importance');
  const bar = progressBar(process.stderr);
  try {
    const given = importanceFile === undefined ? undefined : readImportance(importanceFile);
    const texts = textColumns(flags);
    const { reference, warnings } = texts
      ? await profileOfTexts(table, texts, flags['refusal-phrase'] ?? [], options, bar.show)
      : await profileOf(table, options, bar.show);
    const whole = given ? { ...reference, ...importanceOf(reference, given) } : reference;
    bar.end();
    write(whole, single(flags, 'output'));
    for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
    process.stderr.write(`${summary(whole)}\n`);
    return 0;
  } catch (error) {
    bar.end();
    if (!(error instanceof TableError)) throw error;
    for (const problem of error.problems) process.stderr.write(`${file}: ${problem}\n`);
    return 1;
  }
}

function textColumns(flags: Flags): TextColumns | undefined {
  const [prompt, completion] = [single(flags, 'prompt'), single(flags, 'completion')];
  if (prompt === undefined && completion === undefined) return undefined;
  if (prompt === completion) throw new UsageError(`--prompt, --completion: expected two columns, got ${prompt} twice`);
  return { ...(prompt === undefined ? {} : { prompt }), ...(completion === undefined ? {} : { completion }) };
}

/** One reading more, for the keywords. @throws TableError */
async function profileOfTexts(
  table: Table,
  columns: TextColumns,
  phrases: readonly string[],
  options: ProfileOptions,
  show: (share: number) => void
): Promise<Profile> {
  const tools = { languageOf: await loadLanguages(), isRefusal: refusalTest(phrases) };
  const texts = await textTable(table, columns, tools, (share) => show(share / 3));
  return profileOf(texts, options, (share) => show((1 + 2 * share) / 3));
}

/** Beside its place first: whoever reads the old file never sees half of the new one. */
function write(reference: Reference, output: string | undefined): void {
  if (output === undefined) {
    process.stdout.write(referenceText(reference));
    return;
  }
  const part = `${output}.part`;
  try {
    writeFileSync(part, referenceText(reference));
    renameSync(part, output);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

function summary({ name, id, rows, features, target, task, segments = [], excluded = [] }: Reference): string {
  const of = (type: string) => features.filter((feature) => feature.type === type).length;
  const types = ['numeric', 'categorical', 'boolean']
    .filter((type) => of(type) > 0)
    .map((type) => `${of(type)} ${type}`);
  const words = [
    `reference ${id} (${name}): ${rows.toLocaleString('en-US')} rows`,
    `${features.length} features (${types.join(', ')})`,
    ...(target ? [`target ${target.name} (${task})`] : []),
    ...segments.map(({ column, values }) => `segment ${column} (${values.length} values)`),
    ...(excluded.length > 0 ? [`${excluded.length} left out`] : []),
  ];
  return words.join(', ');
}

function optionsOf(file: string, flags: Flags): ProfileOptions {
  const [namespace, model] = modelName(single(flags, 'model'));
  const task = single(flags, 'task');
  const known = TASKS.find((each) => each === task);
  if (task !== undefined && !known)
    throw new UsageError(`--task: expected one of ${TASKS.join(', ')}, got ${preview(task)}`);
  const name = single(flags, 'name') ?? basename(file).replace(/(\.[a-z]+)+$/i, '');
  if (name === '') throw new UsageError('--name: expected a text that is not empty');
  const options: ProfileOptions = {
    ...DEFAULT_OPTIONS,
    name,
    namespace,
    model,
    version: single(flags, 'version'),
    bins: whole('bins', single(flags, 'bins'), DEFAULT_OPTIONS.bins, MOST_BINS),
    categories: whole('categories', single(flags, 'categories'), DEFAULT_OPTIONS.categories, MOST_CATEGORIES),
    numeric: flags['numeric'] ?? [],
    categorical: flags['categorical'] ?? [],
    exclude: flags['exclude'] ?? [],
    segments: segmentsOf(flags['segment'] ?? []),
    edges: new Map((flags['edges'] ?? []).map(edgesOf)),
    missingValues: flags['missing-value'] ?? DEFAULT_OPTIONS.missingValues,
    target: single(flags, 'target'),
    prediction: single(flags, 'prediction'),
    task: known,
    baseline: new Map((flags['baseline'] ?? []).map(scoreOf)),
  };
  refuseTwoRoles(options);
  return options;
}

/** One column cannot be two things. */
function refuseTwoRoles({ numeric, categorical, exclude, segments, edges, target, prediction }: ProfileOptions): void {
  const roles: [string, readonly (string | undefined)[]][] = [
    ['exclude', exclude],
    ['categorical', categorical],
    ['numeric', [...numeric, ...edges.keys()]],
    ['target', [target]],
    ['prediction', [prediction]],
    ['segment', segments],
  ];
  const conflicts = [
    ['exclude', 'categorical', 'numeric', 'target', 'prediction'],
    ['categorical', 'numeric'],
    ['target', 'prediction', 'segment'],
    ['prediction', 'segment'],
  ];
  const columns = (flag: string) => roles.find(([name]) => name === flag)?.[1] ?? [];
  for (const [first = '', ...others] of conflicts) {
    for (const other of others) {
      const both = columns(first).find((column) => column !== undefined && columns(other).includes(column));
      if (both !== undefined)
        throw new UsageError(`column ${both}: expected one of --${first} and --${other}, got both`);
    }
  }
}

function segmentsOf(columns: readonly string[]): readonly string[] {
  const distinct = [...new Set(columns)];
  if (distinct.length <= MOST_SEGMENTS) return distinct;
  throw new UsageError(`--segment: expected at most ${MOST_SEGMENTS} columns, got ${distinct.length}`);
}

function whole(flag: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined) return fallback;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new UsageError(`--${flag}: expected a whole number from 1 to ${most}, got ${preview(text)}`);
}

function edgesOf(text: string): [string, number[]] {
  const at = text.lastIndexOf('=');
  const edges = text
    .slice(at + 1)
    .split(',')
    .map((each) => (each.trim() === '' ? NaN : Number(each)));
  const isAscending = edges.every((edge, index) => Number.isFinite(edge) && edge > (edges[index - 1] ?? -Infinity));
  if (at > 0 && isAscending && edges.length > 1 && edges.length <= MOST_BINS + 1) return [text.slice(0, at), edges];
  throw new UsageError(`--edges: expected COLUMN=0,10,20 with ascending numbers, got ${preview(text)}`);
}

function scoreOf(text: string): [(typeof BASELINE_METRICS)[number], number] {
  const [name = '', value = '', ...more] = text.split('=');
  const metric = BASELINE_METRICS.find((each) => each === name);
  const score = value.trim() === '' ? NaN : Number(value);
  if (metric && Number.isFinite(score) && more.length === 0) return [metric, score];
  throw new UsageError(
    `--baseline: expected METRIC=SCORE with one of ${BASELINE_METRICS.join(', ')}, got ${preview(text)}`
  );
}
