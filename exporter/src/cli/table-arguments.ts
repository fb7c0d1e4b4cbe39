/** Arguments of the commands that read a table. */
import { statSync } from 'node:fs';
import { preview } from '@modelwatch/contract';
import { formatOf, TABLE_FORMATS, type TableFormat } from '../sources/tables/open';
import { UsageError } from './arguments';

export function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

export function modelName(text: string | undefined): [string | undefined, string | undefined] {
  if (text === undefined) return [undefined, undefined];
  const [namespace = '', model = '', ...more] = text.split('/');
  if (namespace === '' || model === '' || more.length > 0) {
    throw new UsageError(`--model: expected NAMESPACE/MODEL, got ${preview(text)}`);
  }
  return [namespace, model];
}

export function tableFormat(file: string, text: string | undefined): TableFormat {
  const format = text === undefined ? formatOf(file) : TABLE_FORMATS.find((each) => each === text);
  if (format) return format;
  const known = TABLE_FORMATS.join(' or ');
  if (text === undefined) throw new UsageError(`${file}: its name does not tell its format, say --format ${known}`);
  throw new UsageError(`--format: expected ${known}, got ${preview(text)}`);
}

export function delimiter(text: string | undefined): string | undefined {
  if (text === 'tab' || text === '\\t') return '\t';
  if (text !== undefined && (text.length !== 1 || text === '"' || text === '\n' || text === '\r')) {
    throw new UsageError(`--delimiter: expected one character or tab, got ${preview(text)}`);
  }
  return text;
}
