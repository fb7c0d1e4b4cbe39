/** Reading of status conditions: known enums, and the conditions as views show them. */
import { CONDITIONS } from '@modelwatch/contract';
import { cutText } from './facts';
import type { Condition, ResourceStatus } from './resources';
import type { EntityView } from './views';

export function findCondition(status: ResourceStatus | undefined, type: string): Condition | undefined {
  return status?.conditions.find((condition) => condition.type === type);
}

/** Free text of a condition: whichever of message and reason says more. */
export function conditionText(condition: Condition | undefined): string | undefined {
  return condition?.message || condition?.reason || undefined;
}

/**
 * The known enum value in a condition. Seldon Core 2 writes it to `message` for some kinds and events, to `reason` for
 * others, alone or inside a sentence; so both are searched, whole fields first.
 */
export function findEnum<T extends string>(condition: Condition | undefined, values: readonly T[]): T | undefined {
  if (!condition) return undefined;
  const fields = [condition.message, condition.reason].filter((field) => field !== undefined);
  for (const field of fields) {
    const exact = values.find((value) => value === field.trim());
    if (exact !== undefined) return exact;
  }
  for (const field of fields) {
    const words = field.slice(0, 2_000).split(/[^A-Za-z]+/);
    const inside = values.find((value) => words.includes(value));
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** The free text of a condition whose enum value is known: message and reason without the value itself. */
export function textBeside(condition: Condition | undefined, value: string | undefined): string | undefined {
  const parts = [condition?.reason, condition?.message].filter((part) => part && part !== value);
  return [...new Set(parts)].join(': ') || undefined;
}

/** Knative, KServe and Seldon name conditions so that are well when True. */
const saysReady = (type: string): boolean => type.endsWith('Ready');

/**
 * Conditions with names from the closed list; what is not in it is `other`, its name kept in the message.
 * @param isWellWhenTrue of the names that are not in the list; of which nobody knows it, the status cannot be read
 */
export function conditionViews(
  status: ResourceStatus | undefined,
  isWellWhenTrue: (type: string) => boolean = saysReady
): EntityView['conditions'] {
  return (status?.conditions ?? []).map((condition) => {
    const known = CONDITIONS.find((name) => name === condition.type && name !== 'other');
    const message = [known ? '' : condition.type, condition.message ?? ''].filter(Boolean).join(': ');
    return {
      condition: known ?? ('other' as const),
      status: condition.status,
      ...(known || isWellWhenTrue(condition.type) ? {} : { unclear: true as const }),
      ...(condition.reason ? { reason: cutText(condition.reason) } : {}),
      ...(message ? { message: cutText(message) } : {}),
    };
  });
}
