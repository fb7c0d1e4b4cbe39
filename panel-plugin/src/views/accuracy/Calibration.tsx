import React, { memo, useMemo } from 'react';
import { useStyles2 } from '@grafana/ui';
import { layOutCalibration, type CalibrationLayout } from '../../layout/accuracy/matrix';
import { PAIRS_TO_TELL } from '../../model/accuracy/say';
import { percentText } from '../../model/words';
import type { CalibrationBin } from '../../model/accuracy/types';
import { countText } from '../../model/words';
import { Stops } from '../shared/Stops';
import { binStop } from './keys';
import { getStyles } from './styles';

const TICKS = [0, 0.25, 0.5, 0.75, 1];

interface CalibrationProps {
  readonly bins: readonly CalibrationBin[];
  readonly positiveClass: string;
  readonly width: number;
  readonly height: number;
  readonly hollow: boolean;
  readonly activeKey: string | undefined;
}

/** `scores 0.6 to 0.65: mean 62 %, positives 55 %, 412 pairs`. */
function spokenScores({ from, to, pairs, meanScore, positives }: CalibrationBin): string {
  const shares =
    meanScore === undefined || positives === undefined
      ? 'unknown'
      : `mean ${percentText(meanScore)}, positives ${percentText(positives)}`;
  const few = pairs < PAIRS_TO_TELL ? ', too few to tell' : '';
  return `Scores ${binText(from)} to ${binText(to)}: ${shares}, ${countText(pairs)} pairs${few}`;
}

export function binText(edge: number): string {
  return `${Number(edge.toFixed(4))}`;
}

/** Mean score against share of positives: on the diagonal the scores are what they say. Hollow where few pairs were. */
export function CalibrationPart({ activeKey, ...rest }: CalibrationProps) {
  const { bins, width, height } = rest;
  const layout = useMemo(() => layOutCalibration(width, height), [width, height]);
  const { left, top } = layout;
  const stops = bins.flatMap((bin, index) => {
    if (bin.pairs <= 0) return [];
    const x = left + layout.width * (bin.meanScore ?? (bin.from + bin.to) / 2);
    const rect = { left: x - 9, top, width: 18, height: layout.height };
    return [{ key: binStop(index), name: spokenScores(bin), rect }];
  });
  return (
    <div style={{ position: 'relative', width, height }}>
      <CalibrationSvg {...rest} layout={layout} />
      <Stops stops={stops} activeKey={activeKey} of="Bins of scores" />
    </div>
  );
}

type SvgProps = Omit<CalibrationProps, 'activeKey'> & { readonly layout: CalibrationLayout };

const CalibrationSvg = memo(function CalibrationSvg({ bins, positiveClass, width, height, hollow, layout }: SvgProps) {
  const styles = useStyles2(getStyles);
  const { left, top, width: across, height: down } = layout;
  const [x, y] = [(share: number) => left + across * share, (share: number) => top + down * (1 - share)];
  const points = bins.flatMap(({ meanScore, positives, pairs }, index) =>
    meanScore === undefined || positives === undefined
      ? []
      : [{ index, x: x(meanScore), y: y(positives), few: hollow || pairs < PAIRS_TO_TELL }]
  );
  const line = points
    .filter(({ few }) => !few)
    .map((point, index) => `${index ? 'L' : 'M'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`)
    .join('');
  return (
    <svg
      width={width}
      height={height}
      className={`${styles.svg} ${styles.lines}`}
      role="img"
      aria-label={`Mean score against share of ${positiveClass || 'positives'}`}
    >
      {TICKS.map((tick) => (
        <g key={tick}>
          <path className="grid" d={`M${left} ${y(tick)}H${left + across}`} />
          <text x={left - 8} y={y(tick) + 4} textAnchor="end">
            {tick * 100}
            {tick === 1 ? '\u00a0%' : ''}
          </text>
          <text x={x(tick)} y={top + down + 15} textAnchor={tick === 1 ? 'end' : 'middle'}>
            {tick}
          </text>
        </g>
      ))}
      <path className="mark" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
      <path className="score" d={line} />
      {points.map((point) => (
        <circle
          key={point.index}
          className={point.few ? 'hollow' : 'dot'}
          data-few={point.few || undefined}
          cx={point.x}
          cy={point.y}
          r={4}
        />
      ))}
      <text x={left + across} y={top + down + 29} textAnchor="end">
        mean score
      </text>
      {layout.stripHeight > 0 && <PairsBars bins={bins} layout={layout} />}
    </svg>
  );
});

/** How many pairs each bin rests on. */
function PairsBars({
  bins,
  layout: { left, width, stripBase, stripHeight },
}: {
  bins: readonly CalibrationBin[];
  layout: CalibrationLayout;
}) {
  const most = Math.max(1, ...bins.map(({ pairs }) => pairs));
  const d = bins
    .map(({ from, to, pairs }) => {
      if (pairs <= 0) return '';
      const bar = Math.max(1, (stripHeight * pairs) / most);
      const [a, b] = [left + width * from + 1, left + width * to - 1];
      return `M${a.toFixed(1)} ${(stripBase - bar).toFixed(1)}H${b.toFixed(1)}V${stripBase}H${a.toFixed(1)}Z`;
    })
    .join('');
  return (
    <>
      <text x={0} y={stripBase}>
        pairs
      </text>
      <path className="bars" d={d} />
    </>
  );
}
