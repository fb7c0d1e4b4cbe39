/** The generated sentences: cause first, in closed templates. Nothing is said that was not measured. */
import { DRIFT_WINDOWS, type DriftWindow } from '@modelwatch/contract';
import { sentence, type Sentence } from '../sentence';
import { countText, spanText, type ClockText } from '../words';
import { isOver, markOf, worstVerdict } from './subjects';
import type { Bin, Distribution, Subject } from './types';
import {
  importanceText,
  limitText,
  methodName,
  rowsText,
  scoreOf,
  shareText,
  verdictWord,
  windowMs,
  windowText,
} from './words';

const NBSP = '\u00a0';

/** What the sentences take from outside. */
export interface Saying {
  readonly nowMs: number;
  readonly clock: ClockText;
}

/** `PSI 0.31 over 24 h, threshold 0.25`: the limit that was crossed, or the first that there is. */
export function measured(subject: Subject): string {
  const { method, window, verdict, warning, critical } = subject;
  const limit = verdict === 'warning' ? warning : critical;
  const threshold = limit === undefined ? '' : `, threshold${NBSP}${limitText(limit)}`;
  return `${methodName(method)}${NBSP}${scoreOf(subject)} over ${windowText(window)}${threshold}`;
}

/** `since 15 Nov 03:00, 6 d`; empty where nobody knows. */
export function sinceText({ sinceMs }: Subject, { nowMs, clock }: Saying): string {
  return sinceMs === undefined || sinceMs > nowMs ? '' : `since ${clock(sinceMs)}, ${spanText(nowMs - sinceMs)}`;
}

function capital(name: string): string {
  return name === 'predictions' ? 'Predictions' : name;
}

/** `has drifted`, `is shifting`; predictions are many. */
function verb({ subject, verdict }: Subject): string {
  const many = subject === 'prediction';
  if (verdict === 'critical') return many ? 'have drifted:' : 'has drifted:';
  return many ? 'are shifting:' : 'is shifting:';
}

function carries({ importance }: Subject): string {
  return importance === undefined ? '' : `It carries ${importanceText(importance)} of the model.`;
}

/** `41 of 390 rows`; the count that is needed is the larger half of the truth. */
function rowsOfNeeded({ rows, rowsNeeded }: Subject): string {
  if (rowsNeeded === undefined) return `${rowsText(rows)} rows`;
  return `${rowsText(rows)} of ${rowsText(rowsNeeded)} rows`;
}

/** What is said of one subject that is no problem. */
function noVerdict(subject: Subject, saying: Saying): Sentence {
  const { verdict, previous, lastPredictionMs, reference } = subject;
  const mark = markOf(verdict);
  if (!reference) return sentence(mark, ['strong', 'No reference:'], ['plain', 'nothing to compare with']);
  if (verdict === 'stale') {
    const last = lastPredictionMs === undefined ? 'no fresh data' : `last prediction ${saying.clock(lastPredictionMs)}`;
    const was = previous ? `. It was ${verdictWord(previous)}` : '';
    return sentence(mark, ['strong', `${capital(subject.name)} stale:`], ['plain', `${last}${was}`]);
  }
  if (verdict === 'too_little_data') {
    return sentence(
      mark,
      ['strong', `No verdict: ${rowsOfNeeded(subject)}`],
      ['faint', `in ${windowText(subject.window)}`]
    );
  }
  const { score, method } = subject;
  if (score === undefined) return sentence(mark, ['strong', 'No verdict:'], ['plain', 'no score was recorded']);
  const value = `${methodName(method)} ${scoreOf(subject)} over ${windowText(subject.window)}`;
  return sentence(mark, ['strong', 'No verdict:'], ['plain', `${value}, and no threshold for it`]);
}

function problem(subject: Subject, saying: Saying): Sentence {
  const since = sinceText(subject, saying);
  const tail = [since && `${since}.`, carries(subject)].filter(Boolean).join(' ');
  return sentence(
    markOf(subject.verdict),
    ['strong', capital(subject.name)],
    ['plain', `${verb(subject)} ${measured(subject)}${tail ? '' : '.'}`],
    ...(tail ? [['faint', tail] as const] : [])
  );
}

function featuresText(count: number): string {
  return `${countText(count)}${NBSP}${count === 1 ? 'feature' : 'features'}`;
}

/** Highest score by its limit; undefined where none has one. */
export function highest(subjects: readonly Subject[]): Subject | undefined {
  const scored = subjects.filter(({ score }) => score !== undefined);
  return [...scored].sort((a, b) => (b.score ?? 0) / (b.critical ?? 1) - (a.score ?? 0) / (a.critical ?? 1))[0];
}

/** `amount_eur, PSI 0.04 over 24 h, threshold 0.25`: the highest of all, when none is over. */
export function highestText(subjects: readonly Subject[]): string {
  const top = highest(subjects);
  return top ? `Highest of ${countText(subjects.length)}: ${top.name}, ${measured(top)}.` : '';
}

/** The subject that the headline is about: critical before warning, then as they are sorted. */
export function worstOf(subjects: readonly Subject[]): Subject | undefined {
  const worst = worstVerdict(subjects);
  return subjects.find(({ verdict }) => verdict === worst);
}

/** None of several has a verdict: what holds for the worst of them, said of all. */
function noVerdicts(subjects: readonly Subject[], worst: Subject, saying: Saying): Sentence {
  const lasts = subjects.flatMap(({ lastPredictionMs }) => lastPredictionMs ?? []);
  if (worst.verdict !== 'stale' || !lasts.length) return noVerdict(worst, saying);
  const last = `last prediction ${saying.clock(Math.max(...lasts))}`;
  return sentence('stale', ['strong', `No fresh score for ${featuresText(subjects.length)}:`], ['plain', last]);
}

/** Heatmap and list: the worst, or that none is. */
export function scoresSentence(subjects: readonly Subject[], saying: Saying): Sentence {
  const worst = worstOf(subjects);
  if (!worst) return sentence('unknown', ['strong', 'No feature']);
  if (isOver(worst)) return problem(worst, saying);
  const without = subjects.filter(({ verdict }) => verdict !== 'ok').length;
  if (without === subjects.length)
    return subjects.length > 1 ? noVerdicts(subjects, worst, saying) : noVerdict(worst, saying);
  if (without === 0) {
    return sentence('healthy', ['strong', 'No feature has drifted.'], ['faint', highestText(subjects)]);
  }
  return sentence(
    markOf(worst.verdict),
    ['strong', `${countText(without)} of ${featuresText(subjects.length)} without a verdict:`],
    ['plain', `${worst.name} ${verdictWord(worst.verdict)}; no other has drifted`]
  );
}

/** The features to act on: critical, and important enough to make the model critical. */
export function actOn(subjects: readonly Subject[]): Subject[] {
  return subjects.filter(({ verdict, weight, subject }) => {
    return verdict === 'critical' && (weight !== 'low' || subject === 'prediction');
  });
}

/** Scatter: what to act on, then what to watch. */
export function quadrantSentence(subjects: readonly Subject[], saying: Saying): Sentence {
  const act = actOn(subjects);
  const names = (list: readonly Subject[]) => list.map(({ name }) => name).join(', ');
  const of = featuresText(subjects.length);
  if (act.length) {
    return sentence('failed', ['plain', `Act on ${countText(act.length)} of ${of}:`], ['strong', names(act)]);
  }
  const watch = subjects.filter(isOver);
  if (!watch.length) return scoresSentence(subjects, saying);
  const mark = markOf(worstVerdict(watch));
  return sentence(mark, ['plain', `Watch ${countText(watch.length)} of ${of}:`], ['strong', names(watch)]);
}

/** The bin that adds most to the score; where the method has no parts, the one whose share changed most. */
export function topBin(bins: readonly Bin[]): Bin | undefined {
  const gain = (bin: Bin) => bin.adds ?? Math.abs((bin.current ?? 0) - (bin.reference ?? 0)) / 1e6;
  const comparable = bins.filter(({ current, reference }) => current !== undefined && reference !== undefined);
  return [...comparable].sort((a, b) => gain(b) - gain(a))[0];
}

const SPECIAL_WORDS: Readonly<Record<string, string>> = {
  below: 'Rows below the range',
  above: 'Rows above the range',
  missing: 'Missing values',
  invalid: 'Values of a wrong type',
  new: 'Categories not seen in training',
  other: 'Rarer categories',
};

function binName({ id, label, special }: Bin): string {
  return special ? (SPECIAL_WORDS[id] ?? label) : label;
}

function moved(bin: Bin): string {
  const [before, now] = [bin.reference ?? 0, bin.current ?? 0];
  return `${now >= before ? 'rose' : 'fell'} from ${shareText(before)} to ${shareText(now)} of rows`;
}

/** Share by which the sums of both may cross before one no longer speaks of a shift in one direction. */
const CROSSING = 0.1;

export interface Shift {
  readonly direction: 'up' | 'down';
  /** The edge at which the shares differ most, and the shares of rows below it. */
  readonly edge: number;
  readonly current: number;
  readonly reference: number;
}

/** Whether the mass of a numeric feature moved one way over the whole range; undefined where it did not, or barely. */
export function shiftOf(bins: readonly Bin[]): Shift | undefined {
  const range = bins.filter(({ id, special }) => !special || id === 'below');
  const sides = [...range.filter(({ id }) => id === 'below'), ...range.filter(({ special }) => !special)];
  let [current, reference, most, least] = [0, 0, 0, 0];
  let shift: Shift | undefined;
  sides.forEach((bin, index) => {
    current += bin.current ?? 0;
    reference += bin.reference ?? 0;
    const difference = current - reference;
    const edge = bin.to ?? sides[index + 1]?.from;
    if (Math.abs(difference) > Math.max(most, -least) && edge !== undefined) {
      shift = { direction: difference > 0 ? 'down' : 'up', edge, current, reference };
    }
    most = Math.max(most, difference);
    least = Math.min(least, difference);
  });
  const [large, small] = most > -least ? [most, -least] : [-least, most];
  return large >= 0.02 && small <= CROSSING * large ? shift : undefined;
}

/** What moved is said without limits, too; what has no score at all says why. */
function shapeOnly(subject: Subject, bins: readonly Bin[], saying: Saying): Sentence {
  const top = topBin(bins);
  if (subject.verdict !== 'unknown' || subject.score === undefined || !top || !subject.reference) {
    return noVerdict(subject, saying);
  }
  const value = `no threshold for ${methodName(subject.method)} ${scoreOf(subject)}`;
  return sentence('unknown', ['strong', `${binName(top)} ${moved(top)};`], ['plain', value]);
}

/** Distribution: the bin that adds most, where the mass went, and last what is cut first: how much, of what, since when. */
export function distributionSentence(distribution: Distribution, saying: Saying): Sentence {
  const { subject } = distribution;
  const said = whatMoved(distribution, saying);
  if (!isOver(subject)) return said;
  const rows = subject.rows === undefined ? '' : `${rowsText(subject.rows)}${NBSP}rows`;
  const figures = [measured(subject), rows, sinceText(subject, saying)].filter(Boolean).join(', ');
  return sentence(said.mark, ...said.parts, ['faint', `(${figures})`]);
}

function whatMoved({ subject, bins }: Distribution, saying: Saying): Sentence {
  if (subject.verdict !== 'ok' && !isOver(subject)) return shapeOnly(subject, bins, saying);
  const mark = markOf(subject.verdict);
  const top = topBin(bins);
  if (subject.verdict === 'ok' || !top) {
    const word = subject.subject === 'prediction' ? 'have' : 'has';
    return sentence(mark, ['strong', capital(subject.name)], ['plain', `${word} not drifted: ${measured(subject)}.`]);
  }
  const cause = `${binName(top)} ${moved(top)}`;
  const shift = subject.type === 'numeric' ? shiftOf(bins) : undefined;
  if (shift) {
    const moves = `${capital(subject.name)} shifted ${shift.direction}: ${lowerFirst(cause, top)}`;
    return sentence(mark, ['strong', moves]);
  }
  if (isUnseen(top)) return unseenSentence(mark, top, subject, bins);
  const unseen = bins.find((bin) => isUnseen(bin) && (bin.current ?? 0) >= 0.001);
  if (!unseen) return sentence(mark, ['strong', cause]);
  return sentence(
    mark,
    ['strong', `${cause};`],
    ['plain', `${shareText(unseen.current ?? 0)} are categories not seen in training`]
  );
}

function isUnseen({ id, special }: Bin): boolean {
  return special && id === 'new';
}

/** What training never saw comes first where it adds most; then what else moved. */
function unseenSentence(mark: Sentence['mark'], top: Bin, { method }: Subject, bins: readonly Bin[]): Sentence {
  const next = topBin(bins.filter((bin) => bin !== top));
  const first = `${shareText(top.current ?? 0)} of rows are categories not seen in training`;
  const total = bins.reduce((sum, { adds }) => sum + (adds ?? 0), 0);
  const counts = method !== 'linf' && next?.adds !== undefined && next.adds / total > 0.1;
  if (!next || !counts) return sentence(mark, ['strong', first]);
  return sentence(mark, ['strong', `${first};`], ['plain', `${binName(next)} ${moved(next)}`]);
}

/** `48.3 % of rows below 270, reference 32.2 %`: how far a numeric feature moved; empty where it moved no one way. */
export function shiftText({ subject, bins }: Distribution): string {
  const shift = subject.type === 'numeric' && isOver(subject) ? shiftOf(bins) : undefined;
  if (!shift) return '';
  const { current, edge, reference } = shift;
  return `${shareText(current)} of rows below ${limitText(edge)}, reference ${shareText(reference)}`;
}

function lowerFirst(text: string, { special }: Bin): string {
  return special ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** What would give a verdict at the present pace of rows: a longer window, or more days than any window has. */
export interface WayOut {
  readonly text: string;
  readonly detail: string;
}

const DAY_MS = 86_400_000;

export function wayOut({ rows, rowsNeeded, window }: Subject): WayOut | undefined {
  if (rowsNeeded === undefined || rows === undefined) return undefined;
  if (rows === 0) return { text: 'none', detail: 'no rows in this window' };
  const spanMs = windowMs(window);
  if (spanMs === undefined) return undefined;
  const perMs = rows / spanMs;
  const expectedOf = (one: DriftWindow) => (windowMs(one) ?? 0) * perMs;
  const longer = DRIFT_WINDOWS.find((one) => (windowMs(one) ?? 0) > spanMs && expectedOf(one) >= rowsNeeded);
  if (longer) {
    const expected = expectedOf(longer);
    return { text: `${windowText(longer)} window`, detail: `≈${NBSP}${countText(expected)} rows` };
  }
  const days = Math.ceil(rowsNeeded / perMs / DAY_MS);
  const expected = countText(Math.floor(days * DAY_MS * perMs));
  return { text: `${countText(days)}${NBSP}d of rows`, detail: `≈${NBSP}${expected} rows` };
}
