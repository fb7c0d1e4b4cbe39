/** Changes of health as annotations. */
import { createDataFrame, FieldType, type DataFrame } from '@grafana/data';
import { HEALTH_MEANINGS, type HealthState } from '@modelwatch/contract';
import { healthHistories } from './history';
import { modelTitle, type ModelId } from './identity';
import type { FrameContext } from './inventoryFrame';
import type { Series } from './samples';

export interface HealthTransition extends ModelId {
  readonly timeMs: number;
  readonly from: HealthState;
  readonly to: HealthState;
}

/**
 * Every change between two times at which a health is known, oldest first. The first health of the range is no change:
 * what was before it is not known.
 * @param entered only changes to one of these; all if empty
 */
export function findTransitions(series: readonly Series[], entered: readonly string[]): HealthTransition[] {
  const found: HealthTransition[] = [];
  for (const { id, valueAt } of healthHistories(series)) {
    let from: HealthState | undefined;
    for (const [timeMs, to] of [...valueAt].sort(([a], [b]) => a - b)) {
      if (from && from !== to && (!entered.length || entered.includes(to))) found.push({ ...id, timeMs, from, to });
      from = to;
    }
  }
  return found.sort((a, b) => a.timeMs - b.timeMs);
}

/** Fields as Grafana's annotations read them, and the parts of each change for tables. */
export function transitionsFrame(transitions: readonly HealthTransition[], context: FrameContext): DataFrame {
  const column = (name: string, value: (transition: HealthTransition) => string) => ({
    name,
    type: FieldType.string,
    config: {},
    values: transitions.map(value),
  });
  return createDataFrame({
    refId: context.refId,
    name: 'Changes of health',
    meta: { preferredVisualisationType: 'table', ...(context.notices?.length && { notices: [...context.notices] }) },
    fields: [
      { name: 'time', type: FieldType.time, config: {}, values: transitions.map(({ timeMs }) => timeMs) },
      column('title', (change) => `${modelTitle(change)} is ${change.to}`),
      column('text', ({ from, to }) => `${from} → ${to} (${HEALTH_MEANINGS[to]})`),
      column('tags', ({ to, namespace, model }) => ['health', to, namespace, model].join(',')),
      column('namespace', ({ namespace }) => namespace),
      column('model', ({ model }) => model),
      column('from', ({ from }) => from),
      column('to', ({ to }) => to),
    ],
  });
}
