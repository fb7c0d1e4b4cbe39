import React, { memo, type RefObject } from 'react';
import { useStyles2 } from '@grafana/ui';
import { columnsOf, visibleRows, type Columns } from '../../layout/slo/table';
import { goneWords, reasonWords, type Saying } from '../../model/slo/say';
import type { Slo } from '../../model/slo/types';
import {
  attainedText,
  burnText,
  leftText,
  promiseText,
  stateWord,
  targetText,
  windowText,
} from '../../model/slo/words';
import { Missing } from '../shared/DataTable';
import { Mark } from '../shared/Mark';
import { BudgetBar, BurnStrip, StripScale } from './Marks';
import { getStyles } from './styles';

const BAR = 150;
const NARROW_BAR = 66;
/** Below this heads, bars and times are short, so that no number is cut. */
const SHORT_BELOW = 760;

export interface SloTableProps {
  readonly slos: readonly Slo[];
  readonly width: number;
  readonly height: number;
  readonly saying: Saying;
  /** Of the pattern for what is unknown. */
  readonly hatchId: string;
  readonly labelledBy: string;
  readonly activeIndex: number;
  readonly scroll: RefObject<HTMLDivElement | null>;
  readonly scrollTop: number;
  readonly onScroll: () => void;
}

/** One window for all is said in the head, each its own where they differ. */
function commonWindow(slos: readonly Slo[]): string | undefined {
  const windows = new Set(slos.map(({ window }) => window));
  return windows.size === 1 ? [...windows][0] : undefined;
}

function nameCounts(slos: readonly Slo[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { namespace, name } of slos)
    counts.set(`${namespace}/${name}`, (counts.get(`${namespace}/${name}`) ?? 0) + 1);
  return counts;
}

/** A real table of which the rows in sight are drawn: a thousand objectives cost as much as a screen of them. */
export function SloTable(props: SloTableProps) {
  const { slos, width, height, saying, hatchId, labelledBy, activeIndex, scroll, scrollTop, onScroll } = props;
  const styles = useStyles2(getStyles);
  const columns = columnsOf(width);
  const window = commonWindow(slos);
  const counts = React.useMemo(() => nameCounts(slos), [slos]);
  const { from, to, above, below } = visibleRows(slos.length, scrollTop, height);
  const shown = slos.slice(from, to);
  const span = 5 + Object.values(columns).filter(Boolean).length;
  // The tab stop is always there, also where it is scrolled out of sight.
  const stop = activeIndex >= from && activeIndex < to ? activeIndex : from;
  return (
    <div ref={scroll as RefObject<HTMLDivElement>} className={styles.scroll} onScroll={onScroll}>
      <table className={styles.table} aria-labelledby={labelledBy} aria-rowcount={slos.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">Model</th>
            {columns.objective && <th scope="col">Objective{window ? `, ${windowText(window)}` : ''}</th>}
            {columns.attained && (
              <th scope="col" className={styles.numeric}>
                Attained
              </th>
            )}
            <th scope="col" colSpan={2}>
              Budget left
            </th>
            <th scope="col" className={styles.numeric}>
              {width < SHORT_BELOW ? 'Burn' : 'Burn, 1 h'}
            </th>
            {columns.strip && (
              <th scope="col" aria-label="Burn beside its alerts">
                <StripScale slos={slos} />
              </th>
            )}
            <th scope="col" className={styles.numeric}>
              {width < SHORT_BELOW ? 'Gone in' : 'Budget gone in'}
            </th>
            {columns.reason && <th scope="col">What spends it</th>}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Spacer height={above} span={span} />}
          {shown.map((slo, index) => (
            <Row
              key={slo.key}
              slo={slo}
              index={from + index}
              columns={columns}
              saying={saying}
              hatchId={hatchId}
              bar={width < SHORT_BELOW ? NARROW_BAR : BAR}
              hasWindow={!window}
              hasSlo={(counts.get(`${slo.namespace}/${slo.name}`) ?? 0) > 1 && !columns.objective}
              isActive={from + index === stop}
            />
          ))}
          {below > 0 && <Spacer height={below} span={span} />}
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden="true" style={{ height }}>
      <td colSpan={span} />
    </tr>
  );
}

interface RowProps {
  readonly slo: Slo;
  readonly index: number;
  readonly columns: Columns;
  readonly saying: Saying;
  readonly hatchId: string;
  readonly bar: number;
  readonly hasWindow: boolean;
  readonly hasSlo: boolean;
  readonly isActive: boolean;
}

const Row = memo(function Row(props: RowProps) {
  const { slo, index, columns, saying, isActive } = props;
  const styles = useStyles2(getStyles);
  return (
    <tr data-mw-key={slo.key} data-mark={slo.mark} tabIndex={isActive ? 0 : -1} aria-rowindex={index + 2}>
      <NameCell {...props} />
      <PromiseCells {...props} />
      <BudgetCells {...props} />
      <BurnCells {...props} />
      {columns.reason && (
        <td className={styles.reason} title={reasonWords(slo, saying)}>
          <Badge slo={slo} />
          {reasonWords(slo, saying)}
        </td>
      )}
    </tr>
  );
});

const LOUD: readonly Slo['mark'][] = ['failed', 'degraded', 'stale', 'unknown'];

function NameCell({ slo, hasSlo, columns }: RowProps) {
  const styles = useStyles2(getStyles);
  const { mark, name, namespace } = slo;
  const room = columns.strip ? undefined : { maxWidth: 118 };
  return (
    <th scope="row">
      <span className={styles.name}>
        <Mark state={mark} />
        <b className={LOUD.includes(mark) ? styles.loud : undefined} style={room} title={`${namespace}/${name}`}>
          {name}
        </b>
        <span className={styles.tiny}>{hasSlo ? `${slo.slo}, ${stateWord(slo)}` : stateWord(slo)}</span>
      </span>
    </th>
  );
}

function PromiseCells({ slo, columns, hasWindow }: RowProps) {
  const styles = useStyles2(getStyles);
  const { objective, attained } = slo;
  return (
    <>
      {columns.objective && (
        <td>
          {objective === undefined ? <Missing /> : targetText(objective)}{' '}
          <span className={styles.quiet}>
            {promiseText(slo)}
            {hasWindow && `, ${windowText(slo.window)}`}
          </span>
        </td>
      )}
      {columns.attained && (
        <td className={styles.numeric}>
          {attained === undefined || objective === undefined ? (
            <span className={styles.quiet}>unknown</span>
          ) : (
            attainedText(attained, objective)
          )}
        </td>
      )}
    </>
  );
}

function BudgetCells({ slo, columns, bar, hatchId }: RowProps) {
  const styles = useStyles2(getStyles);
  const { budgetLeft } = slo;
  // A word for what is missing stands once in a row: here, where there is no column for what is attained.
  const missing = columns.attained ? '' : <Unknown />;
  return (
    <>
      <td style={{ width: bar + 4, paddingRight: 4 }}>
        <BudgetBar slo={slo} width={bar} id={hatchId} />
      </td>
      <td className={styles.numeric} style={{ width: 44 }}>
        {budgetLeft === undefined ? missing : leftText(budgetLeft)}
      </td>
    </>
  );
}

function BurnCells({ slo, columns, saying }: RowProps) {
  const styles = useStyles2(getStyles);
  const { burn, mark } = slo;
  const whole = goneWords(slo, saying);
  const gone = columns.strip ? whole : whole?.replace(/ .*ago$/, '');
  const isGoing = gone !== undefined && gone !== 'lasts';
  return (
    <>
      <td className={styles.numeric}>{burn === undefined || mark === 'idle' ? <Unknown /> : burnText(burn)}</td>
      {columns.strip && (
        <td style={{ width: 144 }}>
          <BurnStrip slo={slo} />
        </td>
      )}
      <td className={styles.numeric}>
        {gone === undefined ? <Unknown /> : <span className={isGoing ? styles.loud : styles.quiet}>{gone}</span>}
      </td>
    </>
  );
}

function Unknown() {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.quiet}>
      <Missing />
    </span>
  );
}

/** Which alert holds: by its words, not by a colour. */
export function Badge({ slo, after = '' }: { slo: Slo; after?: string }) {
  const styles = useStyles2(getStyles);
  const severity = slo.verdict === 'page' || slo.verdict === 'ticket' ? slo.verdict : slo.alert?.severity;
  if (!severity || slo.verdict === 'stale') return null;
  return (
    <span className={severity === 'page' ? styles.badge : `${styles.badge} ${styles.ticket}`}>{severity + after}</span>
  );
}
