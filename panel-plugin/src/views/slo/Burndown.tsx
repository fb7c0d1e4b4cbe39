import React from 'react';
import { useStyles2 } from '@grafana/ui';
import {
  budgetScale,
  burnScale,
  dayTicks,
  namedEvents,
  pathOf,
  pieces,
  timeScale,
  type TimeScale,
  type ValueScale,
} from '../../layout/slo/burndown';
import type { Slo, SloEvent, SloHistory, Spend } from '../../model/slo/types';
import { burnText, leftText, windowText } from '../../model/slo/words';
import { spanText, type ClockText } from '../../model/words';
import { MarkAt } from '../shared/Mark';
import { getStyles } from './styles';

export interface ChartProps {
  readonly slo: Slo;
  readonly history: SloHistory;
  readonly spends: readonly Spend[];
  readonly nowMs: number;
  readonly clock: ClockText;
  readonly date: ClockText;
  readonly width: number;
  readonly height: number;
}

function isEvent(kind: SloEvent['kind']) {
  return (event: SloEvent) => event.kind === kind;
}

function scaleOf({ history, nowMs, width, slo }: ChartProps): TimeScale {
  return timeScale(history.budget, nowMs, width, (slo.burn ?? 0) > 1 ? slo.exhaustionMs : undefined);
}

function BudgetAxis({ time, value, ticks }: { time: TimeScale; value: ValueScale; ticks: readonly number[] }) {
  return (
    <>
      {ticks.map((tick) => (
        <React.Fragment key={tick}>
          <path className={tick === 0 ? 'zero' : 'grid'} d={`M${time.left} ${value.y(tick)}H${time.right}`} />
          <text x={time.left - 8} y={value.y(tick) + 4} textAnchor="end">
            {tick * 100}
            {tick === 1 ? '\u00a0%' : ''}
          </text>
        </React.Fragment>
      ))}
    </>
  );
}

/** At this pace: a dashed line to where the budget is gone, or as far as there is room. */
function Projection({ time, value, slo, left }: { time: TimeScale; value: ValueScale; slo: Slo; left: number }) {
  const { exhaustionMs, burn } = slo;
  if (exhaustionMs === undefined || left <= 0 || (burn ?? 0) <= 1) return null;
  const share = Math.min(1, (time.toMs - time.nowMs) / Math.max(1, exhaustionMs));
  const end = time.nowMs + share * exhaustionMs;
  return (
    <>
      <path
        className="projection"
        d={pathOf([
          [time.x(time.nowMs), value.y(left)],
          [time.x(end), value.y(left * (1 - share))],
        ])}
      />
      {share === 1 && <MarkAt state="failed" size={12} x={time.x(end)} y={value.y(0)} />}
    </>
  );
}

/** `−18 in 8 h: Rollout v29`, beside its drop: to the right of it while there is room. */
function DropLabels({
  spends,
  time,
  value,
  history,
}: {
  spends: readonly Spend[];
  time: TimeScale;
  value: ValueScale;
  history: SloHistory;
}) {
  return (
    <>
      {spends.map(({ title, fromMs, toMs, share, isNow }) => {
        if (fromMs === undefined || toMs === undefined) return null;
        const points = Math.round(share * 100);
        const text = isNow ? `−${points}, ${title}, now` : `−${points} in ${spanText(toMs - fromMs)}: ${title}`;
        const isRight = time.x(toMs) + 8 + text.length * 6.2 < time.right;
        const left = history.budget.find(({ timeMs }) => timeMs >= toMs)?.left ?? 0;
        const y = isRight ? value.y(left + share * 0.75) : value.y(Math.max(0, left)) - 10;
        return (
          <text
            key={fromMs}
            className={isNow ? 'halo x' : 'halo t'}
            x={isRight ? time.x(toMs) + 8 : time.x(fromMs) - 10}
            y={isRight ? y : y + 22 > value.y(0) ? y - 4 : y + 22}
            textAnchor={isRight ? 'start' : 'end'}
          >
            {text}
          </text>
        );
      })}
    </>
  );
}

/** Budget left over its window: it only falls, each drop is named where it was, and the dashed line is the present pace. */
export function Burndown(props: ChartProps) {
  const { slo, history, spends, nowMs, date, width, height } = props;
  const styles = useStyles2(getStyles);
  const { budget, events } = history;
  const time = scaleOf(props);
  const value = budgetScale(budget, height);
  const left = slo.budgetLeft ?? budget.at(-1)?.left ?? 0;
  const start = [time.x(time.fromMs), value.y(1)] as const;
  const whole = budget.map((point, index) => (index ? point : { ...point, left: 1 }));
  const curves = pieces(whole, { timeMs: nowMs, left, spent: 0 }).map((piece) =>
    piece.map(({ timeMs, left: at }) => [time.x(timeMs), value.y(at)] as const)
  );
  const areas = curves.map((curve) => `${pathOf(curve)}V${value.y(0)}H${curve[0]?.[0] ?? 0}Z`);
  const rollouts = events.filter(isEvent('rollout'));
  const drifts = events.filter(isEvent('drift'));
  const names = namedEvents(
    [...rollouts, ...drifts].sort((a, b) => a.timeMs - b.timeMs),
    time
  );
  const isShort = height < 110;
  return (
    <svg
      className={`${styles.svg} ${styles.plot}`}
      width={width}
      height={height}
      role="img"
      aria-label={`Budget left over ${windowText(slo.window)}: ${leftText(left)} now`}
    >
      <BudgetAxis time={time} value={value} ticks={isShort ? [0, 1] : [0, 0.25, 0.5, 0.75, 1]} />
      <path className="pace" d={pathOf([start, [time.x(nowMs), value.y(0)]])} />
      <path className="area" d={areas.join('')} />
      <path className="line" d={curves.map(pathOf).join('')} />
      {!isShort &&
        [...rollouts, ...drifts].map((event, index) => (
          <React.Fragment key={index}>
            <path className="mark" d={`M${time.x(event.timeMs)} ${value.top}V${value.bottom}`} />
            {names.has(event) && (
              <text x={time.x(event.timeMs)} y={12} textAnchor="middle">
                {event.kind === 'drift' ? 'drift' : event.title}
              </text>
            )}
          </React.Fragment>
        ))}
      <Projection time={time} value={value} slo={slo} left={left} />
      <path className="now" d={`M${time.x(nowMs)} ${value.top}V${value.bottom}`} />
      <circle className="dot" cx={time.x(nowMs)} cy={value.y(left)} r={3.5} />
      {!isShort && (
        <text
          className="halo"
          x={time.x(time.fromMs + (nowMs - time.fromMs) * 0.46)}
          y={value.y(0.47)}
          textAnchor="end"
        >
          even pace
        </text>
      )}
      {!isShort && <DropLabels spends={spends} time={time} value={value} history={history} />}
      {(isShort ? [time.fromMs] : dayTicks(time)).map((ms, index) => (
        <text key={ms} x={time.x(ms)} y={height - 4} textAnchor={index ? 'middle' : 'start'}>
          {date(ms)}
        </text>
      ))}
      <text x={time.x(nowMs)} y={height - 4} textAnchor="middle">
        now
      </text>
    </svg>
  );
}

/** Burn rate on the same axis, with the line of each alert that pages, and where one fired. */
export function BurnChart(props: ChartProps) {
  const { slo, history, nowMs, width, height } = props;
  const styles = useStyles2(getStyles);
  const { burns, tiers, events } = history;
  const time = scaleOf(props);
  const lines = tiers.filter(({ severity }) => severity === 'page');
  const value = burnScale(
    burns,
    lines.map(({ line }) => line),
    height
  );
  const shortest = burns.find(({ window }) => window === '1h') ?? burns[0];
  const points = (shortest?.points ?? []).filter(({ timeMs }) => timeMs >= time.fromMs);
  const last = slo.burn;
  const path = pieces(points, last === undefined ? undefined : { timeMs: nowMs, burn: last })
    .map((piece) => pathOf(piece.map(({ timeMs, burn }) => [time.x(timeMs), value.y(burn)])))
    .join('');
  const fired = events.filter((one) => isEvent('alert')(one) && one.severity === 'critical' && one.slo === slo.slo);
  return (
    <svg
      className={`${styles.svg} ${styles.plot}`}
      width={width}
      height={height}
      role="img"
      aria-label={`Burn rate over ${windowText(slo.window)}${last === undefined ? '' : `: ${burnText(last)} now`}`}
    >
      {fired.map(({ timeMs, endMs = nowMs }, index) => (
        <rect
          key={index}
          className="fires"
          x={time.x(Math.max(time.fromMs, timeMs))}
          y={value.top}
          width={Math.max(3, time.x(endMs) - time.x(timeMs))}
          height={value.bottom - value.top}
        />
      ))}
      <path className="axis" d={`M${time.left} ${value.y(1)}H${time.right}`} />
      <text x={time.left - 8} y={value.y(1) + 4} textAnchor="end">
        1×
      </text>
      {lines.map(({ line, long, short }) => (
        <React.Fragment key={long}>
          <path className="limit" d={`M${time.left} ${value.y(line)}H${time.right}`} />
          <text x={time.left - 8} y={value.y(line) + 4} textAnchor="end">
            {Number(line.toFixed(1))}×
          </text>
          {width > 520 && (
            <text className="halo" x={time.left + 150} y={value.y(line) + (line === lines[0]?.line ? -4 : 13)}>
              page at {Number(line.toFixed(1))}× over {windowText(long)} and {windowText(short)}
            </text>
          )}
        </React.Fragment>
      ))}
      <path className="line" d={path} />
      {last !== undefined && (
        <>
          <circle className="dot" cx={time.x(nowMs)} cy={value.y(last)} r={3.5} />
          <text className="x" x={time.x(nowMs) + 8} y={value.y(last) + 4}>
            {burnText(last)}
          </text>
        </>
      )}
    </svg>
  );
}
