import React, { useEffect, useRef } from 'react';
import { useStyles2 } from '@grafana/ui';
import { nearestTime, type ChartBox, type TimeScale } from '../../layout/accuracy/chart';
import { fieldPlaces } from '../shared/useRoving';
import type { PartStops } from './context';
import { timeStop } from './keys';
import { getStyles } from './styles';

interface TimeFieldProps extends PartStops {
  readonly part: 'history' | 'predicted-actual';
  readonly timesMs: readonly number[];
  readonly box: ChartBox;
  readonly scale: TimeScale;
  /** Of several charts over the same times one is walked over. */
  readonly isWalked?: boolean;
  /** What a time says, in one sentence. */
  readonly nameOf: (index: number) => string;
}

/** Every time of a chart as a place for pointer and arrow keys; only the one under the keyboard is an element. */
export function TimeField({ part, timesMs, box, scale, nameOf, isWalked = true, ...stops }: TimeFieldProps) {
  const { activeKey, openKey, onHover, onLeave, onPick } = stops;
  const styles = useStyles2(getStyles);
  const field = useRef<HTMLDivElement>(null);
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const left = (index: number) => scale.x(timesMs[index] ?? 0) - box.left;
  useEffect(() => {
    const element = field.current;
    if (!element || !isWalked) return undefined;
    fieldPlaces.set(
      element,
      timesMs.map((ms, index) => ({
        key: timeStop(part, index, timesMs.length),
        x: scale.x(ms) - box.left,
        y: (box.bottom - box.top) / 2,
      }))
    );
    return () => void fieldPlaces.delete(element);
  }, [part, timesMs, scale, box, isWalked]);
  const hit = (event: React.PointerEvent<HTMLElement> | React.MouseEvent<HTMLElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const index = nearestTime(timesMs, scale.x, event.clientX - bounds.left + box.left);
    if (index === undefined) return undefined;
    const rect = new DOMRect(bounds.left + left(index) - 4, bounds.top, 8, bounds.height);
    return { key: timeStop(part, index, timesMs.length), rect };
  };
  const indexOf = (key: string | undefined) => {
    const [of, back] = key?.split('\u0001') ?? [];
    const index = of === part ? timesMs.length - 1 - Number(back) : -1;
    return index >= 0 && index < timesMs.length ? index : undefined;
  };
  const [active, open] = [indexOf(activeKey), indexOf(openKey)];
  return (
    <div style={{ position: 'absolute', left: box.left, top: box.top, width, height }}>
      <div
        ref={field}
        data-mw-field
        aria-hidden="true"
        style={{ position: 'absolute', inset: 0 }}
        onPointerMove={(event) => {
          const found = hit(event);
          if (found) onHover(found.key, found.rect);
        }}
        onPointerLeave={onLeave}
        onClick={(event) => {
          const found = hit(event);
          if (found) onPick(found.key, found.rect);
        }}
      />
      {open !== undefined && (
        <svg
          width={width}
          height={height}
          className={`${styles.svg} ${styles.lines} ${styles.through}`}
          aria-hidden="true"
        >
          <path className="guide" d={`M${left(open).toFixed(1)} 0V${height}`} />
        </svg>
      )}
      {isWalked && active !== undefined && (
        <button
          type="button"
          data-mw-key={activeKey}
          data-mw-stands-in
          tabIndex={0}
          className={`${styles.proxy} ${styles.through}`}
          aria-label={nameOf(active)}
          style={{ left: left(active) - 5, top: 0, width: 10, height }}
        />
      )}
    </div>
  );
}
