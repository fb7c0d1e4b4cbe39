import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { neighbour, type Direction, type Rect } from '../../layout/neighbour';

/** Marks by the element of their field, relative to it: marks that are drawn, not elements. Read by the arrow keys. */
export const fieldPlaces = new WeakMap<Element, ReadonlyArray<{ key: string; x: number; y: number }>>();

interface Stop {
  readonly key: string;
  readonly rect: Rect;
}

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

function elementFor(view: Element, key: string): HTMLElement | undefined {
  return [...view.querySelectorAll<HTMLElement>('[data-mw-key]')].find((element) => element.dataset.mwKey === key);
}

/** Every place that the keyboard can go to, in reading order: elements first, then marks that are no elements. */
function stopsOf(view: Element): Stop[] {
  const stops: Stop[] = [...view.querySelectorAll<HTMLElement>('[data-mw-key]')]
    .filter((element) => !element.closest('[data-mw-field], [data-mw-stands-in]'))
    .map((element) => ({ key: element.dataset.mwKey ?? '', rect: element.getBoundingClientRect() }));
  const seen = new Set(stops.map(({ key }) => key));
  for (const field of view.querySelectorAll('[data-mw-field]')) {
    const box = field.getBoundingClientRect();
    for (const { key, x, y } of fieldPlaces.get(field) ?? []) {
      if (!seen.has(key)) stops.push({ key, rect: { left: box.left + x, top: box.top + y, width: 0, height: 0 } });
    }
  }
  return stops;
}

/** The stop that a key leads to; undefined for keys that do not move. */
function target(stops: readonly Stop[], activeKey: string | undefined, key: string): Stop | undefined {
  if (key === 'Home') return stops[0];
  if (key === 'End') return stops[stops.length - 1];
  const direction = ARROWS[key];
  if (!direction) return undefined;
  const current = Math.max(
    0,
    stops.findIndex((stop) => stop.key === activeKey)
  );
  const next = neighbour(
    stops.map(({ rect }) => rect),
    current,
    direction
  );
  if (next !== current) return stops[next];
  // At the edge of a row the reading order goes on.
  if (direction === 'right') return stops[current + 1];
  return direction === 'left' ? stops[current - 1] : undefined;
}

/** One tab stop for the whole view; arrows, Home and End move it, and it stays where it is over a refresh. */
export function useRoving(
  view: RefObject<HTMLElement | null>,
  firstKey: string | undefined,
  keys: ReadonlySet<string>
) {
  const [chosen, setChosen] = useState<string>();
  const wantsFocus = useRef(false);
  const activeKey = chosen !== undefined && keys.has(chosen) ? chosen : firstKey;

  useLayoutEffect(() => {
    if (!wantsFocus.current || !view.current || activeKey === undefined) return;
    wantsFocus.current = false;
    const element = elementFor(view.current, activeKey);
    element?.focus();
    element?.scrollIntoView?.({ block: 'nearest' });
  });

  /** Answers whether the key was one that moves. */
  const move = useCallback(
    (key: string): boolean => {
      if (!view.current) return false;
      const next = target(stopsOf(view.current), activeKey, key);
      if (!next) return key in ARROWS || key === 'Home' || key === 'End';
      wantsFocus.current = true;
      setChosen(next.key);
      return true;
    },
    [view, activeKey]
  );
  const focusActive = useCallback(() => {
    if (view.current && activeKey !== undefined) elementFor(view.current, activeKey)?.focus();
  }, [view, activeKey]);
  return { activeKey, setActive: setChosen, move, focusActive };
}
