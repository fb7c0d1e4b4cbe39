import { createBudget } from './budget';

/** A clock that stands until somebody sleeps, and then is as late as the sleeper wants. */
function sleepyClock() {
  let now = 0;
  return {
    monotonicSeconds: () => now,
    after: (seconds: number, run: () => void) => {
      now += seconds;
      run();
      return () => undefined;
    },
    pass: (seconds: number) => (now += seconds),
  };
}

describe('createBudget', () => {
  const { signal } = new AbortController();

  it('lets two seconds of requests pass at once, then so many a second, and counts the wait', async () => {
    const clock = sleepyClock();
    const waits: number[] = [];
    const budget = createBudget(10, clock, (seconds) => waits.push(seconds));
    for (let request = 0; request < 20; request += 1) await budget.take(signal);
    expect([clock.monotonicSeconds(), waits]).toEqual([0, []]);
    for (let request = 0; request < 10; request += 1) await budget.take(signal);
    expect(clock.monotonicSeconds()).toBeCloseTo(1);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeCloseTo(1);
  });

  it('fills up again in a quiet time, but no further', async () => {
    const clock = sleepyClock();
    const budget = createBudget(1, clock, () => undefined);
    for (let request = 0; request < 2; request += 1) await budget.take(signal);
    clock.pass(100);
    for (let request = 0; request < 2; request += 1) await budget.take(signal);
    expect(clock.monotonicSeconds()).toBe(100);
    await budget.take(signal);
    expect(clock.monotonicSeconds()).toBeCloseTo(101);
  });

  it('holds everybody up when the server asks for it, but not for ever', async () => {
    const clock = sleepyClock();
    const budget = createBudget(10, clock, () => undefined);
    budget.pause(7);
    await budget.take(signal);
    expect(clock.monotonicSeconds()).toBeCloseTo(7);
    budget.pause(3_000);
    await budget.take(signal);
    expect(clock.monotonicSeconds()).toBeCloseTo(37);
  });

  it('lets go who does not want any more', async () => {
    const clock = { monotonicSeconds: () => 0, after: () => () => undefined };
    const budget = createBudget(1, clock, () => undefined);
    budget.pause(10);
    const abort = new AbortController();
    const taken = budget.take(abort.signal);
    abort.abort();
    await expect(taken).resolves.toBeUndefined();
  });
});
