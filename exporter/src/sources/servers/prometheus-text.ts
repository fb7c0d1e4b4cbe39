/**
 * Reader of the Prometheus text format (0.0.4), for what model servers really write: escapes, NaN and infinities,
 * timestamps, a trailing comma in the labels, carriage returns. Works line by line on the bytes and decodes only the
 * families that are wanted, so that a large page of others costs little.
 */
import { preview } from '@modelwatch/contract';
import { Slices } from '../clock';

export interface TextSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** `detail` names line, value and expectation. */
export type Malformed = (detail: string) => void;

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const HASH = 35;

/** Samples of the wanted names, in order. A line that is no sample is reported and the next one is read. */
export async function readSamples(
  body: Buffer,
  wanted: ReadonlySet<string>,
  malformed: Malformed
): Promise<TextSample[]> {
  const samples: TextSample[] = [];
  const slices = new Slices();
  let lineNumber = 0;
  for (let start = 0; start < body.length;) {
    const feed = body.indexOf(10, start);
    const end = feed === -1 ? body.length : feed;
    lineNumber += 1;
    if (body[start] !== HASH && end > start) {
      const line = body.toString('utf8', start, end).trim();
      const sample = line === '' || line.startsWith('#') ? undefined : readLine(line, wanted);
      if (typeof sample === 'string') malformed(`line ${lineNumber}: expected ${sample}, got ${preview(line)}`);
      else if (sample) samples.push(sample);
    }
    start = end + 1;
    if (lineNumber % 500 === 0 && slices.due) await slices.yield();
  }
  return samples;
}

/** A sample; nothing when its name is not wanted; what was expected when it is malformed. */
function readLine(line: string, wanted: ReadonlySet<string>): TextSample | string | undefined {
  const name = NAME.exec(line)?.[0];
  if (name === undefined) return 'a sample';
  if (!wanted.has(name)) return undefined;
  let rest = name.length;
  let labels: Record<string, string> = {};
  const brace = skipSpace(line, rest);
  if (line[brace] === '{') {
    const found = readLabels(line, brace + 1);
    if (typeof found === 'string') return found;
    labels = found.labels;
    rest = found.end;
  }
  // After the value may come a timestamp and, in OpenMetrics, an exemplar: neither is used.
  const value = readNumber(line.slice(rest).trim().split(/\s+/, 1)[0] ?? '');
  return value === undefined ? 'a number as value' : { name, labels, value };
}

function readLabels(line: string, from: number): { labels: Record<string, string>; end: number } | string {
  const labels: Record<string, string> = {};
  let at = skipSpace(line, from);
  while (line[at] !== '}') {
    LABEL.lastIndex = at;
    const label = LABEL.exec(line)?.[0];
    if (label === undefined) return 'a label name';
    at = skipSpace(line, at + label.length);
    if (line[at] !== '=') return `"=" after label ${label}`;
    at = skipSpace(line, at + 1);
    if (line[at] !== '"') return `a quoted value of label ${label}`;
    const value = readQuoted(line, at + 1);
    if (!value) return `a closing quote after label ${label}`;
    labels[label] = value.text;
    at = skipSpace(line, value.end);
    if (line[at] === ',') at = skipSpace(line, at + 1);
    else if (line[at] !== '}') return `"," or "}" after label ${label}`;
  }
  return { labels, end: at + 1 };
}

function readQuoted(line: string, from: number): { text: string; end: number } | undefined {
  let text = '';
  for (let at = from; at < line.length; at += 1) {
    const char = line[at];
    if (char === '"') return { text, end: at + 1 };
    if (char !== '\\') {
      text += char;
      continue;
    }
    at += 1;
    const escaped = line[at];
    // Any other escape is kept as written, as Prometheus does.
    text += escaped === 'n' ? '\n' : escaped === '\\' || escaped === '"' ? escaped : `\\${escaped ?? ''}`;
  }
  return undefined;
}

function readNumber(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  switch (text.toLowerCase()) {
    case 'nan':
      return Number.NaN;
    case 'inf':
    case '+inf':
      return Infinity;
    case '-inf':
      return -Infinity;
    default:
      return undefined;
  }
}

function skipSpace(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  return at;
}
