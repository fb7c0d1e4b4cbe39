import { useCallback, useEffect, useRef, useState } from 'react';
import type { Rect } from '../../layout/neighbour';

export interface OpenCard {
  readonly key: string;
  readonly anchor: Rect;
  /** Stays until it is closed; set by a click or a tap. */
  readonly pinned: boolean;
}

const OPEN_AFTER_MS = 150;
/** Long enough to move the pointer from the mark onto the card. */
const CLOSE_AFTER_MS = 200;

/** One card at a time: opens on hover after a moment, at once on focus, and stays when it is pinned. */
export function useCard() {
  const [card, setCard] = useState<OpenCard>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const later = useCallback((ms: number, change: () => void) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(change, ms);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  const show = useCallback((key: string, anchor: Rect, pinned: boolean) => {
    clearTimeout(timer.current);
    setCard({ key, anchor, pinned });
  }, []);
  const hover = useCallback(
    (key: string, anchor: Rect) => {
      later(OPEN_AFTER_MS, () =>
        setCard((before) => (before?.pinned || before?.key === key ? before : { key, anchor, pinned: false }))
      );
    },
    [later]
  );
  const leave = useCallback(
    () => later(CLOSE_AFTER_MS, () => setCard((before) => (before?.pinned ? before : undefined))),
    [later]
  );
  const keep = useCallback(() => clearTimeout(timer.current), []);
  const close = useCallback(() => {
    clearTimeout(timer.current);
    setCard(undefined);
  }, []);
  return { card, show, hover, leave, keep, close };
}
