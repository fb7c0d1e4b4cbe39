import type { DataFrame, FieldConfig } from '@grafana/data';
import {
  CALIBRATION_FIELDS,
  CONFUSION_FIELDS,
  PAIR_AGE_FIELDS,
  type AccuracyDetailSubject,
} from '@modelwatch/contract';
import { UNITS } from '../appearance';
import { quantity, tableFrame, text } from '../columns';
import type { FrameContext } from '../inventoryFrame';
import { linesFrame } from '../lines';
import type { CalibrationBin, Cell, Detail } from './detail';
import type { PredictedActual } from './predicted';

/** Counters are extended to the ends of the window: half a pair means nothing. */
const PAIRS: FieldConfig = { unit: UNITS.count, decimals: 0 };
const SHARE: FieldConfig = { unit: UNITS.ratio };

function confusionFrame(cells: readonly Cell[], accuracyOf: AccuracyDetailSubject, context: FrameContext): DataFrame {
  return tableFrame<Cell>(
    'Confusion matrix',
    { kind: 'confusion', accuracyOf },
    [
      [CONFUSION_FIELDS.predicted, text('Predicted', (cell) => cell.predicted)],
      [CONFUSION_FIELDS.actual, text('Actual', (cell) => cell.actual)],
      [CONFUSION_FIELDS.pairs, quantity('Pairs', PAIRS, (cell) => cell.pairs)],
    ],
    cells,
    context
  );
}

function calibrationFrame(
  bins: readonly CalibrationBin[],
  accuracyOf: AccuracyDetailSubject,
  context: FrameContext
): DataFrame {
  return tableFrame<CalibrationBin>(
    'Calibration',
    { kind: 'calibration', accuracyOf },
    [
      [CALIBRATION_FIELDS.from, quantity('From', {}, (bin) => bin.from)],
      [CALIBRATION_FIELDS.to, quantity('To', {}, (bin) => bin.to)],
      [CALIBRATION_FIELDS.pairs, quantity('Pairs', PAIRS, (bin) => bin.pairs)],
      [CALIBRATION_FIELDS.meanScore, quantity('Mean score', SHARE, (bin) => bin.meanScore)],
      [CALIBRATION_FIELDS.positives, quantity('Positives', SHARE, (bin) => bin.positives)],
    ],
    bins,
    context
  );
}

/** Frames `confusion`, `calibration`, `predicted-actual` and `pair-ages`: those that the task of the model has. */
export function detailFrames(
  { subject, confusion, calibration, ages }: Detail,
  { timesMs, lines, isShare }: PredictedActual,
  context: FrameContext
): DataFrame[] {
  const agesFrame = tableFrame<Detail['ages'][number]>(
    'Age of predictions',
    { kind: 'pair-ages', accuracyOf: subject },
    [
      [PAIR_AGE_FIELDS.age, text('Age', (one) => one.age)],
      [PAIR_AGE_FIELDS.pairs, quantity('Pairs', PAIRS, (one) => one.pairs)],
    ],
    ages,
    context
  );
  const mark = { kind: 'predicted-actual', accuracyOf: subject } as const;
  const over = { timesMs, lines, config: isShare ? SHARE : {} };
  // What is to be said of the answer is said once.
  const { notices: _notices, ...silent } = context;
  return [
    agesFrame,
    ...(confusion ? [confusionFrame(confusion, subject, silent)] : []),
    ...(calibration ? [calibrationFrame(calibration, subject, silent)] : []),
    ...(timesMs.length ? [linesFrame('value', mark, over, silent)] : []),
  ];
}
