import { deal } from './deal';
import { TrafficMeter, USUAL_PACE, type Outcome } from './meter';
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
const SLOW = { computing: 1, waiting: 9 };

const meterOf = (share = 1) => new TrafficMeter(PROFILE, START, { share, pace: USUAL_PACE });

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
    const meter = meterOf(0.5);
    const read = (at: number) => meter.durations('success', at, BOUNDS);
    let before = read(START);
    for (let i = 1; i <= 200; i++) {
      const at = START + i * 7_300;
      const pace = i % 60 === 0 ? SLOW : { ...USUAL_PACE, serverErrorRatio: i % 40 === 0 ? 0.2 : 0 };
      if (i % 20 === 0) meter.change({ share: i % 40 === 0 ? 1 : 0.3, pace }, at);
      const now = read(at);
      expect(now.count).toBeGreaterThanOrEqual(before.count);
      expect(now.sum).toBeGreaterThanOrEqual(before.sum);
      now.within.forEach((value, b) => expect(value).toBeGreaterThanOrEqual(before.within[b] ?? 0));
      before = now;
    }
    expect(before.count).toBeGreaterThan(1_000);
  });

  it('keeps count, sum and buckets in agreement', () => {
    const { count, sum, within } = meterOf().durations('success', START + HOUR, BOUNDS);
    expect(within).toEqual([...within].sort((a, b) => a - b));
    expect(within[within.length - 1]).toBeLessThanOrEqual(count);
    // Half of the requests are answered within the median.
    const [half] = meterOf().durations('success', START + HOUR, [PROFILE.medianSeconds]).within;
    expect((half ?? 0) / count).toBeCloseTo(0.5, 2);
    // The mean must lie between what the buckets allow at least and at most.
    const [lowest, highest] = [...BOUNDS, 5].reduce<[number, number, number, number]>(
      ([low, high, previousCount, previousBound], bound, i) => {
        const inside = (i < BOUNDS.length ? (within[i] ?? 0) : count) - previousCount;
        return [low + inside * previousBound, high + inside * bound, previousCount + inside, bound];
      },
      [0, 0, 0, 0]
    );
    expect(sum).toBeGreaterThan(lowest);
    expect(sum).toBeLessThan(highest);
  });

  it('has few client errors and rare server errors, as its profile says, or as many as it is told', () => {
    const shareOf = (meter: TrafficMeter, outcome: Outcome) => {
      const count = (of: Outcome) => meter.count(of, START + 24 * HOUR);
      return count(outcome) / (count('success') + count('clientError') + count('serverError'));
    };
    expect(shareOf(meterOf(), 'clientError')).toBeCloseTo(0.01, 3);
    expect(shareOf(meterOf(), 'serverError')).toBeCloseTo(0.001, 4);
    const failing = new TrafficMeter(PROFILE, START, { share: 1, pace: { ...USUAL_PACE, serverErrorRatio: 0.2 } });
    expect(shareOf(failing, 'serverError')).toBeCloseTo(0.2, 4);
  });

  it('waits in the queue at a slow pace, and does no more work than before', () => {
    const meter = meterOf();
    expect(meter.waitedSeconds('success', START + HOUR)).toBe(0);
    const usual = meter.durations('success', START + HOUR);
    const worked = meter.workedSeconds(START + HOUR);
    meter.change({ share: 1, pace: SLOW }, START + HOUR);
    const slow = meter.durations('success', START + 2 * HOUR);
    const mean = (slow.sum - usual.sum) / (slow.count - usual.count);
    expect(mean / (usual.sum / usual.count)).toBeCloseTo(10, 1);
    expect(meter.waitedSeconds('success', START + 2 * HOUR) / (slow.sum - usual.sum)).toBeCloseTo(0.9, 2);
    expect(meter.workedSeconds(START + 2 * HOUR) / worked).toBeLessThan(2.3);
    expect(meter.inFlight(START + HOUR).waiting / meter.inFlight(START + HOUR).working).toBeCloseTo(9);
  });

  it('counts real requests, and starts from nothing after a restart, but not for those who saw it all', () => {
    const meter = meterOf(0);
    meter.record('success');
    expect(meter.durations('success', START + HOUR, [0.01, 0.05])).toMatchObject({ count: 1, within: [0, 1] });
    meter.change({ share: 1, pace: USUAL_PACE }, START + HOUR);
    const before = meter.count('success', START + 2 * HOUR);
    meter.restart(START + 2 * HOUR);
    expect(meter.durations('success', START + 2 * HOUR, [0.05])).toEqual({ count: 0, sum: 0, within: [0] });
    expect(meter.count('success', START + 2 * HOUR, 'ever')).toBe(before);
    const after = meter.count('success', START + 3 * HOUR);
    expect(meter.count('success', START + 3 * HOUR, 'ever')).toBe(before + after);
  });
});

describe('deal', () => {
  it('gives every kind its share, none ever less than before', () => {
    const percents = [80, 19, 1];
    let before = deal(0, percents);
    for (let count = 1; count <= 500; count++) {
      const now = deal(count, percents);
      expect(now.reduce((sum, each) => sum + each, 0)).toBe(count);
      now.forEach((each, i) => expect(each).toBeGreaterThanOrEqual(before[i] ?? 0));
      before = now;
    }
    expect(before).toEqual([400, 95, 5]);
  });
});
