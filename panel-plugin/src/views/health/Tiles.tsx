import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { isOneRow } from '../../layout/mode';
import { ageText, quietLine, replicasText } from '../../model/say';
import type { ModelGroup, ModelView } from '../../model/types';
import { modelsText, spanText } from '../../model/words';
import { useHealth } from './context';
import { Mark } from '../shared/Mark';
import { isBig } from './plan';
import { Sparkline } from './Sparkline';
import { getStyles } from './styles';

/** What every element that stands for a model carries: its key, for the keyboard and the card. */
export function useModelButton(model: ModelView) {
  const { activeKey } = useHealth();
  return {
    type: 'button' as const,
    'data-mw-key': model.key,
    'data-state': model.health,
    tabIndex: activeKey === model.key ? 0 : -1,
  };
}

/** Words for the ear only: what the eye takes from the place of a tile. */
export function Heard({ children }: { children: React.ReactNode }) {
  return <span className={useStyles2(getStyles).hidden}>{children}</span>;
}

/** A model that needs help, or has no verdict: with its reason. */
export function BigTile({ model }: { model: ModelView }) {
  const styles = useStyles2(getStyles);
  const { nowMs, range } = useHealth();
  const replicas = replicasText(model);
  const age = ageText(model, nowMs);
  const since = model.sinceMs === undefined ? '' : ` ${spanText(nowMs - model.sinceMs)}`;
  return (
    <button {...useModelButton(model)} className={styles.big}>
      <span className={styles.tileTop}>
        <Mark state={model.health} />
        <span className={styles.tileName}>
          {model.name}
          <Heard>, {model.namespace}.</Heard>
        </span>
        <Sparkline model={model} range={range} />
      </span>
      <span className={styles.why}>
        {model.reason}
        <Heard>.</Heard>
      </span>
      <span className={styles.tileMeta}>
        <b>
          {model.health}
          {since}
        </b>
        {replicas && (
          <span>
            {`${replicas} ready`}
            <Heard>,</Heard>
          </span>
        )}
        {age && (
          <span>
            <Heard>data age </Heard>
            {age}
          </span>
        )}
      </span>
    </button>
  );
}

/** A model that needs no area: one line or two, half a cell. */
export function QuietTile({ model }: { model: ModelView }) {
  const styles = useStyles2(getStyles);
  const { nowMs, range, clock } = useHealth();
  return (
    <button {...useModelButton(model)} className={styles.quiet}>
      <Mark state={model.health} size={14} />
      <span className={styles.quietText}>
        <span className={styles.quietName}>
          {model.name}
          <Heard>, {model.namespace}.</Heard>
        </span>
        <span className={styles.quietMeta}>{quietLine(model, nowMs, clock)}</span>
      </span>
      <Sparkline model={model} range={range} />
    </button>
  );
}

/** Quiet models one above the other, two to a cell, or side by side where all of them fit into one row. */
function stacks(models: readonly ModelView[], size: 1 | 2): ModelView[][] {
  const out: ModelView[][] = [];
  for (let index = 0; index < models.length; index += size) out.push(models.slice(index, index + size));
  return out;
}

function GroupRow({ group, columns }: { group: ModelGroup; columns: number }) {
  const styles = useStyles2(getStyles);
  const { models, needHelp, title } = group;
  const big = models.filter(isBig);
  const quiet = models.filter((model) => !isBig(model));
  const height = isOneRow({ big: big.length, small: quiet.length }, columns) ? 1 : 2;
  return (
    <section className={styles.group} aria-label={title}>
      <div className={styles.gutter}>
        <h3 title={title}>{title}</h3>
        <p>{needHelp ? `${needHelp} of ${models.length} need help` : modelsText(models.length)}</p>
      </div>
      <ul className={styles.cells} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
        {big.map((model) => (
          <li key={model.key}>
            <BigTile model={model} />
          </li>
        ))}
        {stacks(quiet, height).map((pair) => (
          <li key={pair[0]?.key}>
            <ul className={styles.pair}>
              {pair.map((model) => (
                <li key={model.key}>
                  <QuietTile model={model} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One row per namespace, worst first: the top-left corner is the answer. */
export function Tiles({ groups, columns }: { groups: readonly ModelGroup[]; columns: number }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.scroll}>
      {groups.map((group) => (
        <GroupRow key={group.title} group={group} columns={columns} />
      ))}
    </div>
  );
}
