import {
  useEffect,
  useRef,
  type KeyboardEvent,
  type PointerEvent,
  type MouseEvent,
  type FocusEvent,
  type RefObject,
} from 'react';
import { focusFirstLink, follow, wayTo, type CardLink } from './links';
import type { useCard } from './useCard';
import type { useRoving } from './useRoving';

interface KeysInput {
  readonly view: RefObject<HTMLElement | null>;
  readonly roving: ReturnType<typeof useRoving>;
  readonly card: ReturnType<typeof useCard>;
  /** What the card of a stop leads to. */
  readonly linksOfKey: (key: string) => readonly CardLink[];
  /** Left out by a view without a search. */
  readonly search?: RefObject<HTMLInputElement>;
  readonly openSearch?: () => void;
}

function stopUnder(target: EventTarget): HTMLElement | undefined {
  return (target instanceof Element && target.closest<HTMLElement>('[data-mw-key]')) || undefined;
}

function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** Keys that somebody else has used or will use. */
function isForOthers(event: KeyboardEvent): boolean {
  return event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target);
}

/** Pointer and keyboard of the view, heard in one place for all stops in it. */
export function useKeys({ view, search, roving, card, linksOfKey, openSearch }: KeysInput) {
  const wantsSearch = useRef(false);
  useEffect(() => {
    if (!wantsSearch.current || !search?.current) return;
    wantsSearch.current = false;
    search.current.focus();
  });

  const showFor = (stop: HTMLElement, pinned: boolean) =>
    card.show(stop.dataset.mwKey ?? '', stop.getBoundingClientRect(), pinned);

  const onStopKey = (event: KeyboardEvent, stop: HTMLElement): boolean => {
    const links = linksOfKey(stop.dataset.mwKey ?? '');
    if (event.key === 'Enter') {
      const way = wayTo(links);
      if (way) follow(way);
      else showFor(stop, true);
      return true;
    }
    if (event.key.toLowerCase() === 'l' && links.length) {
      showFor(stop, true);
      requestAnimationFrame(focusFirstLink);
      return true;
    }
    return false;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (isForOthers(event)) return;
    const stop = stopUnder(event.target);
    let used = false;
    if (event.key === 'Escape' && card.card) {
      card.close();
      if (!stop) roving.focusActive();
      used = true;
    } else if (event.key === '/' && openSearch) {
      wantsSearch.current = true;
      openSearch();
      used = true;
    } else if (stop && view.current?.contains(stop)) {
      used = onStopKey(event, stop) || roving.move(event.key);
    }
    if (!used) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    onKeyDown,
    onFocus: (event: FocusEvent) => {
      const stop = stopUnder(event.target);
      if (!stop || !view.current?.contains(stop)) return;
      roving.setActive(stop.dataset.mwKey);
      if (stop.matches(':focus-visible')) showFor(stop, false);
    },
    onBlur: (event: FocusEvent) => {
      if (stopUnder(event.target)) card.leave();
    },
    onPointerOver: (event: PointerEvent) => {
      const stop = stopUnder(event.target);
      if (stop && event.pointerType !== 'touch') card.hover(stop.dataset.mwKey ?? '', stop.getBoundingClientRect());
    },
    onPointerOut: (event: PointerEvent) => {
      if (stopUnder(event.target)) card.leave();
    },
    onClick: (event: MouseEvent) => {
      const stop = stopUnder(event.target);
      if (stop) showFor(stop, true);
    },
  };
}
