import React, { memo } from 'react';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { layOutMatrix, shareStep, type MatrixLayout } from '../../layout/accuracy/matrix';
import { PAIRS_TO_TELL } from '../../model/accuracy/say';
import { percentText } from '../../model/words';
import type { Confusion } from '../../model/accuracy/types';
import { countText } from '../../model/words';
import { driftSteps, neutralGrey } from '../shared/palette';
import { cellStop } from './keys';
import { getStyles } from './styles';

/** The column of pairs. */
const COUNT = 56;

interface ConfusionProps {
  readonly confusion: Confusion;
  readonly width: number;
  readonly height: number;
  /** Set with too few pairs in all: then nothing is filled. */
  readonly hollow: boolean;
  readonly activeKey: string | undefined;
}

/** Share of the pairs of an actual class; undefined where there are none. */
export function shareOf({ pairs, actuals }: Confusion, actual: number, predicted: number): number | undefined {
  const [count, of] = [pairs[actual]?.[predicted], actuals[actual] ?? 0];
  return count === undefined || of === 0 ? undefined : count / of;
}

/** Rows are what came true, columns what was predicted; a cell is its share of the row. A table, to eyes and to a screen reader. */
export const ConfusionPart = memo(function ConfusionPart({
  confusion,
  width,
  height,
  hollow,
  activeKey,
}: ConfusionProps) {
  const styles = useStyles2(getStyles);
  const { classes, actuals } = confusion;
  const longest = Math.max(...classes.map((name) => name.length));
  const layout = layOutMatrix(width, height, classes.length, longest);
  return (
    <table
      className={styles.matrix}
      style={{ width: layout.label + classes.length * (layout.cellWidth + 1) + COUNT }}
      aria-label="Confusion matrix, share of each actual class"
    >
      <colgroup>
        <col style={{ width: layout.label }} />
        {classes.map((name) => (
          <col key={name} style={{ width: layout.cellWidth }} />
        ))}
        <col style={{ width: COUNT }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" style={{ textAlign: 'right', paddingRight: 8 }}>
            actual
          </th>
          {classes.map((name) => (
            <th key={name} scope="col" title={`predicted ${name}`}>
              {name}
            </th>
          ))}
          <th scope="col">pairs</th>
        </tr>
      </thead>
      <tbody>
        {classes.map((name, actual) => (
          <tr key={name}>
            <th scope="row" title={name}>
              {name}
            </th>
            {classes.map((other, predicted) => (
              <td key={other}>
                <CellButton
                  confusion={confusion}
                  actual={actual}
                  predicted={predicted}
                  layout={layout}
                  hollow={hollow || (actuals[actual] ?? 0) < PAIRS_TO_TELL}
                  isActive={activeKey === cellStop(name, other)}
                />
              </td>
            ))}
            <td>{countText(actuals[actual] ?? 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
});

interface CellProps {
  readonly confusion: Confusion;
  readonly actual: number;
  readonly predicted: number;
  readonly layout: MatrixLayout;
  readonly hollow: boolean;
  readonly isActive: boolean;
}

/** In a dense matrix the percent sign stands in the title alone. */
function shareText(share: number, isDense: boolean): string {
  if (!isDense) return percentText(share);
  const percent = Math.round(share * 100);
  if (share > 0 && percent === 0) return '<1';
  return share < 1 && percent === 100 ? '>99' : `${percent}`;
}

function CellButton({ confusion, actual, predicted, layout, hollow, isActive }: CellProps) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const { classes, pairs } = confusion;
  const share = shareOf(confusion, actual, predicted);
  const right = actual === predicted ? `1px solid ${theme.colors.text.secondary}` : undefined;
  const step = share === undefined || hollow ? undefined : shareStep(share);
  return (
    <button
      type="button"
      data-mw-key={cellStop(classes[actual] ?? '', classes[predicted] ?? '')}
      data-few={hollow || undefined}
      tabIndex={isActive ? 0 : -1}
      style={{
        height: layout.cellHeight,
        background: step === undefined ? undefined : driftSteps(theme)[step],
        border: hollow ? `1px dashed ${neutralGrey(theme)}` : right,
      }}
    >
      <span className={styles.hidden}>
        {classes[actual]} predicted as {classes[predicted]}
        {actual === predicted ? ', right' : ''}:{' '}
      </span>
      <CellText
        share={share}
        pairs={pairs[actual]?.[predicted] ?? 0}
        of={confusion.actuals[actual] ?? 0}
        layout={layout}
      />
    </button>
  );
}

interface CellTextProps {
  readonly share: number | undefined;
  readonly pairs: number;
  readonly of: number;
  readonly layout: MatrixLayout;
}

/** What is seen, and between it what only a screen reader needs, so that both say the same. */
function CellText({ share, pairs, of, layout: { isDense, hasCounts } }: CellTextProps) {
  const styles = useStyles2(getStyles);
  if (share === undefined) return <span>–</span>;
  const faint = share < (isDense ? 0.005 : 1e-9);
  return (
    <>
      <span className={faint ? styles.faint : undefined}>
        {shareText(share, isDense || share === 0)}
        <span className={styles.hidden}>{isDense || share === 0 ? ' %' : ''}, </span>
      </span>
      <small className={hasCounts && share > 0 ? undefined : styles.hidden}>{countText(pairs)}</small>
      <span className={styles.hidden}> of {countText(of)} pairs</span>
    </>
  );
}
