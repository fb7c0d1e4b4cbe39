/** From a table to a reference, in two readings: the first chooses types and bins, the second counts. */
import { REFERENCE_SCHEMA, type ColumnReference, type Reference } from '@modelwatch/contract';
import { MissingValues } from '../domain/values';
import { columnReference, type Planned } from './columns';
import { ColumnCount } from './count';
import { referenceId } from './identity';
import type { ProfileOptions } from './options';
import { informationOf, OutcomeBins } from './outcome';
import { importanceOf } from './importance';
import { planColumn } from './plan';
import { rowHash } from './sample';
import { planSegments, SegmentCount } from './segments';
import { ColumnScan, type WantedType } from './scan';
import { TableError, type Batch, type Table } from './table';
import { targetFacts } from './target';
import { warningsOf } from './warnings';

type Excluded = NonNullable<Reference['excluded']>[number];

export interface Profile {
  readonly reference: Reference;
  /** What the reader should know: one sentence each. */
  readonly warnings: readonly string[];
}

/** @param progress told the share of the work that is done, 0 to 1. @throws TableError */
export async function profileOf(
  table: Table,
  options: ProfileOptions,
  progress: (share: number) => void
): Promise<Profile> {
  const missing = new MissingValues(options.missingValues);
  const { scans, segmentScans, asked } = await scanAll(table, options, missing, (share) => progress(share / 2));
  const { plans, excluded, warnings } = planAll(scans, options, asked, table.leftOut ?? []);
  const segments = planSegments(segmentScans).map(({ column, values }) => new SegmentCount(column, values, missing));
  const outcome = outcomeOf(plans, options, missing);
  const counts = new Map(
    [...plans].map(([name, { layout }]) => [name, new ColumnCount(layout, missing, segments, outcome)])
  );
  const groups = outcome ? [...segments, outcome] : segments;
  const rows = await countAll(table, groups, counts, (share) => progress(0.5 + share / 2));
  const columns = columnsOf(scans, plans, counts, rows);
  const apart = new Set([options.target, options.prediction]);
  const features = [...columns.values()].filter(({ name }) => !apart.has(name));
  if (features.length === 0) throw new TableError(['expected at least one feature, got no column that can be one']);
  const [target, prediction] = [options.target, options.prediction].map((name = '') => columns.get(name));
  const { missingValues, namespace, model, version } = options;
  const data = { features, ...(target && { target }), ...(prediction && { prediction }) };
  const reference: Reference = {
    schema: REFERENCE_SCHEMA,
    id: referenceId({ schema: REFERENCE_SCHEMA, missingValues, ...data }),
    name: options.name,
    ...(namespace !== undefined && { namespace }),
    ...(model !== undefined && { model }),
    ...(version !== undefined && { version }),
    rows,
    ...(target && targetFacts(target, options)),
    ...(options.baseline.size > 0 && { baseline: Object.fromEntries(options.baseline) }),
    ...(segments.length > 0 && { segments: segments.map((segment) => segment.value()) }),
    missingValues,
    ...data,
    ...(excluded.length > 0 && { excluded }),
  };
  const whole = outcome ? { ...reference, ...computedImportance(reference, outcome, counts) } : reference;
  return { reference: whole, warnings: [...warnings, ...warningsOf(scans, whole)] };
}

function outcomeOf(plans: ReadonlyMap<string, Planned>, { importanceFrom }: ProfileOptions, missing: MissingValues) {
  if (importanceFrom === undefined) return undefined;
  const plan = plans.get(importanceFrom);
  return plan && new OutcomeBins(importanceFrom, plan.layout, missing);
}

/** @throws TableError when no feature tells anything of the outcome */
function computedImportance(
  reference: Reference,
  { column }: OutcomeBins,
  counts: ReadonlyMap<string, ColumnCount>
): Pick<Reference, 'features'> {
  const information = reference.features.map(({ name }): [string, number] => {
    const count = counts.get(name)?.byOutcome;
    return [name, count ? informationOf(count) : 0];
  });
  if (information.every(([, value]) => value === 0)) {
    throw new TableError([`--importance-from ${column}: expected a column that a feature tells something of`]);
  }
  return importanceOf(reference, new Map(information));
}

/** @throws TableError when the second reading met other rows than the first */
function columnsOf(
  scans: ReadonlyMap<string, ColumnScan>,
  plans: ReadonlyMap<string, Planned>,
  counts: ReadonlyMap<string, ColumnCount>,
  rows: number
): ReadonlyMap<string, ColumnReference> {
  const columns = new Map<string, ColumnReference>();
  for (const [name, plan] of plans) {
    const [scan, count] = [scans.get(name), counts.get(name)];
    if (!scan || !count) throw new Error(`column ${name} was planned without values`);
    if (scan.rows !== rows) throw new TableError([`expected ${scan.rows} rows again, got ${rows}: the file changed`]);
    columns.set(name, columnReference(scan, plan, count));
  }
  return columns;
}

async function scanAll(
  table: Table,
  options: ProfileOptions,
  missing: MissingValues,
  progress: (share: number) => void
): Promise<{ scans: Map<string, ColumnScan>; segmentScans: ColumnScan[]; asked: Excluded[] }> {
  const scans = new Map<string, ColumnScan>();
  const segmentScans = options.segments.map(
    (name) => new ColumnScan(name, { wanted: 'categorical', missing, values: 0 })
  );
  const names = new Set<string>();
  let rows = 0;
  const take = (batch: Batch) => {
    if (rows === 0 && table.hasFixedColumns) refuseUnknownColumns(batch.names, options);
    const hashes = Uint32Array.from({ length: batch.rows }, (_, index) => rowHash(batch.firstRow + index));
    batch.names.forEach((name, index) => {
      names.add(name);
      if (options.exclude.includes(name) || name === options.score) return;
      let scan = scans.get(name);
      if (!scan) {
        scan = new ColumnScan(name, { wanted: wantedType(name, options), missing, values: options.bins });
        scan.skip(rows);
        scans.set(name, scan);
      }
      scan.add(batch.columns[index] ?? [], batch.firstRow, hashes);
    });
    for (const scan of segmentScans) scan.add(batch.columns[batch.names.indexOf(scan.name)] ?? [], 0, hashes);
    rows += batch.rows;
  };
  await table.read(take, progress);
  if (rows === 0) throw new TableError(['expected at least one row, got none']);
  refuseUnknownColumns([...names], options);
  const asked = options.exclude.map((column) => ({ column, reason: '--exclude' }));
  // It may be in the hold-out data alone.
  const ofScore = [...names].filter((name) => name === options.score).map((column) => ({ column, reason: '--score' }));
  return { scans, segmentScans, asked: [...asked, ...ofScore] };
}

function wantedType(name: string, options: ProfileOptions): WantedType | undefined {
  if (options.categorical.includes(name)) return 'categorical';
  return options.numeric.includes(name) ? 'numeric' : undefined;
}

function refuseUnknownColumns(names: readonly string[], options: ProfileOptions): void {
  const { numeric, categorical, exclude, segments, edges, target, prediction } = options;
  const asked: [string, readonly (string | undefined)[]][] = [
    ['numeric', numeric],
    ['categorical', categorical],
    ['exclude', exclude],
    ['segment', segments],
    ['edges', [...edges.keys()]],
    ['target', [target]],
    ['prediction', [prediction]],
  ];
  const problems = asked.flatMap(([flag, columns]) =>
    columns
      .filter((column) => column !== undefined && !names.includes(column))
      .map(
        (column) => `--${flag}: expected a column of the table, got ${JSON.stringify(column)}; it has ${listed(names)}`
      )
  );
  if (problems.length > 0) throw new TableError(problems);
}

function listed(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');
}

function planAll(
  scans: ReadonlyMap<string, ColumnScan>,
  options: ProfileOptions,
  asked: readonly Excluded[],
  leftOut: readonly Excluded[]
) {
  const plans = new Map<string, Planned>();
  const excluded = [...asked, ...leftOut];
  const problems: string[] = [];
  const warnings = leftOut.map(({ column, reason }) => `column ${column} is left out: ${reason}`);
  for (const [name, scan] of scans) {
    const plan = planColumn(scan, options);
    if (plan.kind === 'refused') problems.push(plan.problem);
    else if (plan.kind !== 'excluded') plans.set(name, plan);
    else if (name === options.target) problems.push(`--target ${name}: ${plan.reason}`);
    else if (name === options.prediction) problems.push(`--prediction ${name}: ${plan.reason}`);
    else {
      excluded.push({ column: name, reason: plan.reason });
      warnings.push(`column ${name || '""'} is left out: ${plan.reason}`);
    }
  }
  if (problems.length > 0) throw new TableError(problems);
  return { plans, excluded, warnings };
}

/** @returns the number of rows */
async function countAll(
  table: Table,
  groups: readonly (SegmentCount | OutcomeBins)[],
  counts: ReadonlyMap<string, ColumnCount>,
  progress: (share: number) => void
): Promise<number> {
  let rows = 0;
  const take = (batch: Batch) => {
    for (const group of groups) group.take(batch);
    batch.names.forEach((name, index) => {
      const count = counts.get(name);
      if (!count) return;
      if (count.rows < rows) count.skip(rows - count.rows, batch.rows);
      count.add(batch.columns[index] ?? []);
    });
    rows += batch.rows;
  };
  await table.read(take, progress);
  return rows;
}
