/** Why an objective is in its state, cause first. */
import { SLICED_INDICATORS } from '@modelwatch/contract';
import type { SloRow } from './status';

const NBSP = '\u00a0';

/** `16×`, `3.1×`: no decimal from 10 on. */
export function burnText(burn: number): string {
  return `${burn >= 10 ? Math.round(burn) : Number(burn.toFixed(1))}×`;
}

/** `1 h`, of `1h`. */
export function windowWords(window: string): string {
  return window.replace(/^(\d+)m$/, `$1${NBSP}min`).replace(/^(\d+)([hd])$/, `$1${NBSP}$2`);
}

function ofAlert({ alert }: Pick<SloRow, 'alert'>): string | undefined {
  if (!alert) return undefined;
  return `Burns ${burnText(alert.burn)} over ${windowWords(alert.long)} and ${windowWords(alert.short)}`;
}

/** `41 of 1000 events: one bad one would spend 24 budgets`. */
function ofFew({ events, eventsNeeded, indicator }: Pick<SloRow, 'events' | 'eventsNeeded' | 'indicator'>): string {
  if (events === undefined || events < 0.5 || eventsNeeded === undefined) return 'No events counted yet';
  if (Math.round(events) >= eventsNeeded) {
    // Of minutes: what was fine when it could be judged says nothing of now. Of requests: the state follows the count.
    if (SLICED_INDICATORS.some((one) => one === indicator)) return 'No minute of the last hour could be judged';
    return 'Just enough events: the verdict follows';
  }
  const spends = Math.floor(eventsNeeded / Math.round(events));
  const budgets = spends === 1 ? 'the budget' : `${spends} budgets`;
  return `${Math.round(events)} of ${eventsNeeded} events: one bad one would spend ${budgets}`;
}

export function reasonOf(row: Omit<SloRow, 'reason'>): string | undefined {
  switch (row.state) {
    case 'page':
    case 'ticket':
      return ofAlert(row);
    case 'spent':
      return ofAlert(row) ?? 'More was bad than the window allows';
    case 'stale':
      return 'Events are not counted any more';
    case 'too_little_data':
      return ofFew(row);
    case 'idle':
      return 'Scaled to zero; budget stands still';
    case 'met':
      return undefined;
    case undefined:
      return 'No rule has judged it';
  }
}
