import React from 'react';
import { useStyles2 } from '@grafana/ui';
import type { Score } from '../../model/accuracy/types';
import { limitText, markOf, pairsText, scoreOf, scoreText, verdictWord } from '../../model/accuracy/words';
import { windowText } from '../../model/drift/words';
import { DataTable, Missing } from '../shared/DataTable';
import { Mark } from '../shared/Mark';
import { getTableStyles } from '../shared/tableStyles';
import { useAccuracy } from './context';

const HEADS = [
  ...['Score', 'State', 'Value', 'A week before', 'Warning', 'Limit', 'Baseline', 'Since'],
  ...['Pairs', 'Needed', 'Window', 'Without actual'],
];
const WORDS = ['Score', 'State', 'Since', 'Window'];

function Row({ score }: { score: Score }) {
  const styles = useStyles2(getTableStyles);
  const { clock } = useAccuracy();
  const mark = markOf(score.verdict);
  const { scoreBefore, warning, critical, baseline, sinceMs, pairs, pairsNeeded, openPredictions } = score;
  const number = (value: number | undefined, text: (value: number) => string) => (
    <td className={styles.numeric}>{value === undefined ? <Missing /> : text(value)}</td>
  );
  return (
    <tr>
      <th scope="row">{score.name}</th>
      <td>
        <span style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
          {mark && <Mark state={mark} size={14} />}
          {verdictWord(score)}
        </span>
      </td>
      {number(score.score, () => scoreOf(score))}
      {number(scoreBefore, scoreText)}
      {number(warning, limitText)}
      {number(critical, limitText)}
      {number(baseline, limitText)}
      <td>{sinceMs === undefined ? <Missing /> : clock(sinceMs)}</td>
      {number(pairs, pairsText)}
      {number(pairsNeeded, pairsText)}
      <td>{windowText(score.window)}</td>
      {number(openPredictions, pairsText)}
    </tr>
  );
}

/** Scores with everything that they travel with. */
export function AccuracyTable({ scores }: { scores: readonly Score[] }) {
  return (
    <DataTable name="Accuracy as a table" heads={HEADS} words={WORDS}>
      {scores.map((score) => (
        <Row key={score.key} score={score} />
      ))}
    </DataTable>
  );
}
