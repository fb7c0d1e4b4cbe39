/** Conditions of a custom resource of others: those that people know by name, and those that its mapping lists. */
import { CONDITIONS, type ConditionStatus } from '@modelwatch/contract';
import type { Condition, ResourceStatus } from '../../../domain/resources';

type Polarity = 'good' | 'bad';

const OPPOSITE: Record<ConditionStatus, ConditionStatus> = { True: 'False', False: 'True', Unknown: 'Unknown' };

/**
 * Conditions that our list does not name share the label `other`, where the worst of them stands for all. So each must
 * say True when all is well: one that is bad when True is turned round, and one whose polarity nobody gave is left out.
 */
export function customConditions(
  { status }: { readonly status?: ResourceStatus },
  polarities: Readonly<Record<string, Polarity>>
): { status?: ResourceStatus } {
  if (!status) return {};
  const conditions = status.conditions.flatMap((condition) => turned(condition, polarities));
  return { status: { ...status, conditions } };
}

function turned(condition: Condition, polarities: Readonly<Record<string, Polarity>>): Condition[] {
  if (CONDITIONS.some((name) => name !== 'other' && name === condition.type)) return [condition];
  const polarity = Object.hasOwn(polarities, condition.type) ? polarities[condition.type] : undefined;
  if (polarity === undefined) return [];
  return [polarity === 'good' ? condition : { ...condition, status: OPPOSITE[condition.status] }];
}
