import React from 'react';
import { useTheme2 } from '@grafana/ui';

/** Diagonal lines: something was counted, too few for a score. */
export function Hatch({ id }: { id: string }) {
  const theme = useTheme2();
  return (
    <defs>
      <pattern id={id} width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0V5" stroke={theme.colors.border.strong} strokeWidth={1.2} />
      </pattern>
    </defs>
  );
}
