import { TrafficMeter } from './meter';
import type { TrafficProfile } from './plan';
import { requestRate, requestsBetween } from './rhythm';

const PROFILE: TrafficProfile = {
  requestsPerSecond: 20,
  peakHour: 14,
  clientErrorRatio: 0.01,
  serverErrorRatio: 0.001,
  medianSeconds: 0.02,
};
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 20);
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

describe('requestsBetween', () => {
  it('is the integral of the rate', () => {
    let sum = 0;
    const step = 1_000;
    for (let at = START; at < START + HOUR; at += step) sum += (requestRate(PROFILE, at + step / 2) * step) / 1_000;
    expect(requestsBetween(PROFILE, START, START + HOUR)).toBeCloseTo(sum, 0);
  });

  it('has its mean over a day and its peak in the afternoon', () => {
    const perSecond = requestsBetween(PROFILE, START, START + 24 * HOUR) / 86_400;
    expect(perSecond / PROFILE.requestsPerSecond).toBeCloseTo(1, 1);
    const hour = (h: number) => requestsBetween(PROFILE, START + h * HOUR, START + (h + 1) * HOUR);
    expect(hour(13)).toBeGreaterThan(2.5 * hour(2));
  });
});

describe('TrafficMeter', () => {
  it('never counts backwards, whatever is switched', () => {
    const meter = new TrafficMeter(PROFILE, START, { share: 0.5, slowness: 1 });
    let before = meter.tally('success', START, BOUNDS);
    for (let i = 1; i <= 200; i++) {
      const at = START + i * 7_300;
      if (i % 20 === 0) meter.change({ share: i % 40 === 0 ? 1 : 0.3, slowness: i % 60 === 0 ? 10 : 1 }, at);
      const now = meter.tally('success', at, BOUNDS);
      expect(now.count).toBeGreaterThanOrEqual(before.count);
      expect(now.sumSeconds).toBeGreaterThanOrEqual(before.sumSeconds);
      now.within.forEach((value, b) => expect(value).toBeGreaterThanOrEqual(before.within[b] ?? 0));
      before = now;
    }
    expect(before.count).toBeGreaterThan(1_000);
  });

  it('keeps count, sum and buckets in agreement', () => {
    const meter = new TrafficMeter(PROFILE, START, { share: 1, slowness: 1 });
    const { count, sumSeconds, within } = meter.tally('success', START + HOUR, BOUNDS);
    const ascending = [...within].sort((a, b) => a - b);
    expect(within).toEqual(ascending);
    expect(within[within.length - 1]).toBeLessThanOrEqual(count);
    // Half of the requests are answered within the median.
    const [half] = meter.tally('success', START + HOUR, [PROFILE.medianSeconds]).within;
    expect((half ?? 0) / count).toBeCloseTo(0.5, 2);
    // The mean must lie between what the buckets allow at least and at most.
    const [lowest, highest] = [...BOUNDS, 5].reduce<[number, number, number, number]>(
      ([low, high, previousCount, previousBound], bound, i) => {
        const inside = (i < BOUNDS.length ? (within[i] ?? 0) : count) - previousCount;
        return [low + inside * previousBound, high + inside * bound, previousCount + inside, bound];
      },
      [0, 0, 0, 0]
    );
    expect(sumSeconds).toBeGreaterThan(lowest);
    expect(sumSeconds).toBeLessThan(highest);
  });

  it('has few client errors and rare server errors, as its profile says', () => {
    const meter = new TrafficMeter(PROFILE, START, { share: 1, slowness: 1 });
    const count = (outcome: 'success' | 'clientError' | 'serverError') => meter.tally(outcome, START + 24 * HOUR).count;
    const all = count('success') + count('clientError') + count('serverError');
    expect(count('clientError') / all).toBeCloseTo(0.01, 3);
    expect(count('serverError') / all).toBeCloseTo(0.001, 4);
  });

  it('waits in the queue when it is slow', () => {
    const meter = new TrafficMeter(PROFILE, START, { share: 1, slowness: 1 });
    expect(meter.delaySeconds('success', START + HOUR)).toBe(0);
    const usual = meter.tally('success', START + HOUR);
    meter.change({ share: 1, slowness: 10 }, START + HOUR);
    const slow = meter.tally('success', START + 2 * HOUR);
    const mean = (slow.sumSeconds - usual.sumSeconds) / (slow.count - usual.count);
    expect(mean / (usual.sumSeconds / usual.count)).toBeCloseTo(10, 1);
    const delay = meter.delaySeconds('success', START + 2 * HOUR);
    expect(delay / (slow.sumSeconds - usual.sumSeconds)).toBeCloseTo(0.9, 2);
  });

  it('counts real requests, and starts from nothing after a restart', () => {
    const meter = new TrafficMeter(PROFILE, START, { share: 0, slowness: 1 });
    meter.record('success', 0.02);
    expect(meter.tally('success', START + HOUR, [0.05])).toEqual({ count: 1, sumSeconds: 0.02, within: [1] });
    meter.restart(START + HOUR);
    expect(meter.tally('success', START + HOUR, [0.05])).toEqual({ count: 0, sumSeconds: 0, within: [0] });
  });
});
