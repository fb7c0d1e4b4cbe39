import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { HEALTH_STATES } from '@modelwatch/contract';
import { countHealth } from '../../model/order';
import type { ModelView } from '../../model/types';
import { countText, shortSpanText, spanText } from '../../model/words';
import { useHealth } from './context';
import { Mark } from './Mark';
import { getStyles } from './styles';
import { useModelButton } from './Tiles';

function Row({ model, small }: { model: ModelView; small: boolean }) {
  const styles = useStyles2(getStyles);
  const { nowMs } = useHealth();
  const span = model.sinceMs === undefined ? '' : (small ? shortSpanText : spanText)(nowMs - model.sinceMs);
  return (
    <li>
      <button {...useModelButton(model)} className={small ? styles.smallRow : styles.row}>
        <Mark state={model.health} />
        <span className={styles.rowName}>
          {model.name}
          {!small && <span className={styles.rowSpace}>{model.namespace}</span>}
        </span>
        <span className={styles.rowSince}>{span}</span>
        <span className={styles.rowWhy}>{(small ? model.shortReason : model.reason) || model.health}</span>
      </button>
    </li>
  );
}

/** Models that need a word, one below the other; scrolls inside when it is longer than its place. */
export function ProblemList({ models, rest }: { models: readonly ModelView[]; rest: readonly ModelView[] }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={`${styles.list} ${styles.listWide}`}>
      <ul aria-label="Models that need a look, worst first">
        {models.map((model) => (
          <Row key={model.key} model={model} small={false} />
        ))}
      </ul>
      {rest.length > 0 && <Foot models={rest} />}
    </div>
  );
}

/** `+ 1 degraded, 15 healthy`: what is not in the list, so that nothing is left out silently. */
export function Foot({ models }: { models: readonly ModelView[] }) {
  const styles = useStyles2(getStyles);
  const counts = countHealth(models);
  return (
    <p className={styles.foot}>
      {HEALTH_STATES.filter((state) => counts[state] > 0).map((state) => (
        <span key={state} title={state}>
          <Mark state={state} size={12} />
          <b>{countText(counts[state])}</b> {state === 'failed' || state === 'degraded' ? 'more' : state}
        </span>
      ))}
    </p>
  );
}

/** For narrow panels: as many rows as fit, the counts of the others below. */
export function SmallList({ models, rows }: { models: readonly ModelView[]; rows: number }) {
  const styles = useStyles2(getStyles);
  const shown = models.slice(0, Math.max(1, rows));
  return (
    <>
      <ul className={styles.list} aria-label="Models, worst first">
        {shown.map((model) => (
          <Row key={model.key} model={model} small />
        ))}
      </ul>
      <Foot models={models.slice(shown.length)} />
    </>
  );
}

/** The smallest form: the worst model, and how many others there are. */
export function WorstOnly({ models }: { models: readonly ModelView[] }) {
  const [worst, ...others] = models;
  return worst ? <Worst worst={worst} others={others} /> : null;
}

function Worst({ worst, others }: { worst: ModelView; others: readonly ModelView[] }) {
  const styles = useStyles2(getStyles);
  const { nowMs } = useHealth();
  const since = worst.sinceMs === undefined || worst.health === 'healthy' ? '' : shortSpanText(nowMs - worst.sinceMs);
  const reason = worst.shortReason.split(': ')[0] ?? '';
  return (
    <>
      <button {...useModelButton(worst)} className={styles.one}>
        <Mark state={worst.health} size={24} />
        <span className={styles.quietText}>
          <span className={styles.rowName}>{worst.name}</span>
          <span className={styles.rowWhy}>{[reason || worst.health, since].filter(Boolean).join(', ')}</span>
        </span>
      </button>
      <Foot models={others} />
    </>
  );
}
