/** What the view draws: sentence, parts and their places, and where keyboard and pointer can be. */
import { layOutParts, type AccuracyModeOption, type Part, type PartsLayout } from '../../layout/accuracy/parts';
import { INSET, type Size } from '../../layout/mode';
import { accuracySentenceOf, type Saying } from '../../model/accuracy/say';
import type { AccuracyAnswer } from '../../model/accuracy/types';
import { delayText, waitingText } from '../../model/accuracy/words';
import { windowText } from '../../model/drift/words';
import type { Sentence } from '../../model/sentence';
import { allStops } from './keys';

const HEADLINE = 36;
const CAPTION = 20;
const NOTICE = 36;
const BOTTOM = 8;
/** Below this size scores stand without headline: it would take their place. */
const HEADLINE_FROM: Size = { width: 240, height: 150 };

/** Below it the caption would take the place of scores. */
const CAPTION_FROM: Size = { width: 420, height: 220 };

function fits({ width, height }: Size, least: Size): boolean {
  return width >= least.width && height >= least.height;
}

export interface AccuracyPlan extends PartsLayout {
  readonly sentence: Sentence;
  readonly hasHeadline: boolean;
  readonly hasCaption: boolean;
  readonly caption: string;
  readonly keys: ReadonlySet<string>;
  readonly firstKey?: string;
}

export function partsOf({ scores, history, details }: AccuracyAnswer): Part[] {
  const has: ReadonlyArray<readonly [Part, boolean]> = [
    ['scores', scores.length > 0],
    ['history', scores.length > 0 && history !== undefined],
    ['predicted-actual', (details?.predictedActual?.classes.length ?? 0) > 0],
    ['confusion', (details?.confusion?.classes.length ?? 0) > 0],
    ['calibration', details?.calibration?.some(({ pairs }) => pairs > 0) ?? false],
    ['ages', (details?.ages?.pairs ?? 0) > 0],
  ];
  return has.flatMap(([part, is]) => (is ? [part] : []));
}

/** What all that is drawn travels with: model, window, and what is still open. */
export function captionOf({ scores, details }: AccuracyAnswer): string {
  const models = [...new Set(scores.map(({ model }) => model))];
  const [first] = scores;
  const model = models.length > 1 ? `${models.length} models` : (models[0] ?? details?.subject.model ?? '');
  const windows = [...new Set(scores.map(({ window }) => window))];
  const window = windows.length === 1 ? windows[0] : details?.subject.window;
  const open = models.length === 1 && first?.openPredictions !== undefined ? waitingText(first.openPredictions) : '';
  const delay = models.length === 1 ? first?.actualDelaySeconds : undefined;
  return [
    `${model}: by arrival of the actual${window ? ` over ${windowText(window)}` : ''}`,
    open,
    delay === undefined ? '' : `actuals come after ${delayText(delay)}, median`,
  ]
    .filter(Boolean)
    .join('; ');
}

function isTimed(part: Part | undefined): boolean {
  return part === 'history' || part === 'predicted-actual';
}

export function planAccuracy(
  answer: AccuracyAnswer,
  size: Size,
  mode: AccuracyModeOption,
  saying: Saying
): AccuracyPlan {
  const { width, height } = size;
  const hasHeadline = fits(size, HEADLINE_FROM);
  const hasCaption = fits(size, CAPTION_FROM);
  const above = (hasHeadline ? HEADLINE : 0) + (hasCaption ? CAPTION : 0) + answer.notices.length * NOTICE;
  const layout = layOutParts({
    width: width - 2 * INSET,
    height: Math.max(40, height - above - BOTTOM),
    parts: partsOf(answer),
    scores: answer.scores.length,
    classes: answer.details?.confusion?.classes.length ?? 0,
    mode,
  });
  const keys = allStops(layout.placed, answer);
  return {
    ...layout,
    sentence: accuracySentenceOf(answer, saying),
    hasHeadline,
    hasCaption,
    caption: captionOf(answer),
    keys: new Set(keys),
    // Of a chart alone the newest time comes first.
    firstKey: layout.placed.length === 1 && isTimed(layout.placed[0]?.part) ? keys[keys.length - 1] : keys[0],
  };
}
