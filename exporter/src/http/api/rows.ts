/** Rows that are held for data exploration, as they are asked for: filtered, newest first, page by page or all of them. */
import type { ModelRow, ModelRows } from '@modelwatch/contract';
import type { ModelEvents } from '../../domain/events/model-events';
import { judgeOf, shownRow, type HeldRow } from '../../domain/exploration/row';
import { openSegments } from '../../domain/exploration/settings';
import { createSlice } from '../../exposition/slice';
import { HttpError } from '../errors';
import type { Query, QueryParameter } from './query';

const SECONDS: readonly [number, number] = [0, 99_999_999_999];
const FLAG = ['true', 'false'] as const;

export const ROW_FILTERS: readonly QueryParameter[] = [
  { name: 'from', description: 'Only predictions made at this second or later.', range: SECONDS },
  { name: 'to', description: 'Only predictions made before this second.', range: SECONDS },
  { name: 'version', description: 'Only predictions of this version.' },
  { name: 'segment', description: 'A column by whose values rows are told apart; with `value`.' },
  { name: 'value', description: 'Only rows with this value of the segment.' },
  { name: 'joined', description: 'true: only rows with an actual; false: only those without.', values: FLAG },
  { name: 'wrong', description: 'true: only wrong predictions; false: only right ones. Of classes.', values: FLAG },
];
export const ROW_PAGE: readonly QueryParameter[] = [
  { name: 'features', description: 'false: rows without their features.', values: FLAG },
  { name: 'limit', description: 'At most so many; 100 if absent.', range: [1, 1_000] },
  { name: 'before', description: 'What `next` of the page before says.', range: [1, 999_999_999_999] },
];
const PAGE = 100;

type Ring = NonNullable<ModelEvents['rows']>;
export type RowsOf = ModelEvents & { readonly rows: Ring };

/** @throws HttpError 400 */
export async function rowPage(events: RowsOf, query: Query, nowSeconds: number): Promise<ModelRows> {
  const { namespace, model, rows: ring } = events;
  const limit = Number(query.get('limit') ?? PAGE);
  const items: ModelRow[] = [];
  let hasMore = false;
  for await (const row of rowsAsked(events, query)) {
    hasMore = items.length === limit;
    if (hasMore) break;
    items.push(query.get('features') === 'false' ? { ...row, features: {} } : row);
  }
  const last = items.at(-1);
  const { mostRows, mostBytes, retentionSeconds, sampleRatio } = ring.plan;
  const { task, positiveClass } = events.accuracy?.plan ?? {};
  return {
    ...{ namespace, model },
    held: { rows: ring.rows, bytes: ring.bytes, mostRows, mostBytes, retentionSeconds, sampleRatio },
    ...(task === undefined ? {} : { task }),
    ...(positiveClass === undefined ? {} : { positiveClass }),
    items,
    ...(hasMore && last ? { next: last.number } : {}),
    generatedAtSeconds: nowSeconds,
  };
}

/** With pauses. What comes meanwhile is not among them; what goes meanwhile may be missing. @throws HttpError 400 */
export function rowsAsked(events: RowsOf, query: Query): AsyncGenerator<ModelRow> {
  const plan = events.accuracy?.plan;
  if (query.has('wrong') && plan?.task !== 'classification') {
    throw new HttpError(400, 'bad_query', 'query wrong: expected it of a model that tells classes apart, and joins');
  }
  const judge = judgeOf(plan);
  const isAskedFor = filterOf(events, query);
  const before = query.get('before');
  return filtered(events.rows.newest(before === undefined ? undefined : Number(before)), (row) => {
    if (!mayBe(row, query)) return undefined;
    const shown = shownRow(row, judge);
    return isAskedFor(shown) ? shown : undefined;
  });
}

async function* filtered(
  rows: Iterable<HeldRow>,
  shown: (row: HeldRow) => ModelRow | undefined
): AsyncGenerator<ModelRow> {
  const slice = createSlice();
  for (const row of rows) {
    const found = shown(row);
    if (found) yield found;
    if (slice.isOver()) await slice.next();
  }
}

/** What can be said without reading the row. */
function mayBe({ timeSeconds, actual }: HeldRow, query: Query): boolean {
  const [from, to, joined] = [query.get('from'), query.get('to'), query.get('joined')];
  if (from !== undefined && timeSeconds < Number(from)) return false;
  if (to !== undefined && timeSeconds >= Number(to)) return false;
  return joined === undefined || (joined === 'true') === (actual !== undefined);
}

function filterOf({ segments, rows }: RowsOf, query: Query): (row: ModelRow) => boolean {
  const [version, segment, value, wrong] = ['version', 'segment', 'value', 'wrong'].map((name) => query.get(name));
  if ((segment === undefined) !== (value === undefined)) {
    throw new HttpError(400, 'bad_query', 'query segment: expected segment and value together, got one of them');
  }
  const open = openSegments(segments.segments, rows.plan.redaction).map(({ column }) => column);
  if (segment !== undefined && !open.includes(segment)) {
    const expected = open.length === 0 ? 'none, since no segment is shown' : `one of ${open.join(', ')}`;
    throw new HttpError(400, 'bad_query', `query segment: expected ${expected}`);
  }
  return (row) =>
    (version === undefined || row.version === version) &&
    (segment === undefined || row.segments[segment] === value) &&
    (wrong === undefined || row.wrong === (wrong === 'true'));
}
