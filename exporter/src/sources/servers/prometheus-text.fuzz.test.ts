import fc from 'fast-check';
import { readSamples } from './prometheus-text';

const NAMES = ['a', 'b_total', 'c:d'];
const labelName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,4}$/);
const value = fc.oneof(
  // Nobody writes the sign of a zero.
  fc.double().map((number) => number + 0),
  fc.integer().map((whole) => whole / 1000),
  fc.nat()
);
const sample = fc.record({
  name: fc.constantFrom(...NAMES),
  labels: fc.dictionary(labelName, fc.string({ unit: 'grapheme', maxLength: 6 }), { maxKeys: 3 }),
  value,
});

function write({
  name,
  labels,
  value: number,
}: {
  name: string;
  labels: Record<string, string>;
  value: number;
}): string {
  const escape = (text: string) => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`);
  const plain = Number.isFinite(number) ? String(number) : Number.isNaN(number) ? 'NaN' : number > 0 ? '+Inf' : '-Inf';
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${plain}\n`;
}

async function read(page: Buffer) {
  const refused: string[] = [];
  const samples = await readSamples(page, new Set(NAMES), (_, reason) => refused.push(reason));
  return { samples, refused };
}

const seriesOf = ({ name, labels }: { name: string; labels: Readonly<Record<string, string>> }) =>
  JSON.stringify([name, Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1))]);

describe('any page', () => {
  it('is read as it was written, each series once, the first sample of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sample, { maxLength: 40 }), async (written) => {
        const { samples, refused } = await read(Buffer.from(written.map(write).join('')));
        const first = new Map(written.toReversed().map((each) => [seriesOf(each), each.value]));
        expect(new Map(samples.map((each) => [seriesOf(each), each.value]))).toEqual(first);
        expect(refused).toEqual(new Array(written.length - first.size).fill('duplicate_sample'));
      })
    );
  });

  it('with damage is read without an error: every line of a wanted name is a sample or refused', async () => {
    const damage = fc.record({ at: fc.nat(), bytes: fc.uint8Array({ maxLength: 4 }), cut: fc.nat({ max: 6 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, { minLength: 1, maxLength: 20 }),
        fc.array(damage),
        async (written, damages) => {
          let page = Buffer.from(written.map(write).join(''));
          for (const { at, bytes, cut } of damages) {
            const from = at % (page.length + 1);
            page = Buffer.concat([page.subarray(0, from), bytes, page.subarray(from + cut)]);
          }
          const { samples, refused } = await read(page);
          const lines = page.toString('latin1').split('\n');
          const mine = lines.filter((line) => /^[ \t]*(a|b_total|c:d)(?![a-zA-Z0-9_:])/.test(line));
          const others = lines.filter((line) => /^[ \t]*[^#a-zA-Z_: \t]/.test(line) && line.trim() !== '');
          expect(samples.length + refused.length).toBeGreaterThanOrEqual(mine.length);
          expect(samples.length + refused.length).toBeLessThanOrEqual(mine.length + others.length);
        }
      )
    );
  });

  it('has the same samples in whatever order its lines are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .uniqueArray(sample, { selector: seriesOf, maxLength: 20 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        async ([all, shuffled]) => {
          const sorted = async (page: typeof all) =>
            (await read(Buffer.from(page.map(write).join('')))).samples.map(write).sort();
          expect(await sorted(shuffled)).toEqual(await sorted(all));
        }
      )
    );
  });
});
