/** `modelwatch profile`: from training data to a reference. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { preview, type Reference } from '@modelwatch/contract';
import { importanceOf } from '../profile/importance';
import { referenceText } from '../profile/document';
import { holdoutOf } from '../profile/holdout';
import type { ProfileOptions } from '../profile/options';
import { profileOf, type Profile } from '../profile/profile';
import { TableError, type Table } from '../profile/table';
import { textTable, type TextColumns } from '../profile/text-table';
import { refusalTest } from '../domain/generative/refusals';
import { loadLanguages } from '../sources/language';
import { readImportance } from '../sources/tables/importance-file';
import { openTable } from '../sources/tables/open';
import { parseFlagsAndFiles, single, UsageError, type Flags } from './arguments';
import { progressBar } from './progress';
import { holdoutAsked, PROFILE_FLAGS, profileOptions, type HoldoutAsked } from './profile-options';
import { delimiter, isFile, tableFormat } from './table-arguments';

/** @returns the exit code: 1 when the data was refused. @throws UsageError */
export async function runProfile(args: readonly string[]): Promise<number> {
  const { flags, files } = parseFlagsAndFiles(args, PROFILE_FLAGS);
  const [file, ...more] = files;
  if (file === undefined) throw new UsageError('expected a file with training data');
  if (more.length > 0) throw new UsageError(`expected one file, got ${files.map((name) => preview(name)).join(' ')}`);
  if (file === '-') throw new UsageError('expected a file, got "-": the data is read twice, so save it first');
  if (!isFile(file)) throw new UsageError(`expected a file that can be read, got ${preview(file)}`);
  const options = profileOptions(file, flags);
  const table = openTable(file, tableFormat(file, single(flags, 'format')), delimiter(single(flags, 'delimiter')));
  const holdout = holdoutAsked(flags, options);
  const importanceFile = single(flags, 'importance');
  const bar = progressBar(process.stderr);
  try {
    const given = importanceFile === undefined ? undefined : readImportance(importanceFile);
    const texts = textColumns(flags);
    const { reference, warnings } = texts
      ? await profileOfTexts(table, texts, flags['refusal-phrase'] ?? [], options, bar.show)
      : await profileOf(table, options, bar.show);
    const known = given ? { ...reference, ...importanceOf(reference, given) } : reference;
    bar.end();
    const baseline = holdout ? await scored(known, holdout, flags) : { reference: known, warnings: [] };
    const whole = baseline.reference;
    write(whole, single(flags, 'output'));
    for (const warning of [...warnings, ...baseline.warnings]) process.stderr.write(`warning: ${warning}\n`);
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

/** With the scores of the hold-out data, unless they are given. @throws TableError */
async function scored(
  reference: Reference,
  { file, columns, rule }: HoldoutAsked,
  flags: Flags
): Promise<{ reference: Reference; warnings: readonly string[] }> {
  const table = openTable(file, tableFormat(file, single(flags, 'format')), delimiter(single(flags, 'delimiter')));
  const bar = progressBar(process.stderr);
  try {
    const { baseline, pairs, warnings } = await holdoutOf(table, reference, columns, rule, bar.show);
    const { schema, id, name, namespace, model, version, rows, task, classes, baseline: given, ...rest } = reference;
    const whole = {
      ...{ schema, id, name, namespace, model, version, rows, task, classes },
      baseline: { ...baseline, ...given },
      ...rest,
    };
    bar.end();
    const scores = Object.entries(whole.baseline).map(([metric, score]) => `${metric} ${Number(score.toPrecision(4))}`);
    process.stderr.write(`baseline of ${pairs.toLocaleString('en-US')} rows: ${scores.join(', ')}\n`);
    return { reference: whole as Reference, warnings: warnings.map((warning) => `${file}: ${warning}`) };
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    throw new TableError(error.problems.map((problem) => `${file}: ${problem}`));
  } finally {
    bar.end();
  }
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
