import React, { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Portal, useStyles2 } from '@grafana/ui';
import { placeCard, type Rect } from '../../layout/neighbour';
import type { CardLink } from './links';

function getStyles(theme: GrafanaTheme2) {
  const { text, border } = theme.colors;
  const link = { fontSize: 12, lineHeight: '18px', fontWeight: 500, color: text.link } as const;
  return {
    card: css({
      position: 'fixed',
      maxWidth: 'calc(100vw - 16px)',
      maxHeight: 'calc(100vh - 16px)',
      overflow: 'auto',
      zIndex: theme.zIndex.tooltip,
      background: theme.isDark ? theme.colors.background.secondary : theme.colors.background.primary,
      border: `1px solid ${border.medium}`,
      borderRadius: 6,
      boxShadow: theme.shadows.z3,
      color: text.primary,
    }),
    links: css({
      display: 'flex',
      flexWrap: 'wrap',
      gap: '0 14px',
      borderTop: `1px solid ${border.weak}`,
      paddingTop: 8,
      marginTop: 8,
      a: link,
      button: { ...link, border: 0, background: 'none', padding: 0, letterSpacing: 'inherit', cursor: 'pointer' },
    }),
    keys: css({
      fontSize: 12,
      lineHeight: '18px',
      margin: 0,
      display: 'flex',
      gap: 5,
      marginTop: 6,
      color: text.secondary,
      kbd: {
        font: 'inherit',
        padding: '0 4px',
        border: `1px solid ${border.medium}`,
        borderRadius: 4,
        background: 'none',
        color: 'inherit',
        boxShadow: 'none',
      },
    }),
  };
}

/** What a card needs from the view that it belongs to. */
export interface CardPlace {
  readonly anchor: Rect;
  readonly onEnter: () => void;
  readonly onLeave: () => void;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
}

interface CardFrameProps extends CardPlace {
  /** Accessible name. */
  readonly name: string;
  readonly width: number;
  readonly padding: string;
  /** Changes when the content does, so that the card is placed again. */
  readonly content: unknown;
  readonly children: ReactNode;
}

/** The floating card of both views: beside its anchor, kept on the screen, at the end of the page. */
export function CardFrame(props: CardFrameProps) {
  const { name, width, padding, anchor, content, onEnter, onLeave, onKeyDown, children } = props;
  const styles = useStyles2(getStyles);
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: anchor.left + anchor.width + 8, top: anchor.top });
  useLayoutEffect(() => {
    const card = { width, height: element.current?.offsetHeight ?? 0 };
    setPlace(placeCard(anchor, card, { width: window.innerWidth, height: window.innerHeight }));
  }, [anchor, content, width]);
  return (
    <Portal>
      <div
        ref={element}
        className={styles.card}
        style={{ ...place, width, padding }}
        role="dialog"
        aria-label={name}
        onPointerEnter={onEnter}
        onPointerLeave={onLeave}
        onKeyDown={onKeyDown}
      >
        {children}
      </div>
    </Portal>
  );
}

/** A way out of the card that is no address: it changes the dashboard that one is on. */
export interface CardAction {
  readonly title: string;
  readonly run: () => void;
}

export function CardLinks({ links, actions = [] }: { links: readonly CardLink[]; actions?: readonly CardAction[] }) {
  const styles = useStyles2(getStyles);
  if (!links.length && !actions.length) return null;
  return (
    <div className={styles.links}>
      {links.map(({ title, href, target }) => (
        <a key={title + href} href={href} target={target} rel={target ? 'noreferrer' : undefined}>
          {title}
        </a>
      ))}
      {actions.map(({ title, run }) => (
        <button key={title} type="button" onClick={run}>
          {title}
        </button>
      ))}
    </div>
  );
}

export function CardKeys({ links }: { links: boolean }) {
  const styles = useStyles2(getStyles);
  return (
    <p className={styles.keys} aria-hidden="true">
      <kbd>←</kbd>
      <kbd>→</kbd> move{' '}
      {links && (
        <>
          <kbd>Enter</kbd> open <kbd>L</kbd> links{' '}
        </>
      )}
      <kbd>Esc</kbd> close
    </p>
  );
}
