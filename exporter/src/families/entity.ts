/** Rows that models, servers, pipelines and experiments have alike: state, reasons, conditions, times. */
import { CONDITION_STATUSES, SERVING_STATES, isWellCondition, type MetricFamily } from '@modelwatch/contract';
import { servingOf, type EntityView } from '../domain/views';
import type { Row } from './row';
import { known, row, setRow } from './text';

type Kind = 'model' | 'server' | 'pipeline' | 'experiment';

export interface EntityFamilies<K extends Kind> {
  readonly serving: MetricFamily<'namespace' | K | 'state'>;
  readonly servingReason: MetricFamily<'namespace' | K | 'reason'>;
  readonly condition: MetricFamily<'namespace' | K | 'condition' | 'status'>;
  readonly created: MetricFamily<'namespace' | K>;
  readonly lastTransition: MetricFamily<'namespace' | K>;
}

export function identity<K extends Kind>(kind: K, view: EntityView): Record<'namespace' | K, string> {
  return { namespace: view.namespace, [kind]: view.name } as Record<'namespace' | K, string>;
}

export function entityRows<K extends Kind, View extends EntityView>(kind: K, families: EntityFamilies<K>): Row<View>[] {
  const id = (view: View) => identity(kind, view);
  return [
    // Where nobody watches a server no state holds: one that is told by whoever does is not to be outweighed.
    setRow(families.serving, SERVING_STATES, (view: View) => [{ labels: id(view), holds: servingOf(view) ?? '' }]),
    row(families.servingReason, (view: View) =>
      [...new Set(view.verdict.reasons.map(({ reason }) => reason))].map((reason) => ({
        labels: { ...id(view), reason },
        value: 1,
      }))
    ),
    setRow(families.condition, CONDITION_STATUSES, (view: View) =>
      worstOfEach(view).map(({ condition, status }) => ({ labels: { ...id(view), condition }, holds: status }))
    ),
    row(families.created, (view: View) => known(id(view), view.createdSeconds)),
    row(families.lastTransition, (view: View) => known(id(view), view.lastTransitionSeconds)),
  ];
}

/** When the state of the entity was last confirmed. */
export function confirmedRow<K extends Kind>(kind: K, family: MetricFamily<'namespace' | K>): Row<EntityView> {
  return row(family, (view: EntityView) => known(identity(kind, view), view.lastObservedSeconds));
}

type ConditionView = EntityView['conditions'][number];

/**
 * Several conditions may share the label `other`: the worst of them stands for all, since a series is written once. What
 * nobody knows how to read is not among them: in a series it would read as well when it is True.
 */
export function worstOfEach(view: Pick<EntityView, 'conditions'>): EntityView['conditions'] {
  const worst = new Map<string, ConditionView>();
  for (const condition of view.conditions) {
    if (condition.unclear) continue;
    const known = worst.get(condition.condition);
    if (!known || badness(condition) > badness(known)) worst.set(condition.condition, condition);
  }
  return [...worst.values()];
}

function badness({ condition, status }: ConditionView): number {
  if (status === 'Unknown') return 1;
  return isWellCondition(condition, status) ? 0 : 2;
}
