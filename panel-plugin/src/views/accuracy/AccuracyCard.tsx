import React from 'react';
import type { HealthState } from '@modelwatch/contract';
import { PAIRS_TO_TELL, sinceText } from '../../model/accuracy/say';
import { percentText } from '../../model/words';
import type { AccuracyAnswer, Score, Verdict } from '../../model/accuracy/types';
import {
  ageText,
  delayText,
  limitText,
  lowerIsBetter,
  markOf,
  metricName,
  pairsText,
  scoreOf,
  scoreText,
  verdictWord,
  waitingText,
} from '../../model/accuracy/words';
import { windowText } from '../../model/drift/words';
import { countText } from '../../model/words';
import type { CardPlace } from '../shared/CardFrame';
import { FactsCard, type Fact } from '../shared/FactsCard';
import type { CardLink } from '../shared/links';
import { binText } from './Calibration';
import { shareOf } from './Confusion';
import { useAccuracy, type AccuracyContext } from './context';
import type { Place } from './keys';
import { classesToDraw, sideText } from './PredictedActual';

interface CardContent {
  readonly name: string;
  readonly mark?: HealthState;
  readonly word: string;
  readonly rows: readonly Fact[];
}

/** As many classes as a card names. */
const CARD_CLASSES = 6;

function limits({ warning, critical, baseline }: Score): Fact[] {
  const text = warning === undefined ? limitText(critical) : `${limitText(warning)} / ${limitText(critical)}`;
  return [
    [
      warning === undefined ? 'Limit' : 'Warning / limit',
      critical === undefined && warning === undefined ? 'none' : text,
    ],
    ['Baseline', baseline === undefined ? 'none' : limitText(baseline)],
  ];
}

function better({ metric }: Score): string {
  return `${metricName(metric)}, ${lowerIsBetter(metric) ? 'lower' : 'higher'} is better`;
}

function pairsAndNeeded(pairs: number | undefined, needed: number | undefined): string {
  const counted = pairs === undefined ? 'unknown' : pairsText(pairs);
  return needed === undefined ? counted : `${counted}, needs ${pairsText(needed)}`;
}

function scoreCard(score: Score, context: AccuracyContext): CardContent {
  const since = sinceText(score, context);
  const { scoreBefore, positiveClass, openPredictions, actualDelaySeconds, lastPairMs } = score;
  const optional: ReadonlyArray<Fact | undefined> = [
    scoreBefore === undefined ? undefined : ['A week before', scoreText(scoreBefore)],
    since ? ['State', `${verdictWord(score)} ${since}`] : undefined,
    positiveClass ? ['Positive class', positiveClass] : undefined,
    lastPairMs === undefined ? undefined : ['Last pair', context.clock(lastPairMs)],
    openPredictions === undefined ? undefined : ['Without actual', waitingText(openPredictions)],
    actualDelaySeconds === undefined ? undefined : ['Median delay', delayText(actualDelaySeconds)],
  ];
  return {
    name: score.name,
    mark: markOf(score.verdict),
    word: verdictWord(score),
    rows: [
      ['Window', windowText(score.window)],
      [better(score), score.score === undefined ? 'unknown' : scoreOf(score)],
      ...limits(score),
      ['Pairs', pairsAndNeeded(score.pairs, score.pairsNeeded)],
      ...optional.filter((fact) => fact !== undefined),
    ],
  };
}

function isBeyond({ metric }: Score, value: number, limit: number | undefined): boolean {
  return limit !== undefined && (lowerIsBetter(metric) ? value > limit : value < limit);
}

/** The limits of now are held against a score of then: no history of them is kept. */
function verdictThen(score: Score, value: number | null): Verdict {
  const { critical, warning } = score;
  if (value === null) return 'unknown';
  if (isBeyond(score, value, critical)) return 'critical';
  if (isBeyond(score, value, warning)) return 'warning';
  return critical === undefined && warning === undefined ? 'none' : 'ok';
}

function timeCard(score: Score, { history }: AccuracyAnswer, index: number, { clock }: AccuracyContext): CardContent {
  const value = history?.scores.get(score.key)?.[index] ?? null;
  const pairs = history?.pairs.get(score.key)?.[index] ?? undefined;
  const verdict = verdictThen(score, value);
  const why = pairs === undefined ? 'not evaluated' : 'too few pairs';
  return {
    name: score.name,
    mark: markOf(verdict),
    word: value === null ? why : verdictWord({ ...score, verdict }),
    rows: [
      ['Window', `${windowText(score.window)} to ${clock(history?.timesMs[index] ?? 0)}`],
      [better(score), value === null ? 'unknown' : scoreText(value, [score.warning, score.critical])],
      ...limits(score),
      ['Pairs', pairsAndNeeded(pairs, score.pairsNeeded)],
    ],
  };
}

function sidesCard({ details }: AccuracyAnswer, index: number, { clock }: AccuracyContext): CardContent | undefined {
  const lines = details?.predictedActual;
  if (!lines) return undefined;
  const classes = classesToDraw(lines, details.subject.positiveClass);
  const rows = classes.slice(0, CARD_CLASSES).flatMap(({ name, predicted, actual }): Fact[] =>
    name
      ? [[name, `${sideText(name, predicted[index])}, actual ${sideText(name, actual[index])}`]]
      : [
          ['Predicted, mean', sideText(name, predicted[index])],
          ['Actual, mean', sideText(name, actual[index])],
        ]
  );
  const more = classes.length - CARD_CLASSES;
  return {
    name: `To ${clock(lines.timesMs[index] ?? 0)}`,
    word: 'by arrival',
    rows: more > 0 ? [...rows, [`+ ${countText(more)} more`, '']] : rows,
  };
}

function cellCard({ details }: AccuracyAnswer, actual: number, predicted: number): CardContent | undefined {
  const confusion = details?.confusion;
  if (!confusion) return undefined;
  const { classes, pairs, actuals } = confusion;
  const share = shareOf(confusion, actual, predicted);
  const of = actuals[actual] ?? 0;
  return {
    name: `${classes[actual] ?? ''} → ${classes[predicted] ?? ''}`,
    word: actual === predicted ? 'right' : 'wrong',
    rows: [
      ['Actual', classes[actual] ?? ''],
      ['Predicted', classes[predicted] ?? ''],
      ['Share of the actual class', share === undefined ? 'unknown' : percentText(share)],
      ['Pairs', `${pairsText(pairs[actual]?.[predicted])} of ${countText(of)}`],
      ...(of < PAIRS_TO_TELL ? [['Too few to tell', `below ${PAIRS_TO_TELL}`] as const] : []),
    ],
  };
}

function binCard({ details }: AccuracyAnswer, index: number): CardContent | undefined {
  const bin = details?.calibration?.[index];
  if (!bin) return undefined;
  const { from, to, pairs, meanScore, positives } = bin;
  return {
    name: `Scores ${binText(from)} to ${binText(to)}`,
    word: pairs < PAIRS_TO_TELL ? 'too few to tell' : '',
    rows: [
      ['Mean score', meanScore === undefined ? 'unknown' : percentText(meanScore)],
      [
        `Share of ${details.subject.positiveClass || 'positives'}`,
        positives === undefined ? 'unknown' : percentText(positives),
      ],
      ['Pairs', countText(pairs)],
    ],
  };
}

function ageCard({ details }: AccuracyAnswer, index: number): CardContent | undefined {
  const [ages, one] = [details?.ages, details?.ages?.ages[index]];
  if (!ages || !one) return undefined;
  return {
    name: `Predictions ${ageText(one.age)}${one.age === 'older' ? ' than 7\u00a0d' : ' old'}`,
    word: '',
    rows: [
      ['Pairs', `${countText(one.pairs)} of ${countText(ages.pairs)}`],
      ['Share', ages.pairs > 0 ? percentText(one.pairs / ages.pairs) : 'unknown'],
    ],
  };
}

function contentOf(place: Place, answer: AccuracyAnswer, chosen: Score | undefined, context: AccuracyContext) {
  switch (place.part) {
    case 'scores': {
      const score = answer.scores.find(({ key }) => key === place.key);
      return score && scoreCard(score, context);
    }
    case 'history':
      return chosen && timeCard(chosen, answer, place.index, context);
    case 'predicted-actual':
      return sidesCard(answer, place.index, context);
    case 'confusion':
      return cellCard(answer, place.actual, place.predicted);
    case 'calibration':
      return binCard(answer, place.index);
    case 'ages':
      return ageCard(answer, place.index);
  }
}

interface AccuracyCardProps extends CardPlace {
  readonly place: Place;
  readonly answer: AccuracyAnswer;
  /** The score whose history is drawn. */
  readonly chosen: Score | undefined;
  readonly links: readonly CardLink[];
}

/** What a score, a time, a cell or a bin says, with all that it rests on. */
export function AccuracyCard({ place, answer, chosen, links, ...rest }: AccuracyCardProps) {
  const context = useAccuracy();
  const content = contentOf(place, answer, chosen, context);
  return content ? <FactsCard {...rest} {...content} links={links} content={place} /> : null;
}
