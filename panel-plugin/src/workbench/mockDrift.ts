/** Drift of mock models as the frames that the data source gives. Every score is the sum of what its bins add. */
import { createDataFrame, FieldType, type DataFrame } from '@grafana/data';
import {
  DISTRIBUTION_FIELDS as B,
  DRIFT_SCORE_FIELDS as F,
  SMOOTHING_ROWS,
  type DistributionSubject,
  type DriftState,
  type FrameKind,
} from '@modelwatch/contract';
import { FIXTURE_NOW_MS, seeded } from './mockFleet';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 28;
/** The newest window ended at the full hour. */
const LAST_MS = Math.floor(FIXTURE_NOW_MS / HOUR_MS) * HOUR_MS;
export const DRIFT_RANGE_MS = DAYS * DAY_MS;

const ROWS = 18_402;
const REFERENCE_ROWS = 412_006;
const [WARNING, CRITICAL] = [0.1, 0.25];

export interface MockBins {
  readonly ids: readonly string[];
  readonly labels: readonly string[];
  readonly edges?: readonly number[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

const COUNTRIES = ['US', 'DE', 'GB', 'FR', 'NL', 'ES', 'IT', 'PL', 'BR'];
const MERCHANT_COUNTRY: MockBins = {
  ids: [...COUNTRIES.map((_, index) => `${index}`), 'other', 'new', 'missing'],
  labels: [...COUNTRIES, 'other', 'new', 'missing'],
  reference: [27.6, 18.4, 13.9, 10.2, 7.8, 5.9, 5.1, 3.6, 2.1, 5, 0, 0.4],
  current: [23.7, 16.2, 12.2, 8.9, 6.6, 5.3, 4.6, 3.2, 11.8, 5.1, 2.4, 0.5],
};
const AGES = [0, 90, 180, 270, 360, 450, 540, 630, 720, 810, 900];
const ACCOUNT_AGE: MockBins = {
  ids: [...AGES.slice(1).map((_, index) => `${index}`), 'below', 'above', 'missing'],
  labels: [...AGES.slice(1).map((to, index) => `${AGES[index] ?? 0} to ${to}`), 'below', 'above', 'missing'],
  edges: AGES,
  reference: [9, 10.8, 12.4, 13.6, 13.1, 11.6, 9.6, 7.4, 5.4, 3.9, 0, 2.8, 0.4],
  current: [20.1, 15.4, 12.7, 11.8, 10.5, 8.6, 6.6, 4.9, 3.4, 2.3, 0, 1.6, 1.9],
};
/** 41 rows. */
const FEW_ROWS = [2, 6, 4, 9, 5, 3, 7, 1, 2, 1, 0, 1, 0];

function shares(parts: readonly number[]): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / total);
}

/** What each bin adds to the PSI, from smoothed shares. */
function psiParts(reference: readonly number[], current: readonly number[], rows: number): number[] {
  const smooth = (share: number, of: number) =>
    (share * of + SMOOTHING_ROWS) / (of + SMOOTHING_ROWS * reference.length);
  return reference.map((share, index) => {
    const [expected, actual] = [smooth(share, REFERENCE_ROWS), smooth(current[index] ?? 0, rows)];
    return (actual - expected) * Math.log(actual / expected);
  });
}

function psiOf({ reference, current }: MockBins): number {
  return psiParts(shares(reference), shares(current), ROWS).reduce((sum, part) => sum + part, 0);
}

interface MockFeature {
  readonly name: string;
  readonly type: string;
  readonly importance: number;
  /** One score per day, the newest last. */
  readonly scores: ReadonlyArray<number | null>;
  readonly now: number;
}

/** Name, type, importance, score before and after the change, day of its begin, days that it takes. */
const FEATURES: ReadonlyArray<readonly [string, string, number, number, number, number, number]> = [
  ['merchant_country', 'categorical', 0.18, 0.03, psiOf(MERCHANT_COUNTRY), 15, 9],
  ['account_age_days', 'numeric', 0.14, 0.03, psiOf(ACCOUNT_AGE), 11, 17],
  ['amount_eur', 'numeric', 0.16, 0.02, 0.06, 20, 8],
  ['n_tx_24h', 'numeric', 0.11, 0.03, 0.07, 0, 28],
  ['ip_distance_km', 'numeric', 0.09, 0.04, 0.052, 0, 28],
  ['email_domain', 'categorical', 0.02, 0.03, 0.44, 24, 1],
  ['device_type', 'categorical', 0.07, 0.02, 0.06, 18, 4],
  ['avg_ticket_30d', 'numeric', 0.06, 0.02, 0.03, 0, 28],
  ['mcc', 'categorical', 0.05, 0.03, 0.041, 0, 28],
  ['hour_of_day', 'numeric', 0.04, 0.015, 0.02, 0, 28],
  ['card_bin', 'categorical', 0.03, 0.04, 0.12, 21, 5],
  ['shipping_match', 'boolean', 0.03, 0.01, 0.015, 0, 28],
  ['currency', 'categorical', 0.01, 0.02, 0.05, 16, 8],
  ['is_recurring', 'boolean', 0.01, 0.006, 0.01, 0, 28],
];
/** An outage left these days with too few rows. */
const FEW_DAYS = [2, 3];
const NOT_EVALUATED = [8, 9];

const FLEET: readonly MockFeature[] = FEATURES.map(([name, type, importance, before, after, begin, takes], seed) => {
  const random = seeded((seed + 3) * 2_654_435_761);
  const scores = Array.from({ length: DAYS }, (_, dayIndex) => {
    const noise = 1 + (random() - 0.5) * 0.26;
    if (FEW_DAYS.includes(dayIndex)) return null;
    if (name === 'ip_distance_km' && NOT_EVALUATED.includes(dayIndex)) return null;
    const share = Math.max(0, Math.min(1, (dayIndex - begin) / takes));
    return (before + (after - before) * share * share * (3 - 2 * share)) * noise;
  });
  scores[DAYS - 1] = after;
  return { name, type, importance, scores, now: after };
});

function stateOf(score: number): DriftState {
  if (score >= CRITICAL) return 'critical';
  return score >= WARNING ? 'warning' : 'ok';
}

/** The end of the first window of the run that the present state holds in. */
function sinceOf({ scores, now }: MockFeature): number | null {
  const state = stateOf(now);
  if (state === 'ok') return null;
  const limit = state === 'critical' ? CRITICAL : WARNING;
  let first = DAYS - 1;
  while (first > 0 && (scores[first - 1] ?? 0) >= limit) first -= 1;
  return LAST_MS - (DAYS - 1 - first) * DAY_MS;
}

type Row = Record<keyof typeof F, string | number | null>;

function rowOf(feature: MockFeature, model: string): Row {
  return {
    cluster: '',
    namespace: 'payments',
    model,
    subject: 'feature',
    feature: feature.name,
    type: feature.type,
    state: stateOf(feature.now),
    since: sinceOf(feature),
    score: feature.now,
    scoreBefore: feature.scores[DAYS - 8] ?? null,
    method: 'psi',
    window: '1d',
    rows: ROWS,
    rowsNeeded: feature.type === 'numeric' ? 390 : 360,
    warning: WARNING,
    critical: CRITICAL,
    importance: feature.importance,
    weight: feature.importance >= 0.05 ? 'high' : 'low',
    reference: '3f9a1c',
    referenceName: 'train-2026-08',
    referenceRows: REFERENCE_ROWS,
    lastPrediction: FIXTURE_NOW_MS - 4_000,
  };
}

function mark(kind: FrameKind, subject?: DistributionSubject) {
  return { custom: { modelwatch: { kind, answeredAtMs: FIXTURE_NOW_MS, ...(subject && { subject }) } } };
}

const TIMES: readonly string[] = ['since', 'lastPrediction'];
const TEXTS: readonly string[] = [
  'cluster',
  'namespace',
  'model',
  'subject',
  'feature',
  'type',
  'state',
  'method',
  'window',
  'weight',
  'reference',
  'referenceName',
];

/** @param rows with the keys of DRIFT_SCORE_FIELDS */
export function scoresFrame(rows: readonly Row[]): DataFrame {
  return createDataFrame({
    name: 'Drift',
    meta: mark('drift-scores'),
    fields: (Object.keys(F) as Array<keyof typeof F>).map((key) => ({
      name: F[key],
      type: TIMES.includes(key) ? FieldType.time : TEXTS.includes(key) ? FieldType.string : FieldType.number,
      values: rows.map((row) => row[key]),
    })),
  });
}

function histories(features: readonly MockFeature[], model: string, timesMs: readonly number[]): DataFrame[] {
  const labels = (name: string) => ({
    namespace: 'payments',
    model,
    reference: '3f9a1c',
    subject: 'feature',
    feature: name,
  });
  const time = { name: 'time', type: FieldType.time, values: [...timesMs] };
  const random = seeded(5);
  const counts = timesMs.map((_, index) => {
    if (FEW_DAYS.includes(index)) return 260;
    return Math.round(ROWS * (0.8 + 0.35 * random() - (index % 7 > 4 ? 0.25 : 0)));
  });
  counts[counts.length - 1] = ROWS;
  const line = (name: string, values: Array<number | null>) => ({
    name,
    type: FieldType.number,
    labels: labels(name),
    values,
  });
  return [
    createDataFrame({
      meta: mark('drift-history'),
      fields: [time, ...features.map(({ name, scores }) => line(name, [...scores]))],
    }),
    createDataFrame({
      meta: mark('drift-rows-history'),
      fields: [
        time,
        ...features.map(({ name }) =>
          line(
            name,
            counts.map((rows, index) => (name === 'ip_distance_km' && NOT_EVALUATED.includes(index) ? null : rows))
          )
        ),
      ],
    }),
  ];
}

const DAILY = Array.from({ length: DAYS }, (_, index) => LAST_MS - (DAYS - 1 - index) * DAY_MS);

/** Fourteen features over four weeks. @param change of each row, as a verdict that fell silent */
export function driftFrames(change: (row: Row) => Partial<Row> = () => ({})): DataFrame[] {
  const rows = FLEET.map((feature) => rowOf(feature, 'chargeback-risk')).map((row) => ({ ...row, ...change(row) }));
  return [scoresFrame(rows), ...histories(FLEET, 'chargeback-risk', DAILY)];
}

/** Predictions beside the features. */
export function driftWithPredictions(): DataFrame[] {
  const base = FLEET[1];
  if (!base) return [];
  const predictions = {
    ...rowOf(base, 'chargeback-risk'),
    subject: 'prediction',
    feature: '',
    type: null,
    importance: null,
    weight: null,
  };
  return [
    scoresFrame([...FLEET.map((feature) => rowOf(feature, 'chargeback-risk')), predictions]),
    ...driftFrames().slice(1),
  ];
}

/** A wide model: as many features and hourly windows as asked for. */
export function wideDrift(features: number, windows: number): DataFrame[] {
  const random = seeded(11);
  const fleet = Array.from({ length: features }, (_, index): MockFeature => {
    const end = index % 9 === 0 ? 0.3 : 0.02 + 0.07 * random();
    const scores = Array.from(
      { length: windows },
      (__, at) => end * (0.4 + (0.6 * at) / windows) * (0.8 + 0.4 * random())
    );
    scores[windows - 1] = end;
    return {
      name: `feature_${String(index + 1).padStart(2, '0')}`,
      type: 'numeric',
      importance: 1 / features,
      scores,
      now: end,
    };
  });
  const times = Array.from({ length: windows }, (_, index) => LAST_MS - (windows - 1 - index) * HOUR_MS);
  const rows = fleet.map((feature) => ({ ...rowOf(feature, 'wide-model'), since: null, scoreBefore: null }));
  return [scoresFrame(rows), ...histories(fleet, 'wide-model', times)];
}

/** Nothing drifted. */
export function calmDrift(): DataFrame[] {
  const rows = Array.from({ length: 22 }, (_, index) => {
    const score = index ? 0.005 + 0.001 * index : 0.04;
    const name = FEATURES[(index + 2) % FEATURES.length]?.[0] ?? '';
    return {
      ...rowOf(
        { name: index < 12 ? name : `${name}_2`, type: 'numeric', importance: 0.045, scores: [], now: score },
        'aml-triage'
      ),
      scoreBefore: null,
      rows: 9_310,
    };
  });
  return [scoresFrame(rows)];
}

function distribution(row: Row, bins: MockBins, rows: number, withScore = true): DataFrame {
  const [reference, current] = [shares(bins.reference), shares(bins.current)];
  const parts = psiParts(reference, current, rows);
  const special = bins.ids.map((id) => !/^\d+$/.test(id));
  const edge = (index: number, offset: number) => (special[index] ? null : (bins.edges?.[index + offset] ?? null));
  const number = (name: string, values: Array<number | null>) => ({ name, type: FieldType.number, values });
  const text = (name: string, values: readonly string[]) => ({ name, type: FieldType.string, values: [...values] });
  return createDataFrame({
    name: 'Distribution',
    meta: mark('distribution', row),
    fields: [
      text(B.bin, bins.ids),
      text(B.label, bins.labels),
      number(
        B.from,
        bins.ids.map((_, index) => edge(index, 0))
      ),
      number(
        B.to,
        bins.ids.map((_, index) => edge(index, 1))
      ),
      { name: B.special, type: FieldType.boolean, values: special },
      number(B.reference, reference),
      number(B.current, current),
      number(
        B.rows,
        current.map((share) => Math.round(share * rows))
      ),
      number(
        B.adds,
        parts.map((part) => (withScore ? part : null))
      ),
    ],
  });
}

function featureRow(name: string, model = 'chargeback-risk'): Row {
  const feature = FLEET.find((one) => one.name === name);
  if (!feature) throw new Error(`no mock feature ${name}`);
  return rowOf(feature, model);
}

export const categoricalDistribution = () => [distribution(featureRow('merchant_country'), MERCHANT_COUNTRY, ROWS)];
export const numericDistribution = () => [distribution(featureRow('account_age_days'), ACCOUNT_AGE, ROWS)];

/** 41 of 390 rows: a shape, and no verdict. */
export function fewDistribution(): DataFrame[] {
  const row = {
    ...featureRow('account_age_days', 'ltv-forecast'),
    state: 'too_little_data',
    score: null,
    since: null,
    rows: 41,
  };
  return [distribution(row, { ...ACCOUNT_AGE, current: FEW_ROWS }, 41, false)];
}
