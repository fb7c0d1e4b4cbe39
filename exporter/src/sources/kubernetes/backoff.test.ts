import { Backoff } from './backoff';

describe('Backoff', () => {
  it('doubles up to its limit and begins anew after a success', () => {
    const backoff = new Backoff({ random: () => 1 }, 0.5, 4);
    expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([0.5, 1, 2, 4, 4]);
    expect(backoff.attempts).toBe(5);
    backoff.reset();
    expect(backoff.next()).toBe(0.5);
  });

  it('is shortened by up to half, at random', () => {
    expect(new Backoff({ random: () => 0 }, 8).next()).toBe(4);
  });

  it('waits at least as long as the server asks', () => {
    expect(new Backoff({ random: () => 1 }, 0.5).next(7)).toBe(7);
  });
});
