/** Objectives of one name on one model, as far as that shows without the models. */
import { glob } from '../glob';
import type { SloRefusal } from './book';
import type { DeclaredSlo } from './spec';

/**
 * Those with queries of which one before them, by its names, may be of the same model: the exporter lets the first hold, and
 * rules, which do not know owners and platforms, would count for both.
 */
export function clashesOfQueries(declared: readonly DeclaredSlo[]): SloRefusal[] {
  return declared.flatMap((one, index): SloRefusal[] => {
    const { spec, place } = one;
    if (!spec.query) return [];
    const [namespace = '', name = ''] = [spec.selector.namespaces?.[0], spec.selector.names?.[0]];
    const other = declared.slice(0, index).find((each) => mayBeOf(each, one, namespace, name));
    if (!other) return [];
    const text = `expected one objective ${spec.name} of ${namespace}/${name}, got another beside ${other.place}`;
    return [{ place, text }];
  });
}

function mayBeOf({ spec }: DeclaredSlo, { spec: queried }: DeclaredSlo, namespace: string, name: string): boolean {
  const { namespaces = ['*'], names = ['*'] } = spec.selector;
  return (
    spec.name === queried.name &&
    spec.subject === queried.subject &&
    namespaces.some((pattern) => glob(pattern)(namespace)) &&
    names.some((pattern) => glob(pattern)(name))
  );
}
