/** A measured figure beside a yardstick of the same run: machines differ, ratios travel. */
export interface Figure {
  readonly suite: string;
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'kB' | 'MB' | 's';
  readonly yardstick?: { readonly name: string; readonly value: number };
  /** At most this, in `unit`. */
  readonly target?: number;
}

export interface Suite {
  readonly name: string;
  /** Figures without their suite's name, which the table adds. */
  readonly run: () => Promise<readonly Omit<Figure, 'suite'>[]>;
}

/** Median of several timings of one thing, after a warm-up that does not count; milliseconds. */
export async function medianMs(runs: number, work: () => Promise<unknown> | unknown): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return median(times);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** One line per figure, aligned; three significant figures. */
export function asTable(figures: readonly Figure[]): string {
  const rows = [
    ['suite', 'figure', 'value', 'yardstick', 'ratio', 'target', 'met'],
    ...figures.map((figure) => [
      figure.suite,
      figure.name,
      `${short(figure.value)} ${figure.unit}`,
      figure.yardstick ? `${short(figure.yardstick.value)} ${figure.unit}, ${figure.yardstick.name}` : '–',
      figure.yardstick ? `${short(figure.value / figure.yardstick.value)}×` : '–',
      figure.target === undefined ? '–' : `≤ ${short(figure.target)} ${figure.unit}`,
      met(figure) === undefined ? '–' : met(figure) ? 'yes' : 'NO',
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .join('\n');
}

/** The figures as JSON: suite, name, value, unit, yardstick, ratio, target, met; absent parts are null. */
export function asJson(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => ({
    suite: figure.suite,
    name: figure.name,
    value: figure.value,
    unit: figure.unit,
    yardstick: figure.yardstick ?? null,
    ratio: figure.yardstick ? figure.value / figure.yardstick.value : null,
    target: figure.target ?? null,
    met: met(figure) ?? null,
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

function met(figure: Figure): boolean | undefined {
  return figure.target === undefined ? undefined : figure.value <= figure.target;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
