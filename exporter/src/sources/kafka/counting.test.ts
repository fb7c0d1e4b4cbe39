import { Progress } from './counting';

const at = (offset: bigint) => ({ topic: 'predictions', partition: 0, offset });
const state = (end: bigint, offset = 3n) => ({ ...at(offset), end });

it('tells how many records are still to be counted, from the last commit of the group and from what is counted since', () => {
  const progress = new Progress();
  expect(progress.lagOf(state(10n))).toBe(7);
  progress.begins([at(3n)]);
  expect(progress.lagOf(state(10n))).toBe(7);
  progress.counted(at(3n));
  progress.counted(at(4n));
  expect(progress.lagOf(state(10n))).toBe(5);
  // What arrives is behind, too.
  expect(progress.lagOf(state(12n))).toBe(7);
  expect(progress.lagOf({ ...state(12n), partition: 1 })).toBe(9);
});

it('is not behind in a topic that was made anew, whatever it counted in the old one', () => {
  const progress = new Progress();
  progress.counted(at(9n));
  expect(progress.lagOf(state(2n, 0n))).toBe(0);
  progress.forgetRecreated([state(2n, 0n)]);
  expect(progress.lagOf(state(2n, 0n))).toBe(2);
});
