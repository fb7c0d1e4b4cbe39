/** Files of service discovery: those that the patterns name, read again when one changes, appears or goes. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { preview } from '@modelwatch/contract';
import { parseDocument } from 'yaml';
import { watchFiles } from '../../file-watch';
import type { Drop } from '../servers/probe';
import { DocumentError, readDocument, type Discovered } from './document';

export interface FileList {
  /** By file; of one that cannot be read now, what it said last. */
  readonly found: ReadonlyMap<string, Discovered>;
  readonly problems: readonly string[];
}

const MAX_BYTES = 4_194_304;

/** @param told called at once with what is there, and after each change */
export function watchDiscoveryFiles(
  patterns: readonly string[],
  drop: Drop,
  told: (list: FileList) => void,
  lookEveryMs?: number
): { stop(): void } {
  let found = new Map<string, Discovered>();
  const read = () => {
    const problems: string[] = [];
    const next = new Map<string, Discovered>();
    for (const file of filesOf(patterns)) {
      try {
        next.set(file, readDocument(parse(file), basename(file), drop));
      } catch (error) {
        problems.push(
          error instanceof DocumentError ? error.message : `${basename(file)}: ${(error as Error).message}`
        );
        const before = found.get(file);
        if (before) next.set(file, before);
      }
    }
    found = next;
    told({ found, problems });
  };
  read();
  // A folder changes when a file appears in it or goes.
  const folders = new Set(patterns.map((pattern) => dirname(pattern)));
  return watchFiles(() => [...folders, ...filesOf(patterns)], read, lookEveryMs);
}

/** As with Prometheus, `*` stands for anything in the last part of a path. */
function filesOf(patterns: readonly string[]): readonly string[] {
  const files = patterns.flatMap((pattern) => {
    if (!basename(pattern).includes('*')) return [pattern];
    const parts = basename(pattern).split('*');
    return namesIn(dirname(pattern)).flatMap((name) => (fits(name, parts) ? [join(dirname(pattern), name)] : []));
  });
  return [...new Set(files)].sort();
}

function fits(name: string, [first = '', ...rest]: readonly string[]): boolean {
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || name.startsWith('.')) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function parse(file: string): unknown {
  const { size } = statSync(file);
  if (size > MAX_BYTES) throw new DocumentError(`${basename(file)}: expected at most ${MAX_BYTES} bytes, got ${size}`);
  const content = readFileSync(file, 'utf8');
  if (file.endsWith('.json')) {
    try {
      return JSON.parse(content);
    } catch {
      throw new DocumentError(`${basename(file)}: expected JSON, got ${preview(content.slice(0, 40))}`);
    }
  }
  const document = parseDocument(content, { prettyErrors: false });
  const [error] = document.errors;
  if (error)
    throw new DocumentError(`${basename(file)}: expected YAML, got ${error.code.toLowerCase().replaceAll('_', ' ')}`);
  return document.toJS({ maxAliasCount: 100 });
}
