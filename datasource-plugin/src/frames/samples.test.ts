/** @jest-environment jsdom */
import { createDataFrame, FieldType, type DataFrame } from '@grafana/data';
import { readSamples, readSeries } from './samples';

const labels = { __name__: 'modelwatch:model_health', namespace: 'n', model: 'm', health: 'failed' };

function timeSeries(values: unknown[], times: unknown[] = values.map((_, index) => index * 1000)): DataFrame {
  return createDataFrame({
    refId: 'A',
    fields: [
      { name: 'Time', type: FieldType.time, values: times },
      { name: 'Value', type: FieldType.number, labels, values },
    ],
  });
}

describe('samples of an instant query', () => {
  it('come from one frame per series', () => {
    expect(readSamples([timeSeries([1])], 'state')).toEqual([{ labels, value: 1 }]);
  });

  it('come from a table with a column per label; an empty cell is an absent label', () => {
    const frame = createDataFrame({
      fields: [
        { name: 'Time', type: FieldType.time, values: [0, 0] },
        { name: 'namespace', type: FieldType.string, values: ['n', 'n'] },
        { name: 'cluster', type: FieldType.string, values: ['', 'eu'] },
        { name: 'Value', type: FieldType.number, values: [1, null] },
      ],
    });
    expect(readSamples([frame], 'state')).toEqual([{ labels: { namespace: 'n' }, value: 1 }]);
  });

  it('are named by the field where the label is left out', () => {
    const frame = timeSeries([1]);
    const { __name__: name, ...rest } = labels;
    const [time, value] = frame.fields;
    const renamed = { ...frame, fields: [time!, { ...value!, name, labels: rest }] };
    expect(readSamples([renamed], 'state')).toEqual([{ labels, value: 1 }]);
  });

  it.each([[NaN], [Infinity], [null]])('are left out when the value is %p', (value) => {
    expect(readSamples([timeSeries([value])], 'state')).toEqual([]);
  });

  it('are none in an empty frame', () => {
    expect(readSamples([createDataFrame({ fields: [] })], 'state')).toEqual([]);
  });
});

describe('series of a range query', () => {
  it('keep their gaps', () => {
    expect(readSeries([timeSeries([1, null, NaN])], 'history')).toEqual([
      { labels, timesMs: [0, 1000, 2000], values: [1, null, null] },
    ]);
  });
});

describe('a frame that is not what was asked for', () => {
  const noTime = createDataFrame({ fields: [{ name: 'Value', type: FieldType.number, values: [1] }] });
  const noNumber = createDataFrame({ name: 'x', fields: [{ name: 'Time', type: FieldType.time, values: [1] }] });
  const short = { ...timeSeries([1]), length: 3 };

  it.each<[string, () => unknown, string]>([
    [
      'without a number',
      () => readSamples([timeSeries([1]), noNumber], 'state'),
      'Prometheus answer "state", frame 2 ("x"): expected a number field, got Time',
    ],
    [
      'without a time',
      () => readSeries([noTime], 'history'),
      'Prometheus answer "history", frame 1: expected a time field, got Value',
    ],
    [
      'with fewer values than rows',
      () => readSamples([short], 'state'),
      'Prometheus answer "state", frame 1, field "Value": expected 3 values, got 1',
    ],
    [
      'with text among the numbers',
      () => readSamples([timeSeries(['1'])], 'state'),
      'Prometheus answer "state", frame 1, field "Value": expected a number in row 1, got "1"',
    ],
    [
      'without a moment for a value',
      () => readSeries([timeSeries([1, 2], [0, null])], 'history'),
      'Prometheus answer "history", frame 1, field "Time": expected a time in milliseconds in row 2, got null',
    ],
  ])('%s is refused by frame and field', (_what, read, message) => {
    expect(read).toThrow(message);
  });
});
