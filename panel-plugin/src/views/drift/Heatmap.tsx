import React, { memo, useEffect, useRef } from 'react';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { cellAt, HEAD, type HeatmapLayout } from '../../layout/drift/heatmap';
import type { Cell } from '../../model/drift/history';
import { isOver, markOf } from '../../model/drift/subjects';
import type { History, Subject } from '../../model/drift/types';
import { importanceText, methodName, scoreOf, shortCount, verdictWord, windowText } from '../../model/drift/words';
import { shortSpanText, spanText } from '../../model/words';
import { wayTo } from '../shared/links';
import { MarkAt } from '../shared/Mark';
import { fieldPlaces } from '../shared/useRoving';
import { spokenCell } from './cellWords';
import { useDrift, type StopHandlers } from './context';
import { HeatmapCells, RowsStrip } from './HeatmapCells';
import { cellKey, placeOf, type HeatmapPlan } from './heatmapPlan';
import { getStyles } from './styles';

const DAY_MS = 86_400_000;

interface HeatmapProps extends StopHandlers {
  readonly id: string;
  readonly subjects: readonly Subject[];
  readonly history: History;
  readonly plan: HeatmapPlan;
}

/** Names, cells, scores: a grid of which only the cell under the keyboard is an element. */
export const Heatmap = memo(function Heatmap(props: HeatmapProps) {
  const { id, subjects, history, plan, activeKey, onHover, onLeave, onPick } = props;
  const styles = useStyles2(getStyles);
  const { layout } = plan;
  const field = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = field.current;
    if (!element) return undefined;
    const { cellWidth, rowHeight, columns } = layout;
    fieldPlaces.set(
      element,
      subjects.flatMap((subject, row) =>
        Array.from({ length: columns }, (_, column) => ({
          key: cellKey(subject, columns, column),
          x: (column + 0.5) * cellWidth,
          y: (row + 0.5) * rowHeight,
        }))
      )
    );
    return () => void fieldPlaces.delete(element);
  }, [subjects, layout]);

  const hit = (event: React.PointerEvent<HTMLElement> | React.MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = cellAt(layout, subjects.length, event.clientX - box.left, event.clientY - box.top);
    const subject = place && subjects[place.row];
    if (!place || !subject) return undefined;
    const { cellWidth, rowHeight } = layout;
    const rect = new DOMRect(
      box.left + place.column * cellWidth,
      box.top + place.row * rowHeight,
      cellWidth,
      rowHeight
    );
    return { key: cellKey(subject, layout.columns, place.column), rect };
  };
  const active = activeKey === undefined ? undefined : placeOf(activeKey, subjects, layout.columns);
  return (
    <div
      className={styles.scroll}
      role="grid"
      aria-labelledby={id}
      aria-rowcount={subjects.length + 1}
      aria-colcount={layout.columns + 1}
    >
      <Head subjects={subjects} history={history} plan={plan} />
      <div className={styles.rows} style={{ height: layout.rowsHeight }} role="rowgroup">
        {subjects.map((subject, row) => (
          <div
            key={subject.key}
            role="row"
            aria-rowindex={row + 2}
            className={styles.row}
            style={{ top: row * layout.rowHeight, height: layout.rowHeight, lineHeight: `${layout.rowHeight}px` }}
          >
            <Gutters subject={subject} subjects={subjects} plan={plan} />
            {active?.row === row && (
              <ActiveCell
                layout={layout}
                subject={subject}
                cell={plan.cells[row]?.[active.column]}
                column={active.column}
                cellKey={activeKey ?? ''}
              />
            )}
          </div>
        ))}
        <div
          ref={field}
          data-mw-field
          aria-hidden="true"
          style={{ position: 'absolute', left: layout.left, top: 0 }}
          onPointerMove={(event) => {
            const found = hit(event);
            if (found) onHover(found.key, found.rect);
            else onLeave();
          }}
          onPointerLeave={onLeave}
          onClick={(event) => {
            const found = hit(event);
            if (found) onPick(found.key, found.rect);
          }}
        >
          <HeatmapCells plan={plan} grey={subjects.every(({ verdict }) => verdict === 'stale')} />
        </div>
      </div>
      {layout.stripHeight > 0 && <Strip subjects={subjects} plan={plan} />}
    </div>
  );
});

function Head({ subjects, history, plan: { layout } }: Pick<HeatmapProps, 'subjects' | 'history' | 'plan'>) {
  const styles = useStyles2(getStyles);
  const { clock, date } = useDrift();
  const { left, plotWidth } = layout;
  const times = history.timesMs;
  // Windows of days are named by their date, shorter ones by the clock, too.
  const day = history.stepMs >= DAY_MS / 2 ? date : clock;
  const scoreRight = left + plotWidth + 58;
  return (
    <div className={styles.head} style={{ height: HEAD }} role="row" aria-rowindex={1}>
      <span role="columnheader" style={{ left: 0 }}>
        feature
      </span>
      {layout.showImportance && (
        <span aria-hidden="true" style={{ right: `calc(100% - ${left - 10}px)` }}>
          importance
        </span>
      )}
      <span
        role="columnheader"
        aria-label={`window, newest ${day(times[times.length - 1] ?? 0)}${layout.per > 1 ? `, each cell the highest of ${layout.per} windows` : ''}`}
        style={{ left }}
      >
        {day(times[0] ?? 0)}
      </span>
      {layout.per > 1 && (
        <span style={{ left, width: plotWidth, textAlign: 'center' }} aria-hidden="true">
          {`highest of ${layout.per} windows, ${spanText(layout.per * history.stepMs)}`}
        </span>
      )}
      <span aria-hidden="true" style={{ right: `calc(100% - ${left + plotWidth - 6}px)` }}>
        {day(times[times.length - 1] ?? 0)}
      </span>
      <span aria-hidden="true" style={{ right: `calc(100% - ${scoreRight}px)` }}>
        {subjects[0] && methodName(subjects[0].method)}
      </span>
      {layout.showSince && (
        <span aria-hidden="true" style={{ left: left + plotWidth + 76 }}>
          over since
        </span>
      )}
    </div>
  );
}

interface GuttersProps {
  readonly subject: Subject;
  readonly subjects: readonly Subject[];
  readonly plan: HeatmapPlan;
}

/** What stands left and right of the cells. */
const Gutters = memo(function Gutters({ subject, subjects, plan: { layout } }: GuttersProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { day, nowMs, linksOf } = useDrift();
  const { left, plotWidth, rowHeight } = layout;
  const over = isOver(subject);
  const calm = subject.verdict === 'ok';
  const most = Math.max(...subjects.map(({ importance }) => importance ?? 0)) || 1;
  const link = wayTo(linksOf(subject));
  const { importance, sinceMs } = subject;
  const said = `${methodName(subject.method)} ${scoreOf(subject)}, ${verdictWord(subject.verdict)}`;
  return (
    <>
      <span
        role="rowheader"
        title={subject.name}
        aria-label={`${subject.name}: ${said}${importance === undefined ? '' : `, ${importanceText(importance)} of the model`}`}
        className={`${styles.name} ${over ? styles.over : ''}`}
        style={{ left: 0, width: layout.showImportance ? left - 80 : left - 8 }}
      >
        {link ? (
          <a href={link.href} target={link.target} tabIndex={-1}>
            {subject.name}
          </a>
        ) : (
          subject.name
        )}
      </span>
      {layout.showImportance && importance !== undefined && (
        <span aria-hidden="true" style={{ left: left - 76, width: 66, textAlign: 'right' }}>
          <i
            style={{
              position: 'absolute',
              left: 0,
              top: rowHeight / 2 - 3,
              height: 6,
              width: (importance / most) * 30,
              background: theme.colors.text.secondary,
            }}
          />
          {importanceText(importance)}
        </span>
      )}
      {!calm && (
        <svg
          aria-hidden="true"
          width={12}
          height={rowHeight}
          style={{ left: left + plotWidth + 14, overflow: 'visible' }}
        >
          <MarkAt state={markOf(subject.verdict)} size={12} x={6} y={rowHeight / 2} />
        </svg>
      )}
      <span
        aria-hidden="true"
        className={over ? styles.over : undefined}
        style={{ left: left + plotWidth + 28, width: 30, textAlign: 'right' }}
      >
        {scoreOf(subject)}
      </span>
      {layout.showSince && over && sinceMs !== undefined && (
        <span aria-hidden="true" className={styles.plain} style={{ left: left + plotWidth + 76 }}>
          {day(sinceMs)}, {shortSpanText(nowMs - sinceMs)}
        </span>
      )}
    </>
  );
});

interface ActiveCellProps {
  readonly layout: HeatmapLayout;
  readonly cell: Cell | undefined;
  readonly subject: Subject;
  readonly column: number;
  readonly cellKey: string;
}

/** The cell that the keyboard is on. */
function ActiveCell({ layout, cell, subject, column, cellKey: key }: ActiveCellProps) {
  const styles = useStyles2(getStyles);
  const { clock } = useDrift();
  return (
    <button
      type="button"
      role="gridcell"
      aria-colindex={column + 2}
      data-mw-key={key}
      data-mw-stands-in
      tabIndex={0}
      className={`${styles.proxy} ${styles.through}`}
      aria-label={cell ? spokenCell(subject, cell, clock) : subject.name}
      style={{
        left: layout.left + column * layout.cellWidth,
        top: 0,
        width: layout.cellWidth,
        height: layout.rowHeight,
      }}
    />
  );
}

function Strip({ subjects, plan }: Pick<GuttersProps, 'subjects' | 'plan'>) {
  const styles = useStyles2(getStyles);
  const { layout, rows } = plan;
  const last = rows[rows.length - 1];
  return (
    <div className={styles.strip} style={{ height: layout.stripHeight }} aria-hidden="true">
      <span style={{ left: 0 }}>rows per {subjects[0] ? windowText(subjects[0].window) : 'window'}</span>
      <span style={{ right: `calc(100% - ${layout.left - 10}px)` }}>{last === undefined ? '' : shortCount(last)}</span>
      <div style={{ position: 'absolute', left: layout.left }}>
        <RowsStrip plan={plan} />
      </div>
    </div>
  );
}
