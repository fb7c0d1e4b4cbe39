import type { Cell } from '../../model/drift/history';
import type { Subject } from '../../model/drift/types';
import { methodName, rowsText, scoreText, windowText } from '../../model/drift/words';
import type { ClockText } from '../../model/words';

/** What a cell says in one word: its limit, or why it has no score. */
export function cellWord({ kind, score }: Cell, { warning, critical }: Subject): string {
  if (kind === 'few') return 'too few rows';
  if (kind === 'none' || score === undefined) return 'not evaluated';
  if (critical !== undefined && score >= critical) return 'drifted';
  return warning !== undefined && score >= warning ? 'shifting' : 'not drifted';
}

/** `24 h to 15 Nov 03:00`. */
export function cellWindow({ endMs }: Cell, { window }: Subject, clock: ClockText): string {
  return `${windowText(window)} to ${clock(endMs)}`;
}

/** `18,117, needed 360`; what was needed then is taken from now, as no history of it is kept. */
export function rowsAndGate(rows: number | undefined, needed: number | undefined): string {
  const counted = rows === undefined ? 'unknown' : rowsText(rows);
  return needed === undefined ? counted : `${counted}, gate ${rowsText(needed)}`;
}

/** A cell as one sentence. */
export function spokenCell(subject: Subject, cell: Cell, clock: ClockText): string {
  const score =
    cell.score === undefined ? '' : `${methodName(subject.method)} ${scoreText(subject.method, cell.score)}, `;
  const rows = cell.rows === undefined ? '' : `, ${rowsText(cell.rows)} rows`;
  return `${subject.name}, ${cellWindow(cell, subject, clock)}: ${score}${cellWord(cell, subject)}${rows}`;
}
