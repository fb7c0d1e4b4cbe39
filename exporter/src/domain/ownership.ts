/**
 * Who owns a model, how important it is and what is slow for it: from the configuration, else (but for the last) from its
 * own annotations and labels.
 */
import { glob } from './glob';
import { cutLabel } from './label';
import { IMPORTANCES, preview, type Importance } from '@modelwatch/contract';
import type { ObjectMeta } from './resources';

export interface Ownership {
  readonly owner?: string;
  readonly importance?: Importance;
  /** Duration from which a request is slow. */
  readonly slowSeconds?: number;
}

/** `*` in a name stands for anything; absent: every namespace, or every name. */
export interface OwnershipRule {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly owner?: string | undefined;
  readonly importance?: Importance | undefined;
  readonly slowSeconds?: number | undefined;
}

export interface OwnershipOptions {
  /** Annotations or labels that name the owner, the most explicit first. */
  readonly ownerKeys: readonly string[];
  readonly importanceKeys: readonly string[];
  /** The first rule that fits and says something wins over what the object says. */
  readonly rules: readonly OwnershipRule[];
}

export const DEFAULT_OWNERSHIP: OwnershipOptions = {
  ownerKeys: ['modelwatch.io/owner', 'owner', 'team'],
  importanceKeys: ['modelwatch.io/importance'],
  rules: [],
};

export interface Owned {
  readonly namespace: string;
  readonly name: string;
  readonly meta?: Pick<ObjectMeta, 'labels' | 'annotations'> | undefined;
  /** What the declaration of a model outside Kubernetes says. */
  readonly declared?: Ownership | undefined;
}

export type FindOwnership = (owned: Owned) => Ownership;

/**
 * A value that is not in the closed list is no importance: it must not become a label of an alert.
 * @param onUnknown told of it, once for each version of the object
 */
export function createOwnership(
  { ownerKeys, importanceKeys, rules }: OwnershipOptions,
  onUnknown: (text: string) => void = () => undefined
): FindOwnership {
  const told = new WeakSet<object>();
  const importanceOf = ({ namespace, name, meta }: Owned): Importance | undefined => {
    const found = firstOf(meta, importanceKeys);
    const word = found?.value.trim().toLowerCase();
    const importance = IMPORTANCES.find((one) => one === word);
    if (found && meta && importance === undefined && !told.has(meta)) {
      told.add(meta);
      onUnknown(`${namespace}/${name} ${found.key}: expected ${IMPORTANCES.join(' or ')}, got ${preview(found.value)}`);
    }
    return importance;
  };
  const compiled = rules.map((rule) => ({ rule, namespace: glob(rule.namespace), name: glob(rule.name) }));
  return (owned) => {
    const { namespace, name, meta, declared } = owned;
    const fitting = compiled.filter((one) => one.namespace(namespace) && one.name(name)).map(({ rule }) => rule);
    const owner =
      fitting.find((rule) => rule.owner !== undefined)?.owner ?? declared?.owner ?? firstOf(meta, ownerKeys)?.value;
    const importance =
      fitting.find((rule) => rule.importance !== undefined)?.importance ?? declared?.importance ?? importanceOf(owned);
    const slowSeconds = fitting.find((rule) => rule.slowSeconds !== undefined)?.slowSeconds;
    return {
      ...(owner ? { owner: cutLabel(owner) } : {}),
      ...(importance ? { importance } : {}),
      ...(slowSeconds === undefined ? {} : { slowSeconds }),
    };
  };
}

function firstOf(
  meta: Owned['meta'],
  keys: readonly string[]
): { readonly key: string; readonly value: string } | undefined {
  for (const key of keys) {
    const value = meta?.annotations[key] ?? meta?.labels[key];
    if (value) return { key, value };
  }
  return undefined;
}
