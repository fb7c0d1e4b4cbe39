import { add, emptySketch, estimate, markOf, merge, REGISTERS } from './sketch';

const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS);

function sketchOf(names: Iterable<string>) {
  const sketch = emptySketch();
  for (const name of names) add(sketch, markOf(name));
  return sketch;
}
const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
/** As services and people are called. */
const PREFIXES = ['team-', 'user', 'anna.schmidt+', 'svc/checkout/', '4711-', '', 'Ä', '00000000-0000-4000-8000-'];

test('nobody is 0, and one is 1 however often it is named', () => {
  expect(estimate(emptySketch())).toBe(0);
  expect(Math.round(estimate(sketchOf(['a', 'a', 'a'])))).toBe(1);
});

test.each([10, 100, 1_000, 5_000])('%d names are counted within the error that is promised', (count) => {
  const errors = PREFIXES.map((prefix) => estimate(sketchOf(names(count, prefix))) / count - 1);
  const squared = errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length;
  // Eight estimates: the root of their mean square is above 1.6 standard errors once in two thousand times.
  expect(Math.sqrt(squared)).toBeLessThan(1.6 * STANDARD_ERROR);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  expect(Math.abs(mean)).toBeLessThan((3.3 * STANDARD_ERROR) / Math.sqrt(errors.length));
});

test('so are many', () => {
  expect(Math.abs(estimate(sketchOf(names(50_000, 'user'))) / 50_000 - 1)).toBeLessThan(3 * STANDARD_ERROR);
});

test('few are counted almost exactly', () => {
  for (const count of [1, 2, 5, 10, 20]) {
    for (const prefix of PREFIXES) {
      const found = Math.round(estimate(sketchOf(names(count, prefix))));
      expect(Math.abs(found - count)).toBeLessThanOrEqual(1);
    }
  }
});

test('two parts that overlap are the whole', () => {
  const [left, right] = [sketchOf(names(6_000, 'user')), sketchOf(names(9_000, 'user').slice(3_000))];
  const whole = sketchOf(names(9_000, 'user'));
  expect(merge(left, right)).toBe(true);
  expect(left).toEqual(whole);
  expect(merge(left, right)).toBe(false);
});
