/**
 * Reader of the Prometheus text format (0.0.4) and of OpenMetrics, for what model servers really write: escapes, NaN and
 * infinities, timestamps, a trailing comma in the labels, carriage returns, exemplars, and the quoted names of
 * Prometheus 3. Works on the bytes, and decodes nothing of families that are not wanted, so that a large page of others
 * costs little.
 */
import { preview, type DropReason } from '@modelwatch/contract';
import { LabelReader, skipSpace, type Labels, type LabelSet } from './text/labels';
import { readNumber } from './text/numbers';
import { SeenSeries } from './text/series';
import { SLICES } from './text/steps';
import { hashOf, Vocabulary } from './text/strings';

export interface TextSample {
  readonly name: string;
  /** Without a prototype. Samples whose labels are written alike share one object. */
  readonly labels: Labels;
  readonly value: number;
}

/** `detail` names line, value and expectation. */
export type Refuse = (detail: string, reason: SampleRefusal) => void;

export type SampleRefusal = Extract<
  DropReason,
  'invalid_sample' | 'too_large' | 'duplicate_sample' | 'stale_sample' | 'truncated'
>;

export interface ReadOptions {
  /** Now: samples with a time long before it are refused. Absent: times are not looked at. */
  readonly nowSeconds?: number;
  /** The page may have ended early without a sign of it: a last line without line feed may be half of one. */
  readonly maybeTruncated?: boolean;
  /** Is given the type of each family, by the name in its TYPE line. */
  readonly types?: Map<string, string>;
}

/** More bytes than this in one line are no sample. */
const MAX_LINE_BYTES = 65_536;
/** As long as Prometheus looks back for a sample. */
const MAX_AGE_SECONDS = 300;
/** OpenMetrics has times in seconds, the text format in milliseconds, which were below this in 1973. */
const FIRST_MILLISECONDS = 1e11;
/** The clock is looked at after so many bytes. */
const STEP_BYTES = 65_536;

const FEED = 10;
const RETURN = 13;
const HASH = 35;
const OPEN = 123;

/**
 * Samples of the wanted names, in order. A line that is no sample is refused and the next one is read; of two samples of
 * one series the first stands. What `refuse` throws ends the reading.
 */
export async function readSamples(
  body: Buffer,
  wanted: ReadonlySet<string>,
  refuse: Refuse,
  options: ReadOptions = {}
): Promise<TextSample[]> {
  const reader = new PageReader(body, wanted, refuse, options);
  while (!reader.read(STEP_BYTES)) if (SLICES.due) await SLICES.yield();
  return reader.samples;
}

class PageReader {
  readonly samples: TextSample[] = [];
  private readonly vocabulary: Vocabulary;
  private readonly labels: LabelReader;
  private readonly seen = new SeenSeries();
  private start = 0;
  private lineNumber = 0;
  private nameStart = 0;
  private nameLength = 0;
  private nameHash = 0;
  private name: string | undefined;

  constructor(
    private readonly body: Buffer,
    private readonly wanted: ReadonlySet<string>,
    private readonly refuse: Refuse,
    private readonly options: ReadOptions
  ) {
    this.vocabulary = new Vocabulary(wanted);
    this.labels = new LabelReader(body);
  }

  /** Reads on for about so many bytes. True when all is read. */
  read(bytes: number): boolean {
    const { body } = this;
    const until = Math.min(body.length, this.start + bytes);
    while (this.start < until) {
      const feed = body.indexOf(FEED, this.start);
      const end = feed === -1 ? body.length : feed;
      this.lineNumber += 1;
      const first = skipSpace(body, this.start);
      if (body[first] === HASH) this.comment(first, end);
      else if (first < end) this.line(first, body[end - 1] === RETURN ? end - 1 : end, feed === -1);
      this.start = end + 1;
    }
    return this.start >= body.length;
  }

  private comment(start: number, end: number): void {
    if (!this.options.types || end - start > MAX_LINE_BYTES) return;
    const [, name, type] = /^#[ \t]+TYPE[ \t]+(\S+)[ \t]+(\w+)/.exec(this.body.toString('utf8', start, end)) ?? [];
    if (name !== undefined && type !== undefined) this.options.types.set(name, type);
  }

  private line(start: number, end: number, last: boolean): void {
    const { body, labels } = this;
    if (start === end) return;
    const nameEnd = this.findName(start);
    const { name, nameHash } = this;
    const quoted = body[start] === OPEN;
    if (name === undefined && !quoted) {
      if (nameEnd === start) this.no(start, end, 'a sample');
      return;
    }
    if (end - start > MAX_LINE_BYTES) {
      return this.no(start, end, `at most ${MAX_LINE_BYTES} bytes in a line`, 'too_large');
    }
    if (last && this.options.maybeTruncated) {
      return this.no(start, end, 'a line feed at the end of the last line', 'truncated');
    }
    const found = labels.read(skipSpace(body, nameEnd), end);
    if ('expected' in found) {
      return this.no(start, end, found.expected, found.tooLarge ? 'too_large' : 'invalid_sample');
    }
    if (quoted) {
      if (found.name === undefined) return this.no(start, end, 'the name of a metric');
      if (!this.wanted.has(found.name)) return;
      const bytes = Buffer.from(found.name);
      return this.sample(found.name, hashOf(bytes, 0, bytes.length), found, start, end);
    }
    if (found.name !== undefined) return this.no(start, end, 'one name of a metric');
    if (name !== undefined) this.sample(name, nameHash, found, start, end);
  }

  /** Sets `name` (none when it is not wanted); returns where it ends. Most lines have the name of the line before. */
  private findName(start: number): number {
    const { body, nameStart, nameLength } = this;
    let same = 0;
    while (same < nameLength && body[nameStart + same] === body[start + same]) same += 1;
    if (nameLength > 0 && same === nameLength && NAME_BYTES[body[start + same] as number] !== 1) return start + same;
    const end = endOfMetricName(body, start);
    this.nameStart = start;
    this.nameLength = end - start;
    this.nameHash = hashOf(body, start, end);
    this.name = this.vocabulary.find(body, start, end, this.nameHash);
    return end;
  }

  private sample(name: string, nameHash: number, set: LabelSet, start: number, end: number): void {
    const { body } = this;
    const at = skipSpace(body, this.labels.end);
    const valueEnd = endOfWord(body, at, end);
    const value = readNumber(body, at, valueEnd);
    if (value === undefined) return this.no(start, end, 'a number as value');
    const rest = skipSpace(body, valueEnd);
    if (rest < end && !this.time(rest, start, end)) return;
    if (this.seen.add(name, nameHash, set)) this.samples.push({ name, labels: set.labels, value });
    else this.no(start, end, 'each series once', 'duplicate_sample');
  }

  /** After the value may come a time and, in OpenMetrics, an exemplar, which is not used. False: the sample is refused. */
  private time(from: number, start: number, end: number): boolean {
    const { body, options } = this;
    if (body[from] === HASH) return true;
    const timeEnd = endOfWord(body, from, end);
    const time = readNumber(body, from, timeEnd);
    const rest = skipSpace(body, timeEnd);
    if (time === undefined || (rest < end && body[rest] !== HASH)) {
      this.no(start, end, 'a value, and a time at most');
      return false;
    }
    const seconds = Math.abs(time) < FIRST_MILLISECONDS ? time : time / 1000;
    if (options.nowSeconds === undefined || seconds >= options.nowSeconds - MAX_AGE_SECONDS) return true;
    this.no(start, end, `a time of the last ${MAX_AGE_SECONDS} seconds`, 'stale_sample');
    return false;
  }

  private no(start: number, end: number, expected: string, reason: SampleRefusal = 'invalid_sample'): void {
    const line = this.body.toString('utf8', start, Math.min(end, start + 1_000));
    this.refuse(`line ${this.lineNumber}: expected ${expected}, got ${preview(line)}`, reason);
  }
}

const NAME_BYTES = Uint8Array.from({ length: 256 }, (_, code) =>
  Number(/[a-zA-Z0-9_:]/.test(String.fromCharCode(code)))
);
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 48 && byte <= 57;

/** The same place when no name starts here. */
function endOfMetricName(body: Buffer, start: number): number {
  if (isDigit(body[start])) return start;
  let at = start;
  while (NAME_BYTES[body[at] as number] === 1) at += 1;
  return at;
}

function endOfWord(body: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && (body[at] as number) > 32) at += 1;
  return at;
}
