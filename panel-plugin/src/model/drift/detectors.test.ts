/** @jest-environment jsdom */
import { LoadingState, type DataFrame } from '@grafana/data';
import { DETECTORS, detectorsFrame, type DetectorRow } from '../../workbench/mockDetectors';
import { driftFrames } from '../../workbench/mockDrift';
import { FIXTURE_NOW_MS as NOW } from '../../workbench/mockFleet';
import { sentenceText } from '../sentence';
import { detectorsSentence, spokenDetector } from './detectors';
import { prepareDrift } from './prepare';

const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16);
const saying = { nowMs: NOW, clock };

function prepare(series: DataFrame[], answeredAtMs = NOW) {
  return prepareDrift({
    ...{
      state: LoadingState.Done,
      series,
      errors: [],
      range: { fromMs: NOW - 1, toMs: NOW },
      nowMs: NOW,
      answeredAtMs,
    },
    ...{ staleAfterMs: 150_000, answerMaxAgeMs: 150_000, clock },
  });
}

function detectors(rows: readonly DetectorRow[], answeredAtMs = NOW) {
  const prepared = prepare([detectorsFrame(rows)], answeredAtMs);
  if (prepared.kind !== 'drift') throw new Error(`expected an answer, got ${JSON.stringify(prepared)}`);
  return prepared.answer.detectors;
}

const [warning, stale, scoreOnly, calm, whole] = DETECTORS as readonly [
  DetectorRow,
  DetectorRow,
  DetectorRow,
  DetectorRow,
  DetectorRow,
];
const say = (rows: readonly DetectorRow[]) => sentenceText(detectorsSentence(detectors(rows), saying));
const spoken = (row: DetectorRow) => detectors([row]).map((one) => spokenDetector(one, false, saying))[0];

it('names whose each is, its own number and threshold, and when it last had a result', () => {
  expect(spoken(warning)).toBe(
    'amount_eur: drift; ks, alibi-detect (KSDrift); p-value 2.5e-22, drift below 0.0167; last result 03:07'
  );
  expect(spoken(stale)).toBe('account_age_days: stale; trustyai, trustyai (meanshift); p-value 0.41, drift below 0.05');
  expect(spoken(whole)).toBe(
    'all features: no drift; nightly, other (energy_distance); score 0.11, drift above 0.2; last result 02:07'
  );
});

it('calls no verdict what tells of no threshold, and nothing fine without a number or a fresh answer', () => {
  expect(detectors([scoreOnly])[0]?.verdict).toBe('unknown');
  expect(detectors([{ ...calm, score: null, pValue: null }])[0]?.verdict).toBe('unknown');
  expect(detectors([calm])[0]?.verdict).toBe('ok');
  expect(detectors([calm], NOW - 10 * 60_000)[0]?.verdict).toBe('stale');
});

it('opens with the worst of them', () => {
  expect(say([calm, warning])).toBe(
    'Detector ks of alibi-detect (KSDrift) says drift in amount_eur (p-value 2.5e-22, drift below 0.0167; last result 03:07)'
  );
  expect(say([calm, stale])).toBe('1\u00a0of\u00a02 detectors of others are stale: no fresh result');
  expect(say([calm, whole])).toBe('2\u00a0of\u00a02 detectors of others say that there is no drift');
});

it('leaves our scores what they are', () => {
  const alone = prepare(driftFrames());
  const beside = prepare([...driftFrames(), detectorsFrame(DETECTORS)]);
  if (alone.kind !== 'drift' || beside.kind !== 'drift') throw new Error('expected answers');
  expect(beside.answer.scores?.subjects.map(({ key, verdict }) => [key, verdict])).toEqual(
    alone.answer.scores?.subjects.map(({ key, verdict }) => [key, verdict])
  );
  expect(beside.answer.detectors).toHaveLength(5);
});

it.each([
  [{ state: 'critical' }, 'drift-detectors, row 1.state: expected one of warning, stale, too_little_data, ok'],
  [{ source: 'seldon' }, 'drift-detectors, row 1.source: expected one of alibi-detect, trustyai, other'],
  [{ pValue: 1.5 }, 'drift-detectors, row 1.pValue: expected a share from 0 to 1, got 1.5'],
  [{ detector: '' }, 'drift-detectors, row 1.detector: expected a name'],
])('refuses %j, with place, value and what was expected', (wrong, message) => {
  const prepared = prepare([...driftFrames(), detectorsFrame([{ ...warning, ...wrong }])]);
  expect(prepared).toMatchObject({ kind: 'refusal' });
  expect(JSON.stringify(prepared)).toContain(message);
});
