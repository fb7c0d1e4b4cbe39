import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { HEALTH_MEANINGS, HEALTH_STATES, type HealthState } from '@modelwatch/contract';
import { countText } from '../../model/words';
import { Mark } from '../shared/Mark';
import { getStyles } from './styles';

interface LegendProps {
  readonly counts: Readonly<Record<HealthState, number>>;
  readonly chosen: ReadonlySet<HealthState>;
  /** False in narrow panels: the words go, the accessible names stay. */
  readonly words: boolean;
  readonly onToggle: (state: HealthState) => void;
}

/** How many models are in each state; an entry is a button that shows these models alone. */
export function Legend({ counts, chosen, words, onToggle }: LegendProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.legend} role="group" aria-label="Models by state">
      {HEALTH_STATES.filter((state) => counts[state] > 0).map((state) => (
        <button
          key={state}
          type="button"
          className={styles.legendItem}
          aria-pressed={chosen.has(state)}
          title={`${state}: ${HEALTH_MEANINGS[state]}`}
          onClick={() => onToggle(state)}
        >
          <Mark state={state} size={14} />
          <b>{countText(counts[state])}</b> <span className={words ? undefined : styles.hidden}>{state}</span>
        </button>
      ))}
    </div>
  );
}
