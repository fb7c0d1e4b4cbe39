import React from 'react';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { percentText } from '../../model/words';
import type { PairAges } from '../../model/accuracy/types';
import { ageText } from '../../model/accuracy/words';
import { countText } from '../../model/words';
import { ageStop } from './keys';
import { getStyles } from './styles';

const ROW = 22;
const LABEL = 74;
const VALUE = 62;

interface AgesProps {
  readonly ages: PairAges;
  readonly width: number;
  readonly activeKey: string | undefined;
}

/** How old predictions were when their actual came. */
export function AgesPart({ ages: { ages, pairs }, width, activeKey }: AgesProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const room = Math.max(20, width - LABEL - VALUE);
  return (
    <ul aria-label="Age of predictions when their actual came" className={styles.agesList}>
      {ages.map((one) => {
        const share = pairs > 0 ? one.pairs / pairs : 0;
        const stop = ageStop(one.age);
        const name = ageText(one.age);
        return (
          <li key={one.age} style={{ height: ROW }}>
            <button type="button" data-mw-key={stop} tabIndex={activeKey === stop ? 0 : -1} className={styles.ageRow}>
              <span>{name}</span>
              <svg width={room} height={10} aria-hidden="true">
                <rect width={Math.max(share > 0 ? 1 : 0, room * share)} height={10} fill={theme.colors.border.strong} />
              </svg>
              <span>
                {percentText(share)}
                <span className={styles.hidden}>, {countText(one.pairs)} pairs</span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
