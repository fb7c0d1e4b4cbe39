import React, { useId } from 'react';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { Subject } from '../../model/drift/types';
import { limitText, methodName } from '../../model/drift/words';
import { Hatch } from '../shared/Hatch';
import { Mark } from '../shared/Mark';
import { driftSteps } from '../shared/palette';
import { getStyles } from './styles';

/** What the cells mean. Features with limits of their own make it say the words instead of the numbers. */
export function ScaleKey({ subjects }: { subjects: readonly Subject[] }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const hatch = useId();
  const [first] = subjects;
  if (!first) return null;
  const same = subjects.every(({ warning, critical }) => warning === first.warning && critical === first.critical);
  const { warning, critical, method } = first;
  const [low, middle, high] =
    same && warning !== undefined && critical !== undefined
      ? [
          `0 to ${limitText(warning)}`,
          `from ${limitText(warning)}`,
          `from ${limitText(critical)} ${methodName(method)}`,
        ]
      : ['below warning', 'from warning', 'from critical'];
  return (
    <ul className={styles.key} aria-label="Scale">
      <li>
        <span style={{ display: 'flex' }}>
          {driftSteps(theme).map((background) => (
            <i key={background} style={{ width: 11, height: 11, background }} />
          ))}
        </span>
        {low}
      </li>
      <li>
        <Mark state="degraded" size={13} />
        {middle}
      </li>
      <li>
        <Mark state="failed" size={13} />
        {high}
      </li>
      <li>
        <svg width={13} height={13} aria-hidden="true">
          <Hatch id={hatch} />
          <rect width={13} height={13} fill={`url(#${hatch})`} />
        </svg>
        too few rows
      </li>
      <li>
        <svg width={13} height={13} aria-hidden="true">
          <circle cx={6.5} cy={6.5} r={2.5} fill="none" stroke={theme.colors.text.secondary} />
        </svg>
        not evaluated
      </li>
    </ul>
  );
}
