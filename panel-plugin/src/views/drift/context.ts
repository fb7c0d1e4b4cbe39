import { createContext, useContext } from 'react';
import type { Subject } from '../../model/drift/types';
import type { TimeSpan } from '../../model/types';
import type { ClockText } from '../../model/words';
import type { CardLink } from '../shared/links';

/** What every part of the view needs and none of them changes on hover. */
export interface DriftContext {
  readonly nowMs: number;
  readonly range: TimeSpan;
  readonly clock: ClockText;
  /** `15 Nov`; the clock alone for today. */
  readonly day: ClockText;
  /** `15 Nov`, today or not. */
  readonly date: ClockText;
  /** @param span of one window; without it the range of the dashboard */
  readonly linksOf: (subject: Subject, span?: TimeSpan) => CardLink[];
  readonly onRange: (span: TimeSpan) => void;
}

export const DriftContextValue = createContext<DriftContext | undefined>(undefined);

/** @throws Error outside of the drift view, which is a mistake of ours */
export function useDrift(): DriftContext {
  const context = useContext(DriftContextValue);
  if (!context) throw new Error('used outside of the drift view');
  return context;
}

/** A place that the keyboard and the pointer can be on. */
export interface StopHandlers {
  readonly activeKey: string | undefined;
  readonly onHover: (key: string, rect: DOMRect) => void;
  readonly onLeave: () => void;
  readonly onPick: (key: string, rect: DOMRect) => void;
}
