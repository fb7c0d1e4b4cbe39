/** Steps of a history, and since when what holds now has held. */

/** Steps at which nothing was recorded have no sample at all, and must not vanish from the axis. */
export function everyStep(known: readonly number[], fromMs: number, toMs: number): number[] {
  const times = [...new Set(known)].sort((a, b) => a - b);
  const [first] = times;
  const stepMs = Math.min(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
  if (first === undefined || !Number.isFinite(stepMs)) return times;
  const start = first - Math.floor((first - fromMs) / stepMs) * stepMs;
  const count = Math.floor((toMs - start) / stepMs) + 1;
  return Array.from({ length: count }, (_, index) => start + index * stepMs);
}

/**
 * Start of the run of the state that holds now. Undefined where it is older than the range, and where nobody has a state.
 * @param states by time
 * @param firstMs start of the history
 * @param toMs end of the range: a state that no step has seen yet has begun since the last
 */
export function startOfRun<State>(
  state: State | undefined,
  states: ReadonlyMap<number, State> | undefined,
  firstMs: number | undefined,
  toMs: number
): number | undefined {
  if (state === undefined || !states?.size) return undefined;
  const known = [...states].sort(([a], [b]) => b - a);
  const other = known.findIndex(([, one]) => one !== state);
  if (other === 0) return toMs;
  const [start] = (other < 0 ? known.at(-1) : known[other - 1]) ?? [];
  const isOlder = other < 0 && start === firstMs;
  return isOlder ? undefined : start;
}

/** Of two states at one time the worse, which comes first in the list. */
export function takeState<State>(
  states: Map<number, State>,
  order: readonly State[],
  timeMs: number,
  state: State
): void {
  const before = states.get(timeMs);
  if (before === undefined || order.indexOf(state) < order.indexOf(before)) states.set(timeMs, state);
}
