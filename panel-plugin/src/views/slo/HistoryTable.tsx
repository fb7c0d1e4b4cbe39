import React, { useMemo } from 'react';
import { useStyles2 } from '@grafana/ui';
import { eventTitle } from '../../model/slo/spends';
import type { Slo, SloEvent, SloHistory } from '../../model/slo/types';
import { burnText, leftText } from '../../model/slo/words';
import type { ClockText } from '../../model/words';
import { DataTable, Missing } from '../shared/DataTable';
import { getTableStyles } from '../shared/tableStyles';

interface HistoryRow {
  readonly timeMs: number;
  readonly left: number;
  readonly spent: number;
  readonly burn: number | undefined;
  readonly began: readonly SloEvent[];
}

/** The times of the budget, the latest first, each with what burned and what began since the time before. */
function rowsOf({ budget, burns, events }: SloHistory): HistoryRow[] {
  const hour = burns.find(({ window }) => window === '1h') ?? burns[0];
  const burnAt = new Map(hour?.points.map(({ timeMs, burn }) => [timeMs, burn]));
  const waiting = [...events].sort((a, b) => a.timeMs - b.timeMs);
  const rows = budget.map(({ timeMs, left, spent }) => {
    const later = waiting.findIndex((event) => event.timeMs > timeMs);
    const began = waiting.splice(0, later < 0 ? waiting.length : later);
    return { timeMs, left, spent, burn: burnAt.get(timeMs), began };
  });
  return rows.reverse();
}

/** Points of the budget, which are shares of 100: `18`, `0.4`. */
function pointsText(share: number): string {
  return (share * 100).toFixed(share >= 0.0995 ? 0 : 1);
}

const HEADS = ['Time', 'Budget left', 'Spent, points', 'Burn, 1 h', 'What began'];
const WORDS = ['Time', 'What began'];

/** Both charts of one objective in numbers. */
export function HistoryTable({ slo, history, clock }: { slo: Slo; history: SloHistory; clock: ClockText }) {
  const styles = useStyles2(getTableStyles);
  const rows = useMemo(() => rowsOf(history), [history]);
  return (
    <DataTable name={`Budget of ${slo.name} as a table`} heads={HEADS} words={WORDS}>
      {rows.map(({ timeMs, left, spent, burn, began }) => (
        <tr key={timeMs}>
          <th scope="row">{clock(timeMs)}</th>
          <td className={styles.numeric}>{leftText(left)}</td>
          <td className={styles.numeric}>{pointsText(spent)}</td>
          <td className={styles.numeric}>{burn === undefined ? <Missing /> : burnText(burn)}</td>
          <td>{began.map(eventTitle).join(', ')}</td>
        </tr>
      ))}
    </DataTable>
  );
}
