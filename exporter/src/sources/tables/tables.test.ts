import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Cell } from '../../profile/table';
import { readImportance } from './importance-file';
import { formatOf, openTable } from './open';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Read {
  names: readonly string[];
  rows: Cell[][];
  batches: number;
  progress: number[];
}

/** All rows of a file, which is written first. */
async function readOf(name: string, content: string | Buffer, delimiter?: string): Promise<Read> {
  const file = join(folder, name);
  writeFileSync(file, content);
  const read: Read = { names: [], rows: [], batches: 0, progress: [] };
  const table = openTable(file, formatOf(name) ?? 'csv', delimiter);
  await table.read(
    ({ firstRow, rows, columns, names }) => {
      expect(firstRow).toBe(read.rows.length + 1);
      for (let row = 0; row < rows; row++) read.rows.push(columns.map((cells) => cells[row]));
      read.names = names;
      read.batches++;
    },
    (share) => read.progress.push(share)
  );
  return read;
}

describe('a CSV file', () => {
  it('is read with quotes, line ends of both kinds, a byte order mark and empty lines', async () => {
    const text = '\ufeffa,"b ""x""",c\r\n1,"two, three",\r\n"",é,"line\r\nbreak"\r\n\r\n';
    expect(await readOf('a.csv', text)).toMatchObject({
      names: ['a', 'b "x"', 'c'],
      rows: [
        ['1', 'two, three', ''],
        ['', 'é', 'line\r\nbreak'],
      ],
    });
  });

  it('is the same in one piece, in many and packed', async () => {
    const line = 'é€😀,"a ""quoted"" cell, with\nbreaks",12345\n';
    const text = `x,y,z\n${line.repeat(60_000)}`;
    const plain = await readOf('big.csv', text);
    const packed = await readOf('big.csv.gz', gzipSync(text));
    expect(plain.batches).toBeGreaterThan(2);
    expect(plain.rows.length).toBe(60_000);
    expect(new Set(plain.rows.map((row) => row.join('|')))).toEqual(
      new Set(['é€😀|a "quoted" cell, with\nbreaks|12345'])
    );
    expect(packed.rows).toEqual(plain.rows);
    expect(plain.progress.at(-1)).toBe(1);
    expect(plain.progress).toEqual([...plain.progress].sort((a, b) => a - b));
  });

  it('has other delimiters', async () => {
    expect((await readOf('a.tsv', 'a\tb\n1\t2\n')).rows).toEqual([['1', '2']]);
    expect((await readOf('a.csv', 'a;b\n1;2\n', ';')).rows).toEqual([['1', '2']]);
  });

  it.each([
    ['', 'expected a header row, got an empty file'],
    ['a,b\n1,2\n3\n', 'row 2: expected 2 cells as in the header, got 1'],
    ['a,b\n1,2\n3,4,5\n', 'row 2: expected 2 cells as in the header, got 3'],
    ['a,a\n1,2\n', 'header: expected each column once, got "a" again'],
    ['a;b\n1;2\n', 'header: expected columns apart by ",", got one column; say --delimiter \';\''],
    ['a,b\n1,"2\n3,4\n', 'row 1: expected quotes around a whole cell, got quoted field unterminated'],
    ['a,b\n1,"2"x\n3,4\n', 'row 1: expected quotes around a whole cell'],
    [Buffer.from('a,b\n1,caf\xe9\n', 'latin1'), 'expected UTF-8, got other bytes near the start; convert it: iconv'],
  ])('%j is refused: %s', async (content, message) => {
    await expect(readOf('bad.csv', content)).rejects.toThrow(message);
  });

  it('is refused when a quote swallows the rest of it, before memory does', async () => {
    const text = `a,b\n1,2\n3,"4\n${'5,6\n'.repeat(9_000_000)}`;
    await expect(readOf('quote.csv', text)).rejects.toThrow(
      'row 2: expected its end within 32 MB; is a quote not closed?'
    );
  });

  it('is refused when it is packed in name only', async () => {
    await expect(readOf('bad.csv.gz', 'a,b\n1,2\n')).rejects.toThrow('expected gzip');
  });

  it('passes on what the taker of its rows throws', async () => {
    const file = join(folder, 'thrown.csv');
    writeFileSync(file, 'a\n1\n');
    const take = () => {
      throw new Error('not this one');
    };
    await expect(openTable(file, 'csv', undefined).read(take, () => undefined)).rejects.toThrow('not this one');
  });
});

describe('JSON lines', () => {
  it('have any order of names, and names that come later', async () => {
    const text = '{"a":1,"b":"x"}\n{"b":null,"a":2.5}\n\n{"c":true}';
    expect(await readOf('a.jsonl', text)).toMatchObject({
      names: ['a', 'b', 'c'],
      rows: [
        [1, 'x', undefined],
        [2.5, null, undefined],
        [undefined, undefined, true],
      ],
    });
  });

  it('may be long, and cut anywhere', async () => {
    const value = 'é€😀'.repeat(1_000);
    const { rows } = await readOf('long.ndjson', `${JSON.stringify({ value })}\n`.repeat(400));
    expect(rows.length).toBe(400);
    expect(new Set(rows.flat())).toEqual(new Set([value]));
  });

  it.each([
    ['{"a":1}\n{"a":\n', 'row 2: expected one JSON object on a line, got "{\\"a\\":"'],
    ['[{"a":1}]', 'row 1: expected a JSON object, got [{"a":1}]'],
    ['[\n{"a":1}]', 'row 1: expected one JSON object on a line, got "["; of a JSON list, make lines: jq -c \'.[]\''],
    ['{"a":1}\n{"a":{"b":1}}', 'row 2, column a: expected a number, a text, true, false or null, got {"b":1}'],
    ['{"a":[1]}', 'row 1, column a: expected a number'],
  ])('%j is refused: %s', async (content, message) => {
    await expect(readOf('bad.jsonl', content)).rejects.toThrow(message);
  });
});

describe('a file of importance', () => {
  const given = (text: string) => {
    const file = join(folder, 'importance');
    writeFileSync(file, text);
    return () => [...readImportance(file)];
  };

  it('is lines or an object', () => {
    const expected = [
      ['amount', 0.5],
      ['a,b', 2],
    ];
    expect(given('feature,importance\namount,0.5\n"a,b",2\n')()).toEqual(expected);
    expect(given('amount,0.5\n"a,b",2\n')()).toEqual(expected);
    expect(given('{"amount":0.5,"a,b":2}')()).toEqual(expected);
  });

  it.each([
    ['amount,1\nb,\n', '--importance, line 2: expected a feature and a number, got null'],
    ['{"amount":"1"}', '--importance, amount: expected a feature and a number, got "1"'],
    ['{', 'expected one JSON object or lines'],
  ])('%j is refused', (text, message) => expect(given(text)).toThrow(message));
});
