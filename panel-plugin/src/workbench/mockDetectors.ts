/** Detectors of others beside the mock model of drift. */
import { createDataFrame, FieldType, type DataFrame } from '@grafana/data';
import { DRIFT_DETECTOR_FIELDS as F } from '@modelwatch/contract';
import { FIXTURE_NOW_MS } from './mockFleet';

export type DetectorRow = Partial<Record<keyof typeof F, string | number | null>>;

const MODEL = { namespace: 'payments', model: 'chargeback-risk' };
const KS = { ...MODEL, detector: 'ks', source: 'alibi-detect', method: 'KSDrift', pValueThreshold: 0.0167 };
const FRESH = FIXTURE_NOW_MS - 11 * 60_000;

export const DETECTORS: readonly DetectorRow[] = [
  { ...KS, feature: 'amount_eur', state: 'warning', score: 0.585, pValue: 2.5e-22, lastResult: FRESH },
  {
    ...{ ...MODEL, detector: 'trustyai', source: 'trustyai', method: 'meanshift', feature: 'account_age_days' },
    ...{ state: 'stale', pValue: 0.41, pValueThreshold: 0.05 },
  },
  { ...MODEL, detector: 'trustyai', source: 'trustyai', method: 'jensenshannon', feature: 'n_tx_24h', score: 0.083 },
  { ...KS, feature: 'account_age_days', state: 'ok', score: 0.1, pValue: 0.48, lastResult: FRESH },
  {
    ...{ ...MODEL, detector: 'nightly', source: 'other', method: 'energy_distance', feature: '' },
    ...{ state: 'ok', score: 0.11, scoreThreshold: 0.2, lastResult: FRESH - 3_600_000 },
  },
];

const NUMBERS: readonly string[] = ['score', 'scoreThreshold', 'pValue', 'pValueThreshold'];

/** @param rows with the keys of DRIFT_DETECTOR_FIELDS; what is left out is null */
export function detectorsFrame(rows: readonly DetectorRow[]): DataFrame {
  return createDataFrame({
    name: 'Detectors of others',
    meta: { custom: { modelwatch: { kind: 'drift-detectors', answeredAtMs: FIXTURE_NOW_MS } } },
    fields: (Object.keys(F) as Array<keyof typeof F>).map((key) => ({
      name: F[key],
      type: NUMBERS.includes(key) ? FieldType.number : key === 'lastResult' ? FieldType.time : FieldType.string,
      values: rows.map((row) => row[key] ?? null),
    })),
  });
}
