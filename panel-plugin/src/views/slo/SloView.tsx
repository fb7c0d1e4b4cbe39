import React, { useId, useMemo, useRef, useState } from 'react';
import { useStyles2 } from '@grafana/ui';
import type { HealthState } from '@modelwatch/contract';
import { manySentence, type Saying } from '../../model/slo/say';
import { sentenceText } from '../../model/sentence';
import type { Slo, SloAnswer } from '../../model/slo/types';
import { countText, type ClockText } from '../../model/words';
import { LiveSentence } from '../shared/LiveSentence';
import type { CardLink } from '../shared/links';
import { Mark } from '../shared/Mark';
import { Say } from '../shared/Say';
import { Notice } from '../shared/States';
import { useCard } from '../shared/useCard';
import { useKeys } from '../shared/useKeys';
import { HatchDefs } from './Marks';
import { OneView } from './OneView';
import { SloCard } from './SloCard';
import { SloList } from './SloList';
import { SloTable } from './SloTable';
import { getStyles } from './styles';
import { useRows } from './useRows';

export interface SloViewProps {
  readonly answer: SloAnswer;
  readonly width: number;
  readonly height: number;
  readonly clock: ClockText;
  readonly date: ClockText;
  readonly linksOf: (slo: Slo) => CardLink[];
}

/** One objective in detail, or many as a table. */
export function SloView(props: SloViewProps) {
  const [only] = props.answer.slos;
  return props.answer.slos.length === 1 && only ? <OneView slo={only} {...props} /> : <ManyView {...props} />;
}

/** Below this a table has no room. */
const TABLE_FROM = { width: 420, height: 150 };
/** From here on the legend has room for its words. */
const WORDS_FROM = 760;
const HEADLINE = 36;

function ManyView({ answer, width, height, clock, linksOf }: SloViewProps) {
  const { nowMs, notices } = answer;
  const styles = useStyles2(getStyles);
  const view = useRef<HTMLElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const [headlineId, hatchId] = [useId(), useId().replace(/:/g, '')];
  const saying: Saying = useMemo(() => ({ nowMs, clock }), [nowMs, clock]);
  const isTable = width >= TABLE_FROM.width && height >= TABLE_FROM.height;
  const [chosen, toggle] = useChosen();
  const slos = useMemo(() => (isTable ? ofStates(answer.slos, chosen) : answer.slos), [answer, chosen, isTable]);
  const keys = useMemo(() => slos.map(({ key }) => key), [slos]);
  const roving = useRows(keys, scroll);
  const card = useCard();
  const open = card.card && slos.find(({ key }) => key === card.card?.key);
  const linksOfKey = (key: string): CardLink[] => {
    const slo = slos.find((one) => one.key === key);
    return slo ? linksOf(slo) : [];
  };
  const handlers = useKeys({ view, roving, card, linksOfKey });
  const said = useMemo(() => manySentence(answer, saying), [answer, saying]);
  const { activeIndex, scrollTop, onScroll } = roving;
  return (
    <section ref={view} className={styles.view} style={{ width, height }} aria-labelledby={headlineId} {...handlers}>
      <HatchDefs id={hatchId} />
      {isTable ? (
        <Say id={headlineId} sentence={said}>
          <Legend slos={answer.slos} chosen={chosen} hasWords={width >= WORDS_FROM} onToggle={toggle} />
        </Say>
      ) : (
        <h3 id={headlineId} className={styles.hidden}>
          {sentenceText(said)}
        </h3>
      )}
      <LiveSentence
        identity={`${answer.slos[0]?.key ?? ''} ${answer.slos[0]?.mark ?? ''}`}
        sentence={sentenceText(said)}
      />
      {notices.map((notice) => (
        <Notice key={notice.title} message={notice} />
      ))}
      {isTable ? (
        <SloTable
          {...{ slos, width, saying, hatchId, activeIndex, scroll, scrollTop, onScroll }}
          height={height - HEADLINE}
          labelledBy={headlineId}
        />
      ) : (
        <SloList {...{ slos, height, saying, hatchId, activeIndex, scroll }} />
      )}
      {open && card.card && (
        <SloCard
          slo={open}
          saying={saying}
          links={linksOf(open)}
          anchor={card.card.anchor}
          onEnter={card.keep}
          onLeave={card.leave}
          onKeyDown={handlers.onKeyDown}
        />
      )}
    </section>
  );
}

const LEGEND: ReadonlyArray<readonly [mark: HealthState, marks: readonly HealthState[], word: string]> = [
  ['failed', ['failed'], 'paging'],
  ['degraded', ['degraded'], 'burning'],
  ['unknown', ['unknown', 'stale'], 'no verdict'],
  ['idle', ['idle'], 'idle'],
  ['healthy', ['healthy'], 'met'],
];

/** States of the legend that are shown alone, by their mark; none: all are shown. */
type Chosen = ReadonlySet<HealthState>;

function useChosen(): readonly [Chosen, (mark: HealthState) => void] {
  const [chosen, setChosen] = useState<Chosen>(new Set());
  const toggle = (mark: HealthState) =>
    setChosen((before) => new Set(before.has(mark) ? [...before].filter((one) => one !== mark) : [...before, mark]));
  return [chosen, toggle];
}

/** Where a refresh left none in the states that are chosen, all are shown: the legend has no entry to undo it by. */
function ofStates(slos: readonly Slo[], chosen: Chosen): readonly Slo[] {
  const marks = LEGEND.flatMap(([mark, each]) => (chosen.has(mark) ? each : []));
  const found = slos.filter(({ mark }) => marks.includes(mark));
  return found.length ? found : slos;
}

interface LegendProps {
  readonly slos: readonly Slo[];
  readonly chosen: Chosen;
  readonly hasWords: boolean;
  readonly onToggle: (mark: HealthState) => void;
}

/** How many objectives are in each state; an entry is a button that shows these alone. */
function Legend({ slos, chosen, hasWords, onToggle }: LegendProps) {
  const styles = useStyles2(getStyles);
  const counted = LEGEND.map(([mark, marks, word]) => ({
    mark,
    word:
      mark === 'failed' && slos.some((one) => one.mark === 'failed' && one.verdict !== 'page')
        ? 'paging or spent'
        : word,
    count: slos.filter((one) => marks.includes(one.mark)).length,
  }));
  return (
    <div className={styles.legend} role="group" aria-label="Objectives by state">
      {counted
        .filter(({ count }) => count > 0)
        .map(({ mark, word, count }) => (
          <button key={mark} type="button" title={word} aria-pressed={chosen.has(mark)} onClick={() => onToggle(mark)}>
            <Mark state={mark} size={14} />
            <b>{countText(count)}</b> <span className={hasWords ? undefined : styles.hidden}>{word}</span>
          </button>
        ))}
    </div>
  );
}
