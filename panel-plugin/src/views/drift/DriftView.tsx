import React, { useCallback, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { IconButton, useStyles2 } from '@grafana/ui';
import type { DriftModeOption } from '../../layout/drift/form';
import { highestText } from '../../model/drift/say';
import { sentenceText } from '../../model/sentence';
import type { DriftAnswer } from '../../model/drift/types';
import { rowsText, windowText } from '../../model/drift/words';
import type { Message } from '../../model/types';
import { LiveSentence } from '../shared/LiveSentence';
import { Notice, Statement } from '../shared/States';
import { useCard } from '../shared/useCard';
import { useKeys } from '../shared/useKeys';
import { useRoving } from '../shared/useRoving';
import { captionOf } from './captions';
import { DriftContextValue, type DriftContext } from './context';
import { DetectorLines, DetectorsTable } from './Detectors';
import { DistributionForm } from './DistributionForm';
import { DriftCard, spanOf } from './DriftCard';
import { cardSubject, planDrift, type DriftPlan } from './driftPlan';
import { BinsTable, ScoresTable } from './DriftTable';
import { Heatmap } from './Heatmap';
import { Say } from '../shared/Say';
import { ScaleKey } from './ScaleKey';
import { Scatter } from './Scatter';
import { ScoreList } from './ScoreList';
import { getStyles } from './styles';

/** From here on the key of the cells has room beside the caption. */
const KEY_FROM = 900;

export interface DriftViewProps extends DriftContext {
  readonly answer: DriftAnswer;
  readonly mode: DriftModeOption;
  readonly width: number;
  readonly height: number;
  readonly pickers: ReactNode;
}

/** One calm or helpful statement instead of a drawing, where there is nothing to draw. */
function statementOf(
  { scores, distribution, detectors }: DriftAnswer,
  width: number
): { message: Message; mark: 'healthy' | 'unknown' } | undefined {
  const subjects = scores?.subjects ?? (distribution ? [distribution.subject] : []);
  const [first] = subjects;
  // What somebody else looks for is to be seen, and with it what we do.
  if (!first || detectors.some(({ verdict }) => verdict !== 'ok')) return undefined;
  if (subjects.every(({ reference }) => !reference) && detectors.length === 0) {
    const rows = Math.max(...subjects.map((one) => one.rows ?? -1));
    const counted = rows < 0 ? 'Rows unknown' : `${rowsText(rows)} rows in ${windowText(first.window)}`;
    const detail = `${counted}, nothing to compare with. Make one from the training data:`;
    return { message: { title: 'No reference', detail, code: 'modelwatch profile train.csv' }, mark: 'unknown' };
  }
  if (!scores || width >= 420 || subjects.some(({ verdict }) => verdict !== 'ok')) return undefined;
  const rows = subjects.flatMap((one) => one.rows ?? []);
  const counted = rows.length ? ` ${rowsText(Math.max(...rows))} rows.` : '';
  return {
    message: { title: 'No feature has drifted', detail: `${highestText(subjects)}${counted}` },
    mark: 'healthy',
  };
}

/** Drift as one view: sentence, what the scores travel with, the form that fits, one card, one tab stop. */
export function DriftView(props: DriftViewProps) {
  const { answer, mode, width, height, nowMs, range, clock, day, date, linksOf, onRange, pickers } = props;
  const statement = statementOf(answer, width);
  const context = useMemo(
    () => ({ nowMs, range, clock, day, date, linksOf, onRange }),
    [nowMs, range, clock, day, date, linksOf, onRange]
  );
  const plan = useMemo(
    () => planDrift({ answer, mode, width, height, saying: { nowMs, clock } }),
    [answer, mode, width, height, nowMs, clock]
  );
  if (statement) return <Statement {...statement} centred size={{ width, height }} pickers={pickers} />;
  return (
    <DriftContextValue.Provider value={context}>
      <Planned {...props} plan={plan} />
    </DriftContextValue.Provider>
  );
}

function Planned({ answer, width, height, linksOf, pickers, plan }: DriftViewProps & { plan: DriftPlan }) {
  const styles = useStyles2(getStyles);
  const view = useRef<HTMLElement>(null);
  const headlineId = useId();
  const [asTable, setAsTable] = useState(false);
  const roving = useRoving(view, plan.firstKey, plan.keys);
  const card = useCard();
  const about = useMemo(() => card.card && cardSubject(card.card.key, plan, answer), [card.card, plan, answer]);
  const linksOfKey = useCallback(
    (key: string) => {
      const found = cardSubject(key, plan, answer);
      return found && !found.bin ? linksOf(found.subject, spanOf(found)) : [];
    },
    [plan, answer, linksOf]
  );
  const handlers = useKeys({ view, roving, card, linksOfKey });
  const { sentence, hasHeadline } = plan;
  const said = sentenceText(sentence);
  const { show } = card;
  const onPick = useCallback((key: string, rect: DOMRect) => show(key, rect, true), [show]);
  const stops = { activeKey: roving.activeKey, onHover: card.hover, onLeave: card.leave, onPick };
  return (
    <section ref={view} className={styles.view} style={{ width, height }} aria-labelledby={headlineId} {...handlers}>
      {hasHeadline ? (
        <Say id={headlineId} sentence={sentence}>
          <IconButton
            name={asTable ? 'chart-line' : 'table'}
            size="sm"
            aria-pressed={asTable}
            aria-label={asTable ? 'Show as drawing' : 'Show as table'}
            tooltip={asTable ? 'Show as drawing' : 'Show as table'}
            onClick={() => setAsTable(!asTable)}
          />
        </Say>
      ) : (
        <h3 id={headlineId} className={styles.hidden}>
          {said}
        </h3>
      )}
      <LiveSentence identity={`${sentence.mark} ${sentence.parts[0]?.[1] ?? ''}`} sentence={said} />
      {answer.notices.map((notice) => (
        <Notice key={notice.title} message={notice} />
      ))}
      {hasHeadline && <Caption plan={plan} answer={answer} hasKey={!asTable && width >= KEY_FROM} pickers={pickers} />}
      {asTable ? (
        <AsTable plan={plan} answer={answer} />
      ) : (
        <Form plan={plan} answer={answer} id={headlineId} {...stops} />
      )}
      {!asTable && plan.detectors > 0 && (
        <DetectorLines
          detectors={answer.detectors}
          rows={plan.detectors}
          width={plan.size.width}
          atFoot={answer.scores !== undefined}
        />
      )}
      {about && card.card && (
        <DriftCard
          about={about}
          anchor={card.card.anchor}
          onEnter={card.keep}
          onLeave={card.leave}
          onKeyDown={handlers.onKeyDown}
        />
      )}
    </section>
  );
}

interface CaptionProps {
  readonly plan: DriftPlan;
  readonly answer: DriftAnswer;
  readonly hasKey: boolean;
  readonly pickers: ReactNode;
}

function Caption({ plan, answer, hasKey, pickers }: CaptionProps) {
  const styles = useStyles2(getStyles);
  const caption = captionOf(plan, answer);
  return (
    <div className={styles.caption}>
      <p title={caption}>{caption}</p>
      {plan.form === 'distribution' && pickers}
      {plan.heatmap && hasKey && <ScaleKey subjects={answer.scores?.subjects ?? []} />}
    </div>
  );
}

function AsTable({ plan, answer: { scores, distribution, detectors } }: { plan: DriftPlan; answer: DriftAnswer }) {
  if (plan.form === 'distribution' && distribution) return <BinsTable distribution={distribution} />;
  return (
    <>
      {scores && <ScoresTable subjects={scores.subjects} />}
      {detectors.length > 0 && <DetectorsTable detectors={detectors} />}
    </>
  );
}

interface FormProps {
  readonly plan: DriftPlan;
  readonly answer: DriftAnswer;
  readonly id: string;
  readonly activeKey: string | undefined;
  readonly onHover: (key: string, rect: DOMRect) => void;
  readonly onLeave: () => void;
  readonly onPick: (key: string, rect: DOMRect) => void;
}

function Form({ plan, answer: { scores, distribution }, id, activeKey, ...handlers }: FormProps) {
  const { size, sentence, heatmap, scatter } = plan;
  if (plan.form === 'distribution' && distribution) {
    return <DistributionForm distribution={distribution} sentence={sentence} {...size} activeKey={activeKey} />;
  }
  if (heatmap && scores?.history) {
    return (
      <Heatmap
        id={id}
        subjects={scores.subjects}
        history={scores.history}
        plan={heatmap}
        activeKey={activeKey}
        {...handlers}
      />
    );
  }
  if (scatter) return <Scatter plan={scatter} {...size} sentence={sentenceText(sentence)} activeKey={activeKey} />;
  if (!scores) return null;
  return <ScoreList subjects={scores.subjects} rows={plan.rows} activeKey={activeKey} />;
}
