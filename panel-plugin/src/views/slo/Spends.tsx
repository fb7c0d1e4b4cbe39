import React from 'react';
import { useStyles2 } from '@grafana/ui';
import type { Spend } from '../../model/slo/types';
import { windowText } from '../../model/slo/words';
import { spanText, type ClockText } from '../../model/words';
import { getStyles } from './styles';

const BAR = 88;

interface SpendsProps {
  readonly spends: readonly Spend[];
  readonly nowMs: number;
  readonly clock: ClockText;
  readonly window: string | undefined;
}

function whenText({ fromMs, toMs, isNow }: Spend, { nowMs, clock, window }: SpendsProps): string {
  if (fromMs === undefined || toMs === undefined) return windowText(window);
  if (isNow) return `since ${clock(fromMs)}, ${spanText(nowMs - fromMs)}`;
  return `${clock(fromMs)}, ${spanText(toMs - fromMs)}`;
}

/** What took the budget, in points of it: shares of 100. */
export function Spends(props: SpendsProps) {
  const styles = useStyles2(getStyles);
  const most = Math.max(...props.spends.map(({ share }) => share));
  return (
    <table className={styles.spends}>
      <thead>
        <tr>
          <th scope="col">What spent it</th>
          <th scope="col">points</th>
        </tr>
      </thead>
      <tbody>
        {props.spends.map((spend) => (
          <tr key={`${spend.title} ${spend.fromMs ?? ''}`}>
            <td>
              <b>{spend.title}</b>
              <span>{whenText(spend, props)}</span>
            </td>
            <td>
              {Math.round(spend.share * 100)}
              <svg width={BAR} height={8} aria-hidden="true">
                <rect
                  className={spend.isNow ? 'hot' : 'bar'}
                  width={Math.max(2, (spend.share / most) * BAR)}
                  height={8}
                />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
