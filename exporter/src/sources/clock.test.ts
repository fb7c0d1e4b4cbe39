import { createClock, Slices } from './clock';

describe('createClock', () => {
  it('tells of a jump before anybody sees the new time, and only of jumps', () => {
    let shiftMs = 0;
    const clock = createClock(() => Date.now() + shiftMs);
    let jumps = 0;
    const end = clock.onJump(() => (jumps += 1));
    clock.nowSeconds();
    shiftMs = 500;
    clock.nowSeconds();
    expect(jumps).toBe(0);
    shiftMs = 3_600_000;
    clock.nowSeconds();
    clock.nowSeconds();
    expect(jumps).toBe(1);
    shiftMs = 0;
    expect(clock.nowSeconds()).toBeLessThan(Date.now() / 1_000 + 1);
    expect(jumps).toBe(2);
    end();
    shiftMs = 3_600_000;
    clock.nowSeconds();
    expect(jumps).toBe(2);
  });
});

describe('Slices', () => {
  it('lets one of those who wait go on in each turn, in their order', async () => {
    const slices = new Slices(0);
    const order: string[] = [];
    let turn = 0;
    const count = () => {
      turn += 1;
      if (turn < 10) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        await slices.yield();
        order.push(`${name}${turn}`);
      })
    );
    expect(order.map((entry) => entry[0])).toEqual(['a', 'b', 'c']);
    expect(new Set(order.map((entry) => entry.slice(1))).size).toBe(3);
  });
});
