/** Objectives in short form as a text of their own: a file, or a key of a ConfigMap. */
import { z } from 'zod';
import { nodeAt, type SchemaNode } from './keys';
import { ConfigError, refusals, type Issue } from './refusals';
import { checkQueriedSlo, checkSlo, sloDocumentSchema, type GivenQueriedSlo, type GivenSlo } from './slo';
import type { YamlFile } from './yaml-file';

const root = z.toJSONSchema(sloDocumentSchema, { io: 'input' }) as SchemaNode;
const schemaAt = (path: readonly PropertyKey[]) => nodeAt(root, path);
const MAX_PROBLEMS = 5;

/**
 * @param name of the text, for messages
 * @throws ConfigError with the first refusals
 */
export function readSlos(yaml: Pick<YamlFile, 'value' | 'placeOf'>, name: string): readonly GivenSlo[] {
  const parsed = sloDocumentSchema.safeParse(yaml.value);
  if (parsed.success) return parsed.data.slos;
  const placeOf = (path: readonly PropertyKey[]) => yaml.placeOf(path) ?? name;
  const context = { tree: yaml.value, schemaAt, placeOf };
  const problems = parsed.error.issues.flatMap((issue) => refusals(issue, context));
  throw new ConfigError([...new Set(problems)].slice(0, MAX_PROBLEMS));
}

/** What somebody wrote for a key of ours in another format, and where. */
export interface WrittenKey {
  readonly name: string;
  readonly place: string;
}

/** An objective that was translated to our keys. */
export interface TranslatedSlo {
  readonly place: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly written: Readonly<Record<string, WrittenKey>>;
}

/** @throws ConfigError in the words of the other format, with the place of each key */
export function checkTranslated(translated: TranslatedSlo): GivenSlo {
  const parsed = checkSlo(translated.given);
  return parsed.success ? parsed.data : refuseTranslated(parsed.error.issues, translated);
}

/** The same of one with a query. */
export function checkTranslatedQuery(translated: TranslatedSlo): GivenQueriedSlo {
  const parsed = checkQueriedSlo(translated.given);
  return parsed.success ? parsed.data : refuseTranslated(parsed.error.issues, translated);
}

const OF_LIST = ['slos', 0] as const;

function refuseTranslated(issues: readonly Issue[], { given, written, place }: TranslatedSlo): never {
  const problems = issues.flatMap((issue) => {
    const key = String(issue.path[0] ?? '');
    const { name = key, place: where = place } = written[key] ?? {};
    const context = {
      tree: given,
      schemaAt: (path: readonly PropertyKey[]) => schemaAt([...OF_LIST, ...path]),
      placeOf: () => where,
    };
    return refusals(issue, context).map((text) => text.replace(new RegExp(`^${key}`), () => name));
  });
  throw new ConfigError([...new Set(problems)].slice(0, MAX_PROBLEMS));
}
