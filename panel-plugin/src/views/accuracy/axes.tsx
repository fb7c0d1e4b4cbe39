import React from 'react';
import type { ChartBox, TimeScale, ValueScale } from '../../layout/accuracy/chart';
import { useAccuracy } from './context';

const DAY_MS = 86_400_000;

interface ValueAxisProps {
  readonly box: ChartBox;
  readonly scale: ValueScale;
  readonly text: (value: number) => string;
}

export function ValueAxis({ box: { left, right, top, bottom }, scale, text }: ValueAxisProps) {
  const inside = scale.ticks.filter((tick) => scale.y(tick) >= top - 1 && scale.y(tick) <= bottom + 1);
  return (
    <>
      {inside.map((tick) => (
        <g key={tick}>
          <path className="grid" d={`M${left} ${scale.y(tick).toFixed(1)}H${right}`} />
          <text x={left - 8} y={scale.y(tick) + 4} textAnchor="end">
            {text(tick)}
          </text>
        </g>
      ))}
    </>
  );
}

/** @param y baseline of the words */
export function TimeAxis({ box, scale, y }: { box: ChartBox; scale: TimeScale; y: number }) {
  const { clock, date } = useAccuracy();
  const text = scale.stepMs >= DAY_MS ? date : clock;
  return (
    <>
      {scale.ticks.map((ms) => {
        const x = scale.x(ms);
        // A word at the very end would be cut.
        if (x < box.left || x > box.right - 12) return null;
        return (
          <text key={ms} x={x} y={y} textAnchor={x < box.left + 36 ? 'start' : 'middle'}>
            {text(ms)}
          </text>
        );
      })}
    </>
  );
}
