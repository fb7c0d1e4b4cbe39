import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { TILE_WIDTH } from '../../layout/mode';
import type { ChannelVerdict, ModelView } from '../../model/types';
import { Mark } from '../shared/Mark';
import { small } from '../shared/styles';
import { channelName, channelValue, STATUS_MARK, statusWord } from './channels';
import { useHealth } from './context';
import { isBig } from './plan';
import { BigTile, QuietTile } from './Tiles';

function getStyles(theme: GrafanaTheme2) {
  const { text, border } = theme.colors;
  return {
    verdict: css({ display: 'flex', gap: 16, minHeight: 0, flex: 1 }),
    tile: css({ width: TILE_WIDTH, flex: 'none' }),
    channels: css({
      flex: 1,
      minWidth: 0,
      overflow: 'auto',
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fill, minmax(136px, 1fr))',
      alignContent: 'start',
      gap: '12px 0',
      listStyle: 'none',
      margin: 0,
    }),
    channel: css({ padding: '0 8px 0 12px', borderLeft: `1px solid ${border.weak}`, minWidth: 0 }),
    name: css({ ...small, display: 'flex', gap: 6, alignItems: 'center', color: text.secondary }),
    value: css({
      fontSize: 18,
      lineHeight: '24px',
      color: text.primary,
      margin: 0,
      fontVariantNumeric: 'tabular-nums',
    }),
    loud: css({ color: text.maxContrast, fontWeight: 500 }),
  };
}

/** One model with room for it: the worst reason in its tile, and beside it each channel with its state. */
export function Verdict({ model }: { model: ModelView }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.verdict}>
      <div className={styles.tile}>{isBig(model) ? <BigTile model={model} /> : <QuietTile model={model} />}</div>
      <ul className={styles.channels} aria-label="Channels">
        {model.channels.map((one) => (
          <Channel key={one.channel} model={model} {...one} />
        ))}
      </ul>
    </div>
  );
}

/** Its number where the answer has one, else its state. */
function Channel({ model, ...verdict }: { model: ModelView } & ChannelVerdict) {
  const styles = useStyles2(getStyles);
  const { nowMs } = useHealth();
  const { channel, status } = verdict;
  const value = channelValue(model, verdict, nowMs);
  const isLoud = status === 'warning' || status === 'critical';
  return (
    <li className={styles.channel}>
      <p className={styles.name}>
        <Mark state={STATUS_MARK[status] ?? 'unknown'} size={14} />
        {channelName(channel)} {value && statusWord(status)}
      </p>
      <p className={isLoud ? `${styles.value} ${styles.loud}` : styles.value}>{value || statusWord(status)}</p>
    </li>
  );
}
