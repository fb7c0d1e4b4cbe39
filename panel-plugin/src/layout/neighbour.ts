/** Where an arrow key leads, and where a card fits. */

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The nearest place in a direction, straight ahead before aside; the present one where there is none. */
export function neighbour(rects: readonly Rect[], current: number, direction: Direction): number {
  const from = rects[current];
  if (!from) return current;
  const horizontal = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  let best = current;
  let bestCost = Infinity;
  rects.forEach((rect, index) => {
    const dx = rect.left + rect.width / 2 - (from.left + from.width / 2);
    const dy = rect.top + rect.height / 2 - (from.top + from.height / 2);
    const ahead = sign * (horizontal ? dx : dy);
    if (index === current || ahead <= 2) return;
    const cost = ahead + 3 * Math.abs(horizontal ? dy : dx);
    if (cost < bestCost) [best, bestCost] = [index, cost];
  });
  return best;
}

const MARGIN = 8;

/** Beside the anchor, right before left, kept within the screen. */
export function placeCard(
  anchor: Rect,
  card: { width: number; height: number },
  screen: { width: number; height: number }
): { left: number; top: number } {
  const right = anchor.left + anchor.width + MARGIN;
  const fitsRight = right + card.width + MARGIN <= screen.width;
  const left = fitsRight ? right : Math.max(MARGIN, anchor.left - card.width - MARGIN);
  const top = Math.max(MARGIN, Math.min(anchor.top, screen.height - card.height - MARGIN));
  return { left, top };
}
