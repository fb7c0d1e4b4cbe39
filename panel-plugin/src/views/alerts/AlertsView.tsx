import React, { useId } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import {
  alertmanagerProblem,
  alertsSentence,
  alertWords,
  stateWords,
  subjectWords,
  toldWords,
} from '../../model/alerts/say';
import type { Alert, AlertsAnswer } from '../../model/alerts/types';
import { sentenceText } from '../../model/sentence';
import { countText, glue, type ClockText } from '../../model/words';
import type { CardLink } from '../shared/links';
import { LiveSentence } from '../shared/LiveSentence';
import { Mark } from '../shared/Mark';
import { Say } from '../shared/Say';
import { Notice } from '../shared/States';
import { ellipsis, focusRing, getSharedStyles, small } from '../shared/styles';

/** More would be a list that nobody reads; the worst come first. */
const MOST = 200;

function getStyles(theme: GrafanaTheme2) {
  const { text, border } = theme.colors;
  return {
    ...getSharedStyles(theme),
    scroll: css({
      overflow: 'auto',
      minHeight: 0,
      flex: 1,
      ...focusRing(theme),
      '&:focus-visible': { outlineOffset: -2 },
    }),
    alert: css({
      display: 'grid',
      gridTemplateColumns: '18px minmax(0, 1fr) auto',
      gap: '0 8px',
      alignItems: 'center',
      padding: '5px 0',
      borderTop: `1px solid ${border.weak}`,
      // What it is about gives way first.
      b: { ...ellipsis, flexShrink: 0, maxWidth: '75%', color: text.maxContrast },
    }),
    name: css({ ...ellipsis, display: 'flex', gap: 8, alignItems: 'baseline', fontSize: 14, lineHeight: '20px' }),
    subject: css({ ...ellipsis, color: text.secondary }),
    state: css({ ...small, whiteSpace: 'nowrap', color: text.primary, fontVariantNumeric: 'tabular-nums' }),
    told: css({
      ...small,
      gridColumn: '2 / 4',
      display: 'flex',
      flexWrap: 'wrap',
      gap: '0 14px',
      color: text.secondary,
      overflowWrap: 'anywhere',
      a: { color: text.link, fontWeight: 500 },
    }),
  };
}

export interface AlertsViewProps {
  readonly answer: AlertsAnswer;
  readonly width: number;
  readonly height: number;
  readonly clock: ClockText;
  readonly linksOf: (alert: Alert, answer: AlertsAnswer) => CardLink[];
}

/** What fires and what waits, the worst first, each with since when and who is told. */
export function AlertsView({ answer, width, height, clock, linksOf }: AlertsViewProps) {
  const styles = useStyles2(getStyles);
  const headlineId = useId();
  const { alerts, notices } = answer;
  const said = alertsSentence(answer);
  const problem = alertmanagerProblem(answer);
  const hidden = alerts.length - MOST;
  return (
    <section className={styles.view} style={{ width, height }} aria-labelledby={headlineId}>
      <Say id={headlineId} sentence={said} />
      <LiveSentence identity={alerts.map(({ key, mark }) => `${key} ${mark}`).join()} sentence={sentenceText(said)} />
      {[...notices, ...(problem ? [problem] : [])].map((notice) => (
        <Notice key={notice.title} message={notice} />
      ))}
      <div className={styles.scroll} role="region" aria-label="Alerts, worst first" tabIndex={0}>
        <ul>
          {alerts.slice(0, MOST).map((alert) => (
            <AlertItem
              key={alert.key}
              alert={alert}
              nowMs={answer.nowMs}
              clock={clock}
              links={linksOf(alert, answer)}
            />
          ))}
        </ul>
        {hidden > 0 && <p className={styles.subject}>and {countText(hidden)} more</p>}
      </div>
    </section>
  );
}

interface ItemProps {
  readonly alert: Alert;
  readonly nowMs: number;
  readonly clock: ClockText;
  readonly links: readonly CardLink[];
}

function AlertItem({ alert, nowMs, clock, links }: ItemProps) {
  const styles = useStyles2(getStyles);
  const { name, severity, mark } = alert;
  const subject = subjectWords(alert);
  const told = toldWords(alert, clock);
  return (
    <li className={styles.alert} data-mark={mark}>
      <Mark state={mark} size={16} />
      <span className={styles.name}>
        <b title={name}>{alertWords(name)}</b>
        <span className={styles.subject} title={subject}>
          {subject}
        </span>
      </span>
      <span className={styles.state}>{[severity, stateWords(alert, nowMs)].filter(Boolean).join(', ')}</span>
      <span className={styles.told}>
        {told && <span>{glue(told)}</span>}
        {links.map(({ title, href, target }) => (
          <a key={title} href={href} target={target} rel={target ? 'noreferrer' : undefined}>
            {title}
          </a>
        ))}
      </span>
    </li>
  );
}
