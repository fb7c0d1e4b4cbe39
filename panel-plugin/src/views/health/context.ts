import { createContext, useContext } from 'react';
import type { ModelView, TimeSpan } from '../../model/types';
import type { ClockText } from '../../model/words';
import type { CardLink } from '../shared/links';

/** What every part of the view needs and none of them changes. */
export interface HealthContext {
  readonly nowMs: number;
  readonly range: TimeSpan;
  readonly clock: ClockText;
  /** The model that the one tab stop of the view is on. */
  readonly activeKey: string | undefined;
  readonly linksOf: (model: ModelView) => CardLink[];
}

export const HealthContextValue = createContext<HealthContext | undefined>(undefined);

/** @throws Error outside of the health view, which is a mistake of ours */
export function useHealth(): HealthContext {
  const context = useContext(HealthContextValue);
  if (!context) throw new Error('used outside of the health view');
  return context;
}
