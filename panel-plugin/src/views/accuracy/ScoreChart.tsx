import React, { memo, useId, useMemo } from 'react';
import { useStyles2 } from '@grafana/ui';
import {
  chartBox,
  linePath,
  spreadLabels,
  STRIP,
  stretches,
  timeScale,
  valueScale,
  type ChartBox,
  type TimeScale,
  type ValueScale,
} from '../../layout/accuracy/chart';
import type { Score, ScoreHistory, Values } from '../../model/accuracy/types';
import { limitText, pairsText, scoreText } from '../../model/accuracy/words';
import { shortCount, windowText } from '../../model/drift/words';
import { Hatch } from '../shared/Hatch';
import { useAccuracy, type PartStops } from './context';
import { getStyles } from './styles';
import { TimeAxis, ValueAxis } from './axes';
import { TimeField } from './TimeField';

/** Noise of less than this share of a score is no cliff. */
const SPAN = 0.05;

/** What a score cannot be beyond. */
function boundsOf({ metric }: Score): { least: number; most: number; span: number } {
  if (['mae', 'rmse', 'mape', 'log_loss'].includes(metric)) return { least: 0, most: Infinity, span: SPAN };
  return metric === 'r2' ? { least: -Infinity, most: 1, span: SPAN } : { least: 0, most: 1, span: SPAN };
}

interface ScoreChartProps extends PartStops {
  readonly score: Score;
  readonly history: ScoreHistory;
  readonly width: number;
  readonly height: number;
  readonly sentence: string;
}

interface ChartPlan {
  readonly box: ChartBox;
  readonly scale: TimeScale;
  readonly values: ValueScale;
  readonly scores: Values;
  readonly pairs: Values;
  readonly hasStrip: boolean;
}

function planChart(score: Score, history: ScoreHistory, width: number, height: number): ChartPlan {
  const scores = history.scores.get(score.key) ?? [];
  const pairs = history.pairs.get(score.key) ?? [];
  const hasStrip = height >= 140 && pairs.some((value) => value !== null);
  const box = chartBox(width, height, hasStrip, true);
  const { warning, critical, baseline } = score;
  const known = [...scores, warning, critical, baseline].flatMap((value) => value ?? []);
  return {
    box,
    scale: timeScale(history.timesMs, history.stepMs, box),
    values: valueScale(known, box, boundsOf(score)),
    scores,
    pairs,
    hasStrip,
  };
}

/** What a time of the chart says: the score, or why there is none. */
function spokenTime(score: Score, history: ScoreHistory, index: number, clock: (ms: number) => string): string {
  const value = history.scores.get(score.key)?.[index] ?? null;
  const pairs = history.pairs.get(score.key)?.[index] ?? null;
  const counted = pairs === null ? '' : `, ${pairsText(pairs)} pairs`;
  const what =
    value === null ? (pairs === null ? 'not evaluated' : 'too few pairs') : scoreText(value, [score.critical]);
  return `${score.name}, ${windowText(score.window)} to ${clock(history.timesMs[index] ?? 0)}: ${what}${counted}`;
}

/** One score over time against its baseline and limits; gaps where it was not evaluated, hatched with too few pairs. */
export function ScoreChart({ score, history, width, height, sentence, ...stops }: ScoreChartProps) {
  const { clock } = useAccuracy();
  const plan = useMemo(() => planChart(score, history, width, height), [score, history, width, height]);
  return (
    <div style={{ position: 'relative', width, height }}>
      <ChartSvg score={score} history={history} plan={plan} width={width} height={height} sentence={sentence} />
      <TimeField
        part="history"
        timesMs={history.timesMs}
        box={plan.box}
        scale={plan.scale}
        nameOf={(index) => spokenTime(score, history, index, clock)}
        {...stops}
      />
    </div>
  );
}

interface SvgProps extends Pick<ScoreChartProps, 'score' | 'history' | 'width' | 'height' | 'sentence'> {
  readonly plan: ChartPlan;
}

const ChartSvg = memo(function ChartSvg({ score, history, plan, width, height, sentence }: SvgProps) {
  const styles = useStyles2(getStyles);
  const hatch = useId();
  const { box, scale, values, scores, pairs } = plan;
  const { timesMs, stepMs } = history;
  const few = stretches(timesMs, stepMs, (at) => (scores[at] ?? null) === null && (pairs[at] ?? null) !== null);
  const span = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => {
    const [from, to] = [Math.max(box.left, scale.x(fromMs)), Math.min(box.right, scale.x(toMs))];
    return { x: from, width: Math.max(1, to - from) };
  };
  return (
    <svg width={width} height={height} className={`${styles.svg} ${styles.lines}`} role="img" aria-label={sentence}>
      <Hatch id={hatch} />
      {few.map((one) => (
        <rect
          key={one.fromMs}
          data-few
          {...span(one)}
          y={box.top}
          height={box.bottom - box.top}
          fill={`url(#${hatch})`}
        />
      ))}
      <ValueAxis box={box} scale={values} text={(value) => value.toFixed(values.decimals)} />
      <TimeAxis box={box} scale={scale} y={height - 5} />
      <Limits score={score} box={box} values={values} last={scores[scores.length - 1] ?? null} />
      <path className="score" d={linePath(timesMs, scores, scale.x, values.y)} />
      {few.map((one) => {
        const { x, width: room } = span(one);
        return room < 70 ? null : (
          <text key={one.fromMs} className="halo" x={x + room / 2} y={box.top + 14} textAnchor="middle">
            too few pairs
          </text>
        );
      })}
      {plan.hasStrip && <PairsStrip score={score} timesMs={timesMs} stepMs={stepMs} plan={plan} />}
    </svg>
  );
});

interface LimitsProps {
  readonly score: Score;
  readonly box: ChartBox;
  readonly values: ValueScale;
  readonly last: number | null;
}

/** Lines of the limits and of the baseline, named at their end; the score itself is named where it ends. */
function Limits({ score, box, values, last }: LimitsProps) {
  const { warning, critical, baseline } = score;
  const line = (key: string, value: number | undefined, name: string) =>
    value === undefined ? [] : [{ key, value, y: values.y(value), text: `${name} ${limitText(value)}` }];
  const lines = [
    ...line('limit', critical, 'limit'),
    ...line('warn', warning, 'warning'),
    ...line('baseline', baseline, 'baseline'),
  ];
  const labels = [
    ...lines.map(({ key, y, text }) => ({ key, y, text })),
    ...(last === null ? [] : [{ key: 'x', y: values.y(last), text: scoreText(last, [warning, critical]) }]),
  ];
  return (
    <>
      {lines.map(({ key, y }) => (
        <path key={key} className={key} d={`M${box.left} ${y.toFixed(1)}H${box.right}`} />
      ))}
      {box.hasLabels &&
        spreadLabels(labels, box).map(({ key, at, text }) => (
          <text key={key} className={key === 'x' ? 'x' : undefined} x={box.right + 8} y={at + 4}>
            {text}
          </text>
        ))}
    </>
  );
}

interface StripProps {
  readonly score: Score;
  readonly timesMs: readonly number[];
  readonly stepMs: number;
  readonly plan: ChartPlan;
}

/** Pairs per window as bars, with a line at what is needed. */
function PairsStrip({ score, timesMs, stepMs, plan: { box, scale, pairs } }: StripProps) {
  const base = box.bottom + STRIP - 2;
  const room = STRIP - 8;
  const most = pairs.reduce<number>((max, value) => Math.max(max, value ?? 0), score.pairsNeeded ?? 1);
  const bar = Math.max(1, Math.min(24, scale.x(stepMs) - scale.x(0) - 1));
  const d = timesMs
    .map((ms, index) => {
      const value = pairs[index] ?? null;
      if (value === null) return '';
      const height = Math.max(1, (room * value) / most);
      return `M${(scale.x(ms) - bar / 2).toFixed(1)} ${(base - height).toFixed(1)}h${bar.toFixed(1)}V${base}h${(-bar).toFixed(1)}Z`;
    })
    .join('');
  const needed = score.pairsNeeded === undefined ? undefined : base - (room * score.pairsNeeded) / most;
  const last = pairs[pairs.length - 1] ?? null;
  return (
    <>
      <text x={0} y={base}>
        pairs
      </text>
      <path className="bars" d={d} />
      {needed !== undefined && needed < base - 2 && (
        <path className="needed" d={`M${box.left} ${needed}H${box.right}`} />
      )}
      {box.hasLabels && last !== null && (
        <text x={box.right + 8} y={base}>
          {shortCount(last)}
          {score.pairsNeeded === undefined ? '' : `, needs ${shortCount(score.pairsNeeded)}`}
        </text>
      )}
    </>
  );
}
