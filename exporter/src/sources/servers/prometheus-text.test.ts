import { readSamples } from './prometheus-text';

async function read(text: string, ...wanted: string[]) {
  const malformed: string[] = [];
  const samples = await readSamples(Buffer.from(text), new Set(wanted), (detail) => malformed.push(detail));
  return { samples, malformed };
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
  ])('reads %p', async (line, value) => {
    const { samples, malformed } = await read(`${line}\n`, 'a');
    expect(malformed).toEqual([]);
    expect(samples).toEqual([expect.objectContaining({ name: 'a', value })]);
  });

  it.each([
    'a',
    'a x',
    'a{x="1" 2',
    'a{x=1} 2',
    'a{="1"} 2',
    'a{x="1"y="2"} 2',
    'a{x="1} 2',
    'a 0x10',
    '}{ 1',
    '<html>',
  ])('reports %p with its line and reads on', async (line) => {
    const { samples, malformed } = await read(`a 1\n${line}\na 2\n`, 'a');
    expect(samples.map(({ value }) => value)).toEqual([1, 2]);
    expect(malformed).toEqual([expect.stringMatching(/^line 2: expected .+, got "/)]);
  });

  it('lets other work run while it reads a large page', async () => {
    const text = 'a{x="1"} 1\n'.repeat(400_000);
    let worst = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      worst = Math.max(worst, performance.now() - last);
      last = performance.now();
    }, 1);
    const { samples } = await read(text, 'a');
    clearInterval(timer);
    expect(samples).toHaveLength(400_000);
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(250);
  });
});
