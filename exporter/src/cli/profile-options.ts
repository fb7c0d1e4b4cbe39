/** Flags of `modelwatch profile`. */
import { basename } from 'node:path';
import { BASELINE_METRICS, MOST_SEGMENTS, preview, TASKS } from '@modelwatch/contract';
import type { HoldoutColumns, HoldoutRule } from '../profile/holdout';
import { DEFAULT_OPTIONS, type ProfileOptions } from '../profile/options';
import { single, UsageError, type Flags } from './arguments';
import { isFile, modelName } from './table-arguments';

export const PROFILE_FLAGS = [
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
  ...['importance-from', 'score', 'holdout', 'positive-class', 'decision-threshold'],
  ...['prompt', 'completion', 'refusal-phrase'],
];

/** Of predictions as they are posted: what they have beside their features is known. */
export const EVENTS_FORMAT = 'events';
const MOST_BINS = 100;
const MOST_CATEGORIES = 1_000;

/** @throws UsageError */
export function profileOptions(file: string, flags: Flags): ProfileOptions {
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
    ...answerColumns(flags),
    importanceFrom: single(flags, 'importance-from'),
    task: known,
    baseline: new Map((flags['baseline'] ?? []).map(scoreOf)),
  };
  refuseTwoRoles(options);
  refuseOddImportance(options, flags);
  return options;
}

function answerColumns(flags: Flags): Pick<ProfileOptions, 'prediction' | 'score'> {
  const ofEvents = single(flags, 'format') === EVENTS_FORMAT ? { prediction: 'prediction', score: 'score' } : undefined;
  const [prediction, score] = [single(flags, 'prediction'), single(flags, 'score')];
  return { prediction: prediction ?? ofEvents?.prediction, score: score ?? ofEvents?.score };
}

/** One column cannot be two things. */
function refuseTwoRoles(options: ProfileOptions): void {
  const { numeric, categorical, exclude, segments, edges, target, prediction, score } = options;
  const roles: [string, readonly (string | undefined)[]][] = [
    ['exclude', exclude],
    ['categorical', categorical],
    ['numeric', [...numeric, ...edges.keys()]],
    ['target', [target]],
    ['prediction', [prediction]],
    ['score', [score]],
    ['segment', segments],
  ];
  const conflicts = [
    ['exclude', 'categorical', 'numeric', 'target', 'prediction'],
    ['categorical', 'numeric'],
    ['target', 'prediction', 'score', 'segment'],
    ['prediction', 'score', 'segment'],
    ['score', 'categorical', 'numeric'],
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

function refuseOddImportance({ importanceFrom, target, prediction }: ProfileOptions, flags: Flags): void {
  if (importanceFrom === undefined) return;
  if (flags['importance']) throw new UsageError('expected one of --importance and --importance-from, got both');
  if (importanceFrom === target || importanceFrom === prediction) return;
  const column = preview(importanceFrom);
  throw new UsageError(`--importance-from: expected the column of --target or of --prediction, got ${column}`);
}

/** Hold-out data that a baseline is to be computed from. */
export interface HoldoutAsked {
  readonly file: string;
  readonly columns: HoldoutColumns;
  readonly rule: HoldoutRule;
}

/** @throws UsageError */
export function holdoutAsked(flags: Flags, { target, prediction, score }: ProfileOptions): HoldoutAsked | undefined {
  const file = single(flags, 'holdout');
  const [positiveClass, threshold] = [single(flags, 'positive-class'), single(flags, 'decision-threshold')];
  if (file === undefined) {
    const lone = positiveClass === undefined ? threshold && 'decision-threshold' : 'positive-class';
    if (lone !== undefined && lone !== '') throw new UsageError(`--${lone}: expected --holdout FILE beside it`);
    return undefined;
  }
  if (!isFile(file)) throw new UsageError(`--holdout: expected a file that can be read, got ${preview(file)}`);
  if (target === undefined || prediction === undefined) {
    throw new UsageError('--holdout: expected --target and --prediction, the columns that are compared');
  }
  const decisionThreshold = threshold === undefined ? undefined : Number(threshold.trim() || NaN);
  if (decisionThreshold !== undefined && !(decisionThreshold >= 0 && decisionThreshold <= 1)) {
    throw new UsageError(`--decision-threshold: expected a number from 0 to 1, got ${preview(threshold)}`);
  }
  return { file, columns: { target, prediction, score }, rule: { positiveClass, decisionThreshold } };
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
