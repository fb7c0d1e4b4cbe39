import React, { useId, useMemo, useState, type ReactNode } from 'react';
import { IconButton, useStyles2 } from '@grafana/ui';
import { sentenceText, type Sentence } from '../../model/sentence';
import { isSpent, oneSentence, promiseSentence, reasonWords, type Saying } from '../../model/slo/say';
import { spendsOf } from '../../model/slo/spends';
import type { Slo, SloHistory } from '../../model/slo/types';
import {
  attainedText,
  burnText,
  eventWords,
  exactGoneText,
  leftText,
  targetText,
  windowText,
} from '../../model/slo/words';
import { countText, spanText, threeFigures } from '../../model/words';
import type { CardLink } from '../shared/links';
import { mayEdit } from '../shared/mayEdit';
import { LiveSentence } from '../shared/LiveSentence';
import { Say } from '../shared/Say';
import { Notice } from '../shared/States';
import { Burndown, BurnChart } from './Burndown';
import { HistoryTable } from './HistoryTable';
import { DETAIL_TITLE } from './links';
import { HatchDefs } from './Marks';
import { SmallOne } from './SmallOne';
import { Badge } from './SloTable';
import type { SloViewProps } from './SloView';
import { Spends } from './Spends';
import { getStyles } from './styles';

/** Below this one number and a small curve stand for all. */
const DETAIL_FROM = { width: 480, height: 230 };
/** From here on what spent the budget has room beside the curve. */
const SPENDS_FROM = 900;
const SPENDS_WIDTH = 340;
const HEADLINE = 36;
const FACTS = 50;
const CAPTION = 20;
const BURN_HEIGHT = 104;
/** From here on the ways out have room beside the sentence. */
const WAYS_FROM = 760;
/** Else below the drawing. */
const WAYS = 18;
/** Below this the burn rates go first. */
const BURN_FROM = 300;

export interface OneProps extends SloViewProps {
  readonly slo: Slo;
}

/** `59.7 k`: what is allowed is a share of what was asked, and no whole number. */
function manyText(count: number): string {
  return count >= 1000 ? countTextShort(count) : countText(count);
}

function countTextShort(count: number): string {
  return count < 999_500 ? `${threeFigures(count / 1e3)}\u00a0k` : `${threeFigures(count / 1e6)}\u00a0M`;
}

interface Number_ {
  readonly value: string;
  readonly about: string;
}

/** At most five numbers, the most urgent first. */
export function numbersOf(slo: Slo, { nowMs, clock }: Saying): Number_[] {
  const { budgetLeft, exhaustionMs, attained, objective, burn, burnShort, events, badEvents, window } = slo;
  const numbers: Number_[] = [];
  if (budgetLeft !== undefined)
    numbers.push({ value: leftText(budgetLeft), about: `budget left, ${windowText(window)}` });
  if (exhaustionMs !== undefined && !isSpent(slo) && (burn ?? 0) > 1) {
    const when = clock(nowMs + exhaustionMs);
    const about = `until it is gone at this pace, ${when}${/^\d\d:\d\d$/.test(when) ? ' today' : ''}`;
    numbers.push({ value: exactGoneText(exhaustionMs), about });
  }
  if (objective !== undefined) {
    const value = attained === undefined ? 'unknown' : attainedText(attained, objective);
    numbers.push({ value, about: `attained, objective ${targetText(objective)}` });
  }
  if (burn !== undefined) {
    const short = burnShort === undefined ? '' : `; ${burnText(burnShort)} over 5\u00a0min`;
    numbers.push({ value: burnText(burn), about: `burn over 1\u00a0h${short}` });
  }
  if (events !== undefined && badEvents !== undefined && objective !== undefined) {
    const { many } = eventWords(slo);
    const allowed = manyText((1 - objective) * events);
    const what = slo.indicator === 'availability' ? 'allowed failures used' : `allowed bad ${many} used`;
    numbers.push({ value: `${manyText(badEvents)} of ${allowed}`, about: `${what}, ${manyText(events)} ${many}` });
  }
  return numbers;
}

/** Ways out, in one line of small words. */
export function Ways({ links }: { links: readonly CardLink[] }) {
  const styles = useStyles2(getStyles);
  if (!links.length) return null;
  return (
    <span className={styles.ways}>
      {links.map(({ title, href, target }) => (
        <a key={title} href={href} target={target} rel={target ? 'noreferrer' : undefined}>
          {title}
        </a>
      ))}
    </span>
  );
}

export function OneView(props: OneProps) {
  const { answer, slo, width, height } = props;
  const { nowMs, history, notices } = answer;
  const styles = useStyles2(getStyles);
  const headlineId = useId();
  const saying: Saying = useMemo(() => ({ nowMs, clock: props.clock }), [nowMs, props.clock]);
  const said = useMemo(() => oneSentence(slo, history, saying), [slo, history, saying]);
  if (width < DETAIL_FROM.width || height < DETAIL_FROM.height)
    return <SmallOne {...props} saying={saying} said={said} />;
  return (
    <section className={styles.view} style={{ width, height }} aria-labelledby={headlineId}>
      <LiveSentence identity={`${slo.key} ${slo.mark}`} sentence={sentenceText(said)} />
      <Detail {...props} {...{ saying, said, headlineId }}>
        {notices.map((notice) => (
          <Notice key={notice.title} message={notice} />
        ))}
        <dl className={styles.facts}>
          {numbersOf(slo, saying).map(({ value, about }) => (
            <div key={about}>
              <dt>{about}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Detail>
    </section>
  );
}

interface DetailProps extends OneProps {
  readonly saying: Saying;
  readonly said: Sentence;
  readonly headlineId: string;
  /** Between the sentence and the drawing. */
  readonly children: ReactNode;
}

/** Sentence with its ways out, numbers, and the charts or the same as a table. */
function Detail({ saying, said, headlineId, children, ...props }: DetailProps) {
  const { slo, width, clock } = props;
  const { nowMs, history } = props.answer;
  const hatchId = useId().replace(/:/g, '');
  const [asTable, setAsTable] = useState(false);
  const isSilent = slo.budgetLeft === undefined;
  const drawn = !isSilent && history && history.budget.length > 1 ? history : undefined;
  // How long the state holds: its alert waits before it fires.
  const since = slo.alert && slo.sinceMs !== undefined ? ` ${spanText(nowMs - slo.sinceMs)}` : '';
  const ways = <Ways links={props.linksOf(slo)} />;
  return (
    <>
      <HatchDefs id={hatchId} />
      <Say id={headlineId} sentence={said}>
        <Badge slo={slo} after={since} />
        {width >= WAYS_FROM && ways}
        {drawn && <Switch asTable={asTable} onChange={setAsTable} />}
      </Say>
      {children}
      {isSilent && <Silent slo={slo} saying={saying} hatchId={hatchId} />}
      {drawn && asTable && <HistoryTable slo={slo} history={drawn} clock={clock} />}
      {!isSilent && !(drawn && asTable) && <Drawing {...props} drawn={drawn} />}
      {width < WAYS_FROM && ways}
    </>
  );
}

function Switch({ asTable, onChange }: { asTable: boolean; onChange: (asTable: boolean) => void }) {
  const name = asTable ? 'Show as drawing' : 'Show as table';
  return (
    <IconButton
      name={asTable ? 'chart-line' : 'table'}
      size="sm"
      aria-pressed={asTable}
      aria-label={name}
      tooltip={name}
      onClick={() => onChange(!asTable)}
    />
  );
}

/** The charts, or the way to them. */
function Drawing({ drawn, ...props }: OneProps & { drawn: SloHistory | undefined }) {
  return drawn ? (
    <Charts {...props} history={drawn} />
  ) : (
    <WithoutHistory slo={props.slo} links={props.linksOf(props.slo)} />
  );
}

/** Where nobody asked for the history: the way to it, and for who can add the queries how they are called. */
function WithoutHistory({ slo, links }: { slo: Slo; links: readonly CardLink[] }) {
  const styles = useStyles2(getStyles);
  const detail = links.find(({ title }) => title === DETAIL_TITLE);
  return (
    <p className={styles.caption}>
      {promiseSentence(slo)}.{' '}
      {detail && (
        <a className={styles.link} href={detail.href}>
          What spent the budget, and when
        </a>
      )}
      {!detail && mayEdit() && 'Add the queries “Budget over time” and “Burn rates” of this objective for its history.'}
    </p>
  );
}

function Charts({ slo, history, width, height, answer, clock, date }: OneProps & { history: SloHistory }) {
  const styles = useStyles2(getStyles);
  const spends = spendsOf(history.budget, history.events);
  const hasSpends = width >= SPENDS_FROM && spends.length > 0;
  const room = width - 24 - (hasSpends ? SPENDS_WIDTH + 24 : 0);
  const rest = height - HEADLINE - FACTS - CAPTION - 12 - (width < WAYS_FROM ? WAYS : 0);
  const hasBurn = history.burns.length > 0 && height >= BURN_FROM;
  const burnHeight = hasBurn ? Math.min(BURN_HEIGHT, Math.round(rest / 3)) : 0;
  const budgetHeight = Math.max(90, rest - (hasBurn ? burnHeight + CAPTION : 0));
  const shared = { slo, history, spends, nowMs: answer.nowMs, clock, date, width: room };
  return (
    <div className={styles.detail}>
      <div>
        <p className={styles.caption}>Budget left, % of the window&apos;s allowance: {promiseSentence(slo)}</p>
        <Burndown {...shared} height={budgetHeight} />
        {hasBurn && (
          <>
            <p className={styles.caption}>Burn rate over 1&nbsp;h, log scale; red: fast enough to page</p>
            <BurnChart {...shared} height={burnHeight} />
          </>
        )}
      </div>
      {hasSpends && <Spends spends={spends} nowMs={answer.nowMs} clock={clock} window={slo.window} />}
    </div>
  );
}

/** Without a verdict: an empty track, what is missing, and no number that could pass for one. */
export function Silent({ slo, saying, hatchId }: { slo: Slo; saying: Saying; hatchId: string }) {
  const styles = useStyles2(getStyles);
  return (
    <>
      <svg
        width="100%"
        height="100%"
        style={{ flex: 1, minHeight: 24, maxHeight: 120 }}
        aria-hidden="true"
        data-unknown=""
      >
        <rect width="100%" height="100%" fill={`url(#${hatchId})`} opacity={0.5} />
      </svg>
      <p className={styles.plain}>{silenceText(slo, saying)}</p>
    </>
  );
}

/** What would suffice, or what was known last. */
function silenceText(slo: Slo, saying: Saying): string {
  const { objective, eventsNeeded, budgetLeftBefore, sinceMs } = slo;
  const { many } = eventWords(slo);
  if (slo.verdict === 'too_little_data' && objective !== undefined && eventsNeeded !== undefined) {
    return `A ${targetText(objective)} objective needs ${countText(eventsNeeded)} ${many} in ${windowText(slo.window)} to allow one failure. A longer window, or a lower target, would have a verdict.`;
  }
  if (slo.verdict === 'stale') {
    const when = sinceMs === undefined ? '' : ` at ${saying.clock(sinceMs)}`;
    const was = budgetLeftBefore === undefined ? '' : `Budget was ${leftText(budgetLeftBefore)}${when}. `;
    return `${was}It may be less now: nobody has counted since.`;
  }
  return reasonWords(slo, saying);
}
