import React, { memo, useMemo } from 'react';
import { useStyles2 } from '@grafana/ui';
import { BARS_HEAD, layOutBars, shareTop, SPECIAL_GAP } from '../../layout/drift/distribution';
import type { Distribution } from '../../model/drift/types';
import { methodName, scoreText } from '../../model/drift/words';
import { addsTotal, isHot, mostAdds, shareOf, spokenBin } from './binWords';
import { Stops } from '../shared/Stops';
import { getStyles } from './styles';

/** Seven pixels a letter is the mean of this font at this size. */
function fitText(text: string, width: number): string {
  const letters = Math.max(3, Math.floor(width / 7));
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

interface BarsProps {
  readonly distribution: Distribution;
  readonly width: number;
  readonly height: number;
  readonly sentence: string;
  readonly activeKey?: string;
}

/** A category per row: bar = current, tick = reference; special bins below a line of their own. */
export function Bars({ distribution, width, height, sentence, activeKey }: BarsProps) {
  const { subject, bins } = distribution;
  const hasAdds = bins.some(({ adds }) => adds !== undefined);
  const special = bins.findIndex((bin) => bin.special);
  const longest = Math.max(...bins.map(({ label }) => label.length));
  const layout = layOutBars(width, height, bins.length, special > 0, longest, hasAdds);
  const tops = bins.map((_, index) => {
    return BARS_HEAD + index * layout.rowHeight + (special > 0 && index >= special ? SPECIAL_GAP : 0);
  });
  const stops = bins.map((bin, index) => ({
    key: bin.id,
    name: spokenBin(bin, subject),
    rect: { left: 2, top: tops[index] ?? 0, width: width - 4, height: layout.rowHeight },
  }));
  return (
    <div style={{ position: 'relative', width, height: layout.height }}>
      <BarsSvg distribution={distribution} width={width} layout={layout} tops={tops} sentence={sentence} />
      <Stops stops={stops} activeKey={activeKey} of="Bins" />
    </div>
  );
}

interface BarsSvgProps {
  readonly distribution: Distribution;
  readonly width: number;
  readonly layout: ReturnType<typeof layOutBars>;
  readonly tops: readonly number[];
  readonly sentence: string;
}

const BarsSvg = memo(
  function BarsSvg({ distribution: { subject, bins }, width, layout, tops, sentence }: BarsSvgProps) {
    const styles = useStyles2(getStyles);
    const { label, bar, rowHeight, showAdds } = layout;
    const { top } = useMemo(
      () => shareTop(Math.max(...bins.map(({ current, reference }) => Math.max(current ?? 0, reference ?? 0)))),
      [bins]
    );
    const x = (share: number) => Math.min(bar, (share / top) * bar);
    const hollow = subject.score === undefined;
    const total = addsTotal(bins);
    const most = mostAdds(bins);
    const firstSpecial = bins.findIndex((bin) => bin.special);
    const middle = rowHeight / 2;
    return (
      <svg width={width} height={layout.height} className={styles.svg} role="img" aria-label={sentence}>
        <text x={0} y={10}>
          {subject.subject === 'prediction' ? 'prediction' : 'category'}
        </text>
        <text x={label} y={10}>
          share of rows
        </text>
        <text x={label + bar + 52} y={10} textAnchor="end">
          reference
        </text>
        <text x={label + bar + 104} y={10} textAnchor="end">
          current
        </text>
        {showAdds && (
          <text x={width - 78} y={10}>
            adds to {methodName(subject.method)}
          </text>
        )}
        {firstSpecial > 0 && <path className="grid" d={`M0 ${(tops[firstSpecial] ?? 0) - 2.5}H${width}`} />}
        {bins.map((bin, index) => {
          const y = tops[index] ?? 0;
          const hot = isHot(bin, total);
          return (
            <g key={bin.id}>
              <text className={hot ? 'x' : 't'} x={0} y={y + middle + 4}>
                <title>{bin.label}</title>
                {fitText(bin.label, label - 8)}
              </text>
              {bin.current !== undefined && (
                <rect
                  className={hollow ? 'few' : 'current'}
                  x={label}
                  y={y + 4}
                  width={Math.max(1, x(bin.current))}
                  height={rowHeight - 8}
                />
              )}
              {bin.reference !== undefined && (
                <path className="reference" d={`M${label + x(bin.reference)} ${y + 1.5}V${y + rowHeight - 1.5}`} />
              )}
              <text x={label + bar + 52} y={y + middle + 4} textAnchor="end">
                {shareOf(bin.reference)}
              </text>
              <text className={hot ? 'x' : 't'} x={label + bar + 104} y={y + middle + 4} textAnchor="end">
                {shareOf(bin.current)}
              </text>
              {showAdds && bin.adds !== undefined && (
                <>
                  <rect
                    className={hot ? 'most' : 'adds'}
                    x={width - 78}
                    y={y + 6}
                    width={Math.max(0.8, (Math.max(0, bin.adds) / most) * 42)}
                    height={rowHeight - 12}
                  />
                  {Math.abs(bin.adds) >= 0.005 && (
                    <text className={hot ? 'x' : undefined} x={width} y={y + middle + 4} textAnchor="end">
                      {scoreText(subject.method, bin.adds)}
                    </text>
                  )}
                </>
              )}
            </g>
          );
        })}
      </svg>
    );
  },
  (a, b) => a.distribution === b.distribution && a.width === b.width && a.layout.height === b.layout.height
);
