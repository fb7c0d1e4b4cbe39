import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ModelView } from '../../model/types';
import { countText, spanText, threeFigures } from '../../model/words';
import { CardFrame, CardKeys, CardLinks, type CardPlace } from '../shared/CardFrame';
import { Mark } from '../shared/Mark';
import { channelName, channelValue, STATUS_MARK, statusWord } from './channels';
import { useHealth } from './context';
import { HistoryStrip } from './Sparkline';

const WIDTH = 328;

function getStyles(theme: GrafanaTheme2) {
  const { text, border } = theme.colors;
  const small = { fontSize: 12, lineHeight: '18px', margin: 0 } as const;
  return {
    head: css({
      display: 'flex',
      gap: 8,
      b: { fontSize: 16, lineHeight: '20px', fontWeight: 500, color: text.maxContrast },
    }),
    small: css(small),
    muted: css({ ...small, color: text.secondary }),
    why: css({ margin: '8px 0', fontSize: 14, lineHeight: '20px', fontWeight: 500, color: text.maxContrast }),
    channels: css({
      width: '100%',
      borderCollapse: 'collapse',
      fontSize: 12,
      lineHeight: '18px',
      margin: '8px 0',
      'td, th': { padding: '3px 0', borderTop: `1px solid ${border.weak}`, textAlign: 'left', fontWeight: 400 },
      th: { fontWeight: 500, width: 96 },
      'td:first-child': { width: 20 },
      'td:nth-child(3)': { color: text.secondary },
      'td:last-child': { textAlign: 'right' },
    }),
  };
}

function Channels({ model }: { model: ModelView }) {
  const styles = useStyles2(getStyles);
  const { nowMs } = useHealth();
  if (!model.channels.length) return null;
  return (
    <table className={styles.channels} aria-label="Channels">
      <tbody>
        {model.channels.map(({ channel, status }) => (
          <tr key={channel}>
            <td>
              <Mark state={STATUS_MARK[status] ?? 'unknown'} size={14} />
            </td>
            <th scope="row">{channelName(channel)}</th>
            <td>{statusWord(status)}</td>
            <td>{channelValue(model, { channel, status }, nowMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function facts(model: ModelView): string {
  const { cluster, namespace, platform, version, server, runtime, owner, requestsPerSecond, requestsPerDay } = model;
  const place = [cluster, namespace, platform, [version, server ?? runtime].filter(Boolean).join(' on ')];
  const traffic = requestsPerSecond === undefined ? '' : `${threeFigures(requestsPerSecond)} requests/s`;
  const day = requestsPerDay === undefined ? '' : `${countText(requestsPerDay)} a day`;
  return [...place, owner && `owner ${owner}`, traffic, day].filter(Boolean).join(', ');
}

interface CardProps extends CardPlace {
  readonly model: ModelView;
}

/** Everything known of one model; the same for pointer and keyboard. */
export function Card({ model, ...place }: CardProps) {
  const styles = useStyles2(getStyles);
  const { nowMs, clock, range, linksOf } = useHealth();
  const links = linksOf(model);
  const since = model.sinceMs === undefined ? '' : ` since ${clock(model.sinceMs)}, ${spanText(nowMs - model.sinceMs)}`;
  return (
    <CardFrame {...place} name={model.name} width={WIDTH} padding="12px 16px" content={model}>
      <div className={styles.head}>
        <Mark state={model.health} size={20} />
        <div>
          <b>{model.name}</b>
          <p className={styles.small}>
            {model.health}
            {since}
          </p>
        </div>
      </div>
      {model.reason && <p className={styles.why}>{model.reason}</p>}
      <Channels model={model} />
      {model.history.length > 0 && (
        <>
          <HistoryStrip model={model} range={range} width={WIDTH - 34} />
          <p className={styles.muted} style={{ display: 'flex', justifyContent: 'space-between' }}>
            <span>{spanText(range.toMs - range.fromMs)}</span>
            <span>{range.toMs >= nowMs - 60_000 ? 'now' : clock(range.toMs)}</span>
          </p>
        </>
      )}
      <p className={styles.muted}>{facts(model)}</p>
      {model.basis === 'serving' && <p className={styles.muted}>Serving state only: no other channel was asked.</p>}
      <CardLinks links={links} />
      <CardKeys links={links.length > 0} />
    </CardFrame>
  );
}
