/** What a schema refused, in sentences: path, expectation, value, place. A secret is never in one. */
import { isObject, preview } from '@modelwatch/contract';
import { expectation, type SchemaNode } from './keys';
import { nearest } from './nearest';

/** Every problem of a configuration at once. `problems` are sentences that name path, expectation, value and origin. */
export class ConfigError extends Error {
  /** @param files that were asked for, read or not: a change in one may end the problem */
  constructor(
    readonly problems: readonly string[],
    readonly files: readonly string[] = []
  ) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`
    );
    this.name = 'ConfigError';
  }
}

/** The part of a problem of zod that we use. */
export interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

export interface RefusalContext {
  /** What was checked. */
  readonly tree: unknown;
  readonly schemaAt: (path: readonly PropertyKey[]) => SchemaNode | undefined;
  /** File and line, variable or flag. */
  readonly placeOf: (path: readonly PropertyKey[]) => string | undefined;
  /** True where the value itself may not be shown. */
  readonly isSecret?: (path: readonly PropertyKey[]) => boolean;
}

export function refusals(issue: Issue, context: RefusalContext): string[] {
  const { tree, schemaAt, isSecret } = context;
  const where = (path: readonly PropertyKey[]) => {
    const place = context.placeOf(path);
    return place ? ` (${place})` : '';
  };
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schemaAt(issue.path)?.properties ?? {});
    return (issue.keys ?? []).map((key) => {
      const path = [...issue.path, key];
      const guess = nearest(key, known);
      // The value of an unknown key is never printed: it may be a secret that was put in the wrong place.
      return `${dotted(path)}: expected a known key, ${guess ? `did you mean ${guess}?` : `one of ${known.join(', ')}`}${where(path)}`;
    });
  }
  const value = issue.path.reduce<unknown>((at, part) => (at as Tree | undefined)?.[part as string], tree);
  const wanted = issue.code === 'custom' ? issue.message : expectation(schemaAt(issue.path));
  const shown = isSecret?.(issue.path) ? 'another (not shown)' : preview(withoutCredentials(value));
  return [
    `${dotted(issue.path)}: expected ${wanted}, got ${value === undefined ? 'nothing' : shown}${where(issue.path)}`,
  ];
}

type Tree = Record<string, unknown>;

/** `http://user:password@host/path?signature` -> `http://***@host/path?***`; keys that hold secrets are masked whole. */
function withoutCredentials(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replace(/\/\/[^/@\s]*@/g, '//***@').replace(/(:\/\/[^?\s]*\?)\S+/g, '$1***');
  if (Array.isArray(value)) return value.map(withoutCredentials);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      /token|password|secret|authorization|credential/i.test(key) ? '***' : withoutCredentials(entry),
    ])
  );
}

function dotted(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    ''
  );
}
