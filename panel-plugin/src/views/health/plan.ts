import {
  chooseForm,
  HEADLINE,
  listHasHeadline,
  verdictFits,
  type Form,
  type ModeOption,
  type TileNeed,
} from '../../layout/mode';
import { isFiltering, matches, type Filter } from '../../model/filter';
import { arrange, lacksVerdict, needsHelp } from '../../model/order';
import { headlineOf, type Headline } from '../../model/say';
import type { Fleet, ModelView } from '../../model/types';
import type { ClockText } from '../../model/words';
import { WORDS_FROM_WIDTH } from './HeadlineBar';

const FILTER_BAR = 32;
const NOTICE = 36;
const CALM = 18;
const BOTTOM = 8;

/** Whether a model takes a whole cell with its reason in words. */
export function isBig({ health }: ModelView): boolean {
  return needsHelp(health) || lacksVerdict(health);
}

/** The fleet that the filters leave; the fleet itself where nothing is filtered. */
export function filtered(fleet: Fleet, filter: Filter): Fleet {
  if (!isFiltering(filter)) return fleet;
  const models = fleet.models.filter((model) => matches(model, filter));
  return { ...arrange(models, fleet.range, fleet.nowMs), isPartial: fleet.isPartial };
}

export interface PlanInput {
  /** All models, and those that the filters leave. */
  readonly fleet: Fleet;
  readonly shown: Fleet;
  readonly mode: ModeOption;
  readonly asTable: boolean;
  readonly barOpen: boolean;
  readonly notices: number;
  readonly width: number;
  readonly height: number;
  readonly clock: ClockText;
}

export interface Plan {
  readonly form: Form;
  readonly headline: Headline;
  readonly hasHeadline: boolean;
  /** Height left for the form. */
  readonly bodyHeight: number;
}

/** A model that is alone has room for what is known of each of its channels. */
function formOf({ shown, mode, width, height }: PlanInput, needs: readonly TileNeed[], above: number): Form {
  const [alone, another] = shown.models;
  const isVerdict = mode === 'auto' && alone && !another && alone.channels.length > 0;
  if (isVerdict && verdictFits({ width, height }, above)) return 'verdict';
  return chooseForm({ width, height }, needs, mode === 'table' ? 'auto' : mode, above);
}

/** What is drawn where, from the size and the fleet. */
export function planView(input: PlanInput): Plan {
  const { fleet, shown, asTable, barOpen, notices, width, height, clock } = input;
  const needs = shown.groups.map(({ models }) => {
    const big = models.filter(isBig).length;
    return { big, small: models.length - big };
  });
  const calm = headlineOf(fleet, 'full', clock).calm ? CALM : 0;
  const above = HEADLINE + calm + (barOpen ? FILTER_BAR : 0) + notices * NOTICE;
  const form = formOf(input, needs, above);
  const wide = form === 'field' && !asTable ? 'counts' : 'full';
  const roomy =
    form === 'verdict' ||
    form === 'tiles' ||
    form === 'field' ||
    (form === 'list' && listHasHeadline({ width, height }));
  const hasHeadline = asTable || roomy;
  return {
    form,
    headline: headlineOf(fleet, width < WORDS_FROM_WIDTH ? 'narrow' : wide, clock),
    hasHeadline,
    bodyHeight: height - BOTTOM - (hasHeadline ? above : notices * NOTICE),
  };
}
