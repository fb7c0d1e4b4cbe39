import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { isOver } from '../../model/accuracy/say';
import type { Score } from '../../model/accuracy/types';
import {
  limitOf,
  limitText,
  markOf,
  pairsOfNeeded,
  pairsText,
  scoreOf,
  verdictWord,
  waitingText,
} from '../../model/accuracy/words';
import { windowText } from '../../model/drift/words';
import { countText } from '../../model/words';
import { Mark } from '../shared/Mark';
import { scoreStop } from './keys';
import { getStyles } from './styles';

const ROW = 44;
const SMALL_ROW = 24;
const FOOT = 18;

interface ScoreRowsProps {
  readonly scores: readonly Score[];
  readonly height: number;
  readonly activeKey: string | undefined;
  /** The score whose history is drawn; absent where none is. */
  readonly chosen?: string;
}

/** What stands below the name: why there is no verdict, or what the verdict rests on. */
function note(score: Score): string {
  const { verdict, baseline, openPredictions } = score;
  if (verdict === 'waiting') return waitingText(openPredictions ?? 0);
  if (verdict === 'too_little_data') return `${pairsOfNeeded(score)} in ${windowText(score.window)}`;
  const limit = limitOf(score);
  const word = isOver(score) || verdict === 'ok' ? verdictWord(score).replace(/ its.*/, '') : '';
  const kind = verdict === 'warning' ? 'warning ' : 'limit ';
  const parts = [limit === undefined ? 'no limit' : `${word ? `${word} ` : ''}${kind}${limitText(limit)}`];
  if (baseline !== undefined) parts.push(`baseline ${limitText(baseline)}`);
  return verdict === 'stale' || verdict === 'unknown' ? `${verdictWord(score)}; ${parts.join(', ')}` : parts.join(', ');
}

function Row({
  score,
  activeKey,
  chosen,
  roomy,
}: { score: Score; roomy: boolean } & Omit<ScoreRowsProps, 'scores' | 'height'>) {
  const styles = useStyles2(getStyles);
  const mark = markOf(score.verdict);
  const over = isOver(score);
  const stop = scoreStop(score.key);
  return (
    <li>
      <button
        type="button"
        data-mw-key={stop}
        tabIndex={activeKey === stop ? 0 : -1}
        aria-pressed={chosen === undefined ? undefined : chosen === score.key}
        style={{ height: roomy ? ROW : SMALL_ROW }}
      >
        {mark ? <Mark state={mark} size={14} /> : <span />}
        <span className={`${styles.scoreName} ${over ? styles.over : ''}`}>{score.name}</span>
        <span className={`${styles.scoreValue} ${over ? styles.over : ''}`}>{scoreOf(score)}</span>
        <span className={roomy ? styles.scoreNote : styles.hidden}>{note(score)}</span>
        <span className={styles.hidden}>
          {pairsText(score.pairs)} pairs over {windowText(score.window)}
        </span>
      </button>
    </li>
  );
}

/** Scores with their state, worst first. What does not fit is counted, and reached by scrolling. */
export function ScoreRows({ scores, height, ...rest }: ScoreRowsProps) {
  const styles = useStyles2(getStyles);
  const roomy = scores.length * ROW <= height || height >= 6 * ROW;
  const shown = Math.floor(height / (roomy ? ROW : SMALL_ROW));
  const more = scores.length - Math.max(1, Math.floor((height - FOOT) / (roomy ? ROW : SMALL_ROW)));
  const hasFoot = shown < scores.length;
  return (
    <>
      <ul className={styles.scores} aria-label="Scores, worst first">
        {scores.map((score) => (
          <Row key={score.key} score={score} roomy={roomy} {...rest} />
        ))}
      </ul>
      {hasFoot && <div className={styles.foot}>{`+ ${countText(Math.max(1, more))} more`}</div>}
    </>
  );
}
