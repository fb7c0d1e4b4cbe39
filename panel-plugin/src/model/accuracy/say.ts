/** The generated sentences: cause first, in closed templates. Nothing is said that was not measured. */
import { windowText } from '../drift/words';
import { sentence, type Sentence } from '../sentence';
import { countText, percentText, spanText, threeFigures, type ClockText } from '../words';
import type {
  AccuracyAnswer,
  CalibrationBin,
  Confusion,
  Details,
  DetailSubject,
  PredictedActual,
  Score,
  Verdict,
} from './types';
import { limitOf, limitText, markOf, pairsOfNeeded, pairsText, scoreOf, verdictWord, waitingText } from './words';

const NBSP = '\u00a0';
/** Pairs of one class or of one bin of scores below which a share of them says little. */
export const PAIRS_TO_TELL = 30;

export interface Saying {
  readonly nowMs: number;
  readonly clock: ClockText;
}

export function isOver({ verdict }: { readonly verdict: Verdict }): boolean {
  return verdict === 'critical' || verdict === 'warning';
}

/** `over 10 min, limit 0.788 (baseline 0.83), 4,210 pairs`. */
function travels(score: Score): string {
  const limit = limitOf(score);
  const limited = limit === undefined ? '' : `, limit${NBSP}${limitText(limit)}`;
  const baseline = score.baseline === undefined ? '' : ` (baseline${NBSP}${limitText(score.baseline)})`;
  const pairs = score.pairs === undefined ? '' : `, ${pairsText(score.pairs)}${NBSP}pairs`;
  return `over ${windowText(score.window)}${limited}${baseline}${pairs}`;
}

/** `AUC 0.752 over 10 min, limit 0.788 (baseline 0.83), 4,210 pairs`. */
export function measured(score: Score): string {
  return `${score.name}${NBSP}${scoreOf(score)} ${travels(score)}`;
}

/** `since 14:05, 13 min`; empty where nobody knows. */
export function sinceText({ sinceMs }: Score, { nowMs, clock }: Saying): string {
  return sinceMs === undefined || sinceMs > nowMs ? '' : `since ${clock(sinceMs)}, ${spanText(nowMs - sinceMs)}`;
}

function problem(score: Score, saying: Saying): Sentence {
  const since = sinceText(score, saying);
  const value = score.score === undefined ? '' : `${scoreOf(score)} `;
  return sentence(
    markOf(score.verdict),
    ['strong', `${score.name} ${verdictWord(score)}:`],
    ['plain', `${value}${travels(score)}${since ? ',' : '.'}`],
    ...(since ? [['faint', since] as const] : [])
  );
}

function waiting({ openPredictions }: Score): string {
  return openPredictions ? waitingText(openPredictions) : '';
}

/** What is said of scores of which none has a verdict, by the worst of them. */
function noVerdict(score: Score, { clock }: Saying, ofAll: boolean): Sentence {
  const { verdict, previous, lastPairMs, openPredictions } = score;
  const mark = markOf(verdict);
  if (verdict === 'waiting') {
    return sentence(mark, ['strong', 'No actuals yet:'], ['plain', waitingText(openPredictions ?? 0)]);
  }
  if (verdict === 'stale') {
    const last = lastPairMs === undefined ? 'no fresh pair' : `last pair ${clock(lastPairMs)}`;
    const was = previous ? `. It was ${verdictWord({ ...score, verdict: previous })}` : '';
    return sentence(mark, ['strong', ofAll ? 'No fresh score:' : `${score.name} stale:`], ['plain', `${last}${was}`]);
  }
  if (verdict === 'too_little_data') {
    const open = waiting(score);
    return sentence(
      mark,
      ['strong', `No verdict: ${pairsOfNeeded(score)}`],
      ['faint', `in ${windowText(score.window)}${open ? `; ${open}` : ''}`]
    );
  }
  if (verdict === 'none') return sentence(mark, ['strong', 'No limit is set:'], ['plain', `${measured(score)}.`]);
  return sentence(mark, ['strong', 'No verdict:'], ['plain', `no score was recorded for ${score.name}`]);
}

/** The one of scores with a limit that is nearest to it, as a share of it. */
function nearest(scores: readonly Score[]): Score | undefined {
  const distance = (one: Score) => {
    const limit = limitOf(one);
    return one.score === undefined || !limit ? Infinity : Math.abs((one.score - limit) / limit);
  };
  const limited = scores.filter((one) => distance(one) < Infinity);
  return [...limited].sort((a, b) => distance(a) - distance(b))[0];
}

/** The worst score, or that none is beyond its limit. @param scores worst first */
export function scoresSentence(scores: readonly Score[], saying: Saying): Sentence {
  const [worst] = scores;
  if (!worst) return sentence('unknown', ['strong', 'No score']);
  if (isOver(worst)) return problem(worst, saying);
  const judged = scores.filter(({ verdict }) => verdict !== 'none');
  const without = judged.filter(({ verdict }) => verdict !== 'ok');
  if (without.length === judged.length) return noVerdict(worst, saying, scores.length > 1);
  if (without.length) {
    return sentence(
      markOf(worst.verdict),
      ['strong', `${countText(without.length)} of ${countText(judged.length)} scores without a verdict:`],
      ['plain', `${worst.name} ${verdictWord(worst)}; no other is beyond its limit`]
    );
  }
  const near = nearest(judged);
  const head = judged.length === 1 ? `${worst.name} within its limit:` : 'Every score within its limit.';
  const text = near ? measured(near) : '';
  const plain = judged.length === 1 && near ? `${scoreOf(near)} ${travels(near)}.` : `Nearest: ${text}.`;
  return sentence('healthy', ['strong', head], [judged.length === 1 ? 'plain' : 'faint', plain]);
}

/** Whether there are too few pairs for what is drawn of a model to say much. */
export function hasTooFew({ pairs, pairsNeeded }: DetailSubject): boolean {
  return pairs === undefined || pairs < (pairsNeeded ?? 1);
}

export interface Mistake {
  readonly actual: string;
  readonly predicted: string;
  readonly pairs: number;
  readonly of: number;
}

/** The class that is most often taken for another, among those with enough pairs to tell. */
export function mostOftenMistaken({ classes, pairs, actuals }: Confusion): Mistake | undefined {
  let found: Mistake | undefined;
  pairs.forEach((row, actual) => {
    const of = actuals[actual] ?? 0;
    row.forEach((count, predicted) => {
      if (actual === predicted || of < PAIRS_TO_TELL || !count) return;
      if (found && count / of <= found.pairs / found.of) return;
      found = { actual: classes[actual] ?? '', predicted: classes[predicted] ?? '', pairs: count, of };
    });
  });
  return found;
}

export interface MeanScores {
  readonly score: number;
  readonly positives: number;
}

/** Mean of all scores and share of positives; undefined without a pair. */
export function meanScores(bins: readonly CalibrationBin[]): MeanScores | undefined {
  let [pairs, score, positives] = [0, 0, 0];
  for (const bin of bins) {
    if (bin.meanScore === undefined || bin.positives === undefined) continue;
    pairs += bin.pairs;
    score += bin.pairs * bin.meanScore;
    positives += bin.pairs * bin.positives;
  }
  return pairs > 0 ? { score: score / pairs, positives: positives / pairs } : undefined;
}

function lastOf(values: ReadonlyArray<number | null>): number | undefined {
  return values.filter((value) => value !== null).pop();
}

type Fact = readonly [head: string, plain: string];

function confusionFact(confusion: Confusion): Fact {
  const mistake = mostOftenMistaken(confusion);
  if (!mistake) {
    const told = confusion.actuals.every((count) => count === 0 || count >= PAIRS_TO_TELL);
    return [told ? 'No class is taken for another' : 'Too few pairs of a class to tell', ''];
  }
  const { actual, predicted, pairs, of } = mistake;
  return [`${percentText(pairs / of)} of ${actual} taken for ${predicted}:`, `${countText(pairs)} of ${countText(of)}`];
}

function calibrationFact({ score, positives }: MeanScores): Fact {
  const points = (score - positives) * 100;
  const [way, size] = [points > 0 ? 'too high' : 'too low', threeFigures(Math.abs(points))];
  const even = Math.abs(points) < 0.05;
  const head = even ? 'Scores match the share of positives:' : `Scores ${size} points ${way}:`;
  return [head, `mean ${percentText(score)}, positives ${percentText(positives)}`];
}

function sidesFact({ classes: [first] }: PredictedActual): Fact | undefined {
  const [predicted, actual] = first ? [lastOf(first.predicted), lastOf(first.actual)] : [];
  if (!first || predicted === undefined || actual === undefined) return undefined;
  const text = first.name ? percentText : threeFigures;
  return [
    `Predicted ${text(predicted)}, actual ${text(actual)}`,
    first.name ? `of ${first.name}, last` : 'on average, last',
  ];
}

function detailFact({ confusion, calibration, predictedActual }: Details): Fact | undefined {
  if (confusion) return confusionFact(confusion);
  const mean = calibration && meanScores(calibration);
  if (mean) return calibrationFact(mean);
  return predictedActual && sidesFact(predictedActual);
}

/** What the pairs of one model say, where no score stands beside them: a finding, not a verdict. */
function detailsSentence(details: Details): Sentence {
  const { subject } = details;
  const window = `${pairsText(subject.pairs)}${NBSP}pairs in ${windowText(subject.window)}`;
  if (!subject.pairs) {
    return sentence(
      'unknown',
      ['strong', 'No actuals yet:'],
      ['plain', `${pairsOfNeeded(subject)} in ${windowText(subject.window)}`]
    );
  }
  if (hasTooFew(subject)) {
    return sentence(
      'unknown',
      ['strong', `Too little to tell: ${pairsOfNeeded(subject)}`],
      ['faint', `in ${windowText(subject.window)}`]
    );
  }
  const [head, plain] = detailFact(details) ?? ['Pairs of prediction and actual:', ''];
  const parts = [plain, window].filter(Boolean).join('; ');
  return sentence(undefined, ['strong', head], ['faint', parts]);
}

export function accuracySentenceOf({ scores, details }: AccuracyAnswer, saying: Saying): Sentence {
  return scores.length || !details ? scoresSentence(scores, saying) : detailsSentence(details);
}
