/**
 * What becomes of scores in time: states that are not left at once, the channel of health, alerts that stay. One sample a
 * minute, an evaluation every four. Two equally filled bins, so that the total variation distance is how far the first is from a half.
 */
import { driftSeverity, driftSeverityQuery, RECORDED, type ChannelStatus } from '@modelwatch/contract';
import { WORST_DRIFT_QUERY } from '../../../exporter/src/http/worst-drift';
import type { AlertExpectation, Expectation, RuleVector } from '../../support/promtool';
import { rows, state, watched, type Watched } from './drift';
import { A, B, values } from './story';

type Input = Readonly<Record<string, string>>;
const MODEL = 'namespace="ns", model="m"';
const LABELS = { namespace: 'ns', model: 'm' };
const RUNBOOK = 'https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks';

/** Rows a minute in the first and in the second bin, and for how many minutes; `gone`: the series ends. */
type Phase = readonly [first: number, second: number, minutes: number] | readonly ['gone', number];

function counter(phases: readonly Phase[], place: 0 | 1): string {
  let total = 0;
  const samples = phases.flatMap((phase) => {
    if (phase[0] === 'gone') return ['stale', ...Array.from({ length: phase[1] - 1 }, () => '_')];
    const rate = phase[place];
    return Array.from({ length: phase[2] ?? 0 }, () => String((total += rate)));
  });
  return ['0', ...samples].join(' ');
}

const OBSERVED = 'modelwatch_feature_observations_total';
function observed(phases: readonly Phase[], feature = 'f', bins: readonly [string, string] = ['0', '1']): Input {
  const series = (place: 0 | 1) =>
    `${OBSERVED}{${MODEL}, reference="r", feature="${feature}", bin="${bins[place]}", version="1", ${A}}`;
  return { [series(0)]: counter(phases, 0), [series(1)]: counter(phases, 1) };
}

const SETTINGS: Watched = { method: 'tvd', warning: 0.1, critical: 0.2, bins: 2, shown: (value) => `${value}x600` };
const during = (minutes: number) => (value: number) =>
  values([
    [value, minutes],
    ['stale', 1],
  ]);

const is = (name: Parameters<typeof state>[0], at: string) => state(name, at, 'tvd');

function channelIs(status: ChannelStatus, at: string): Expectation {
  return {
    expr: RECORDED.modelChannel.name,
    at,
    samples: { [`${RECORDED.modelChannel.name}{model="m", namespace="ns", channel="drift", status="${status}"}`]: 1 },
  };
}

function lastVerdict(status: ChannelStatus, at: string, ageMinutes: number): Expectation {
  return {
    expr: `round((time() - ${RECORDED.driftLastVerdict.name}) / 60)`,
    at,
    samples: { [`{model="m", namespace="ns", status="${status}"}`]: ageMinutes },
  };
}

const silent = (alert: string, at: string): AlertExpectation => ({ alert, at, firing: [] });
function fires(alert: string, at: string, summary: string, description: string, more = {}): AlertExpectation {
  const labels = { ...LABELS, severity: 'warning', ...more };
  return {
    alert,
    at,
    firing: [{ labels, annotations: { summary, description, runbook_url: `${RUNBOOK}/${alert}.md` } }],
  };
}

const DRIFTED = 'What this model is asked, or what it predicts, differs from its reference by more than its threshold.';
const drifts = (at: string, worst: string, more = {}) =>
  fires('ModelwatchModelDrift', at, 'The data of ns/m has drifted', `${DRIFTED} ${worst}`, more);
const DRIED_UP = 'Since then there have been too few rows for a new verdict.';
const isStale = (at: string) =>
  fires(
    'ModelwatchDriftStale',
    at,
    'Nobody knows whether the data of ns/m drifts',
    'There were predictions to compare with the reference, and are no more: the last verdict on drift is old, and nothing says that it still holds.'
  );

const quality = (problem: string, ratio: number, reference: number, at: string): Expectation[] => {
  const labels = `{model="m", namespace="ns", reference="r", subject="feature", feature="f", problem="${problem}"}`;
  return [
    {
      expr: `round(${RECORDED.dataQualityRatio.name}{problem="${problem}"}, 0.0001)`,
      at,
      samples: { [labels]: ratio },
    },
    {
      expr: `round(${RECORDED.dataQualityReferenceRatio.name}{problem="${problem}"}, 0.0001)`,
      at,
      samples: { [labels]: reference },
    },
  ];
};

/** The same with other special bins in the place of the two. */
function withBins(first: string, second: string): Input {
  const renamed = Object.entries(watched(SETTINGS)).map(([series, text]) => [
    series.replace('bin="0"', `bin="${first}"`).replace('bin="1"', `bin="${second}"`),
    series.includes(`bin="0"`) ? '0.04x600' : series.includes('bin="1"') ? '0.96x600' : text,
  ]);
  return Object.fromEntries(renamed) as Input;
}

const WEAK = watched({ ...SETTINGS, weight: 'low' });
const named = (input: Input, feature: string): Input =>
  Object.fromEntries(
    Object.entries(input).map(([series, text]) => [series.replaceAll('feature="f"', `feature="${feature}"`), text])
  );

const G = 'model="m", namespace="ns", reference="r", subject="feature", feature="g"';

export const DRIFT_VERDICT_VECTORS: readonly RuleVector[] = [
  {
    name: 'a state is left only when the score is a tenth below its threshold, and entered at it',
    input: {
      ...watched(SETTINGS),
      ...observed([
        [75, 25, 80],
        [69, 31, 70],
        [67, 33, 70],
        [59.5, 40.5, 70],
        [55, 45, 70],
        [59.5, 40.5, 70],
        [69, 31, 70],
      ]),
    },
    expect: [
      is('critical', '75m'),
      is('critical', '145m'),
      is('warning', '215m'),
      is('warning', '285m'),
      is('ok', '355m'),
      is('ok', '425m'),
      is('warning', '495m'),
    ],
    alerts: [drifts('145m', 'f drifted: total variation 0.19 over 1 h, still above 0.18.')],
  },
  {
    name: 'an alert on drift stays when the rows dry up, and then says that nobody knows',
    input: {
      ...watched(SETTINGS),
      ...observed([
        [75, 25, 100],
        [0, 0, 300],
        [50, 50, 100],
      ]),
      [`modelwatch:model_info{${MODEL}, owner="risk"}`]: '1x600',
    },
    expect: [
      channelIs('critical', '100m'),
      is('critical', '156m'),
      is('too_little_data', '200m'),
      channelIs('too_little_data', '200m'),
      lastVerdict('critical', '200m', 44),
      channelIs('ok', '480m'),
      lastVerdict('ok', '480m', 0),
    ],
    alerts: [
      drifts('100m', 'f drifted: total variation 0.25 over 1 h, threshold 0.2.', { owner: 'risk' }),
      drifts('210m', DRIED_UP, { owner: 'risk' }),
      silent('ModelwatchDriftStale', '210m'),
      silent('ModelwatchModelDrift', '220m'),
      {
        ...isStale('225m'),
        firing: isStale('225m').firing.map((one) => ({ ...one, labels: { ...one.labels, owner: 'risk' } })),
      },
      silent('ModelwatchDriftStale', '480m'),
      silent('ModelwatchModelDrift', '480m'),
    ],
  },
  {
    name: 'when the exporter goes, verdicts are stale and the alert stays a while',
    input: {
      ...watched({ ...SETTINGS, shown: during(100) }),
      ...observed([
        [75, 25, 99],
        ['gone', 300],
      ]),
    },
    expect: [is('critical', '98m'), is('stale', '105m'), channelIs('stale', '105m'), channelIs('stale', '300m')],
    alerts: [drifts('150m', DRIED_UP), isStale('120m'), silent('ModelwatchModelDrift', '170m'), isStale('300m')],
  },
  {
    name: 'when its settings are taken away while an exporter is there, a model has no drift any more',
    input: {
      ...watched({ ...SETTINGS, shown: during(100) }),
      ...observed([
        [75, 25, 99],
        ['gone', 300],
      ]),
      [`modelwatch_exporter_synced{${A}}`]: '1x400',
      [`modelwatch_exporter_total_shards{${A}}`]: '1x400',
    },
    expect: ['modelwatch:drift_state', RECORDED.modelChannel.name, RECORDED.driftLastVerdict.name].map((expr) => ({
      expr,
      at: '103m',
      samples: {},
    })),
    alerts: [silent('ModelwatchModelDrift', '105m'), silent('ModelwatchDriftStale', '150m')],
  },
  {
    name: 'counters that go while their reference stays leave a stale verdict behind',
    input: {
      ...watched(SETTINGS),
      ...observed([
        [75, 25, 100],
        ['gone', 300],
      ]),
    },
    expect: [is('critical', '100m'), is('stale', '165m'), channelIs('stale', '165m')],
    alerts: [isStale('175m')],
  },
  {
    name: 'a model of which no prediction has come for longer than its owner expects is stale',
    input: {
      ...watched(SETTINGS),
      ...observed([[50, 50, 400]]),
      [`modelwatch:model_last_prediction_timestamp_seconds{${MODEL}}`]: '-72000x400',
      [`modelwatch_prediction_expected_interval_seconds{${MODEL}, ${A}}`]: '82800x400',
    },
    // The window is of rows that were fine.
    expect: [is('ok', '195m'), channelIs('ok', '175m'), channelIs('stale', '195m')],
    alerts: [silent('ModelwatchDriftStale', '175m'), isStale('195m')],
  },
  {
    name: 'a model of which nobody said how often it is asked may be silent all weekend',
    input: {
      ...watched(SETTINGS),
      ...observed([
        [50, 50, 100],
        [0, 0, 300],
      ]),
      [`modelwatch:model_last_prediction_timestamp_seconds{${MODEL}}`]: '-250000x400',
    },
    expect: [is('too_little_data', '250m')],
    alerts: [silent('ModelwatchDriftStale', '90m'), silent('ModelwatchDriftStale', '250m')],
  },
  {
    name: 'of what drifted that is named first which carries most of the model',
    input: {
      ...watched(SETTINGS),
      ...observed([[75, 25, 200]]),
      ...named(watched(SETTINGS), 'g'),
      ...observed([[80, 20, 200]], 'g'),
      [`modelwatch_feature_importance_ratio{${MODEL}, reference="r", feature="f", ${A}}`]: '0.9x200',
      [`modelwatch_feature_importance_ratio{${MODEL}, reference="r", feature="f", ${B}}`]: '0.9x200',
      [`modelwatch_feature_importance_ratio{${MODEL}, reference="r", feature="g", ${A}}`]: '0.1x200',
    },
    expect: [
      {
        expr: `round(${driftSeverityQuery(`${RECORDED.driftState.name}{state="critical"}`)}, 0.001)`,
        at: '100m',
        samples: {
          [`{${G}, method="tvd", window="1h"}`]: driftSeverity({ score: 0.3, critical: 0.2, importance: 0.1 }),
          [`{${G.replace('"g"', '"f"')}, method="tvd", window="1h"}`]: driftSeverity({
            score: 0.25,
            critical: 0.2,
            importance: 0.9,
            weight: 'high',
          }),
        },
      },
    ],
    alerts: [
      drifts(
        '100m',
        'f drifted: total variation 0.25 over 1 h, threshold 0.2; g drifted: total variation 0.30 over 1 h, threshold 0.2.'
      ),
    ],
  },
  {
    name: 'features of low weight make a model a warning at most, one of high weight makes it critical',
    input: {
      ...WEAK,
      ...observed([[90, 10, 300]]),
      ...named(watched(SETTINGS), 'g'),
      ...observed(
        [
          [50, 50, 100],
          [80, 20, 200],
        ],
        'g'
      ),
    },
    expect: [
      channelIs('warning', '90m'),
      channelIs('critical', '200m'),
      {
        expr: `round(${WORST_DRIFT_QUERY}, 0.001)`,
        at: '200m',
        samples: {
          [`{${G}, method="tvd", window="1h", figure="score"}`]: 0.3,
          [`{${G}, level="critical", figure="threshold"}`]: 0.2,
        },
      },
      {
        expr: `round(${driftSeverityQuery(`${RECORDED.driftState.name}{state="critical"}`)}, 0.001)`,
        at: '200m',
        samples: {
          [`{${G}, method="tvd", window="1h"}`]: driftSeverity({ score: 0.3, critical: 0.2 }),
          [`{${G.replace('"g"', '"f"')}, method="tvd", window="1h"}`]: driftSeverity({
            score: 0.4,
            critical: 0.2,
            weight: 'low',
          }),
        },
      },
      {
        expr: `${RECORDED.driftFeatures.name}{state="critical"}`,
        at: '200m',
        samples: {
          [`${RECORDED.driftFeatures.name}{model="m", namespace="ns", reference="r", window="1h", state="critical"}`]: 2,
        },
      },
    ],
    alerts: [
      silent('ModelwatchModelDrift', '90m'),
      drifts(
        '200m',
        'g drifted: total variation 0.30 over 1 h, threshold 0.2; f drifted: total variation 0.40 over 1 h, threshold 0.2.'
      ),
    ],
  },
  {
    name: 'predictions drift like features, without a name',
    input: Object.fromEntries(
      Object.entries({ ...watched(SETTINGS), ...observed([[75, 25, 100]]) }).map(([series, text]) => [
        series
          .replace('feature_observations', 'prediction_observations')
          .replace('feature_reference', 'prediction_reference')
          .replace('subject="feature"', 'subject="prediction"')
          .replace('feature="f", ', '')
          .replace('feature="f"', 'feature=""'),
        text,
      ])
    ),
    expect: [
      channelIs('critical', '90m'),
      {
        expr: RECORDED.driftState.name,
        at: '90m',
        samples: {
          [`${RECORDED.driftState.name}{model="m", namespace="ns", reference="r", subject="prediction", method="tvd", window="1h", state="critical"}`]: 1,
        },
      },
    ],
    alerts: [drifts('90m', 'Predictions drifted: total variation 0.25 over 1 h, threshold 0.2.')],
  },
  {
    name: 'two exporters that disagree on the settings give one verdict, and the choice sticks',
    input: {
      ...watched(SETTINGS),
      ...observed([[75, 25, 100]]),
      [`modelwatch_drift_settings_info{${MODEL}, method="tvd", window="1d", ${B}}`]: '_x30 1x200',
      [`modelwatch_drift_settings_info{${MODEL}, method="psi", window="1h", ${B}}`]: '_x60 1x200',
    },
    expect: [
      is('critical', '90m'),
      channelIs('critical', '90m'),
      {
        expr: RECORDED.driftSettings.name,
        at: '90m',
        samples: { [`${RECORDED.driftSettings.name}{model="m", namespace="ns", method="tvd", window="1h"}`]: 1 },
      },
    ],
  },
  {
    name: 'missing values are told apart from drift, from 5 points above the reference',
    input: {
      ...withBins('missing', '1'),
      ...observed(
        [
          [8.9, 91.1, 120],
          [9.2, 90.8, 180],
          [0, 0, 200],
        ],
        'f',
        ['missing', '1']
      ),
    },
    expect: [...quality('missing', 0.089, 0.04, '110m'), ...quality('missing', 0.092, 0.04, '200m')],
    alerts: [
      silent('ModelwatchDataQuality', '110m'),
      fires(
        'ModelwatchDataQuality',
        '200m',
        'ns/m gets values that it does not know',
        'Far more values of a feature than in the reference are missing, invalid, out of range or of a new category. More than in the reference, of the last hour: f missing +5.2%.'
      ),
      // Rows that are no more make nothing good; after an hour nobody knows.
      fires(
        'ModelwatchDataQuality',
        '370m',
        'ns/m gets values that it does not know',
        'Far more values of a feature than in the reference are missing, invalid, out of range or of a new category. Since then there have been too few rows for a new verdict.'
      ),
      silent('ModelwatchDataQuality', '430m'),
    ],
  },
  {
    name: 'values below and above the reference are out of range together',
    input: { ...withBins('below', 'above'), ...observed([[10, 90, 120]], 'f', ['below', 'above']) },
    expect: quality('out_of_range', 1, 1, '110m'),
  },
  {
    name: 'few rows say nothing of their quality',
    input: { ...withBins('new', 'invalid'), ...observed([[2, 2, 120]], 'f', ['new', 'invalid']) },
    expect: [{ expr: RECORDED.dataQualityRatio.name, at: '110m', samples: {} }, rows(240, '110m')],
    alerts: [silent('ModelwatchDataQuality', '110m')],
  },
];

export const DRIFT_WINDOW_VECTORS: readonly RuleVector[] = [
  {
    name: 'the verdict on a model rests on the window of its settings alone',
    input: {
      ...watched({ ...SETTINGS, window: '1d' }),
      ...observed([
        [75, 25, 240],
        [50, 50, 360],
      ]),
    },
    // The day ends at the last full hour: half of nine hours of 6000 rows are 0.25 off, the others are not.
    expect: [
      is('critical', '90m'),
      { ...is('ok', '590m') },
      {
        expr: `round(${RECORDED.driftRows.name}{window="1d"})`,
        at: '590m',
        samples: { ['{model="m", namespace="ns", reference="r", subject="feature", feature="f", window="1d"}']: 54000 },
      },
      {
        expr: `round(${RECORDED.driftScore.name}{window="1d"}, 0.001)`,
        at: '590m',
        samples: {
          ['{model="m", namespace="ns", reference="r", subject="feature", feature="f", method="tvd", window="1d"}']: 0.111,
        },
      },
      channelIs('too_little_data', '50m'),
      channelIs('critical', '90m'),
      channelIs('warning', '590m'),
    ],
  },
];
