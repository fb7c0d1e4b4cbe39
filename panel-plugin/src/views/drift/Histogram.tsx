import React, { memo, useMemo } from 'react';
import { useStyles2 } from '@grafana/ui';
import {
  ADDS_STRIP,
  clearTicks,
  layOutHistogram,
  shareTop,
  type HistogramLayout,
} from '../../layout/drift/distribution';
import type { Bin, Distribution } from '../../model/drift/types';
import { methodName, scoreText } from '../../model/drift/words';
import { threeFigures } from '../../model/words';
import { addsTotal, isHot, mostAdds, spokenBin } from './binWords';
import { Stops } from '../shared/Stops';
import { getStyles } from './styles';

interface HistogramProps {
  readonly distribution: Distribution;
  readonly width: number;
  readonly height: number;
  readonly sentence: string;
  readonly activeKey?: string;
}

/** Below the range first, then the range, then what is beside it. */
function inOrder(bins: readonly Bin[]): Bin[] {
  const below = bins.filter(({ id, special }) => special && id === 'below');
  const range = bins.filter(({ special }) => !special);
  return [...below, ...range, ...bins.filter((bin) => bin.special && !below.includes(bin))];
}

/** `< 0`, `> 900`, `missing`: what stands below a bin beside the range. */
function apartLabel({ id, label }: Bin, range: readonly Bin[]): string {
  const [first, last] = [range[0]?.from, range[range.length - 1]?.to];
  if (id === 'below' && first !== undefined) return `< ${threeFigures(first)}`;
  if (id === 'above' && last !== undefined) return `> ${threeFigures(last)}`;
  return label;
}

/** Share of rows per numeric bin: fill = current, outline = reference, and below it what each adds to the score. */
export function Histogram({ distribution, width, height, sentence, activeKey }: HistogramProps) {
  const plan = useMemo(() => {
    const bins = inOrder(distribution.bins);
    const hasAdds = bins.some(({ adds }) => adds !== undefined) && height >= 150;
    const apart = bins.map(({ special }) => special);
    return { bins, hasAdds, layout: layOutHistogram(width, height, apart, hasAdds) };
  }, [distribution.bins, width, height]);
  const { bins, layout } = plan;
  const stops = bins.map((bin, index) => ({
    key: bin.id,
    name: spokenBin(bin, distribution.subject),
    rect: { left: layout.x[index] ?? 0, top: layout.plotTop, width: layout.unit, height: layout.plotHeight },
  }));
  return (
    <div style={{ position: 'relative', width, height }}>
      <HistogramSvg distribution={distribution} plan={plan} width={width} height={height} sentence={sentence} />
      <Stops stops={stops} activeKey={activeKey} of="Bins" />
    </div>
  );
}

function edgeText(from: number | undefined, label: string): string {
  return from === undefined ? label : threeFigures(from);
}

interface HistogramSvgProps extends Omit<HistogramProps, 'activeKey'> {
  readonly plan: { readonly bins: readonly Bin[]; readonly hasAdds: boolean; readonly layout: HistogramLayout };
}

/** Outline of the reference: a staircase over the range, a line over each bin beside it. */
function outline(bins: readonly Bin[], { x, unit }: HistogramLayout, base: number, y: (share: number) => number) {
  let stairs = '';
  let apart = '';
  bins.forEach((bin, index) => {
    const left = x[index] ?? 0;
    if (bin.reference === undefined) return;
    const top = y(bin.reference);
    if (bin.special) apart += `M${left} ${top}h${unit}`;
    else stairs += `${stairs ? '' : `M${left} ${base}`}V${top}H${left + unit}`;
  });
  return `${stairs}${stairs ? `V${base}` : ''}${apart}`;
}

const HistogramSvg = memo(function HistogramSvg({ distribution, plan, width, height, sentence }: HistogramSvgProps) {
  const styles = useStyles2(getStyles);
  const { bins, hasAdds, layout } = plan;
  const { left, right, plotTop, plotHeight, x, unit } = layout;
  const { top, step } = shareTop(
    Math.max(...bins.map(({ current, reference }) => Math.max(current ?? 0, reference ?? 0)))
  );
  const base = plotTop + plotHeight;
  const y = (share: number) => plotTop + plotHeight * (1 - share / top);
  const hollow = distribution.subject.score === undefined;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return (
    <svg width={width} height={height} className={styles.svg} role="img" aria-label={sentence}>
      {ticks.map((tick, index) => (
        <g key={tick}>
          <path className="grid" d={`M${left} ${y(tick)}H${right}`} />
          <text x={left - 8} y={y(tick) + 4} textAnchor="end">
            {threeFigures(tick * 100)}
            {index === ticks.length - 1 ? '\u00a0%' : ''}
          </text>
        </g>
      ))}
      {bins.map(({ id, current }, index) =>
        current === undefined ? null : (
          <rect
            key={id}
            className={hollow ? 'few' : 'current'}
            x={(x[index] ?? 0) + 1}
            y={Math.min(y(current), base - (current > 0 ? 1 : 0))}
            width={Math.max(1, unit - 2)}
            height={Math.max(current > 0 ? 1 : 0, base - y(current))}
          />
        )
      )}
      <path className="reference" d={outline(bins, layout, base, y)} />
      <path className="axis" d={`M${left} ${base}H${right}`} />
      <AxisLabels bins={bins} layout={layout} y={base + 15} />
      {hasAdds && <Adds distribution={distribution} bins={bins} layout={layout} height={height} />}
    </svg>
  );
});

function AxisLabels({ bins, layout, y }: { bins: readonly Bin[]; layout: HistogramLayout; y: number }) {
  const range = bins.filter(({ special }) => !special);
  const ticks = bins.map((bin, index) => {
    const left = layout.x[index] ?? 0;
    const { id: key, special: isFirst } = bin;
    return isFirst
      ? { key, isFirst, text: apartLabel(bin, range), x: left + layout.unit / 2 }
      : { key, isFirst, text: edgeText(bin.from, bin.label), x: left };
  });
  return (
    <>
      {clearTicks(ticks, layout.right).map(({ key, text, x, isFirst }) => (
        <text key={key} className={isFirst ? 't' : undefined} x={x} y={y} textAnchor="middle">
          {text}
        </text>
      ))}
    </>
  );
}

interface AddsProps {
  readonly distribution: Distribution;
  readonly bins: readonly Bin[];
  readonly layout: HistogramLayout;
  readonly height: number;
}

/** What each bin adds to the score. */
function Adds({ distribution: { subject }, bins, layout: { left, right, x, unit }, height }: AddsProps) {
  const total = addsTotal(bins);
  const most = mostAdds(bins);
  const base = height - 3;
  const room = ADDS_STRIP - 28;
  return (
    <>
      <text x={0} y={height - 20}>
        adds
      </text>
      <text x={0} y={height - 6}>
        to {methodName(subject.method).split(' ')[0]}
      </text>
      {bins.map((bin, index) => {
        if (bin.adds === undefined) return null;
        const bar = Math.max(0.8, (room * Math.max(0, bin.adds)) / most);
        const at = (x[index] ?? 0) + unit * 0.25;
        const hot = isHot(bin, total);
        const isMost = bin.adds === most;
        return (
          <g key={bin.id}>
            <rect className={isMost ? 'most' : 'adds'} x={at} y={base - bar} width={unit * 0.5} height={bar} />
            {hot && (
              <text className={isMost ? 'x' : 't'} x={at + unit * 0.25} y={base - bar - 4} textAnchor="middle">
                {scoreText(subject.method, bin.adds)}
              </text>
            )}
          </g>
        );
      })}
      <path className="axis" d={`M${left} ${height - 2.5}H${right}`} />
    </>
  );
}
