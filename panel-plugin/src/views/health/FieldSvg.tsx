import React from 'react';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { FieldLayout } from '../../layout/field';
import type { ModelGroup } from '../../model/types';
import { countText } from '../../model/words';
import { MarkAt } from '../shared/Mark';
import { neutralGrey, stateColor } from '../shared/palette';
import { getStyles } from './styles';

/** Cut at the end; twelve pixels a letter is never reached by this font at this size, seven is its mean. */
export function fitTitle(title: string, width: number): string {
  const letters = Math.max(3, Math.floor((width - 36) / 7));
  return title.length > letters ? `${title.slice(0, letters - 1)}…` : title;
}

/** The field as elements, for fleets that are small enough. */
export function FieldSvg({ layout, groups }: { layout: FieldLayout; groups: readonly ModelGroup[] }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const grey = neutralGrey(theme);
  const blue = stateColor(theme, 'healthy');
  return (
    <svg width={layout.width} height={layout.height} aria-hidden="true" style={{ display: 'block' }}>
      {layout.heads.map(({ block, x, y, width }) => (
        <g key={block}>
          <text className={styles.fieldHead} x={x} y={y + 13}>
            {fitTitle(groups[block]?.title ?? '', width)}
          </text>
          <text className={styles.fieldCount} x={x + width} y={y + 13} textAnchor="end">
            {countText(groups[block]?.models.length ?? 0)}
          </text>
          <path d={`M${x} ${y + 18.5}H${x + width}`} stroke={theme.colors.border.weak} />
        </g>
      ))}
      {layout.marks.map(({ block, index, x, y, state, big }) => {
        const key = `${block} ${index}`;
        if (big) return <MarkAt key={key} state={state} size={16} x={x} y={y} />;
        if (state === 'healthy') return <circle key={key} cx={x} cy={y} r={2.5} fill={blue} opacity={0.85} />;
        return <circle key={key} cx={x} cy={y} r={3} fill="none" stroke={grey} strokeWidth={1.3} />;
      })}
      {layout.bars.map(({ block, x, y, width }) => (
        <rect key={block} x={x} y={y} width={width} height={5} fill={blue} opacity={0.85} />
      ))}
    </svg>
  );
}
