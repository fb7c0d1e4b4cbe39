/**
 * Paths into an object of a Kubernetes API, as a mapping of custom resources names its fields. Pure.
 *
 * `spec.replicas`, `status.conditions[type=Ready].status`, `status.parts[0].name`, `metadata.labels["app.kubernetes.io/name"]`,
 * `status.parts.*.state` (every entry of a map or list). `@` is the entry that `each` stands at: `@.status`, and `@key`
 * its key in the map. A last `?` says that a field may be absent from every object: nobody is warned then.
 */
import { isObject } from '@modelwatch/contract';

type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'where'; readonly key: string; readonly value: string }
  | { readonly kind: 'every' };

export interface Path {
  readonly text: string;
  readonly from: 'object' | 'entry' | 'key';
  readonly steps: readonly Step[];
  /** May be absent from every object without a warning. */
  readonly rare: boolean;
  /** Can give more than one value. */
  readonly many: boolean;
}

/** What a path is read from: the object, and the entry of it that `each` stands at. */
export interface Scope {
  readonly object: unknown;
  readonly entry?: unknown;
  readonly key?: string;
}

/** A path that cannot be read; its message says what was expected. */
export class PathError extends Error {}

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*/;
const INDEX = /^\[(\d{1,4})\]/;
const WHERE = /^\[([A-Za-z_][A-Za-z0-9_-]*)=([^\]"]+)\]/;
const QUOTED = /^\["([^"]+)"\]/;
const MAX_LENGTH = 300;
/** A path with many `*` could multiply; no status needs more than a list in a list. */
const MAX_EVERY = 2;

/** @throws PathError */
export function parsePath(text: string): Path {
  if (text.length > MAX_LENGTH) throw new PathError(`a path of at most ${MAX_LENGTH} characters`);
  const rare = text.endsWith('?');
  const body = rare ? text.slice(0, -1) : text;
  if (body === '@key') return { text, from: 'key', steps: [], rare, many: false };
  const from = body.startsWith('@') ? 'entry' : 'object';
  const steps = parseSteps(from === 'entry' ? body.slice(1) : `.${body}`, text);
  if (from === 'object' && steps.length === 0) throw refusal(text);
  const many = steps.filter((step) => step.kind === 'every').length;
  if (many > MAX_EVERY) throw new PathError(`a path with at most ${MAX_EVERY} "*"`);
  return { text, from, steps, rare, many: many > 0 };
}

function refusal(text: string, rest = text): PathError {
  const place = rest === text || rest === '' ? '' : `, from "${rest.slice(0, 20)}" on it is none`;
  return new PathError(`a path as in status.conditions[type=Ready].status${place}`);
}

function parseSteps(text: string, whole: string): Step[] {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    const found = nextStep(rest);
    if (!found) throw refusal(whole, rest.replace(/^\./, ''));
    steps.push(found.step);
    rest = rest.slice(found.length);
  }
  return steps;
}

function nextStep(rest: string): { readonly step: Step; readonly length: number } | undefined {
  if (rest.startsWith('.*')) return { step: { kind: 'every' }, length: 2 };
  const name = rest.startsWith('.') ? NAME.exec(rest.slice(1))?.[0] : undefined;
  if (name !== undefined) return { step: { kind: 'key', key: name }, length: name.length + 1 };
  const quoted = QUOTED.exec(rest);
  if (quoted?.[1]) return { step: { kind: 'key', key: quoted[1] }, length: quoted[0].length };
  const index = INDEX.exec(rest);
  if (index?.[1]) return { step: { kind: 'index', index: Number(index[1]) }, length: index[0].length };
  const where = WHERE.exec(rest);
  if (where?.[1] && where[2])
    return { step: { kind: 'where', key: where[1], value: where[2] }, length: where[0].length };
  return undefined;
}

/** The values at a path, without those that are absent or null. Never throws: what is not there is not there. */
export function select(path: Path, scope: Scope): readonly unknown[] {
  if (path.from === 'key') return scope.key === undefined ? [] : [scope.key];
  let values: readonly unknown[] = [path.from === 'entry' ? scope.entry : scope.object];
  for (const step of path.steps) values = values.flatMap((value) => stepInto(value, step));
  return values.filter(isThere);
}

/** Entries of the map or list at a path, each with its key. */
export function entriesAt(path: Path, scope: Scope): readonly { readonly key: string; readonly entry: unknown }[] {
  return select(path, scope).flatMap((value) =>
    isObject(value) || Array.isArray(value)
      ? Object.entries(value).map(([key, entry]) => ({ key, entry: entry as unknown }))
      : []
  );
}

function stepInto(value: unknown, step: Step): readonly unknown[] {
  switch (step.kind) {
    case 'key':
      return isObject(value) && Object.hasOwn(value, step.key) ? [value[step.key]] : [];
    case 'index':
      return Array.isArray(value) ? [value[step.index] as unknown] : [];
    case 'where':
      return Array.isArray(value) ? value.filter((entry: unknown) => holds(entry, step)).slice(0, 1) : [];
    case 'every':
      return Array.isArray(value) ? (value as unknown[]) : isObject(value) ? Object.values(value) : [];
  }
}

function holds(entry: unknown, { key, value }: { readonly key: string; readonly value: string }): boolean {
  return isObject(entry) && Object.hasOwn(entry, key) && entry[key] === value;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}
