import React, {
  useCallback,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { IconButton, useStyles2 } from '@grafana/ui';
import type { AccuracyModeOption, PlacedPart } from '../../layout/accuracy/parts';
import type { AccuracyAnswer, Score } from '../../model/accuracy/types';
import { pairsOfNeeded } from '../../model/accuracy/words';
import { windowText } from '../../model/drift/words';
import { sentenceText } from '../../model/sentence';
import type { Message } from '../../model/types';
import type { CardLink } from '../shared/links';
import { LiveSentence } from '../shared/LiveSentence';
import { Say } from '../shared/Say';
import { Notice, Statement } from '../shared/States';
import { useCard } from '../shared/useCard';
import { useKeys } from '../shared/useKeys';
import { useRoving } from '../shared/useRoving';
import { AccuracyCard } from './AccuracyCard';
import { partsOf, planAccuracy, type AccuracyPlan } from './accuracyPlan';
import { AccuracyTable } from './AccuracyTable';
import { AccuracyContextValue, type AccuracyContext } from './context';
import { placeOf } from './keys';
import { PartView } from './PartView';
import { getStyles } from './styles';

export interface AccuracyViewProps extends AccuracyContext {
  readonly answer: AccuracyAnswer;
  readonly mode: AccuracyModeOption;
  readonly width: number;
  readonly height: number;
  readonly linksOf: (score: Score) => CardLink[];
  readonly pickers: ReactNode;
}

/** What is said instead of a drawing, where no pair was counted at all. */
function statementOf(answer: AccuracyAnswer): Message | undefined {
  const { details } = answer;
  if (!details || partsOf(answer).length) return undefined;
  const { model, window } = details.subject;
  return {
    title: 'No actuals yet',
    detail: `${model}: ${pairsOfNeeded(details.subject)} in ${windowText(window)}. Send what came true, with the ids of the predictions, to the exporter:`,
    code: 'POST /ingest/actuals',
  };
}

/** Accuracy as one view: sentence, what the scores travel with, the parts that fit, one card, one tab stop. */
export function AccuracyView(props: AccuracyViewProps) {
  const { answer, mode, width, height, nowMs, clock, date } = props;
  const context = useMemo(() => ({ nowMs, clock, date }), [nowMs, clock, date]);
  const [asked, setAsked] = useState<AccuracyModeOption>(mode);
  const plan = useMemo(
    () => planAccuracy(answer, { width, height }, asked, { nowMs, clock }),
    [answer, asked, width, height, nowMs, clock]
  );
  const statement = statementOf(answer);
  if (statement)
    return <Statement message={statement} mark="unknown" centred size={{ width, height }} pickers={props.pickers} />;
  return (
    <AccuracyContextValue.Provider value={context}>
      <Planned {...props} plan={plan} asked={asked} onAsk={setAsked} />
    </AccuracyContextValue.Provider>
  );
}

interface PlannedProps extends AccuracyViewProps {
  readonly plan: AccuracyPlan;
  readonly asked: AccuracyModeOption;
  readonly onAsk: (part: AccuracyModeOption) => void;
}

/** A click or Enter on a score chooses the one whose history is drawn. */
function useChosen(answer: AccuracyAnswer, hasHistory: boolean) {
  const [key, setKey] = useState<string>();
  const chosen = answer.scores.find((score) => score.key === key) ?? answer.scores[0];
  const choose = (target: EventTarget): boolean => {
    const stop = target instanceof Element ? target.closest<HTMLElement>('[data-mw-key]')?.dataset.mwKey : undefined;
    const place = stop === undefined || !hasHistory ? undefined : placeOf(stop, answer);
    if (place?.part !== 'scores') return false;
    setKey(place.key);
    return true;
  };
  return { chosen, choose };
}

function Planned(props: PlannedProps) {
  const { answer, width, height, plan, linksOf, asked, onAsk, pickers } = props;
  const styles = useStyles2(getStyles);
  const view = useRef<HTMLElement>(null);
  const headlineId = useId();
  const [asTable, setAsTable] = useState(false);
  const roving = useRoving(view, plan.firstKey, plan.keys);
  const card = useCard();
  const hasHistory = plan.placed.some(({ part }) => part === 'history');
  const { chosen, choose } = useChosen(answer, hasHistory);
  const place = useMemo(() => card.card && placeOf(card.card.key, answer), [card.card, answer]);
  const linksOfKey = useCallback(
    (key: string) => {
      const found = placeOf(key, answer);
      const score = found?.part === 'scores' ? answer.scores.find((one) => one.key === found.key) : undefined;
      return score ? linksOf(score) : [];
    },
    [answer, linksOf]
  );
  const keys = useKeys({ view, roving, card, linksOfKey });
  const handlers = {
    ...keys,
    onClick: (event: MouseEvent) => {
      if (choose(event.target)) card.close();
      else keys.onClick(event);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter' && choose(event.target)) event.preventDefault();
      else keys.onKeyDown(event);
    },
  };
  const { sentence, hasHeadline } = plan;
  const said = sentenceText(sentence);
  const { show } = card;
  const onPick = useCallback((key: string, rect: DOMRect) => show(key, rect, true), [show]);
  const stops = {
    activeKey: roving.activeKey,
    openKey: card.card?.key,
    onHover: card.hover,
    onLeave: card.leave,
    onPick,
  };
  return (
    <section ref={view} className={styles.view} style={{ width, height }} aria-labelledby={headlineId} {...handlers}>
      {hasHeadline ? (
        <Say id={headlineId} sentence={sentence}>
          {answer.scores.length > 0 && (
            <IconButton
              name={asTable ? 'chart-line' : 'table'}
              size="sm"
              aria-pressed={asTable}
              aria-label={asTable ? 'Show as drawing' : 'Show as table'}
              tooltip={asTable ? 'Show as drawing' : 'Show as table'}
              onClick={() => setAsTable(!asTable)}
            />
          )}
        </Say>
      ) : (
        <h3 id={headlineId} className={styles.hidden}>
          {said}
        </h3>
      )}
      <LiveSentence identity={`${sentence.mark ?? ''} ${sentence.parts[0]?.[1] ?? ''}`} sentence={said} />
      {answer.notices.map((notice) => (
        <Notice key={notice.title} message={notice} />
      ))}
      {plan.hasCaption && <Caption plan={plan} answer={answer} asked={asked} onAsk={onAsk} pickers={pickers} />}
      {asTable ? (
        <AccuracyTable scores={answer.scores} />
      ) : (
        <Grid placed={plan.placed} answer={answer} chosen={chosen} stops={stops} />
      )}
      {place && card.card && (
        <AccuracyCard
          place={place}
          answer={answer}
          chosen={chosen}
          links={linksOfKey(card.card.key)}
          anchor={card.card.anchor}
          onEnter={card.keep}
          onLeave={card.leave}
          onKeyDown={keys.onKeyDown}
        />
      )}
    </section>
  );
}

const PART_NAMES: Readonly<Record<AccuracyModeOption, string>> = {
  auto: 'Overview',
  scores: 'Scores',
  history: 'Over time',
  'predicted-actual': 'Predicted against actual',
  confusion: 'Confusion',
  calibration: 'Calibration',
  ages: 'Age of predictions',
};

/** What the view travels with; where not every part fits, a picker of what is shown. */
type CaptionProps = Pick<PlannedProps, 'plan' | 'answer' | 'asked' | 'onAsk' | 'pickers'>;

function Caption({ plan, answer, asked, onAsk, pickers }: CaptionProps) {
  const styles = useStyles2(getStyles);
  const parts = partsOf(answer);
  const isNeeded = plan.left.length > 0;
  const choices: AccuracyModeOption[] = ['auto', ...parts];
  return (
    <div className={styles.caption}>
      <p title={plan.caption}>{plan.caption}</p>
      {/* Beside scores, which are of all versions, a version would seem to be theirs. */}
      {answer.scores.length === 0 && pickers}
      {isNeeded && (
        <select
          className={styles.picker}
          aria-label="What is shown"
          value={choices.find((one) => one === asked) ?? 'auto'}
          onChange={({ target }) => onAsk(choices.find((one) => one === target.value) ?? 'auto')}
        >
          {choices.map((one) => (
            <option key={one} value={one}>
              {PART_NAMES[one]}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

interface GridProps {
  readonly placed: readonly PlacedPart[];
  readonly answer: AccuracyAnswer;
  readonly chosen: Score | undefined;
  readonly stops: React.ComponentProps<typeof PartView>['stops'];
}

function Grid({ placed, answer, ...rest }: GridProps) {
  const styles = useStyles2(getStyles);
  const grey = answer.tooOld ? 'grayscale(1)' : undefined;
  return (
    <div className={styles.grid} style={{ filter: grey }}>
      {placed.map(({ part, rect }) => (
        <div key={part} className={styles.part} style={rect} data-part={part}>
          <PartView part={part} {...rect} isAlone={placed.length === 1} answer={answer} {...rest} />
        </div>
      ))}
    </div>
  );
}
