import React from 'react';
import { useTheme2 } from '@grafana/ui';
import type { HistorySpan, ModelView, TimeSpan } from '../../model/types';
import { stateColor } from '../shared/palette';

const STRIP = 3;

/** Points of the traffic line, 0 at the bottom and the model's own maximum at the top; a gap starts a new line. */
function trafficPath(model: ModelView, range: TimeSpan, width: number, height: number): string {
  const { traffic } = model;
  if (!traffic) return '';
  const top = Math.max(...traffic.perSecond.map((value) => value ?? 0), 1e-9);
  let path = '';
  let pen = 'M';
  traffic.timesMs.forEach((timeMs, index) => {
    const value = traffic.perSecond[index];
    if (value === null || value === undefined) {
      pen = 'M';
      return;
    }
    const x = ((timeMs - range.fromMs) / (range.toMs - range.fromMs)) * width;
    const y = 1 + (height - 1) * (1 - value / top);
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  });
  return path;
}

function part(span: HistorySpan, range: TimeSpan, width: number): { x: number; width: number } {
  const scale = width / (range.toMs - range.fromMs);
  const x = Math.max(0, (span.fromMs - range.fromMs) * scale);
  return { x, width: Math.max(2, Math.min(width, (span.toMs - range.fromMs) * scale) - x) };
}

/** Requests per second over the range of the dashboard, with the state history as a strip beneath; healthy is not drawn. */
export function Sparkline({ model, range, width = 56 }: { model: ModelView; range: TimeSpan; width?: number }) {
  const theme = useTheme2();
  const height = 20;
  const path = trafficPath(model, range, width, height - 5);
  const troubles = model.history.filter(({ health }) => health !== 'healthy');
  if (!path && !troubles.length) return null;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" style={{ flex: 'none' }}>
      <path d={path} fill="none" stroke={theme.colors.text.secondary} strokeWidth={1} />
      <path d={`M0 ${height - 1.5}H${width}`} stroke={theme.colors.border.medium} strokeWidth={1} />
      {troubles.map((span) => (
        <rect
          key={span.fromMs}
          {...part(span, range, width)}
          y={height - STRIP}
          height={STRIP}
          fill={stateColor(theme, span.health)}
        />
      ))}
    </svg>
  );
}

/** State over the range as one strip, for the card. */
export function HistoryStrip({ model, range, width }: { model: ModelView; range: TimeSpan; width: number }) {
  const theme = useTheme2();
  const said = model.history.map(({ health }) => health).join(', then ');
  return (
    <svg width={width} height={8} viewBox={`0 0 ${width} 8`} role="img" aria-label={`History: ${said}`}>
      {model.history.map((span) => (
        <rect
          key={span.fromMs}
          {...part(span, range, width)}
          y={span.health === 'healthy' ? 2 : 1}
          height={6}
          fill={stateColor(theme, span.health)}
          opacity={span.health === 'healthy' ? 0.55 : 1}
        />
      ))}
    </svg>
  );
}
