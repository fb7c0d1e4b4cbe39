import { createStateWatch, type HeldAnswer } from './state-watch';
import type { Labels, RawSeries } from './transitions';
import type { LoggedEvent } from './types';

const START = 1_800_000_000;
const EVALUATED_EVERY = 30;
const MODEL = { namespace: 'shop', model: 'fraud' };
const DRIFT = { ...MODEL, reference: 'r1', subject: 'feature', feature: 'age', method: 'psi', window: '1d' };
const SLO = { namespace: 'shop', model: 'fraud', pipeline: '', slo: 'availability' };
const ALERT = { alertname: 'ModelwatchModelDrift', ...MODEL, severity: 'warning' };

/** Prometheus, as far as the watch asks it: a series is there in the seconds that are given, with value 1. */
interface Recorded {
  readonly labels: Labels;
  readonly from: number;
  readonly to: number;
  readonly value?: number;
}

function watching(recorded: Recorded[]) {
  const written: LoggedEvent[] = [];
  const asked: string[] = [];
  const identities: LoggedEvent['identity'][] = [];
  let now = START;
  let isDown = false;
  let warnings: string[] = [];
  const nameOf = ({ labels }: Recorded) => labels['__name__'] ?? '';
  const holds = (one: Recorded, at: number) => one.from <= at && at <= one.to;
  const watch = createStateWatch({
    nowSeconds: () => now,
    sink: {
      write: (event) => {
        written.push(event);
        identities.push(event.identity);
      },
    },
    query: (promql, at): Promise<HeldAnswer> => {
      if (isDown) return Promise.reject(new Error('down'));
      asked.push(promql);
      const bad = /page|ticket|spent|warning|critical/;
      const isState = ({ labels }: Recorded) => labels['health'] !== undefined || bad.test(labels['state'] ?? '');
      const wanted = recorded.filter((one) => promql.includes(nameOf(one)) && holds(one, at));
      const isOfAlerts = promql.startsWith('ALERTS');
      const found = isOfAlerts ? wanted.filter((one) => promql.startsWith(`${nameOf(one)}{`)) : wanted.filter(isState);
      const samples = found.map((one) => ({ labels: one.labels, value: one.value ?? 1 }));
      return Promise.resolve({ samples, warnings });
    },
    samples: (promql, at): Promise<readonly RawSeries[]> => {
      if (isDown) return Promise.reject(new Error('down'));
      asked.push(promql);
      const from = at - Number(/\[(\d+)s\]$/.exec(promql)?.[1]);
      return Promise.resolve(
        recorded
          .filter((one) => promql.startsWith(`${nameOf(one)}{`))
          .map((one) => {
            const samples = [];
            for (let time = START - 3_600; time <= at; time += EVALUATED_EVERY) {
              if (time > from && holds(one, time)) samples.push({ atSeconds: time, value: 1 });
            }
            return { labels: one.labels, samples };
          })
      );
    },
  });
  return {
    asked,
    identities,
    down: (is: boolean) => void (isDown = is),
    warns: (is: boolean) => void (warnings = is ? ['a store did not answer'] : []),
    /** One poll so many seconds after the start. */
    async at(seconds: number): Promise<string[]> {
      now = START + seconds;
      await watch.poll();
      return written.splice(0).map(({ action, from, to, atSeconds }) => `${action} ${from}>${to} ${atSeconds - START}`);
    },
  };
}

const health = (state: string, from: number, to: number): Recorded => ({
  labels: { __name__: 'modelwatch:model_health', ...MODEL, health: state },
  ...{ from: START + from, to: START + to },
});
const ofState = (name: string, labels: Labels) => (state: string, from: number, to: number) => ({
  labels: { __name__: name, ...labels, state },
  ...{ from: START + from, to: START + to },
});
const drift = ofState('modelwatch:drift_state', DRIFT);
const slo = ofState('modelwatch:slo_state', SLO);

describe('what Prometheus recorded', () => {
  it('is an event when it changed, at the first sample of the new state, with what was in between', async () => {
    const recorded = [health('healthy', -3_600, 59), health('degraded', 60, 119), health('failed', 120, 9_999)];
    const one = watching(recorded);
    expect(await one.at(0)).toEqual([]);
    expect(await one.at(30)).toEqual([]);
    expect(await one.at(125)).toEqual(['health-changed healthy>degraded 60', 'health-changed degraded>failed 120']);
    // Another exporter, that asks at other times and began later, gives the same identities.
    const other = watching(recorded);
    expect(await other.at(170)).toEqual(['health-changed healthy>degraded 60', 'health-changed degraded>failed 120']);
  });

  it('gives one identity to one change, whoever sees it and when', async () => {
    const identityAt = async (...seconds: number[]) => {
      const one = watching([health('healthy', -3_600, 59), health('degraded', 60, 9_999)]);
      for (const second of seconds) await one.at(second);
      return one.identities;
    };
    const found = await identityAt(0, 61);
    expect(found).toHaveLength(1);
    expect(await identityAt(33, 215)).toEqual(found);
  });

  it('reads samples of what changed alone', async () => {
    const one = watching([health('healthy', -3_600, 9_999)]);
    await one.at(0);
    await one.at(30);
    expect(one.asked.filter((promql) => promql.endsWith(']'))).toEqual([]);
  });

  it('begins, changes and ends drift; that nobody can tell is not its end', async () => {
    const one = watching([
      drift('ok', -3_600, 59),
      drift('warning', 60, 119),
      drift('critical', 120, 179),
      drift('stale', 180, 239),
      drift('ok', 240, 299),
      drift('too_little_data', 300, 359),
      drift('ok', 360, 9_999),
    ]);
    expect(await one.at(0)).toEqual([]);
    expect(await one.at(70)).toEqual(['drift-began ok>warning 60']);
    const told = new Set<string>();
    for (const second of [130, 190, 250, 310, 370]) for (const each of await one.at(second)) told.add(each);
    expect([...told]).toEqual([
      'drift-changed warning>critical 120',
      'drift-changed critical>stale 180',
      'drift-ended stale>ok 240',
    ]);
  });

  it('tells of an objective that pages, and of one that is gone only after a while', async () => {
    const one = watching([slo('met', -3_600, 29), slo('page', 30, 100)]);
    await one.at(0);
    expect(await one.at(40)).toEqual(['slo-began met>page 30']);
    expect(await one.at(400)).toEqual([]);
    expect(await one.at(1_500)).toEqual(['slo-ended page>gone 1500']);
    expect(await one.at(1_600)).toEqual([]);
  });

  it('knows what was bad when the exporter began, and tells its end', async () => {
    const one = watching([slo('spent', -3_600, 59), slo('met', 60, 9_999)]);
    expect(await one.at(30)).toEqual([]);
    expect(await one.at(90)).toEqual(['slo-ended spent>met 60']);
  });

  it('tells an alert by when it became active, and its end only when it stays away', async () => {
    const alert = (from: number, to: number): Recorded[] => [
      { labels: { __name__: 'ALERTS', ...ALERT, alertstate: 'firing' }, from: START + from, to: START + to },
      {
        labels: { __name__: 'ALERTS_FOR_STATE', ...ALERT },
        from: START + from,
        to: START + to,
        value: START + from - 300,
      },
    ];
    const one = watching([...alert(10, 100), ...alert(300, 9_999)]);
    await one.at(0);
    expect(await one.at(30)).toEqual(['alert-firing undefined>firing 30']);
    expect(await one.at(90)).toEqual([]);
    expect(await one.at(120)).toEqual([]);
    expect(await one.at(190)).toEqual(['alert-resolved undefined>resolved 90']);
    // It fires again: another event, for it became active at another time.
    expect(await one.at(310)).toEqual(['alert-firing undefined>firing 310']);
  });

  it('calls nothing over that a partial answer does not tell', async () => {
    const alert = { ...ALERT, alertstate: 'firing' };
    const since = {
      labels: { __name__: 'ALERTS_FOR_STATE', ...ALERT },
      from: START + 10,
      to: START + 60,
      value: START,
    };
    const one = watching([
      ...[{ labels: { __name__: 'ALERTS', ...alert }, from: START + 10, to: START + 60 }, since],
      slo('spent', 10, 60),
    ]);
    await one.at(0);
    expect(await one.at(30)).toEqual(['slo-began undefined>spent 30', 'alert-firing undefined>firing 30']);
    one.warns(true);
    expect(await one.at(200)).toEqual([]);
    expect(await one.at(5_000)).toEqual([]);
    one.warns(false);
    expect(await one.at(5_030)).toEqual(['slo-ended spent>gone 5030', 'alert-resolved undefined>resolved 30']);
  });

  it('loses nothing while Prometheus does not answer', async () => {
    const one = watching([health('healthy', -3_600, 59), health('failed', 60, 149), health('healthy', 150, 9_999)]);
    await one.at(0);
    one.down(true);
    await expect(one.at(70)).rejects.toThrow('down');
    one.down(false);
    expect(await one.at(100)).toEqual(['health-changed healthy>failed 60']);
  });
});
