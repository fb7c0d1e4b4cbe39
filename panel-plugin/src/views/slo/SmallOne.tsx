import React, { useId } from 'react';
import { useStyles2 } from '@grafana/ui';
import { sentenceText, type Sentence } from '../../model/sentence';
import { isSpent, reasonWords, type Saying } from '../../model/slo/say';
import { spendsOf } from '../../model/slo/spends';
import type { Slo } from '../../model/slo/types';
import { burnText, eventWords, exactGoneText, leftText, windowAdjective, windowText } from '../../model/slo/words';
import { countText, spanText } from '../../model/words';
import { LiveSentence } from '../shared/LiveSentence';
import { Mark } from '../shared/Mark';
import { Burndown } from './Burndown';
import { HatchDefs } from './Marks';
import { Silent, Ways, type OneProps } from './OneView';
import { getStyles } from './styles';

interface Lead {
  readonly title: string;
  readonly isNumber: boolean;
  readonly under: string;
}

/** The one thing to know, and what it is about. */
function leadOf(slo: Slo, saying: Saying): Lead {
  const { verdict, sinceMs, budgetLeft, exhaustionMs, burn, events, eventsNeeded } = slo;
  const { many } = eventWords(slo);
  if (verdict === 'too_little_data') {
    const spends = events && eventsNeeded ? Math.floor(eventsNeeded / Math.max(1, Math.round(events))) : undefined;
    const counted = `${countText(events ?? 0)} in ${windowText(slo.window)}`;
    const under =
      spends === undefined
        ? counted
        : `${counted}; one failure spends ${spends === 1 ? 'the budget' : `${spends} budgets`}`;
    return { title: `Too few ${many}`, isNumber: false, under };
  }
  if (verdict === 'stale') {
    const title = sinceMs === undefined ? 'Stale' : `Stale for ${spanText(saying.nowMs - sinceMs)}`;
    return { title, isNumber: false, under: reasonWords(slo, saying) };
  }
  if (budgetLeft === undefined) return { title: 'No verdict', isNumber: false, under: reasonWords(slo, saying) };
  if (isSpent(slo))
    return { title: 'Spent', isNumber: true, under: `${leftText(budgetLeft)} of the ${windowText(slo.window)} budget` };
  if (exhaustionMs !== undefined && (burn ?? 0) > 1) {
    return {
      title: exactGoneText(exhaustionMs),
      isNumber: true,
      under: `until the ${windowText(slo.window)} budget is gone`,
    };
  }
  const under = slo.mark === 'idle' ? reasonWords(slo, saying) : `of the ${windowAdjective(slo.window)}budget left`;
  return { title: leftText(budgetLeft), isNumber: true, under };
}

/** One objective where there is little room: mark, one number, the curve. */
export function SmallOne({
  answer,
  slo,
  width,
  height,
  clock,
  date,
  saying,
  said,
  linksOf,
}: OneProps & { saying: Saying; said: Sentence }) {
  const styles = useStyles2(getStyles);
  const id = useId();
  const hatchId = useId().replace(/:/g, '');
  const { history, nowMs } = answer;
  const { title, isNumber, under } = leadOf(slo, saying);
  const isSilent = slo.budgetLeft === undefined;
  const room = height - 8 - 46 - 24;
  const foot = [
    slo.budgetLeft === undefined ? undefined : `${leftText(slo.budgetLeft)} left`,
    slo.burn === undefined ? undefined : `burn ${burnText(slo.burn)} over 1\u00a0h`,
  ].filter(Boolean);
  return (
    <section className={styles.view} style={{ width, height }} aria-labelledby={id}>
      <HatchDefs id={hatchId} />
      <div className={styles.lead}>
        <Mark state={slo.mark} size={24} />
        <div>
          <h3 id={id} data-number={isNumber || undefined} aria-label={sentenceText(said)}>
            {title}
          </h3>
          <p>{under}</p>
        </div>
      </div>
      <LiveSentence identity={`${slo.key} ${slo.mark}`} sentence={sentenceText(said)} />
      {isSilent && <Silent slo={slo} saying={saying} hatchId={hatchId} />}
      {!isSilent && history && history.budget.length > 1 && room >= 60 && (
        <Burndown
          {...{ slo, history, nowMs, clock, date }}
          spends={spendsOf(history.budget, history.events)}
          width={width - 24}
          height={Math.min(109, room)}
        />
      )}
      <div className={styles.foot}>
        {!isSilent && <span>{foot.join(', ')}</span>}
        <Ways links={linksOf(slo)} />
      </div>
    </section>
  );
}
