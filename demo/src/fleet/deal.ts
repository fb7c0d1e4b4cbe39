/** Parts a growing count into kinds so that no kind ever falls and all kinds add up to it. */

const ROUND = 100;
const hands = new Map<string, readonly (readonly number[])[]>();

/** For each kind, how many of the first 0..ROUND of a round are of it. */
function handsOf(percents: readonly number[]): readonly (readonly number[])[] {
  const key = percents.join(' ');
  const known = hands.get(key);
  if (known !== undefined) return known;
  const got = percents.map(() => 0);
  const table = percents.map(() => [0]);
  for (let turn = 1; turn <= ROUND; turn++) {
    // To whoever is furthest behind its share.
    const behind = percents.map((percent, i) => (percent * turn) / ROUND - (got[i] ?? 0));
    const next = behind.indexOf(Math.max(...behind));
    got[next] = (got[next] ?? 0) + 1;
    table.forEach((column, i) => column.push(got[i] ?? 0));
  }
  hands.set(key, table);
  return table;
}

/** @param percents whole and 100 together */
export function deal(count: number, percents: readonly number[]): readonly number[] {
  const table = handsOf(percents);
  const rounds = Math.floor(count / ROUND);
  return percents.map((percent, i) => rounds * percent + (table[i]?.[count % ROUND] ?? 0));
}
