/** Settings of one model as a text of their own: what a ConfigMap in its namespace holds. */
import { z } from 'zod';
import { nodeAt, type SchemaNode } from './keys';
import { settingsDocumentSchema, type SettingsDocument } from './monitoring';
import { ConfigError, refusals } from './refusals';
import { readYaml } from './yaml-file';

const root = z.toJSONSchema(settingsDocumentSchema, { io: 'input' }) as SchemaNode;
const schemaAt = (path: readonly PropertyKey[]) => nodeAt(root, path);

/**
 * @param name of the text, for messages
 * @throws ConfigError with all refusals
 */
export function readSettings(text: string, name: string): SettingsDocument {
  const yaml = readYaml(name, text);
  if (yaml.problems.length > 0) throw new ConfigError(yaml.problems);
  const parsed = settingsDocumentSchema.safeParse(yaml.value);
  if (parsed.success) return parsed.data;
  const placeOf = (path: readonly PropertyKey[]) => yaml.placeOf(path) ?? name;
  const context = { tree: yaml.value, schemaAt, placeOf };
  throw new ConfigError([...new Set(parsed.error.issues.flatMap((issue) => refusals(issue, context)))]);
}
