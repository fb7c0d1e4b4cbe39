import { parseQuantity } from './quantity';

describe('parseQuantity', () => {
  it.each([
    ['500m', 0.5],
    ['1', 1],
    ['0', 0],
    ['2.5', 2.5],
    ['.5', 0.5],
    ['5.', 5],
    ['100n', 1e-7],
    ['250u', 0.00025],
    ['1k', 1000],
    ['1Ki', 1024],
    ['1Gi', 1_073_741_824],
    ['1500M', 1_500_000_000],
    ['1.5Gi', 1_610_612_736],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1E', 1e18],
    ['12e-1', 1.2],
    ['-1', -1],
    [' 1Mi ', 1_048_576],
    [4, 4],
    [0.25, 0.25],
  ])('reads %p as %p', (text, number) => {
    expect(parseQuantity(text)).toBeCloseTo(number, 12);
  });

  it.each(['', 'x', '1 Gi', '1gi', '1GiB', '1ee3', 'e3', '0x10', 'NaN', NaN, Infinity, null, {}, '9'.repeat(70)])(
    'refuses %p',
    (value) => {
      expect(parseQuantity(value)).toBeUndefined();
    }
  );
});
