/** Settings of one model as a text of their own: what a ConfigMap in its namespace holds. */
import { z } from 'zod';
import { nodeAt, type SchemaNode } from './keys';
import { settingsDocumentSchema, type SettingsDocument } from './monitoring';
import { ConfigError, refusals } from './refusals';
import { isCircular, unboundedProblem } from './bounded-text';
import { readYaml } from './yaml-file';

const root = z.toJSONSchema(settingsDocumentSchema, { io: 'input' }) as SchemaNode;
const schemaAt = (path: readonly PropertyKey[]) => nodeAt(root, path);

/** Settings that name 1,000 features several times have less. */
const MAX_LENGTH = 65_536;
const MAX_PROBLEMS = 5;

/**
 * Of a text that anybody may have written, in bounded time.
 *
 * @param name of the text, for messages
 * @throws ConfigError with the first refusals
 */
export function readSettings(text: string, name: string): SettingsDocument {
  const unbounded = unboundedProblem(text, MAX_LENGTH);
  if (unbounded !== undefined) refuse(`${name}: ${unbounded}`);
  const yaml = readYaml(name, text);
  if (yaml.problems.length > 0) refuse(...yaml.problems);
  if (isCircular(yaml.value)) refuse(`${name}: expected settings, got an alias of what it stands in`);
  const parsed = settingsDocumentSchema.safeParse(yaml.value);
  if (parsed.success) return parsed.data;
  const placeOf = (path: readonly PropertyKey[]) => yaml.placeOf(path) ?? name;
  const context = { tree: yaml.value, schemaAt, placeOf };
  return refuse(...parsed.error.issues.flatMap((issue) => refusals(issue, context)));
}

function refuse(...problems: readonly string[]): never {
  throw new ConfigError([...new Set(problems)].slice(0, MAX_PROBLEMS));
}
