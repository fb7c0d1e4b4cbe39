import React, { type ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import type { HealthState } from '@modelwatch/contract';
import type { Message } from '../../model/types';
import { Mark } from './Mark';

function getStyles(theme: GrafanaTheme2) {
  const { text, border } = theme.colors;
  const block = { background: theme.isDark ? border.weak : theme.colors.background.secondary, borderRadius: 4 };
  return {
    box: css({ margin: 'auto', padding: '0 16px', maxWidth: 640 }),
    center: css({ textAlign: 'center', display: 'flex', flexDirection: 'column', gap: 4, alignItems: 'center' }),
    beside: css({ display: 'flex', gap: 8, alignItems: 'flex-start' }),
    title: css({ fontSize: 14, lineHeight: '20px', fontWeight: 500, color: text.maxContrast, margin: 0 }),
    detail: css({ fontSize: 12, lineHeight: '18px', color: text.secondary, margin: 0, overflowWrap: 'anywhere' }),
    code: css({ fontSize: 12, lineHeight: '18px', background: 'none', border: 0, padding: 0, color: text.primary }),
    actions: css({ display: 'flex', gap: 8, marginTop: 6 }),
    pickers: css({
      display: 'flex',
      flexWrap: 'wrap',
      '&:empty': { display: 'none' },
      gap: 14,
      fontSize: 12,
      lineHeight: '18px',
      color: text.secondary,
    }),
    bar: css({
      display: 'flex',
      gap: 8,
      alignItems: 'center',
      flex: 'none',
      fontSize: 12,
      lineHeight: '18px',
      border: `1px dashed ${border.strong}`,
      borderRadius: 4,
      padding: '4px 8px',
      marginBottom: 8,
      p: { flex: 1, margin: 0, color: text.secondary },
      b: { color: text.maxContrast, fontWeight: 500 },
    }),
    line: css({ ...block, height: 12, width: 210, maxWidth: '60%', margin: '8px 0 16px' }),
    skeleton: css({ display: 'grid', gridTemplateColumns: 'repeat(3, 1fr)', gap: 8, i: { ...block, height: 36 } }),
    frame: css({ padding: '0 12px', display: 'flex', flexDirection: 'column', overflow: 'auto' }),
  };
}

/** First time only: still shapes and one line of text. A refresh keeps what is there. */
export function Loading() {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.frame} aria-busy="true">
      <div className={styles.line} />
      <div className={styles.skeleton} aria-hidden="true">
        {Array.from({ length: 6 }, (_, index) => (
          <i key={index} />
        ))}
      </div>
      <p className={styles.detail} role="status" style={{ marginTop: 10 }}>
        Reading the first samples
      </p>
    </div>
  );
}

export interface Action {
  readonly label: string;
  readonly onClick: () => void;
}

interface StatementProps {
  readonly message: Message;
  readonly actions?: readonly Action[];
  /** With a mark the text stands beside it, as for errors; below it where `centred`. */
  readonly mark?: HealthState;
  readonly centred?: boolean;
  readonly size: { width: number; height: number };
  /** What may lead to another answer. */
  readonly pickers?: ReactNode;
}

/** One sentence instead of the fleet, and the ways out. */
export function Statement({ message, actions = [], mark, centred = !mark, size, pickers }: StatementProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.frame} style={size}>
      <div className={`${styles.box} ${centred ? styles.center : styles.beside}`} role={centred ? 'status' : 'alert'}>
        {mark && <Mark state={mark} size={20} />}
        <div className={centred ? styles.center : undefined}>
          <h3 className={styles.title}>{message.title}</h3>
          <p className={styles.detail}>{message.detail}</p>
          {message.code && <code className={styles.code}>{message.code}</code>}
          {pickers && <div className={styles.pickers}>{pickers}</div>}
          {actions.length > 0 && (
            <div className={styles.actions}>
              {actions.map(({ label, onClick }, index) => (
                <Button key={label} size="sm" variant={index ? 'secondary' : 'primary'} onClick={onClick}>
                  {label}
                </Button>
              ))}
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

/** What is wrong, above a fleet that is drawn all the same. */
export function Notice({ message }: { message: Message }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.bar} role="alert">
      <Mark state="stale" />
      <p>
        <b>{message.title}</b> {message.detail}
      </p>
    </div>
  );
}
