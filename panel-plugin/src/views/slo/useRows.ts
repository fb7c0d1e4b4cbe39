import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { scrollFor } from '../../layout/slo/table';
import type { useRoving } from '../shared/useRoving';

const PAGE = 10;

function target(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return at + 1;
    case 'ArrowUp':
    case 'ArrowLeft':
      return at - 1;
    case 'PageDown':
      return at + PAGE;
    case 'PageUp':
      return at - PAGE;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

interface Rows {
  readonly activeIndex: number;
  /** Which rows are in sight. */
  readonly scrollTop: number;
  readonly onScroll: () => void;
}

/** One tab stop over rows of which only those in sight are drawn: moving brings the row into sight first. */
export function useRows(
  keys: readonly string[],
  scroll: RefObject<HTMLElement | null>
): ReturnType<typeof useRoving> & Rows {
  const [scrollTop, setScrollTop] = useState(0);
  const [chosen, setChosen] = useState<string>();
  const wantsFocus = useRef(false);
  const found = chosen === undefined ? -1 : keys.indexOf(chosen);
  const activeIndex = Math.max(0, found);
  const activeKey = keys[activeIndex];
  const focusActive = useCallback(() => {
    const rows = scroll.current?.querySelectorAll<HTMLElement>('[data-mw-key]') ?? [];
    [...rows].find(({ dataset }) => dataset['mwKey'] === activeKey)?.focus({ preventScroll: true });
  }, [scroll, activeKey]);

  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    focusActive();
  });

  const move = useCallback(
    (key: string): boolean => {
      const wanted = target(key, activeIndex, keys.length);
      if (wanted === undefined) return false;
      const next = Math.min(keys.length - 1, Math.max(0, wanted));
      const { current } = scroll;
      if (current) {
        current.scrollTop = scrollFor(next, current.scrollTop, current.clientHeight);
        // With the row that is to be focused: by the event it would be drawn after the focus has gone to nowhere.
        setScrollTop(current.scrollTop);
      }
      wantsFocus.current = true;
      setChosen(keys[next]);
      return true;
    },
    [activeIndex, keys, scroll]
  );
  const onScroll = useCallback(() => setScrollTop(scroll.current?.scrollTop ?? 0), [scroll]);
  return { activeKey, activeIndex, scrollTop, onScroll, setActive: setChosen, move, focusActive };
}
