import type { ServerTranslation } from '@modelwatch/contract';
import { Differences } from './differences';
import { compileTranslation } from './translate';
import type { TextSample } from './prometheus-text';

/** One model, polled: [predicted, answered] per page, and the failures that each page shows. */
async function failures(inFlight: boolean, ...pages: (readonly [of: number, less: number | undefined] | undefined)[]) {
  const table: ServerTranslation = {
    modelLabels: ['model'],
    versionLabels: [],
    families: [],
    differences: [{ of: ['of'], less: ['less'], inFlight, to: { requests: 'unknown' } }],
    capabilities: [],
  };
  const { translate } = compileTranslation(table);
  const differences = new Differences();
  const found: (number | undefined)[] = [];
  for (const page of pages) {
    const labels = { model: 'm' };
    const samples: TextSample[] = page
      ? [
          { name: 'of', labels, value: page[0] },
          ...(page[1] === undefined ? [] : [{ name: 'less', labels, value: page[1] }]),
        ]
      : [];
    found.push((await translate(samples, { versionSuffix: false, differences }))[0]?.requests.unknown);
  }
  return found;
}

describe('what one counter is ahead of another', () => {
  it('is unknown at first, then what stood in two polls', async () => {
    expect(await failures(true, [10, 8], [10, 8], [12, 9], [12, 9])).toEqual([undefined, 2, 2, 3]);
  });

  it('does not count requests in flight', async () => {
    // Five are in flight on the second page; on the third they all were answered.
    expect(await failures(true, [10, 10], [15, 10], [15, 15], [20, 20])).toEqual([undefined, 0, 0, 0]);
  });

  it('never falls, however many are in flight', async () => {
    const totals = (await failures(true, [10, 8], [30, 20], [40, 32], [50, 48], [60, 57])).slice(1) as number[];
    expect(totals).toEqual([...totals].sort((a, b) => a - b));
  });

  it('counts the failures of a model that was not asked before from 0', async () => {
    expect(await failures(true, undefined, [3, undefined], [3, undefined])).toEqual([undefined, 0, 3]);
  });

  it('begins again at 0 after a restart, like the counters that it is made of', async () => {
    expect(await failures(true, [10, 8], [10, 8], [2, 1], [2, 1], [4, 2])).toEqual([undefined, 2, 0, 1, 1]);
  });

  it('goes on where a page lacked the series', async () => {
    expect(await failures(true, [10, 8], [10, 8], undefined, [12, 10])).toEqual([undefined, 2, undefined, 2]);
  });

  it('is there at once, and never falls, where the request in flight is counted on the other side', async () => {
    expect(await failures(false, [10, 4], [10, 5], [12, 5], [3, 1])).toEqual([6, 6, 7, 2]);
  });
});
