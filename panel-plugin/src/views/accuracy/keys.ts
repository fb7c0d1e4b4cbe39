/** Keys of the places that keyboard and pointer can be on: one namespace over all parts of the view. */
import type { AccuracyAnswer } from '../../model/accuracy/types';
import type { PlacedPart } from '../../layout/accuracy/parts';

const SEPARATOR = '\u0001';

export const scoreStop = (key: string): string => `score${SEPARATOR}${key}`;
/** @param index of the time; counted from the newest, so that the key stays what it is over refreshes */
export const timeStop = (part: 'history' | 'predicted-actual', index: number, times: number): string =>
  `${part}${SEPARATOR}${times - 1 - index}`;
export const cellStop = (actual: string, predicted: string): string => ['cell', actual, predicted].join(SEPARATOR);
export const binStop = (index: number): string => `bin${SEPARATOR}${index}`;
export const ageStop = (age: string): string => `age${SEPARATOR}${age}`;

/** What a key is about; undefined for a key that is gone. */
export type Place =
  | { readonly part: 'scores'; readonly key: string }
  | { readonly part: 'history' | 'predicted-actual'; readonly index: number }
  | { readonly part: 'confusion'; readonly actual: number; readonly predicted: number }
  | { readonly part: 'calibration'; readonly index: number }
  | { readonly part: 'ages'; readonly index: number };

type Finder = (first: string, second: string, answer: AccuracyAnswer) => Place | undefined;

const timeFinder =
  (part: 'history' | 'predicted-actual'): Finder =>
  (back, _, { history, details }) => {
    const times = (part === 'history' ? history : details?.predictedActual)?.timesMs.length ?? 0;
    const index = times - 1 - Number(back);
    return index >= 0 && index < times ? { part, index } : undefined;
  };

const FINDERS: Readonly<Record<string, Finder>> = {
  score: (key, _, { scores }) => (scores.some((one) => one.key === key) ? { part: 'scores', key } : undefined),
  history: timeFinder('history'),
  'predicted-actual': timeFinder('predicted-actual'),
  cell: (first, second, { details }) => {
    const classes = details?.confusion?.classes ?? [];
    const [actual, predicted] = [classes.indexOf(first), classes.indexOf(second)];
    return actual < 0 || predicted < 0 ? undefined : { part: 'confusion', actual, predicted };
  },
  bin: (first, _, { details }) => {
    const index = Number(first);
    return details?.calibration?.[index] ? { part: 'calibration', index } : undefined;
  },
  age: (first, _, { details }) => {
    const index = details?.ages?.ages.findIndex(({ age }) => age === first) ?? -1;
    return index >= 0 ? { part: 'ages', index } : undefined;
  },
};

export function placeOf(stop: string, answer: AccuracyAnswer): Place | undefined {
  const [kind = '', first = '', second = ''] = stop.split(SEPARATOR);
  return FINDERS[kind]?.(first, second, answer);
}

function times(part: 'history' | 'predicted-actual', count = 0): string[] {
  return Array.from({ length: count }, (_, index) => timeStop(part, index, count));
}

const STOPS: Readonly<Record<PlacedPart['part'], (answer: AccuracyAnswer) => string[]>> = {
  scores: ({ scores }) => scores.map(({ key }) => scoreStop(key)),
  history: ({ history }) => times('history', history?.timesMs.length),
  'predicted-actual': ({ details }) => times('predicted-actual', details?.predictedActual?.timesMs.length),
  confusion: ({ details }) => {
    const classes = details?.confusion?.classes ?? [];
    return classes.flatMap((actual) => classes.map((predicted) => cellStop(actual, predicted)));
  },
  calibration: ({ details }) =>
    (details?.calibration ?? []).flatMap(({ pairs }, index) => (pairs > 0 ? [binStop(index)] : [])),
  ages: ({ details }) => (details?.ages?.ages ?? []).map(({ age }) => ageStop(age)),
};

/** Every stop of the parts that are shown, in their order. */
export function allStops(placed: readonly PlacedPart[], answer: AccuracyAnswer): string[] {
  return placed.flatMap(({ part }) => STOPS[part](answer));
}
