import React, { memo, useMemo } from 'react';
import { useStyles2, useTheme2 } from '@grafana/ui';
import {
  placeLabels,
  placeWords,
  rectOfWord,
  scatterScale,
  type ScatterScale,
  type Word,
} from '../../layout/drift/scatter';
import type { Rect } from '../../layout/neighbour';
import { actOn } from '../../model/drift/say';
import { isOver, markOf } from '../../model/drift/subjects';
import type { Subject } from '../../model/drift/types';
import { importanceText, limitText, methodName, scoreOf, verdictWord } from '../../model/drift/words';
import { MarkAt } from '../shared/Mark';
import { limitLine, stateColor, tint } from '../shared/palette';
import { Stops } from '../shared/Stops';
import { getStyles } from './styles';

/** Importance from which a feature makes its model critical, where weights do not tell otherwise. */
const IMPORTANT_FROM = 0.05;
const LETTER = 7;
/** Of the larger names of the corners. */
const CORNER_LETTER = 9;

interface Point {
  readonly subject: Subject;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Between the features of low weight and those of high weight; a starred feature may be of high weight anywhere. */
function importantFrom(subjects: readonly Subject[]): number {
  const low = Math.max(
    0,
    ...subjects.filter(({ weight }) => weight === 'low').map(({ importance }) => importance ?? 0)
  );
  const high = Math.min(
    1,
    ...subjects
      .filter(({ weight, importance }) => weight === 'high' && importance !== undefined && importance > low)
      .map(({ importance }) => importance ?? 1)
  );
  return low < IMPORTANT_FROM && IMPORTANT_FROM <= high ? IMPORTANT_FROM : (low + high) / 2;
}

export interface ScatterPlan {
  readonly points: readonly Point[];
  readonly scale: ScatterScale;
  readonly split: number;
  readonly warning: number;
  readonly critical: number;
  /** Features that cannot be placed: without a score or an importance. */
  readonly left: readonly Subject[];
}

export function planScatter(subjects: readonly Subject[], size: { width: number; height: number }): ScatterPlan {
  const placed = subjects.filter(({ score, importance }) => score !== undefined && importance !== undefined);
  const limits = placed.find(({ warning, critical }) => warning !== undefined && critical !== undefined);
  const { warning = 0.1, critical = 0.25 } = limits ?? {};
  const most = {
    score: Math.max(0, ...placed.flatMap(({ score = 0, scoreBefore = 0 }) => [score, scoreBefore])),
    importance: Math.max(0, ...placed.map(({ importance = 0 }) => importance)),
  };
  const scale = scatterScale(size.width, size.height, most, { warning, critical });
  const points = placed.map((subject) => ({
    subject,
    x: scale.x(subject.importance ?? 0),
    y: scale.y(subject.score ?? 0),
    radius: subject.verdict === 'ok' ? 5.5 : 8,
  }));
  const left = subjects.filter((one) => !placed.includes(one));
  return { points, scale, split: importantFrom(placed), warning, critical, left };
}

interface ScatterProps {
  readonly plan: ScatterPlan;
  readonly width: number;
  readonly height: number;
  readonly sentence: string;
  readonly activeKey: string | undefined;
}

/** Drift against importance, with its corners named. */
export function Scatter({ plan, width, height, sentence, activeKey }: ScatterProps) {
  const stops = plan.points.map(({ subject, x, y, radius }) => ({
    key: subject.key,
    name: spokenPoint(subject),
    rect: { left: x - radius - 2, top: y - radius - 2, width: 2 * radius + 4, height: 2 * radius + 4 },
  }));
  return (
    <div style={{ position: 'relative', width, height }}>
      <ScatterSvg plan={plan} width={width} height={height} sentence={sentence} />
      <Stops stops={stops} activeKey={activeKey} of="Features" />
    </div>
  );
}

function spokenPoint(subject: Subject): string {
  const { name, method, importance = 0, verdict } = subject;
  return `${name}: ${methodName(method)} ${scoreOf(subject)}, ${importanceText(importance)} of the model, ${verdictWord(verdict)}`;
}

/** Names of the corners, each with the places where it may stand. Those above the plot are clear of every mark. */
function cornerWords({ scale }: ScatterPlan): Word[][] {
  const { left, top, width, height } = scale;
  const right = left + width;
  const base = top + height;
  const word = (text: string, x: number, y: number, anchor: Word['anchor']): Word => {
    return { text, x, y, anchor, width: text.length * CORNER_LETTER };
  };
  return [
    [word('act', right, top - 8, 'end')],
    [word('watch', left, top - 8, 'start')],
    [0, 0.25, 0.5].map((share) => word('fine', right - 6 - share * width, base - 6, 'end')),
  ];
}

/** What the lines are, beside the line of importance or at either end. */
function limitWords({ scale, split, warning, critical }: ScatterPlan): Word[][] {
  const { left, width, x, y } = scale;
  const right = left + width;
  const places = (text: string, base: number): Word[] => {
    const textWidth = text.length * LETTER;
    const all: Word[] = [
      { text, x: x(split) + 8, y: base, anchor: 'start', width: textWidth },
      { text, x: right - 4, y: base, anchor: 'end', width: textWidth },
      { text, x: left + 4, y: base, anchor: 'start', width: textWidth },
    ];
    return all.filter((word) => {
      const rect = rectOfWord(word);
      return rect.left >= left && rect.left + rect.width <= right;
    });
  };
  return [
    places(`${limitText(critical)}: drifted above`, y(critical) - 6),
    places(`${limitText(warning)}: shifting above`, y(warning) + 15),
  ];
}

function rectOfMark({ x, y, radius }: Point): Rect {
  return { left: x - radius - 1, top: y - radius - 1, width: 2 * radius + 2, height: 2 * radius + 2 };
}

/** What is written whatever the features are, where no mark covers it; labels of features keep clear of it. */
function fixedTexts(plan: ScatterPlan): { corners: Word[]; limits: Word[] } {
  const marks = plan.points.map(rectOfMark);
  const limits = placeWords(limitWords(plan), [...marks, ...linesOf(plan)]);
  const corners = placeWords(cornerWords(plan), [...marks, ...linesOf(plan), ...limits.map(rectOfWord)]);
  return { corners, limits };
}

/** Tails and the line of importance, as areas. */
function linesOf({ points, scale, split }: ScatterPlan): Rect[] {
  const tails = points.flatMap(({ subject, x, y }): Rect[] => {
    if (!isOver(subject) || subject.scoreBefore === undefined) return [];
    const before = scale.y(subject.scoreBefore);
    return [{ left: x - 2, top: Math.min(before, y), width: 4, height: Math.abs(before - y) + 2 }];
  });
  return [...tails, { left: scale.x(split), top: scale.top, width: 1, height: scale.height }];
}

function useLabels(plan: ScatterPlan) {
  return useMemo(() => {
    const { points, scale } = plan;
    const names = new Map(points.map(({ subject }) => [subject.key, subject]));
    const fixed = fixedTexts(plan);
    const placed = placeLabels(
      points.map(({ subject, x, y, radius }) => ({
        key: subject.key,
        x,
        y,
        radius,
        width: subject.name.length * LETTER + 2,
        must: isOver(subject),
      })),
      [...fixed.corners, ...fixed.limits].map(rectOfWord),
      linesOf(plan),
      scale
    );
    return {
      ...fixed,
      labels: placed.map((label) => ({ ...label, subject: names.get(label.key) as Subject })),
    };
  }, [plan]);
}

interface ScatterSvgProps {
  readonly plan: ScatterPlan;
  readonly width: number;
  readonly height: number;
  readonly sentence: string;
}

const ScatterSvg = memo(function ScatterSvg({ plan, width, height, sentence }: ScatterSvgProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { corners, limits, labels } = useLabels(plan);
  const { scale, split, warning, critical, points } = plan;
  const { left, top, x, y } = scale;
  const [right, base] = [left + scale.width, top + scale.height];
  const method = points[0]?.subject.method ?? 'psi';
  const acts = actOn(points.map(({ subject }) => subject)).length > 0;
  return (
    <svg width={width} height={height} className={styles.svg} role="img" aria-label={sentence}>
      <rect
        x={x(split)}
        y={top}
        width={right - x(split)}
        height={y(critical) - top}
        fill={acts ? tint(theme, 'failed') : 'none'}
        opacity={0.55}
      />
      <text x={left - 8} y={10} textAnchor="end">
        {methodName(method).split(' ')[0]}
      </text>
      {scale.yTicks.map((tick) => (
        <g key={tick}>
          <path className="grid" d={`M${left} ${y(tick)}H${right}`} />
          <text x={left - 8} y={y(tick) + 4} textAnchor="end">
            {limitText(tick)}
          </text>
        </g>
      ))}
      {scale.xTicks.map((tick) => (
        <text key={tick} x={x(tick)} y={base + 16} textAnchor="middle">
          {importanceText(tick)}
        </text>
      ))}
      <path className="axis" d={`M${left} ${base}H${right}`} />
      <path d={`M${left} ${y(critical)}H${right}`} stroke={limitLine(theme)} strokeWidth={1.5} />
      <path d={`M${left} ${y(warning)}H${right}`} stroke={stateColor(theme, 'degraded')} opacity={0.8} />
      <path className="mark" d={`M${x(split)} ${top}V${base}`} />
      <Words words={limits} className="halo" />
      <Words words={corners} className="q" />
      <text x={left + scale.width / 2} y={height - 2} textAnchor="middle">
        importance (share of the model)
      </text>
      {[...points].reverse().map((point) => (
        <PointMark key={point.subject.key} point={point} scale={scale} />
      ))}
      {labels.map(({ key, subject, x: at, y: line, anchor }) => (
        <text key={key} className={isOver(subject) ? 'x' : undefined} x={at} y={line} textAnchor={anchor}>
          {subject.name}
        </text>
      ))}
    </svg>
  );
});

function Words({ words, className }: { words: readonly Word[]; className: string }) {
  return (
    <>
      {words.map(({ text, x, y, anchor }) => (
        <text key={text} className={className} x={x} y={y} textAnchor={anchor}>
          {text}
        </text>
      ))}
    </>
  );
}

/** A mark, and for what is over a limit a tail to where it was a week before. */
function PointMark({ point: { subject, x, y, radius }, scale }: { point: Point; scale: ScatterScale }) {
  const { scoreBefore } = subject;
  const before = isOver(subject) && scoreBefore !== undefined ? scale.y(scoreBefore) : undefined;
  return (
    <>
      {before !== undefined && (
        <>
          <path className="tail" d={`M${x} ${before}V${y}`} />
          <circle className="tail" cx={x} cy={before} r={2} />
        </>
      )}
      <MarkAt state={markOf(subject.verdict)} size={2 * radius} x={x} y={y} />
    </>
  );
}
