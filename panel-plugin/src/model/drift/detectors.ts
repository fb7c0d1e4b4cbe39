/** Frame `drift-detectors` -> what detectors of others say, each in words of its own: their numbers are no scores of ours. */
import type { DataFrame } from '@grafana/data';
import {
  decode,
  DETECTOR_SOURCES,
  DETECTOR_STATES,
  DRIFT_DETECTOR_FIELDS,
  type HealthState,
} from '@modelwatch/contract';
import { sentence, type Sentence } from '../sentence';
import { countText, threeFigures } from '../words';
import { columns, filled, finite, ratio, rowAt, word } from '../decoders';
import type { Saying } from './say';
import type { Detector, DetectorVerdict } from './types';

const decodeRow = decode.object({
  cluster: word,
  namespace: filled,
  model: filled,
  detector: filled,
  source: decode.oneOf(DETECTOR_SOURCES),
  method: word,
  feature: word,
  state: decode.optional(decode.oneOf(DETECTOR_STATES)),
  score: finite,
  scoreThreshold: finite,
  pValue: decode.optional(ratio),
  pValueThreshold: decode.optional(ratio),
  lastResult: finite,
});
type Row = ReturnType<typeof decodeRow>;

/** A verdict is believed only while its answer is fresh, and `ok` only with a number under it. */
function verdictOf({ state, score, pValue }: Row, answerTooOld: boolean): DetectorVerdict {
  if (answerTooOld) return 'stale';
  return state === 'ok' && score === undefined && pValue === undefined ? 'unknown' : (state ?? 'unknown');
}

const VERDICTS: readonly DetectorVerdict[] = ['warning', 'stale', 'too_little_data', 'unknown', 'ok'];

/**
 * Worst first.
 * @throws DecodeError naming frame, row and field
 */
export function detectorsOf(frames: readonly DataFrame[], answerTooOld: boolean): Detector[] {
  const found = new Map<string, Detector>();
  for (const frame of frames) {
    const byName = columns(frame);
    for (let index = 0; index < frame.length; index++) {
      const place = `drift-detectors, row ${index + 1}`;
      const row = decodeRow(rowAt(DRIFT_DETECTOR_FIELDS, byName, index), place);
      const { cluster = '', method = '', feature = '', state: _, lastResult, ...rest } = row;
      const key = [cluster, row.namespace, row.model, row.detector, row.source, method, feature].join('\u0000');
      // Several queries of one panel may name the same detector: the first stands.
      if (found.has(key)) continue;
      const verdict = verdictOf(row, answerTooOld);
      found.set(key, { ...rest, key, cluster, method, feature, verdict, lastResultMs: lastResult });
    }
  }
  const rank = ({ verdict }: Detector) => VERDICTS.indexOf(verdict);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

const MARKS: Readonly<Record<DetectorVerdict, HealthState>> = {
  warning: 'degraded',
  stale: 'stale',
  too_little_data: 'unknown',
  unknown: 'unknown',
  ok: 'healthy',
};

export function detectorMark({ verdict }: Detector): HealthState {
  return MARKS[verdict];
}

const WORDS: Readonly<Record<DetectorVerdict, string>> = {
  warning: 'drift',
  stale: 'stale',
  too_little_data: 'too little data',
  unknown: 'no verdict',
  ok: 'no drift',
};

export function detectorWord({ verdict }: Detector): string {
  return WORDS[verdict];
}

/** `amount_eur`, or `all features`; with its model where the answer has several. */
export function watchedText({ feature, model }: Detector, withModel: boolean): string {
  const what = feature || 'all features';
  return withModel ? `${model}: ${what}` : what;
}

/** `alibi-detect (KSDrift)`. */
export function sourceText({ source, method }: Detector): string {
  return method ? `${source} (${method})` : source;
}

/** `2.5e-22`: how small is what matters. */
function pText(value: number): string {
  return value > 0 && value < 0.001 ? value.toExponential(1) : threeFigures(value);
}

export function pValueText({ pValue, pValueThreshold }: Detector): string {
  if (pValue === undefined) return '';
  const below = pValueThreshold === undefined ? '' : `, drift below ${pText(pValueThreshold)}`;
  return `p-value ${pText(pValue)}${below}`;
}

export function detectorScoreText({ score, scoreThreshold }: Detector): string {
  if (score === undefined) return '';
  const above = scoreThreshold === undefined ? '' : `, drift above ${threeFigures(scoreThreshold)}`;
  return `score ${threeFigures(score)}${above}`;
}

/** What its verdict rests on: the number that has a threshold. */
export function figureText(detector: Detector): string {
  const [score, pValue] = [detectorScoreText(detector), pValueText(detector)];
  return (detector.pValueThreshold === undefined && score) || pValue || score;
}

/** `last result 02:11`; empty where nobody knows. */
export function resultText({ lastResultMs }: Detector, { clock }: Pick<Saying, 'clock'>): string {
  return lastResultMs === undefined ? '' : `last result ${clock(lastResultMs)}`;
}

/** The whole of it, as it is read aloud. */
export function spokenDetector(detector: Detector, withModel: boolean, saying: Pick<Saying, 'clock'>): string {
  const of = `${watchedText(detector, withModel)}: ${detectorWord(detector)}`;
  return [of, `${detector.detector}, ${sourceText(detector)}`, figureText(detector), resultText(detector, saying)]
    .filter(Boolean)
    .join('; ');
}

const OF_MANY: Readonly<Record<Exclude<DetectorVerdict, 'warning'>, string>> = {
  stale: 'are stale: no fresh result',
  too_little_data: 'have too little data',
  unknown: 'give no verdict',
  ok: 'say that there is no drift',
};

/** What the view opens with where nothing of ours is worse. */
export function detectorsSentence(detectors: readonly Detector[], saying: Saying): Sentence {
  const [worst] = detectors;
  if (!worst) return sentence('unknown', ['strong', 'No detector']);
  const { verdict } = worst;
  if (verdict === 'warning') {
    const said = `Detector ${worst.detector} of ${sourceText(worst)} says drift in ${watchedText(worst, false)}`;
    const figure = [figureText(worst), resultText(worst, saying)].filter(Boolean).join('; ');
    return sentence('degraded', ['strong', said], ...(figure ? [['faint', `(${figure})`] as const] : []));
  }
  const same = detectors.filter((one) => one.verdict === verdict).length;
  const many = `${countText(same)} of ${countText(detectors.length)} detectors of others`;
  return sentence(detectorMark(worst), ['strong', many], ['plain', OF_MANY[verdict]]);
}
