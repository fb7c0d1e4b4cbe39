/** One YAML document with the lines of its keys. */
import { readFileSync } from 'node:fs';
import { isMap, isNode, isPair, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { isObject, preview } from '@modelwatch/contract';

export interface YamlFile {
  readonly value: unknown;
  readonly problems: readonly string[];
  /** `modelwatch.yaml line 7`, or undefined where the file does not hold the path. */
  placeOf(path: readonly PropertyKey[]): string | undefined;
}

/** @param problems takes what is wrong with it; undefined when it cannot be read at all */
export function readYamlFile(file: string, problems: string[]): YamlFile | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const cause =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : String((error as Error).message);
    problems.push(`${file}: expected a readable YAML file, got: ${cause}`);
    return undefined;
  }
  const yaml = readYaml(file, text);
  problems.push(...yaml.problems);
  return yaml;
}

/** @param file what the text is called in messages */
export function readYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (path: readonly PropertyKey[]): string | undefined => {
    const offset = offsetOf(document, path);
    return offset === undefined ? undefined : `${file} line ${lines.linePos(offset).line}`;
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map(
      // The parser's own text quotes keys at most, never values: a value may be a secret.
      (error) =>
        `${file} line ${lines.linePos(error.pos[0]).line}: expected valid YAML, got ${error.code.toLowerCase().replaceAll('_', ' ')}`
    );
    return { value: {}, problems, placeOf };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    return { value: {}, problems: [`${file}: expected YAML with at most 100 uses of aliases, got more`], placeOf };
  }
  const problems = isObject(value) ? [] : [`${file}: expected keys and values, got ${preview(value)}`];
  return { value, problems, placeOf };
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && String(item.key) === String(part));
      if (!pair) return offset;
      offset = isNode(pair.key) ? pair.key.range?.[0] : offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = isNode(node) ? node.range?.[0] : offset;
    } else return offset;
  }
  return offset;
}
