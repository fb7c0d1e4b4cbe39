import { createContext, useContext } from 'react';
import type { ClockText } from '../../model/words';

/** What every part of the view needs and none of them changes on hover. */
export interface AccuracyContext {
  readonly nowMs: number;
  readonly clock: ClockText;
  /** `15 Nov`, today or not. */
  readonly date: ClockText;
}

export const AccuracyContextValue = createContext<AccuracyContext | undefined>(undefined);

/** @throws Error outside of the accuracy view, which is a mistake of ours */
export function useAccuracy(): AccuracyContext {
  const context = useContext(AccuracyContextValue);
  if (!context) throw new Error('used outside of the accuracy view');
  return context;
}

/** What a part shares with keyboard and pointer. */
export interface PartStops {
  readonly activeKey: string | undefined;
  /** What the open card is about. */
  readonly openKey: string | undefined;
  readonly onHover: (key: string, rect: DOMRect) => void;
  readonly onLeave: () => void;
  readonly onPick: (key: string, rect: DOMRect) => void;
}
