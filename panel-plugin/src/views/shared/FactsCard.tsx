import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { HealthState } from '@modelwatch/contract';
import { CardFrame, CardKeys, CardLinks, type CardAction, type CardPlace } from './CardFrame';
import type { CardLink } from './links';
import { Mark } from './Mark';

const WIDTH = 316;

function getStyles(theme: GrafanaTheme2) {
  return {
    head: css({
      display: 'flex',
      gap: 6,
      alignItems: 'center',
      marginBottom: 4,
      b: { fontSize: 14, lineHeight: '20px', fontWeight: 500, color: theme.colors.text.maxContrast },
      span: { marginLeft: 'auto', fontSize: 12, color: theme.colors.text.secondary },
    }),
    table: css({
      width: '100%',
      borderCollapse: 'collapse',
      fontSize: 12,
      lineHeight: '18px',
      th: { fontWeight: 400, textAlign: 'left', color: theme.colors.text.secondary, padding: '2px 8px 2px 0' },
      td: { textAlign: 'right', fontVariantNumeric: 'tabular-nums', padding: '2px 0', overflowWrap: 'anywhere' },
    }),
  };
}

export type Fact = readonly [name: string, value: string];

interface FactsCardProps extends CardPlace {
  readonly name: string;
  readonly mark?: HealthState;
  /** The state in a word. */
  readonly word: string;
  readonly rows: readonly Fact[];
  readonly links: readonly CardLink[];
  readonly actions?: readonly CardAction[];
  /** Changes when the card is about something else. */
  readonly content: unknown;
}

/** A name, its state, and facts below each other: the same card for pointer and keyboard. */
export function FactsCard({ name, mark, word, rows, links, actions = [], content, ...place }: FactsCardProps) {
  const styles = useStyles2(getStyles);
  return (
    <CardFrame {...place} name={name} width={WIDTH} padding="8px 12px" content={content}>
      <div className={styles.head}>
        {mark && <Mark state={mark} size={14} />}
        <b>{name}</b>
        <span>{word}</span>
      </div>
      <table className={styles.table}>
        <tbody>
          {rows.map(([title, value]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <CardLinks links={links} actions={actions} />
      <CardKeys links={links.length + actions.length > 0} />
    </CardFrame>
  );
}
