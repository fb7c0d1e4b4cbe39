import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { detectorsHeight } from '../../layout/drift/detectors';
import {
  detectorMark,
  detectorScoreText,
  detectorWord,
  figureText,
  pValueText,
  resultText,
  sourceText,
  spokenDetector,
  watchedText,
} from '../../model/drift/detectors';
import type { Detector } from '../../model/drift/types';
import { countText } from '../../model/words';
import { DataTable, Missing } from '../shared/DataTable';
import { Mark } from '../shared/Mark';
import { useDrift } from './context';
import { getStyles } from './styles';

/** Below this width a line has room for what it is of, and what the detector says. */
const WHOLE_FROM = 620;

function ofModels(detectors: readonly Detector[]): boolean {
  return new Set(detectors.map(({ cluster, namespace, model }) => [cluster, namespace, model].join('\u0000'))).size > 1;
}

interface DetectorLinesProps {
  readonly detectors: readonly Detector[];
  /** As many as there is room for. */
  readonly rows: number;
  readonly width: number;
  /** Where something is drawn above, they stand at the foot. */
  readonly atFoot: boolean;
}

/** What detectors of others say, worst first, each marked with whose it is: beside our scores, and no part of them. */
export function DetectorLines({ detectors, rows, width, atFoot }: DetectorLinesProps) {
  const styles = useStyles2(getStyles);
  const { clock } = useDrift();
  const withModel = ofModels(detectors);
  const left = detectors.length - rows;
  return (
    <div className={styles.detectors} style={{ height: detectorsHeight(rows), marginTop: atFoot ? 'auto' : 0 }}>
      <h4>
        Detectors of others
        {left > 0 && <span className={styles.faint}>{`, + ${countText(left)} more`}</span>}
      </h4>
      <ul aria-label="Detectors of others">
        {detectors.slice(0, rows).map((detector) => {
          const { key, verdict } = detector;
          const faint = verdict === 'warning' ? undefined : styles.faint;
          return (
            <li key={key} title={spokenDetector(detector, withModel, { clock })}>
              <Mark state={detectorMark(detector)} size={13} />
              <span className={verdict === 'warning' ? styles.over : undefined}>
                {watchedText(detector, withModel)}
              </span>
              <span className={faint}>{detectorWord(detector)}</span>
              <span className={styles.faint}>
                {detector.detector}, {sourceText(detector)}
              </span>
              {width >= WHOLE_FROM && <span className={faint}>{figureText(detector)}</span>}
              {width >= WHOLE_FROM && <span className={styles.faint}>{resultText(detector, { clock })}</span>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const HEADS = ['Watched', 'Says', 'Detector', 'Source', 'p-value', 'Score', 'Last result'];

/** All of them, with both numbers of each. */
export function DetectorsTable({ detectors }: { detectors: readonly Detector[] }) {
  const { clock } = useDrift();
  const withModel = ofModels(detectors);
  return (
    <DataTable name="Detectors of others as a table" heads={HEADS} words={HEADS}>
      {detectors.map((detector) => (
        <tr key={detector.key}>
          <th scope="row">{watchedText(detector, withModel)}</th>
          <td>
            <span style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
              <Mark state={detectorMark(detector)} size={14} />
              {detectorWord(detector)}
            </span>
          </td>
          <td>{detector.detector}</td>
          <td>{sourceText(detector)}</td>
          <td>{pValueText(detector).replace('p-value ', '') || <Missing />}</td>
          <td>{detectorScoreText(detector).replace('score ', '') || <Missing />}</td>
          <td>{detector.lastResultMs === undefined ? <Missing /> : clock(detector.lastResultMs)}</td>
        </tr>
      ))}
    </DataTable>
  );
}
