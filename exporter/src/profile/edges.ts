/**
 * Bins of a numeric column from quantiles. Each inner edge is a value of the data, the smallest that has at least its
 * share of the values at or below it (numpy's `inverted_cdf`). A value that two or more edges fall on, as the zero of a
 * column that is mostly zero, gets a bin of its own, so that a change of just that value is seen.
 *
 * @param sorted values, or an even sample of them
 * @param range the smallest and the largest of all values
 * @returns edges, ascending: bin i is (edges[i], edges[i + 1]]. The first two may be equal: a bin of the smallest value alone.
 */
export function quantileEdges(sorted: Float64Array, range: { min: number; max: number }, bins: number): number[] {
  const edges = [range.min];
  const last = () => edges.at(-1) ?? NaN;
  const add = (value: number) => {
    if (value > last() || edges.length === 1) edges.push(value);
  };
  for (let bin = 1; bin < bins;) {
    const value = quantile(sorted, bin, bins);
    let next = bin + 1;
    while (next < bins && quantile(sorted, next, bins) === value) next++;
    if (next - bin > 1) {
      const before = largestBelow(sorted, value);
      if (before !== undefined && before > last()) add(before);
    }
    add(value);
    bin = next;
  }
  add(range.max);
  return edges;
}

/** One bin for each value. @param values ascending, at least one */
export function valueEdges(values: readonly number[]): number[] {
  return [values[0] ?? NaN, ...values];
}

function quantile(sorted: Float64Array, bin: number, bins: number): number {
  return sorted[Math.ceil((bin * sorted.length) / bins) - 1] ?? NaN;
}

function largestBelow(sorted: Float64Array, value: number): number | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? NaN) < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}
