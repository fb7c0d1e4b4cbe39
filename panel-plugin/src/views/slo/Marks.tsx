import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { budgetBar, burnX } from '../../layout/slo/table';
import type { Slo } from '../../model/slo/types';
import { Hatch } from '../shared/Hatch';
import { MarkAt } from '../shared/Mark';
import { getStyles } from './styles';

const HEIGHT = 18;

/** What is left of the budget; without a verdict a hatched track that has no length to read. The number stands beside it. */
export function BudgetBar({ slo, width, id }: { slo: Slo; width: number; id: string }) {
  const styles = useStyles2(getStyles);
  const { budgetLeft, mark } = slo;
  const y = HEIGHT / 2 - 4;
  const { zero, from, width: length, isOver } = budgetBar(budgetLeft ?? 0, width);
  if (budgetLeft === undefined) {
    return (
      <svg className={styles.drawing} width={width} height={HEIGHT} aria-hidden="true" data-unknown="">
        <rect x={zero} y={y} width={width - zero} height={8} fill={`url(#${id})`} />
        <rect className="unknown" x={zero + 0.5} y={y + 0.5} width={width - zero - 1} height={7} />
      </svg>
    );
  }
  return (
    <svg className={styles.drawing} width={width} height={HEIGHT} aria-hidden="true">
      <rect className="track" x={zero} y={y} width={width - zero} height={8} />
      <rect
        className={isOver ? 'over' : mark === 'idle' ? 'left dim' : 'left'}
        x={from}
        y={y}
        width={length}
        height={8}
      />
      {isOver && <rect x={from} y={y} width={length} height={8} fill={`url(#${id})`} />}
      <path className="zero" d={`M${zero} ${y - 4}V${y + 12}`} />
    </svg>
  );
}

export const STRIP = 132;
const BURNS = [1, 6, 14.4] as const;

/** Where the alerts of an objective page; those of a month where it does not say. */
function linesOf({ pageFrom, pageTo }: Slo): readonly number[] {
  return [1, ...(pageFrom === undefined ? [] : [pageFrom]), ...(pageTo === undefined ? [] : [pageTo])];
}

/** The burn rate of the last hour on a logarithmic strip, with ticks at 1 and where it pages. */
export function BurnStrip({ slo }: { slo: Slo }) {
  const styles = useStyles2(getStyles);
  const middle = HEIGHT / 2;
  return (
    <svg className={styles.drawing} width={STRIP} height={HEIGHT} aria-hidden="true">
      <path className="strip" d={`M0 ${middle}H${STRIP}`} />
      {linesOf(slo).map((line, index) => {
        const half = index ? 4 : 6;
        const x = burnX(line, STRIP);
        return <path key={index} className={index ? 'tick' : 'one'} d={`M${x} ${middle - half}V${middle + half}`} />;
      })}
      {slo.burn !== undefined && slo.mark !== 'idle' && (
        <MarkAt state={slo.mark} size={12} x={burnX(slo.burn, STRIP)} y={middle} />
      )}
    </svg>
  );
}

/** Above the strips: what their ticks mean, by the objective that pages at most. */
export function StripScale({ slos }: { slos: readonly Slo[] }) {
  const styles = useStyles2(getStyles);
  const first = slos.find(({ pageTo }) => pageTo !== undefined);
  const [one, from, to] = first ? [1, first.pageFrom ?? first.pageTo ?? BURNS[1], first.pageTo ?? BURNS[2]] : BURNS;
  const text = (burn: number) => String(Number(burn.toFixed(1)));
  return (
    <svg className={styles.drawing} width={STRIP} height={16} aria-hidden="true">
      <text x={burnX(one, STRIP)} y={12} textAnchor="middle">
        1×
      </text>
      {from !== to && (
        <text x={burnX(from, STRIP) - 3} y={12} textAnchor="middle">
          {text(from)}
        </text>
      )}
      <text x={burnX(to, STRIP) + 6} y={12} textAnchor="middle">
        {text(to)}
      </text>
    </svg>
  );
}

export function HatchDefs({ id }: { id: string }) {
  return (
    <svg width={0} height={0} style={{ position: 'absolute' }} aria-hidden="true">
      <Hatch id={id} />
    </svg>
  );
}
