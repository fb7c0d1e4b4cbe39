import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { markOf } from '../../model/drift/subjects';
import type { Distribution, Subject } from '../../model/drift/types';
import {
  importanceText,
  limitText,
  methodName,
  referenceText,
  rowsText,
  scoreOf,
  scoreText,
  verdictWord,
  windowText,
} from '../../model/drift/words';
import { DataTable, Missing } from '../shared/DataTable';
import { Mark } from '../shared/Mark';
import { wayTo } from '../shared/links';
import { getTableStyles } from '../shared/tableStyles';
import { shareOf } from './binWords';
import { useDrift } from './context';

function SubjectRow({ subject }: { subject: Subject }) {
  const styles = useStyles2(getTableStyles);
  const { clock, linksOf } = useDrift();
  const link = wayTo(linksOf(subject));
  const { importance, rows, rowsNeeded, warning, critical, sinceMs, scoreBefore, method } = subject;
  return (
    <tr>
      <th scope="row">
        {link ? (
          <a href={link.href} target={link.target}>
            {subject.name}
          </a>
        ) : (
          subject.name
        )}
      </th>
      <td>
        <span style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
          <Mark state={markOf(subject.verdict)} size={14} />
          {verdictWord(subject.verdict)}
        </span>
      </td>
      <td className={styles.numeric}>{subject.score === undefined ? <Missing /> : scoreOf(subject)}</td>
      <td className={styles.numeric}>{scoreBefore === undefined ? <Missing /> : scoreText(method, scoreBefore)}</td>
      <td className={styles.numeric}>
        {limitText(warning)} / {limitText(critical)}
      </td>
      <td>{sinceMs === undefined ? <Missing /> : clock(sinceMs)}</td>
      <td className={styles.numeric}>{importance === undefined ? <Missing /> : importanceText(importance)}</td>
      <td className={styles.numeric}>{rows === undefined ? <Missing /> : rowsText(rows)}</td>
      <td className={styles.numeric}>{rowsNeeded === undefined ? <Missing /> : rowsText(rowsNeeded)}</td>
      <td>{windowText(subject.window)}</td>
      <td>{referenceText(subject)}</td>
    </tr>
  );
}

const WORDS = ['Feature', 'State', 'Since', 'Window', 'Reference name', 'Bin'];

/** Features with everything that their scores travel with. */
export function ScoresTable({ subjects }: { subjects: readonly Subject[] }) {
  const method = subjects[0] ? methodName(subjects[0].method) : 'Score';
  const heads = [
    'Feature',
    'State',
    method,
    'A week before',
    'Warn / critical',
    'Since',
    'Importance',
    'Rows',
    'Gate',
    'Window',
    'Reference name',
  ];
  return (
    <DataTable name="Drift as a table" heads={heads} words={WORDS}>
      {subjects.map((subject) => (
        <SubjectRow key={subject.key} subject={subject} />
      ))}
    </DataTable>
  );
}

/** Bins with both shares and what each adds. */
export function BinsTable({ distribution: { subject, bins } }: { distribution: Distribution }) {
  const styles = useStyles2(getTableStyles);
  const heads = ['Bin', 'Reference', 'Current', 'Rows', `Adds to ${methodName(subject.method)}`];
  return (
    <DataTable name="Bins as a table" heads={heads} words={WORDS}>
      {bins.map((bin) => (
        <tr key={bin.id}>
          <th scope="row">{bin.label}</th>
          <td className={styles.numeric}>{bin.reference === undefined ? <Missing /> : shareOf(bin.reference)}</td>
          <td className={styles.numeric}>{bin.current === undefined ? <Missing /> : shareOf(bin.current)}</td>
          <td className={styles.numeric}>{bin.rows === undefined ? <Missing /> : rowsText(bin.rows)}</td>
          <td className={styles.numeric}>
            {bin.adds === undefined ? <Missing /> : scoreText(subject.method, bin.adds)}
          </td>
        </tr>
      ))}
    </DataTable>
  );
}
