import React, { memo, useMemo } from 'react';
import { useStyles2 } from '@grafana/ui';
import { chartBox, linePath, timeScale, valueScale } from '../../layout/accuracy/chart';
import { GAP } from '../../layout/accuracy/parts';
import { percentText } from '../../model/words';
import type { PredictedActual } from '../../model/accuracy/types';
import { countText, threeFigures } from '../../model/words';
import { TimeAxis, ValueAxis } from './axes';
import { useAccuracy, type PartStops } from './context';
import { getStyles } from './styles';
import { TimeField } from './TimeField';

const CELL = { width: 190, height: 110 };
const HEAD = 18;
/** Noise of less than this share of the values is no news. */
const SPAN = 0.4;
type OneClass = PredictedActual['classes'][number];

interface PredictedActualProps extends PartStops {
  readonly predictedActual: PredictedActual;
  readonly positiveClass: string;
  readonly width: number;
  readonly height: number;
}

function gapOf({ predicted, actual }: OneClass): number {
  let [sum, count] = [0, 0];
  predicted.forEach((value, index) => {
    const other = actual[index] ?? null;
    if (value === null || other === null) return;
    [sum, count] = [sum + (value - other), count + 1];
  });
  return count ? Math.abs(sum / count) : 0;
}

/** Classes in the order in which they are worth a look; of two classes one tells both. */
export function classesToDraw({ classes }: PredictedActual, positiveClass: string): readonly OneClass[] {
  const positive = classes.find(({ name }) => name !== '' && name === positiveClass);
  if (positive && classes.length <= 2) return [positive];
  return [...classes].sort((a, b) => gapOf(b) - gapOf(a));
}

export function sideText(name: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return 'unknown';
  return name ? percentText(value) : threeFigures(value);
}

/** `fraud: predicted 31 %, actual 24 %`. */
function spokenSides({ name, predicted, actual }: OneClass, index: number): string {
  const head = name ? `${name}: ` : '';
  return `${head}predicted ${sideText(name, predicted[index])}, actual ${sideText(name, actual[index])}`;
}

/** What was predicted beside what came true, over time: a line each, a drawing per class. */
export function PredictedActualPart(props: PredictedActualProps) {
  const { predictedActual, positiveClass, width, height, ...stops } = props;
  const { clock } = useAccuracy();
  const classes = useMemo(() => classesToDraw(predictedActual, positiveClass), [predictedActual, positiveClass]);
  const columns = Math.max(1, Math.min(classes.length, Math.floor((width + GAP) / (CELL.width + GAP))));
  const rows = Math.max(1, Math.min(Math.ceil(classes.length / columns), Math.floor(height / CELL.height)));
  const shown = classes.slice(0, columns * rows);
  const hidden = classes.length - shown.length;
  const cell = {
    width: Math.floor((width - (columns - 1) * GAP) / columns),
    height: Math.floor((height - (hidden > 0 ? HEAD : 0)) / rows),
  };
  const most = shown.map((one) => spokenSides(one, predictedActual.timesMs.length - 1)).join('; ');
  return (
    <div style={{ position: 'relative', width, height }}>
      {shown.map((one, index) => {
        const [left, top] = [(index % columns) * (cell.width + GAP), Math.floor(index / columns) * cell.height];
        return (
          <ClassChart
            key={one.name}
            one={one}
            predictedActual={predictedActual}
            {...cell}
            left={left}
            top={top}
            isWalked={index === 0}
            name={(at) =>
              `to ${clock(predictedActual.timesMs[at] ?? 0)}: ${shown.map((each) => spokenSides(each, at)).join('; ')}`
            }
            label={
              index === 0
                ? `Predicted against actual over time. Last: ${most}`
                : spokenSides(one, predictedActual.timesMs.length - 1)
            }
            {...stops}
          />
        );
      })}
      {hidden > 0 && <More count={hidden} />}
    </div>
  );
}

function More({ count }: { count: number }) {
  const styles = useStyles2(getStyles);
  const text = `+ ${countText(count)} more ${count === 1 ? 'class' : 'classes'}, nearer to what came true`;
  return (
    <div className={styles.foot} style={{ position: 'absolute', bottom: 0 }}>
      {text}
    </div>
  );
}

interface ClassChartProps extends PartStops {
  readonly one: OneClass;
  readonly predictedActual: PredictedActual;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly isWalked: boolean;
  readonly name: (index: number) => string;
  readonly label: string;
}

function ClassChart({
  one,
  predictedActual,
  left,
  top,
  width,
  height,
  isWalked,
  name,
  label,
  ...stops
}: ClassChartProps) {
  const { timesMs, stepMs } = predictedActual;
  const plan = useMemo(() => {
    const box = chartBox(width, height - (one.name ? HEAD : 0), false, false);
    const known = [...one.predicted, ...one.actual].filter((value) => value !== null);
    const bounds = one.name ? { least: 0, most: 1, span: SPAN } : { least: -Infinity, most: Infinity, span: SPAN };
    return { box, scale: timeScale(timesMs, stepMs, box), values: valueScale(known, box, bounds) };
  }, [one, timesMs, stepMs, width, height]);
  const styles = useStyles2(getStyles);
  return (
    <div style={{ position: 'absolute', left, top, width, height }}>
      {one.name && (
        <div className={styles.title} style={{ height: HEAD, margin: 0 }} title={one.name}>
          <b>{one.name}</b>
        </div>
      )}
      <div style={{ position: 'relative' }}>
        <Lines
          one={one}
          timesMs={timesMs}
          plan={plan}
          width={width}
          height={height - (one.name ? HEAD : 0)}
          label={label}
        />
        <TimeField
          part="predicted-actual"
          timesMs={timesMs}
          box={plan.box}
          scale={plan.scale}
          nameOf={name}
          isWalked={isWalked}
          {...stops}
        />
      </div>
    </div>
  );
}

interface LinesProps {
  readonly one: OneClass;
  readonly timesMs: readonly number[];
  readonly plan: {
    readonly box: ReturnType<typeof chartBox>;
    readonly scale: ReturnType<typeof timeScale>;
    readonly values: ReturnType<typeof valueScale>;
  };
  readonly width: number;
  readonly height: number;
  readonly label: string;
}

const Lines = memo(function Lines({ one, timesMs, plan: { box, scale, values }, width, height, label }: LinesProps) {
  const styles = useStyles2(getStyles);
  const text = (value: number) =>
    one.name
      ? `${Number((value * 100).toFixed(Math.max(0, values.decimals - 2)))}\u00a0%`
      : value.toFixed(values.decimals);
  return (
    <svg width={width} height={height} className={`${styles.svg} ${styles.lines}`} role="img" aria-label={label}>
      <ValueAxis box={box} scale={values} text={text} />
      <TimeAxis box={box} scale={scale} y={height - 5} />
      <path className="score" d={linePath(timesMs, one.actual, scale.x, values.y)} />
      <path className="predicted" d={linePath(timesMs, one.predicted, scale.x, values.y)} />
    </svg>
  );
});

/** Which line is which. */
export function SidesKey() {
  const styles = useStyles2(getStyles);
  return (
    <ul className={`${styles.key} ${styles.lines}`} aria-label="Key" style={{ display: 'inline-flex' }}>
      {(['predicted', 'actual'] as const).map((side) => (
        <li key={side}>
          <svg width={16} height={12} className={styles.svg} aria-hidden="true">
            <path className={side === 'actual' ? 'score' : side} d="M1 6H15" />
          </svg>
          {side}
        </li>
      ))}
    </ul>
  );
}
