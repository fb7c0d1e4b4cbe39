/** The sentences of the SLO view: name, verdict, since when, reason with number, limit and window. */
import { sentence, type Part, type Sentence } from '../sentence';
import { countText, spanText, type ClockText } from '../words';
import { spendsOf } from './spends';
import type { Slo, SloAnswer, SloHistory } from './types';
import {
  burnText,
  eventWords,
  goneText,
  leftText,
  promiseText,
  targetText,
  windowAdjective,
  windowText,
} from './words';

export interface Saying {
  readonly nowMs: number;
  readonly clock: ClockText;
}

export function isSpent({ budgetLeft, verdict }: Slo): boolean {
  return verdict === 'spent' || (budgetLeft !== undefined && budgetLeft <= 0);
}

/** How long ago the budget was spent, where the state tells it. */
function spentAgo(one: Slo, { nowMs }: Saying): string {
  return one.verdict === 'spent' && one.sinceMs !== undefined ? ` ${spanText(nowMs - one.sinceMs)} ago` : '';
}

/** `spent 3 min ago`, `11 h`, `lasts`; undefined where nobody knows. */
export function goneWords(one: Slo, saying: Saying): string | undefined {
  if (isSpent(one)) return `spent${spentAgo(one, saying)}`;
  if (one.mark === 'idle') return 'lasts';
  if (one.budgetLeft === undefined) return undefined;
  const { burn, exhaustionMs } = one;
  if (burn === undefined) return undefined;
  if (burn <= 1) return 'lasts';
  return exhaustionMs === undefined ? undefined : goneText(exhaustionMs);
}

/** A reason of silence with its time; of others the reason that was recorded. */
export function reasonWords(one: Slo, { nowMs, clock }: Saying): string {
  const { verdict, sinceMs, reason = '' } = one;
  if (verdict === 'stale')
    return sinceMs === undefined ? 'No events counted' : `No events counted since ${clock(sinceMs)}`;
  if (verdict === 'idle' && sinceMs !== undefined) {
    return `Scaled to zero ${spanText(nowMs - sinceMs)} ago; budget stands still`;
  }
  if ((verdict === 'page' || verdict === 'ticket') && sinceMs !== undefined)
    return `${reason}, since ${clock(sinceMs)}`;
  return reason;
}

const objectives = (count: number): string => `${countText(count)} ${count === 1 ? 'objective' : 'objectives'}`;

/** An objective in a sentence over many: of a model with several its own name, too. */
function named(one: Slo, slos: readonly Slo[]): string {
  const several = slos.some((other) => other !== one && other.name === one.name && other.namespace === one.namespace);
  return several ? `${one.name} ${one.slo}` : one.name;
}

function burnsPart(one: Slo): string {
  const gone = one.exhaustionMs === undefined ? '' : `, gone in ${goneText(one.exhaustionMs)}`;
  if (one.burn === undefined) return `burns its ${windowAdjective(one.window)}budget too fast${gone}`;
  const times = burnText(one.burn).replace('×', ' times');
  return `burns its ${windowAdjective(one.window)}budget ${times} too fast${gone}`;
}

/** Of those that are met or idle. Nobody asks what is idle: nothing is kept there. */
function metWords({ slos, isPartial }: SloAnswer): string {
  const met = slos.filter(({ mark }) => mark === 'healthy').length;
  const idle = slos.length - met;
  if (!idle && !isPartial) return `All ${objectives(met)} met`;
  return `${objectives(met)} met${idle ? `, ${idle} idle` : ''}${isPartial ? ', others not known' : ''}`;
}

/** All are met or idle, as far as the answer goes: beside a part that failed nobody knows of all. */
function calmOfMany(answer: SloAnswer): Sentence {
  const { slos, isPartial } = answer;
  const least = slos.find(({ mark }) => mark === 'healthy');
  if (!least) {
    const idle = objectives(slos.length);
    return isPartial
      ? sentence('unknown', ['strong', `${idle} idle, others not known`])
      : sentence('idle', ['strong', `All ${idle} idle`], ['plain', 'budgets stand still']);
  }
  const left = least.budgetLeft === undefined ? '' : `, ${leftText(least.budgetLeft)}`;
  return sentence(
    isPartial ? 'unknown' : 'healthy',
    ['strong', `${metWords(answer)};`],
    ['plain', `${named(least, slos)} has least left${left}`]
  );
}

/** Worst first, and what follows it. */
export function manySentence(answer: SloAnswer, saying: Saying): Sentence {
  const { slos } = answer;
  const [worst, next] = slos;
  if (!worst) return sentence('unknown', ['strong', 'No objectives']);
  const who: Part = ['strong', named(worst, slos)];
  const follows: Part[] =
    next && !isSpent(next) && next.exhaustionMs !== undefined && (next.mark === 'failed' || next.mark === 'degraded')
      ? [
          ['strong', named(next, slos)],
          ['plain', `follows in ${goneText(next.exhaustionMs)}`],
        ]
      : [];
  if (isSpent(worst)) {
    const spent = `spent its ${windowAdjective(worst.window)}budget${spentAgo(worst, saying)}${follows.length ? ';' : ''}`;
    return sentence(worst.mark, who, ['plain', spent], ...follows);
  }
  if (worst.mark === 'failed' || worst.mark === 'degraded') {
    return sentence(worst.mark, who, ['plain', `${burnsPart(worst)}${follows.length ? ';' : ''}`], ...follows);
  }
  const silent = slos.filter(({ mark }) => mark === 'stale' || mark === 'unknown');
  if (silent.length) {
    const rest = `no verdict on ${countText(silent.length)} of ${objectives(slos.length)}`;
    return sentence(worst.mark, who, ['plain', `${sentenceCase(reasonWords(worst, saying))}; ${rest}`]);
  }
  return calmOfMany(answer);
}

function sentenceCase(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** `99.5 % of requests answered, rolling 30 d`. */
export function promiseSentence(one: Slo): string {
  const { objective, window } = one;
  const share = objective === undefined ? 'Target unknown' : `${targetText(objective)} of ${eventWords(one).many}`;
  return `${share} ${promiseText(one)}, rolling ${windowText(window)}`;
}

/** Since when, with the rollout that it began with where there was one. */
function sinceWords(one: Slo, history: SloHistory | undefined, { clock }: Saying): string {
  const now = history && spendsOf(history.budget, history.events).find(({ isNow }) => isNow);
  const with_ = now?.event?.kind === 'rollout' ? `rollout ${now.event.title}, ` : '';
  const sinceMs = one.sinceMs ?? (with_ ? now?.event?.timeMs : undefined);
  return sinceMs === undefined ? '' : ` since ${with_}${clock(sinceMs)}`;
}

/** `: 9.2 % of requests fail`, of the last minutes where they are counted. */
function badShare({ burn, burnShort, objective, ...one }: Slo): string {
  const rate = burnShort ?? burn;
  if (rate === undefined || objective === undefined) return '';
  return `: ${(Math.min(1, rate * (1 - objective)) * 100).toFixed(1)} % of ${eventWords(one).bad}`;
}

function silentSentence(one: Slo, saying: Saying): Sentence {
  const { mark, name, sinceMs, verdict } = one;
  const why: Part = ['plain', sentenceCase(reasonWords(one, saying))];
  if (mark === 'stale') {
    const span = sinceMs === undefined ? '' : ` for ${spanText(saying.nowMs - sinceMs)}`;
    return sentence(mark, ['strong', `${name} is stale${span}:`], why);
  }
  const few = verdict === 'too_little_data' ? `too few ${eventWords(one).many}` : 'no verdict';
  return sentence(mark, ['strong', `${name}: ${few},`], why);
}

function calmSentence(one: Slo, saying: Saying): Sentence {
  const { mark, name, burn, budgetLeft } = one;
  const left = budgetLeft === undefined ? 'budget unknown,' : `${leftText(budgetLeft)} of budget left,`;
  const pace = burn === undefined ? 'how fast it goes is not known' : `lasts at ${burnText(burn)}`;
  const rest = mark === 'idle' ? sentenceCase(reasonWords(one, saying)) : pace;
  return sentence(mark, ['strong', `${name}: ${left}`], ['plain', rest]);
}

export function oneSentence(one: Slo, history: SloHistory | undefined, saying: Saying): Sentence {
  const { mark, name, burn } = one;
  if (isSpent(one)) {
    const text = `${name} spent its ${windowAdjective(one.window)}budget${spentAgo(one, saying)}`;
    return sentence(
      mark,
      ['strong', burn === undefined ? text : `${text},`],
      ['plain', burn === undefined ? '' : `burns ${burnText(burn)}${badShare(one)}`]
    );
  }
  if (mark === 'stale' || mark === 'unknown') return silentSentence(one, saying);
  if (mark !== 'failed' && mark !== 'degraded') return calmSentence(one, saying);
  const times = burn === undefined ? '' : ` ${burnText(burn).replace('×', ' times')}`;
  const since = sinceWords(one, history, saying).trim();
  return sentence(mark, ['strong', `${name} burns its budget${times} too fast`], ['plain', `${since}${badShare(one)}`]);
}
