import {
  useEffect,
  useRef,
  type KeyboardEvent,
  type PointerEvent,
  type MouseEvent,
  type FocusEvent,
  type RefObject,
} from 'react';
import type { ModelView } from '../../model/types';
import { focusFirstLink, follow, wayTo, type CardLink } from '../shared/links';
import type { useCard } from '../shared/useCard';
import type { useRoving } from './useRoving';

interface KeysInput {
  readonly view: RefObject<HTMLElement | null>;
  readonly search: RefObject<HTMLInputElement>;
  readonly roving: ReturnType<typeof useRoving>;
  readonly card: ReturnType<typeof useCard>;
  readonly byKey: ReadonlyMap<string, ModelView>;
  readonly linksOf: (model: ModelView) => CardLink[];
  readonly openSearch: () => void;
}

function stopUnder(target: EventTarget): HTMLElement | undefined {
  return (target instanceof Element && target.closest<HTMLElement>('[data-mw-key]')) || undefined;
}

function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** Pointer and keyboard of the view, heard in one place for all models in it. */
export function useHealthKeys({ view, search, roving, card, byKey, linksOf, openSearch }: KeysInput) {
  const wantsSearch = useRef(false);
  useEffect(() => {
    if (!wantsSearch.current || !search.current) return;
    wantsSearch.current = false;
    search.current.focus();
  });

  const showFor = (stop: HTMLElement, pinned: boolean) =>
    card.show(stop.dataset.mwKey ?? '', stop.getBoundingClientRect(), pinned);

  const onStopKey = (event: KeyboardEvent, stop: HTMLElement): boolean => {
    const model = byKey.get(stop.dataset.mwKey ?? '');
    const links = model ? linksOf(model) : [];
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
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const stop = stopUnder(event.target);
    let used = false;
    if (event.key === 'Escape' && card.card) {
      card.close();
      if (!stop) roving.focusActive();
      used = true;
    } else if (event.key === '/') {
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
