/** The reference as a text that people can read: one line per bin, the same text for the same data. */
import type { Reference } from '@modelwatch/contract';

const LINE = 110;

export function referenceText(reference: Reference): string {
  return `${render(reference, '')}\n`;
}

/** A share for reading: six digits. Whoever computes takes the count. */
export function shareOf(count: number, rows: number): number {
  return rows === 0 ? 0 : Number((count / rows).toPrecision(6));
}

function render(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every(isScalar)) return list(value, indent);
    return block(
      '[',
      ']',
      value.map((entry) => render(entry, deeper)),
      indent
    );
  }
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.every(([, entry]) => isScalar(entry))) {
    const line = `{ ${entries.map(([key, entry]) => `${JSON.stringify(key)}: ${JSON.stringify(entry)}`).join(', ')} }`;
    if (line.length <= LINE) return entries.length === 0 ? '{}' : line;
  }
  return block(
    '{',
    '}',
    entries.map(([key, entry]) => `${JSON.stringify(key)}: ${render(entry, deeper)}`),
    indent
  );
}

function block(open: string, close: string, lines: readonly string[], indent: string): string {
  return `${open}\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}${close}`;
}

/** On one line, or on as many full lines as it takes. */
function list(values: readonly unknown[], indent: string): string {
  const lines: string[] = [];
  for (const text of values.map((value) => JSON.stringify(value))) {
    const last = lines.at(-1);
    if (last === undefined || last.length + text.length > LINE) lines.push(text);
    else lines[lines.length - 1] = `${last}, ${text}`;
  }
  return lines.length > 1 ? block('[', ']', lines, indent) : `[${lines.join('')}]`;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
