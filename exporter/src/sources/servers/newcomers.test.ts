import type { ProbeTarget } from '../../domain/probe-target';
import { NO_TELEMETRY } from '../../domain/telemetry';
import type { Clock } from '../clock';
import { createServersSource } from './index';
import { Newcomers } from './newcomers';
import { closeServers, listen, routes } from './testing/server';

const INTERVAL_SECONDS = 15;

afterEach(closeServers);

/** Time that passes when it is told to, or when something takes time: what is due meanwhile comes late. */
function handClock() {
  let now = 0;
  let turnSeconds = 0;
  const timers = new Map<() => boolean, { atSeconds: number; run: () => void }>();
  const clock: Clock = {
    nowSeconds: () => 1_700_000_000 + now,
    monotonicSeconds: () => now,
    onJump: () => () => undefined,
    after: (seconds, run) => {
      const cancel = () => timers.delete(cancel);
      timers.set(cancel, { atSeconds: now + seconds, run });
      return cancel;
    },
    random: () => 0.5,
  };
  return {
    clock,
    takes: (seconds: number) => (now += seconds),
    slowTurns: (seconds: number) => (turnSeconds = seconds),
    pass: async (seconds: number) => {
      const until = now + seconds;
      for (;;) {
        let next = { atSeconds: Infinity, run: () => undefined as void, cancel: () => false };
        for (const [cancel, timer] of timers) if (timer.atSeconds < next.atSeconds) next = { ...timer, cancel };
        if (next.atSeconds > until) break;
        next.cancel();
        now = Math.max(now, next.atSeconds) + turnSeconds;
        next.run();
        // Who waits in a lane goes on.
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = Math.max(now, until);
    },
  };
}

function targetsAt(url: string, count: number): ProbeTarget[] {
  return Array.from({ length: count }, (_, at) => ({
    endpoint: { namespace: 'ns', server: 's', replica: `r${at}` },
    url,
    models: [],
    versionSuffix: false,
    unmeasured: true,
  }));
}

/** A source whose probes each hold the process for so long as they begin. */
async function start(holdsSeconds: number) {
  const url = await listen(routes({}));
  const time = handClock();
  const delays: number[] = [];
  const rounds: number[] = [];
  const source = createServersSource(
    {
      probeIntervalSeconds: INTERVAL_SECONDS,
      probeTimeoutSeconds: 3,
      maxBodyBytes: 1_000,
      concurrency: 1_000,
      access: 'direct',
    },
    () => undefined,
    {
      ...NO_TELEMETRY,
      probeStarted: (delaySeconds) => {
        delays.push(delaySeconds);
        time.takes(holdsSeconds);
      },
      newcomersAsked: (seconds) => rounds.push(seconds),
    },
    time.clock
  );
  return { source, url, delays, rounds, pass: time.pass };
}

describe('endpoints that are new together', () => {
  it('begin when they were promised to, however slow the process is', async () => {
    const { source, url, delays, rounds, pass } = await start(0.05);
    source.change({ set: targetsAt(url, 200), gone: [] });
    await pass(14);
    expect(delays.length).toBeGreaterThanOrEqual(200);
    // What was missed is made up for a quarter of a second back; the second probes of the first ones come between.
    expect(Math.max(...delays)).toBeLessThan(0.5);
    expect(rounds).toHaveLength(1);
    expect(rounds[0]).toBeGreaterThan(9);
    await source.stop();
  });

  it('take no longer where each turn of the process is slow', async () => {
    const { newcomers, newOnes, time, rounds } = alone();
    newcomers.add(newOnes(300));
    time.slowTurns(0.03);
    await time.pass(4);
    expect(rounds[0]).toBeLessThan(3.5);
  });

  it('are asked within a second, or within one interval when they are many', async () => {
    const { newcomers, newOnes, time, rounds, asked } = alone();
    newcomers.add(newOnes(50));
    await time.pass(1);
    expect(asked).toHaveLength(50);
    newcomers.add(newOnes(3_000));
    await time.pass(INTERVAL_SECONDS + 0.1);
    expect(rounds.map((seconds) => Math.round(seconds * 10) / 10)).toEqual([0.5, 15]);
  });

  it('are asked in the order of their moments from now on', async () => {
    const { newcomers, newOnes, time, asked } = alone();
    const past = (time.clock.nowSeconds() / INTERVAL_SECONDS) % 1;
    newcomers.add(newOnes(4, (at) => (past + 0.9 - at / 4 + 1) % 1));
    await time.pass(1);
    expect(asked).toEqual([3, 2, 1, 0]);
  });

  it('are no longer waited for when they are gone', async () => {
    const { newcomers, newOnes, time, rounds, asked } = alone();
    const all = newOnes(10);
    newcomers.add(all);
    for (const one of all.slice(1)) newcomers.remove(one);
    await time.pass(1);
    expect([asked, rounds.length]).toEqual([[0], 1]);
    newcomers.add(all.slice(1, 3));
    await time.pass(1);
    expect([asked, rounds.length]).toEqual([[0, 1, 2], 2]);
  });

  function alone() {
    const time = handClock();
    const rounds: number[] = [];
    const asked: number[] = [];
    const newcomers = new Newcomers(INTERVAL_SECONDS, time.clock, {
      newcomersAsked: (seconds) => rounds.push(seconds),
    });
    const newOnes = (count: number, place: (at: number) => number = () => 0.5) =>
      Array.from({ length: count }, (_, at) => ({
        place: place(at),
        ask: (_atSeconds: number, began: () => void) => {
          asked.push(at);
          began();
        },
      }));
    return { newcomers, newOnes, time, rounds, asked };
  }
});
