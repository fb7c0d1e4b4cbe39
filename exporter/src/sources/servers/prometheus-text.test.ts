import { readSamples, type ReadOptions } from './prometheus-text';

async function read(text: string | Buffer, ...wanted: string[]) {
  return readWith({}, text, ...wanted);
}

async function readWith(options: ReadOptions, text: string | Buffer, ...wanted: string[]) {
  const malformed: string[] = [];
  const reasons: string[] = [];
  const samples = await readSamples(
    Buffer.from(text),
    new Set(wanted),
    (detail, reason) => {
      malformed.push(detail);
      reasons.push(reason);
    },
    options
  );
  return { samples, malformed, reasons };
}

describe('readSamples', () => {
  it('reads samples with and without labels and leaves out comments and unwanted families', async () => {
    const { samples, malformed } = await read('# HELP a x\n# TYPE a counter\na{x="1",y="2"} 3\n\nb 4\nc 5', 'a', 'c');
    expect(samples).toEqual([
      { name: 'a', labels: { x: '1', y: '2' }, value: 3 },
      { name: 'c', labels: {}, value: 5 },
    ]);
    expect(malformed).toEqual([]);
  });

  it('unescapes label values and keeps what is no escape', async () => {
    const { samples } = await read(String.raw`a{x="say \"hi\"\\ \n \d",y="}, {"} 1`, 'a');
    expect(samples[0]?.labels).toEqual({ x: 'say "hi"\\ \n \\d', y: '}, {' });
  });

  it.each([
    ['a NaN', NaN],
    ['a Nan', NaN],
    ['a +Inf', Infinity],
    ['a -Inf', -Infinity],
    ['a 1e-3', 0.001],
    ['a 1.5 1795226718111', 1.5],
    ['a{x="1",} 2', 2],
    ['a { x = "1" , y="2" }\t7', 7],
    ['a 3\r', 3],
    ['a 4 # {trace_id="q"} 1', 4],
    ['a 4 1795226718.111 # {trace_id="q"} 1 1795226718', 4],
    ['a{x="1" , } 2', 2],
    ['a{} 2', 2],
    ['  a 2  ', 2],
    ['a\t2', 2],
    ['a{x="1"}2', 2],
    ['a 0.30000000000000004', 0.1 + 0.2],
    ['a 123456789012345.6', 123456789012345.6],
    ['a 9007199254740993', 9007199254740992],
    ['a .5', 0.5],
    ['a 5.', 5],
    ['a +7E+2', 700],
    ['a -0.25', -0.25],
    ['a Infinity', Infinity],
    ['{"a"} 1', 1],
    ['{"a", x="1"} 1', 1],
    ['{"a","x y"="1",} 1', 1],
  ])('reads %p', async (line, value) => {
    const { samples, malformed } = await read(`${line}\n`, 'a');
    expect(malformed).toEqual([]);
    expect(samples).toEqual([expect.objectContaining({ name: 'a', value })]);
  });

  it.each([
    'a',
    'a x',
    'a .',
    'a -',
    'a 1e',
    'a 1 x',
    'a 1 2 3',
    'a 1b 2',
    'a constructor',
    'a{x="1",x="2"} 1',
    'a{"x"} 1',
    'a{x="1\\"} 2',
    '{x="1"} 2',
    '{"a" 1',
    '{"a","b"} 1',
    '7 1',
    'a{x="1" 2',
    'a{x=1} 2',
    'a{="1"} 2',
    'a{x="1"y="2"} 2',
    'a{x="1} 2',
    'a 0x10',
    '}{ 1',
    '<html>',
  ])('reports %p with its line and reads on', async (line) => {
    const { samples, malformed } = await read(`a{n="1"} 1\n${line}\na{n="2"} 2\n`, 'a');
    expect(samples.map(({ value }) => value)).toEqual([1, 2]);
    expect(malformed).toEqual([expect.stringMatching(/^line 2: expected .+, got "/)]);
  });

  it('gives samples whose labels are written alike one object of labels, which holds nothing but them', async () => {
    const { samples } = await read('a{x="1"} 1\nb{x="1"} 2\n{"c",x="1"} 3\n', 'a', 'b', 'c');
    expect(samples[0]?.labels).toBe(samples[1]?.labels);
    expect(samples.map(({ name, labels }) => [name, labels['x'], labels['constructor']])).toEqual([
      ['a', '1', undefined],
      ['b', '1', undefined],
      ['c', '1', undefined],
    ]);
  });

  it('reads names and values beyond ASCII', async () => {
    const { samples, malformed } = await read(
      '{"dauer.größe","模型"="日本"} 1\na{x="é"} 2\na{x="é\\n"} 3',
      'dauer.größe',
      'a'
    );
    expect(malformed).toEqual([]);
    expect(samples.map(({ name, labels }) => [name, { ...labels }])).toEqual([
      ['dauer.größe', { 模型: '日本' }],
      ['a', { x: 'é' }],
      ['a', { x: 'é\n' }],
    ]);
  });

  it('tells the types of families that have no samples too', async () => {
    const types = new Map<string, string>();
    await readWith({ types }, '# TYPE a histogram\n# HELP b TYPE c\n#TYPE d gauge\n# TYPE e.f unknown\na_count 1\n');
    expect([...types]).toEqual([
      ['a', 'histogram'],
      ['e.f', 'unknown'],
    ]);
  });

  it('refuses the second sample of a series, in whatever order its labels are', async () => {
    const page = [
      'a{x="1",y="2"} 1',
      'a{y="2",x="1"} 2',
      'a{x="2",y="1"} 3',
      'a 4',
      'b{x="1",y="2"} 5',
      '{"a"} 6',
      'a{x="1",y="2"} 7',
    ];
    const { samples, malformed, reasons } = await read(page.join('\n'), 'a', 'b');
    expect(samples.map(({ value }) => value)).toEqual([1, 3, 4, 5]);
    expect(reasons).toEqual(['duplicate_sample', 'duplicate_sample', 'duplicate_sample']);
    expect(malformed[0]).toBe('line 2: expected each series once, got "a{y=\\"2\\",x=\\"1\\"} 2"');
  });

  it.each([
    ['milliseconds', 1_000, ''],
    ['seconds', 1, '.25'],
  ])('refuses samples of more than five minutes ago, their time in %s', async (_, unit, fraction) => {
    const now = 1_795_226_718;
    const at = (ago: number) => `a{ago="${ago}"} 1 ${(now - ago) * unit}${fraction}\n`;
    const { samples, reasons } = await readWith(
      { nowSeconds: now },
      at(0) + at(299) + at(302) + at(now) + at(-60),
      'a'
    );
    expect(samples.map(({ labels }) => labels['ago'])).toEqual(['0', '299', '-60']);
    expect(reasons).toEqual(['stale_sample', 'stale_sample']);
  });

  it('believes a last line without line feed unless the page may have been cut', async () => {
    expect((await read('a{n="1"} 1\na{n="2"} 12', 'a')).samples.map(({ value }) => value)).toEqual([1, 12]);
    const cut = await readWith({ maybeTruncated: true }, 'a{n="1"} 1\na{n="2"} 12', 'a');
    expect(cut.samples.map(({ value }) => value)).toEqual([1]);
    expect(cut.reasons).toEqual(['truncated']);
  });

  it('refuses lines and label values that are too long, and reads on', async () => {
    const page = [
      `a{x="${'y'.repeat(9_000)}"} 1`,
      `a{${'x="1",'.repeat(12_000)}} 2`,
      `b{x="${'y'.repeat(90_000)}"} 3`,
      'a 4',
    ];
    const { samples, malformed, reasons } = await read(page.join('\n'), 'a');
    expect(samples.map(({ value }) => value)).toEqual([4]);
    expect(reasons).toEqual(['too_large', 'too_large']);
    expect(Math.max(...malformed.map(({ length }) => length))).toBeLessThan(200);
  });

  it('lets other work run while it reads a large page', async () => {
    const text = Array.from({ length: 400_000 }, (_, n) => `a{x="${n}"} 1\n`).join('');
    let turns = 0;
    let reading = true;
    const turn = () => {
      turns += 1;
      if (reading) setImmediate(turn);
    };
    setImmediate(turn);
    const { samples } = await read(text, 'a');
    reading = false;
    expect(samples).toHaveLength(400_000);
    expect(turns).toBeGreaterThan(5);
  });
});
