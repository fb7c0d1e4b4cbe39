import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { sentenceText } from '../../model/sentence';
import type { Distribution } from '../../model/drift/types';
import type { Sentence } from '../../model/sentence';
import { Bars } from './Bars';
import { Histogram } from './Histogram';
import { Stats } from './Stats';
import { getStyles } from './styles';

const STATS = 58;
/** One more line of them. */
const ORIGINS = 16;
/** Below this height the numbers above the chart leave it no room: they are in card and table. */
const STATS_FROM = 170;

interface DistributionFormProps {
  readonly distribution: Distribution;
  readonly sentence: Sentence;
  readonly width: number;
  readonly height: number;
  readonly activeKey?: string;
}

/** Reference against current, with everything that the score travels with. */
export function DistributionForm({ distribution, sentence, width, height, activeKey }: DistributionFormProps) {
  const styles = useStyles2(getStyles);
  const hasStats = height >= STATS_FROM && width >= 300;
  const hasOrigins = Object.values(distribution.origins).some(Boolean);
  const chart = {
    distribution,
    activeKey,
    width,
    height: height - (hasStats ? STATS + (hasOrigins ? ORIGINS : 0) : 0),
    sentence: sentenceText(sentence),
  };
  const numeric = distribution.bins.some(({ from, special }) => !special && from !== undefined);
  return (
    <>
      {hasStats && <Stats distribution={distribution} width={width} />}
      <div className={styles.chart}>{numeric ? <Histogram {...chart} /> : <Bars {...chart} />}</div>
    </>
  );
}
