/** Batches in time: one sample and one evaluation a minute. A batch has ten bins, equally filled in the reference. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERTS, DRIFT_METHODS, METRICS, RECORDED, type DriftMethod } from '@modelwatch/contract';
import type { AlertExpectation, Expectation, RuleVector } from '../../support/promtool';
import { A, B } from './story';

export const BATCH_INTERVAL_SECONDS = 60;
const MINUTES = 60;
const MODEL = 'namespace="ns", model="m"';
const SUBJECT = 'reference="r", subject="feature", feature="f"';

type Input = Readonly<Record<string, string>>;

const always = (value: number) => `${value}x${MINUTES}`;
/** From a minute on, until another; what is not there has no sample. */
const during = (value: number, from: number, until = MINUTES) =>
  [from > 0 ? `_x${from}` : '', `${value}x${until - from - 1}`, until < MINUTES ? 'stale' : '']
    .filter(Boolean)
    .join(' ');

/** What an exporter says of the model. */
function watched(target = A, { last = 5, failing = 2, from = 0, until = MINUTES, bins = 10 } = {}): Input {
  const shown = (value: number) => during(value, from, until);
  const reference = Array.from({ length: bins }, (_, bin) => [
    `${METRICS.featureReference.name}{${MODEL}, reference="r", feature="f", bin="${bin}", ${target}}`,
    shown(1 / bins),
  ]);
  return {
    ...(Object.fromEntries(reference) as Input),
    [`${METRICS.driftSettings.name}{${MODEL}, method="psi", window="1d", ${target}}`]: shown(1),
    [`${METRICS.driftThreshold.name}{${MODEL}, ${SUBJECT}, level="warning", ${target}}`]: shown(0.1),
    [`${METRICS.driftThreshold.name}{${MODEL}, ${SUBJECT}, level="critical", ${target}}`]: shown(0.25),
    [`${METRICS.driftRowsNeeded.name}{${MODEL}, ${SUBJECT}, ${target}}`]: shown(300),
    [`${METRICS.batchSettings.name}{${MODEL}, last="${last}", ${target}}`]: shown(1),
    [`${METRICS.batchFailing.name}{${MODEL}, ${target}}`]: shown(failing),
    [`${METRICS.exporterSynced.name}{${target}}`]: shown(1),
    [`${METRICS.exporterTotalShards.name}{${target}}`]: shown(1),
  };
}

const EVEN = Array.from({ length: 10 }, () => 100);
/** PSI of 5.5 to the reference. */
const SHIFTED = [500, 500, 0, 0, 0, 0, 0, 0, 0, 0];
/** Of 0.21. */
const LEANING = [220, 160, 110, 100, 90, 80, 70, 60, 60, 50];

interface Told {
  readonly target?: string;
  readonly rows?: readonly number[];
  /** Minutes. */
  readonly from?: number;
  readonly until?: number;
  readonly opened?: number;
  readonly closed?: number;
  readonly expected?: number;
}

/** What an exporter says of a batch: 0 in its first scrape, then all of it. */
function batch(id: string, { target = A, rows = EVEN, from = 1, until = MINUTES, ...told }: Told = {}): Input {
  const of = `${MODEL}, batch="${id}", ${target}`;
  const counted = (count: number) =>
    from + 1 < until
      ? `${during(0, from, from + 1).replace(' stale', '')} ${shifted(during(count, from + 1, until), from + 1)}`
      : '';
  const bins = rows.map((count, bin) => [
    `${METRICS.batchObservations.name}{${MODEL}, batch="${id}", ${SUBJECT}, bin="${bin}", ${target}}`,
    counted(count),
  ]);
  const { opened = from, closed, expected } = told;
  const seconds = (minute: number) => 60 * minute;
  return {
    ...(Object.fromEntries(bins) as Input),
    [`${METRICS.batchInfo.name}{${of}, state="${closed === undefined ? 'open' : 'closed'}"}`]: during(1, from, until),
    [`${METRICS.batchOpened.name}{${of}}`]: during(seconds(opened), from, until),
    ...(closed === undefined ? {} : { [`${METRICS.batchClosed.name}{${of}}`]: during(seconds(closed), closed, until) }),
    ...(expected === undefined
      ? {}
      : { [`${METRICS.batchExpectedRows.name}{${of}}`]: during(expected, closed ?? from, until) }),
    [`${METRICS.batchPredictions.name}{${of}}`]: counted(rows.reduce((sum, count) => sum + count, 0)),
  };
}

/** Without the minutes before. */
function shifted(values: string, from: number): string {
  return values.replace(`_x${from} `, '');
}

const states = (at: number, expected: Readonly<Record<string, string>>): Expectation => ({
  expr: RECORDED.batchState.name,
  at: `${at}m`,
  samples: Object.fromEntries(
    Object.entries(expected).map(([id, state]) => [
      `${RECORDED.batchState.name}{namespace="ns", model="m", batch="${id}", state="${state}"}`,
      1,
    ])
  ),
});
const channel = (at: number, status: string): Expectation => ({
  expr: `count by (status) (${RECORDED.modelChannel.name}{channel="batches"})`,
  at: `${at}m`,
  samples: { [`{status="${status}"}`]: 1 },
});
const rows = (at: number, id: string, count: number): Expectation => ({
  expr: `sum (${RECORDED.batchRows.name}{batch="${id}"})`,
  at: `${at}m`,
  samples: { '{}': count },
});

const DRIFTED =
  'In so many of its last batches as its settings call critical, what this model was asked, or what it predicted, differs from its reference by more than its threshold.';
const fires = (at: number, words: string): AlertExpectation => ({
  alert: ALERTS.batches,
  at: `${at}m`,
  firing: [
    {
      labels: { namespace: 'ns', model: 'm', severity: 'warning' },
      annotations: {
        summary: 'Batches of ns/m have drifted',
        description: `${DRIFTED} ${words}`,
        runbook_url: `https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks/${ALERTS.batches}.md`,
      },
    },
  ],
});
const silent = (at: number, alert: string = ALERTS.batches): AlertExpectation => ({ alert, at: `${at}m`, firing: [] });

interface Case {
  readonly name: string;
  readonly rows: readonly number[];
  readonly reference: readonly number[];
  readonly statistics: Readonly<Record<DriftMethod, number>>;
}
const CASES = JSON.parse(readFileSync(join(__dirname, '../fixtures/drift-statistics.json'), 'utf8')) as readonly Case[];

/** A batch for each of the distributions, half of its rows counted by another exporter; a model for each method. */
function statistics(method: DriftMethod): Input {
  const model = `namespace="ns", model="${method}"`;
  const input: Record<string, string> = {
    [`${METRICS.driftSettings.name}{${model}, method="${method}", window="1d"}`]: always(1),
    [`${METRICS.batchSettings.name}{${model}, last="50"}`]: always(1),
  };
  CASES.forEach((one, index) => {
    input[`${METRICS.driftRowsNeeded.name}{${model}, reference="r${index}", subject="feature", feature="f"}`] =
      always(1);
    input[`${METRICS.batchOpened.name}{${model}, batch="${index}", ${A}}`] = always(index);
    one.rows.forEach((count, bin) => {
      const of = `${model}, reference="r${index}", feature="f", bin="${bin}"`;
      input[`${METRICS.featureReference.name}{${of}, ${A}}`] = always(one.reference[bin] ?? NaN);
      const half = Math.floor(count / 2);
      const counter = `${METRICS.batchObservations.name}{${of}, subject="feature", batch="${index}"`;
      input[`${counter}, ${A}}`] = always(half);
      input[`${counter}, ${B}}`] = always(count - half);
    });
    for (const target of [A, B])
      input[`${METRICS.batchPredictions.name}{${model}, batch="${index}", ${target}}`] = always(1);
  });
  return input;
}

export const BATCH_STATISTICS: RuleVector = {
  name: 'the statistic of each batch is that of numpy and scipy, added up over exporters',
  input: Object.assign({}, ...DRIFT_METHODS.map(statistics)) as Input,
  expect: DRIFT_METHODS.flatMap((method) =>
    CASES.map(({ statistics: { [method]: value } }, index) => ({
      expr: `abs(${RECORDED.batchDriftScore.name}{model="${method}", batch="${index}"} - ${value}) < bool ${1e-6 * Math.max(1, value)}`,
      at: '5m',
      samples: {
        [`{namespace="ns", model="${method}", reference="r${index}", subject="feature", feature="f", batch="${index}", method="${method}"}`]: 1,
      },
    }))
  ),
};

export const BATCH_VECTORS: readonly RuleVector[] = [
  {
    name: 'a verdict for each of the last batches; so many that drifted make the model critical',
    input: {
      ...watched(),
      ...batch('old', { rows: SHIFTED, from: 1, until: 10 }),
      ...batch('b1', { from: 2, closed: 4 }),
      ...batch('b2', { rows: LEANING, from: 3, closed: 5 }),
      ...batch('b3', { rows: SHIFTED, from: 4, closed: 6 }),
      ...batch('b4', { rows: EVEN.map((count) => count / 10), from: 20, closed: 22 }),
      ...batch('b5', { rows: SHIFTED, from: 30 }),
    },
    expect: [
      states(3, { old: 'critical', b1: 'ok', b2: 'too_little_data' }),
      channel(3, 'warning'),
      // Of the five last ones, which `old` is one of until there are five others.
      states(8, { old: 'critical', b1: 'ok', b2: 'warning', b3: 'critical' }),
      channel(8, 'critical'),
      states(25, { old: 'incomplete', b1: 'ok', b2: 'warning', b3: 'critical', b4: 'too_little_data' }),
      channel(25, 'warning'),
      states(35, { b1: 'ok', b2: 'warning', b3: 'critical', b4: 'too_little_data', b5: 'critical' }),
      channel(35, 'critical'),
    ],
    alerts: [
      silent(3),
      fires(8, '3 of the last 4 batches drifted. b3: f, PSI 5.50, threshold 0.25; old: f, PSI 5.50, threshold 0.25.'),
      silent(25),
      fires(35, '3 of the last 5 batches drifted. b5: f, PSI 5.50, threshold 0.25; b3: f, PSI 5.50, threshold 0.25.'),
    ],
  },
  {
    name: 'an alert is not resolved by a batch without a verdict, only by one that is calm',
    input: {
      ...watched(A, { last: 1, failing: 1 }),
      ...batch('b1', { rows: SHIFTED, from: 1, closed: 3 }),
      ...batch('b2', { rows: EVEN.map((count) => count / 10), from: 10, closed: 20 }),
      ...batch('b3', { from: 30 }),
    },
    expect: [channel(5, 'critical'), channel(15, 'too_little_data'), channel(35, 'ok')],
    alerts: [
      fires(5, 'The last batch drifted. b1: f, PSI 5.50, threshold 0.25.'),
      fires(15, 'Since then no batch had a verdict.'),
      fires(25, 'Since then no batch had a verdict.'),
      silent(35),
    ],
  },
  {
    name: 'an alert on a batch is held as long as the next one may take',
    input: {
      ...watched(A, { last: 1, failing: 1 }),
      [`${METRICS.predictionExpectedInterval.name}{${MODEL}, ${A}}`]: always(1_200),
      ...batch('b1', { rows: SHIFTED, from: 1, closed: 3 }),
      ...batch('b2', { rows: EVEN.map((count) => count / 10), from: 10 }),
    },
    alerts: [fires(28, 'Since then no batch had a verdict.'), silent(35)],
  },
  {
    name: 'the verdict on a closed batch outlives its exporter, and late rows in the next one; one that was open is incomplete',
    input: {
      ...watched(A, { until: 20, failing: 1 }),
      ...watched(B, { from: 21, failing: 1 }),
      ...batch('done', { rows: SHIFTED, from: 2, closed: 4, until: 20 }),
      ...batch('late', { from: 3, closed: 5, until: 20 }),
      ...batch('open', { from: 4, until: 20 }),
      ...batch('late', { target: B, rows: SHIFTED, from: 25, closed: 26, opened: 25 }),
      ...batch('open', { target: B, from: 25, closed: 27 }),
    },
    expect: [
      states(15, { done: 'critical', late: 'ok', open: 'ok' }),
      states(40, { done: 'critical', late: 'ok', open: 'incomplete' }),
      rows(40, 'done', 1_000),
      channel(40, 'critical'),
    ],
  },
  {
    name: 'an exporter that began anew within a batch is noticed by its counter; rows that never came by what the sender says',
    input: {
      ...watched(),
      ...Object.fromEntries(
        Object.entries(batch('again', { from: 1, closed: 20 })).map(([series, values]) => [
          series,
          /_total/.test(series) ? `_ 0 100x10 0 100x${MINUTES}` : values,
        ])
      ),
      ...batch('short', { from: 2, closed: 6, expected: 1_100 }),
      ...batch('whole', { from: 3, closed: 6, expected: 1_000 }),
    },
    expect: [
      states(4, { again: 'ok', short: 'ok', whole: 'ok' }),
      states(10, { again: 'ok', short: 'incomplete', whole: 'ok' }),
      states(30, { again: 'incomplete', short: 'incomplete', whole: 'ok' }),
    ],
  },
  {
    name: 'batches whose features had no room to be counted are never ok',
    input: {
      ...watched(),
      ...batch('b1', { from: 2, closed: 4 }),
      [`${METRICS.batchSeriesRefused.name}{${MODEL}, ${A}}`]: during(14, 10),
      [`${METRICS.batchSeriesRefused.name}{${MODEL}, ${B}}`]: always(0),
    },
    expect: [states(8, { b1: 'ok' }), states(15, { b1: 'too_little_data' }), channel(15, 'too_little_data')],
  },
  {
    name: 'what is forgotten is gone, and can come anew',
    input: {
      ...watched(),
      ...batch('b1', { rows: SHIFTED, from: 1, closed: 3, until: 10 }),
      [`${METRICS.batchInfo.name}{${MODEL}, batch="b1", ${A}, state="forgotten"}`]: during(1, 10, 20),
      ...batch('b2', { from: 2, closed: 4 }),
    },
    expect: [
      states(8, { b1: 'critical', b2: 'ok' }),
      states(15, { b2: 'ok' }),
      states(30, { b2: 'ok' }),
      channel(30, 'ok'),
    ],
    alerts: [silent(15), silent(30)],
  },
  {
    name: 'who forgets the batch that drifted resolves the alert',
    input: {
      ...watched(A, { failing: 1 }),
      [`${METRICS.predictionExpectedInterval.name}{${MODEL}, ${A}}`]: always(86_400),
      ...batch('b1', { rows: SHIFTED, from: 1, closed: 3, until: 10 }),
      [`${METRICS.batchInfo.name}{${MODEL}, batch="b1", ${A}, state="forgotten"}`]: during(1, 10, 20),
    },
    expect: [channel(15, 'too_little_data')],
    alerts: [fires(8, 'The last batch drifted. b1: f, PSI 5.50, threshold 0.25.'), silent(15), silent(30)],
  },
  {
    name: 'no news is stale: a batch that is overdue, and an exporter that is gone',
    input: {
      ...watched(),
      [`${METRICS.predictionExpectedInterval.name}{${MODEL}, ${A}}`]: always(900),
      ...batch('b1', { from: 2, closed: 4 }),
    },
    expect: [channel(15, 'ok'), channel(25, 'stale')],
  },
  {
    name: 'an exporter that is gone leaves a model stale',
    input: { ...watched(A, { until: 20 }), ...batch('b1', { from: 2, closed: 4, until: 20 }) },
    expect: [channel(15, 'ok'), channel(30, 'stale')],
  },
];

/** Rows of the batch are rows of the model. */
const ROWS_OF_MODEL = Object.fromEntries(
  SHIFTED.map((count, bin) => [
    `${METRICS.featureObservations.name}{${MODEL}, reference="r", feature="f", bin="${bin}", version="1", ${A}}`,
    `0 0 ${count}x${MINUTES}`,
  ])
) as Input;
const HOURLY = {
  ...watched(A, { failing: 1 }),
  [`${METRICS.driftSettings.name}{${MODEL}, method="psi", window="1d", ${A}}`]: '_',
};

/** Needs the rules of verdicts, too. */
export const ONE_CAUSE: readonly RuleVector[] = [
  {
    name: 'one cause is one alert: of what drifted in a batch the batch tells',
    input: {
      ...HOURLY,
      [`${METRICS.driftSettings.name}{${MODEL}, method="psi", window="1h", ${A}}`]: always(1),
      ...ROWS_OF_MODEL,
      ...batch('b1', { rows: SHIFTED, from: 1, closed: 3 }),
    },
    expect: [
      {
        expr: `count by (status) (${RECORDED.modelChannel.name}{channel="drift"})`,
        at: '20m',
        samples: { '{status="critical"}': 1 },
      },
    ],
    alerts: [
      fires(20, 'The last batch drifted. b1: f, PSI 5.50, threshold 0.25.'),
      silent(20, ALERTS.drift),
      silent(59, ALERTS.driftStale),
    ],
  },
];
