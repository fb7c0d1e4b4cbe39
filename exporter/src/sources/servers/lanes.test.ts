import { Lanes } from './lanes';

/** Time that passes when it is told to. */
function handClock() {
  const timers = new Set<() => void>();
  return {
    after: (_seconds: number, run: () => void) => {
      timers.add(run);
      return () => timers.delete(run);
    },
    pass: () => {
      for (const run of [...timers]) run();
      timers.clear();
    },
  };
}

/** So many runs at once; each ends when `end` is called with its number. */
function runs(lanes: Lanes, started: number[]) {
  const ends: (() => void)[] = [];
  return {
    start: (number: number, hung = false) =>
      void lanes.run(hung, () => {
        started.push(number);
        return new Promise<void>((resolve) => (ends[number] = resolve));
      }),
    end: (number: number) => ends[number]?.(),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Lanes', () => {
  it('let so many run at a time, in the order of asking', async () => {
    const started: number[] = [];
    const { start, end } = runs(new Lanes(2, handClock()), started);
    for (const number of [0, 1, 2, 3]) start(number);
    await turn();
    expect(started).toEqual([0, 1]);
    end(1);
    await turn();
    expect(started).toEqual([0, 1, 2]);
  });

  it('make room when one does not answer for a while, and only as long as there is where to wait', async () => {
    const started: number[] = [];
    const clock = handClock();
    const { start, end } = runs(new Lanes(1, clock), started);
    for (let number = 0; number < 9; number += 1) start(number);
    await turn();
    expect(started).toEqual([0]);
    for (let passes = 0; passes < 8; passes += 1) {
      clock.pass();
      await turn();
    }
    expect(started).toEqual([0, 1, 2, 3, 4]);
    end(0);
    clock.pass();
    await turn();
    expect(started).toHaveLength(5);
    end(4);
    await turn();
    expect(started).toHaveLength(6);
  });

  it('ask those that hung beside the others', async () => {
    const started: number[] = [];
    const { start, end } = runs(new Lanes(1, handClock()), started);
    for (const number of [0, 1, 2, 3, 4]) start(number, true);
    start(5);
    await turn();
    expect(started).toEqual([0, 1, 2, 3, 5]);
    end(0);
    await turn();
    expect(started).toEqual([0, 1, 2, 3, 5, 4]);
  });
});
