/** @jest-environment jsdom */
import { healthHistoryFrame, requestsHistoryFrame } from './history';
import type { Series } from './samples';
import { findTransitions, transitionsFrame } from './transitions';

const context = { refId: 'A', answeredAtMs: 7 };

function series(labels: Record<string, string>, points: Array<[number, number | null]>): Series {
  return {
    labels: { namespace: 'n', model: 'm', ...labels },
    timesMs: points.map(([time]) => time),
    values: points.map(([, value]) => value),
  };
}

const flapping = [
  series({ health: 'healthy' }, [
    [0, 1],
    [60, 1],
    [240, 1],
  ]),
  series({ health: 'failed' }, [
    [120, 1],
    [180, 1],
  ]),
];

describe('health over time', () => {
  it('is one field per model on one time field', () => {
    const other = series({ model: 'other', cluster: 'eu', health: 'stale' }, [[60, 1]]);
    const frame = healthHistoryFrame([...flapping, other], context);
    expect(frame.fields.map(({ name, labels, values }) => [name, labels, values])).toEqual([
      ['time', undefined, [0, 60, 120, 180, 240]],
      ['health', { namespace: 'n', model: 'm' }, ['healthy', 'healthy', 'failed', 'failed', 'healthy']],
      ['health', { cluster: 'eu', namespace: 'n', model: 'other' }, [null, 'stale', null, null, null]],
    ]);
    expect(frame.meta?.custom).toEqual({ modelwatch: { kind: 'health-history', answeredAtMs: 7 } });
    expect(frame.fields.slice(1).map(({ config }) => config.displayNameFromDS)).toEqual(['n/m', 'eu/n/other']);
  });

  it('shows the worse of two at one time, whatever their order', () => {
    const both = [series({ health: 'healthy' }, [[0, 1]]), series({ health: 'degraded' }, [[0, 1]])];
    for (const order of [both, [...both].reverse()]) {
      expect(healthHistoryFrame(order, context).fields[1]?.values).toEqual(['degraded']);
    }
  });

  it('takes no state from a series that says 0', () => {
    const frame = healthHistoryFrame([series({ health: 'healthy' }, [[0, 0]])], context);
    expect(frame.fields[1]?.values).toEqual([]);
  });
});

describe('numbers over time', () => {
  it('keep their gaps', () => {
    const points: Array<[number, number | null]> = [
      [0, 1.5],
      [60, null],
      [120, 2],
    ];
    const frame = requestsHistoryFrame([series({}, points), series({ model: 'b' }, [[60, 3]])], context);
    expect(frame.fields.map(({ name, values }) => [name, values])).toEqual([
      ['time', [0, 60, 120]],
      ['requests_per_second', [null, 3, null]],
      ['requests_per_second', [1.5, null, 2]],
    ]);
    expect(frame.meta?.custom).toMatchObject({ modelwatch: { kind: 'requests-history' } });
  });
});

describe('changes of health', () => {
  it('are found between known times, and the first state is none', () => {
    expect(findTransitions(flapping, [])).toEqual([
      { cluster: '', namespace: 'n', model: 'm', timeMs: 120, from: 'healthy', to: 'failed' },
      { cluster: '', namespace: 'n', model: 'm', timeMs: 240, from: 'failed', to: 'healthy' },
    ]);
  });

  it('can be narrowed to the health that is entered', () => {
    expect(findTransitions(flapping, ['failed']).map(({ timeMs }) => timeMs)).toEqual([120]);
  });

  it('read as annotations', () => {
    const frame = transitionsFrame(findTransitions(flapping, ['failed']), context);
    expect(Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[0]]))).toEqual({
      time: 120,
      title: 'n/m is failed',
      text: 'healthy → failed (cannot serve, or far over an objective)',
      tags: 'health,failed,n,m',
      namespace: 'n',
      model: 'm',
      from: 'healthy',
      to: 'failed',
    });
  });
});
