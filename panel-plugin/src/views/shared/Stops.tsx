import React from 'react';
import { useStyles2 } from '@grafana/ui';
import type { Rect } from '../../layout/neighbour';
import { getChartStyles } from './chartStyles';

export interface ChartStop {
  readonly key: string;
  readonly name: string;
  readonly rect: Rect;
}

/** What of a drawing one can point at or walk to: buttons over it, since the drawing itself is one image. */
export function Stops({ stops, activeKey, of }: { stops: readonly ChartStop[]; activeKey?: string; of: string }) {
  const styles = useStyles2(getChartStyles);
  return (
    <ul aria-label={of} style={{ position: 'absolute', left: 0, top: 0, margin: 0 }}>
      {stops.map(({ key, name, rect }) => (
        <li key={key}>
          <button
            type="button"
            data-mw-key={key}
            tabIndex={activeKey === key ? 0 : -1}
            className={styles.proxy}
            aria-label={name}
            style={rect}
          />
        </li>
      ))}
    </ul>
  );
}
