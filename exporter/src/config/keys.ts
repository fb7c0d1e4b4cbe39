/**
 * Every key of the configuration, read off the schema: the one table behind environment variables, flags, refusals and
 * docs/configuration.md. `web.listenAddress` is `MODELWATCH_WEB_LISTEN_ADDRESS` and `--web.listen-address`.
 */
import { z } from 'zod';
import { configSchema } from './schema';

/** The part of JSON Schema that our configuration uses. */
export interface SchemaNode {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  /** Of a map whose keys the user chooses. */
  readonly additionalProperties?: SchemaNode | false;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Name of the flag where it does not follow from the path: what Prometheus' own programs call it. */
  readonly flag?: string;
  /** What a text must be, where its format is none of JSON Schema. */
  readonly expected?: string;
}

export interface ConfigKey {
  /** Dotted, as in the file. */
  readonly path: string;
  readonly env: string;
  /** Without the two dashes. */
  readonly flag: string;
  readonly node: SchemaNode;
  /** Lists of objects have too much shape for one line: they are read from the file only. */
  readonly fileOnly: boolean;
}

export const CONFIG_FILE_ENV = 'MODELWATCH_CONFIG_FILE';

const root = z.toJSONSchema(configSchema, { io: 'input' }) as SchemaNode;

/** The schema at a path; list positions are skipped. `undefined` where the schema knows no such key. */
export function schemaAt(path: readonly PropertyKey[]): SchemaNode | undefined {
  return nodeAt(root, path);
}

/** The same in any schema; of a map with free keys, each value is alike. */
export function nodeAt(from: SchemaNode, path: readonly PropertyKey[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = from;
  for (const part of path) {
    node = typeof part === 'number' ? node?.items : childOf(node, String(part));
  }
  return node;
}

function childOf(node: SchemaNode | undefined, key: string): SchemaNode | undefined {
  return node?.properties?.[key] ?? (node?.additionalProperties || undefined);
}

/** Every leaf, in the order of the schema. */
export const CONFIG_KEYS: readonly ConfigKey[] = leaves(root, []);

function leaves(node: SchemaNode, path: readonly string[]): ConfigKey[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const childPath = [...path, name];
    return child.type === 'object' ? leaves(child, childPath) : [keyOf(childPath, child)];
  });
}

function keyOf(path: readonly string[], node: SchemaNode): ConfigKey {
  return {
    path: path.join('.'),
    env: `MODELWATCH_${path.map((part) => kebab(part).replaceAll('-', '_').toUpperCase()).join('_')}`,
    flag: node.flag ?? path.map(kebab).join('.'),
    node,
    fileOnly: node.items?.type === 'object',
  };
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What a value must be, in words: `a whole number from 0 to 65535`. */
export function expectation(node: SchemaNode | undefined): string {
  switch (node?.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
    case 'number':
      return numberExpectation(node);
    case 'array':
      return node.items?.type === 'string' ? 'a list of names' : 'a list';
    case 'object':
      return 'a section with keys';
    case 'string':
      return stringExpectation(node);
    default:
      return node?.expected ?? 'a known key';
  }
}

function numberExpectation(node: SchemaNode): string {
  const kind = node.type === 'integer' ? 'a whole number' : 'a number';
  const upper = node.maximum === undefined ? '' : ` to ${node.maximum}`;
  if (node.exclusiveMinimum !== undefined) return `${kind} above ${node.exclusiveMinimum}${upper && `, up${upper}`}`;
  return node.minimum === undefined ? kind : `${kind} from ${node.minimum}${upper}`;
}

function stringExpectation(node: SchemaNode): string {
  if (node.enum) return `one of ${node.enum.join(', ')}`;
  if (node.expected) return node.expected;
  if (node.format === 'uri') return 'an http:// or https:// URL';
  if (node.pattern) return `a name of 1 to ${node.maxLength} characters without "/" and control characters`;
  if (node.maxLength !== undefined) return `a text of at most ${node.maxLength} characters`;
  return 'a text that is not empty';
}
