/** `modelwatch profile`: from training data to a reference. */
import { preview, type Reference } from '@modelwatch/contract';
import { importanceOf } from '../profile/importance';
import { holdoutOf } from '../profile/holdout';
import type { ProfileOptions } from '../profile/options';
import { profileOf, type Profile } from '../profile/profile';
import { TableError, type Table } from '../profile/table';
import { textTable, type TextColumns } from '../profile/text-table';
import { refusalTest } from '../domain/generative/refusals';
import { loadLanguages } from '../sources/language';
import { readImportance } from '../sources/tables/importance-file';
import { eventLinesTable } from '../sources/tables/json-lines';
import { openTable } from '../sources/tables/open';
import { parseFlagsAndFiles, single, UsageError, type Flags } from './arguments';
import { progressBar } from './progress';
import { EVENTS_FORMAT, holdoutAsked, PROFILE_FLAGS, profileOptions, type HoldoutAsked } from './profile-options';
import { runRecentProfile } from './profile-recent';
import { summaryOf, writeReference } from './reference-file';
import { delimiter, isFile, tableFormat } from './table-arguments';

/** @returns the exit code: 1 when the data was refused. @throws UsageError */
export async function runProfile(args: readonly string[]): Promise<number> {
  const isRecent = args.some((arg) => /^--from-prometheus(=|$)/.test(arg));
  if (isRecent) return runRecentProfile(args);
  const { flags, files } = parseFlagsAndFiles(args, PROFILE_FLAGS);
  const [file, ...more] = files;
  if (file === undefined) throw new UsageError('expected a file with training data');
  if (more.length > 0) throw new UsageError(`expected one file, got ${files.map((name) => preview(name)).join(' ')}`);
  if (file === '-') throw new UsageError('expected a file, got "-": the data is read twice, so save it first');
  if (!isFile(file)) throw new UsageError(`expected a file that can be read, got ${preview(file)}`);
  const options = profileOptions(file, flags);
  const table = tableOf(file, flags);
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
    writeReference(whole, single(flags, 'output'));
    for (const warning of [...warnings, ...baseline.warnings]) process.stderr.write(`warning: ${warning}\n`);
    process.stderr.write(`${summaryOf(whole)}\n`);
    return 0;
  } catch (error) {
    bar.end();
    if (!(error instanceof TableError)) throw error;
    for (const problem of error.problems) process.stderr.write(`${file}: ${problem}\n`);
    return 1;
  }
}

function tableOf(file: string, flags: Flags): Table {
  const format = single(flags, 'format');
  if (format === EVENTS_FORMAT) return eventLinesTable(file);
  return openTable(file, tableFormat(file, format), delimiter(single(flags, 'delimiter')));
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
  const table = tableOf(file, flags);
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
