/** What of a query a dashboard variable decides, as a picker of the panel's own. */
import { isObject } from '@modelwatch/contract';

const FIELDS = ['version', 'segment', 'segment_value'] as const;
export type PickedField = (typeof FIELDS)[number];

/** What Grafana writes in the address for all of a variable. */
const ALL = '$__all';

export interface Choice {
  readonly value: string;
  readonly text: string;
}

export interface Picker {
  readonly field: PickedField;
  /** Name of the dashboard variable, without `$`. */
  readonly variable: string;
  /** Empty where several are chosen together. */
  readonly value: string;
  readonly choices: readonly Choice[];
}

/** `$name`, `${name}` and `${name:format}`, with nothing beside them. */
const VARIABLE = /^\$(?:(\w+)|\{(\w+)(?::\w+)?\})$/;

/** The variable that alone decides the field, in the first query of these kinds that has one. */
function variableOf(targets: readonly unknown[], kinds: readonly unknown[], field: PickedField): string | undefined {
  for (const target of targets) {
    if (!isObject(target) || !kinds.includes(target.kind) || !isObject(target.filters)) continue;
    const values: unknown = target.filters[field];
    const only: unknown = Array.isArray(values) && values.length === 1 ? values[0] : undefined;
    const [, bare, braced] = (typeof only === 'string' && VARIABLE.exec(only)) || [];
    const name = bare ?? braced;
    if (name) return name;
  }
  return undefined;
}

function choicesOf(variable: Readonly<Record<string, unknown>>): Choice[] {
  const options: readonly unknown[] = Array.isArray(variable.options) ? variable.options : [];
  const listed = options.flatMap((option): Choice[] => {
    if (!isObject(option) || typeof option.value !== 'string' || option.value === ALL) return [];
    return [{ value: option.value, text: typeof option.text === 'string' ? option.text : option.value }];
  });
  return variable.includeAll === true ? [{ value: ALL, text: 'All' }, ...listed] : listed;
}

function currentOf({ current }: Readonly<Record<string, unknown>>): readonly unknown[] {
  const value: unknown = isObject(current) ? current.value : undefined;
  return Array.isArray(value) ? value : [value];
}

function pickerOf(field: PickedField, variable: string, variables: readonly unknown[]): Picker[] {
  const found = variables.find((one) => isObject(one) && one.name === variable);
  if (!isObject(found)) return [];
  const listed = choicesOf(found);
  const [first, ...others] = currentOf(found);
  const value = typeof first === 'string' && others.length === 0 ? first : '';
  // What somebody typed or followed a link to may be listed no more.
  const isListed = value === '' || listed.some((choice) => choice.value === value);
  const choices = isListed ? listed : [{ value, text: value }, ...listed];
  return choices.length > 1 ? [{ field, variable, value, choices }] : [];
}

/**
 * Pickers of version, segment and value of a segment: of those that a variable decides and that have a choice.
 * @param targets queries of the panel as they are stored
 * @param kinds kinds of queries that are looked at
 * @param variables gives the variables of the dashboard as Grafana hands them to plugins; not asked where no query has one
 */
export function pickersOf(
  targets: readonly unknown[],
  kinds: readonly string[],
  variables: () => readonly unknown[]
): Picker[] {
  const asked = FIELDS.flatMap((field) => {
    const variable = variableOf(targets, kinds, field);
    return variable === undefined ? [] : [{ field, variable }];
  });
  if (!asked.length) return [];
  const known = variables();
  return asked.flatMap(({ field, variable }) => pickerOf(field, variable, known));
}
