import { promqlProblem } from './promql';

it.each([
  'sum(rate(http_requests_total{model="risk"}[5m]))',
  'sum by (cluster) (x) / on (cluster) sum by (cluster) (y) # a ratio',
  '-(x offset 5m)',
  'x @ end()',
  'time() - x',
  'vector(1)',
  'avg_over_time((x)[1h:])',
])('takes %s', (text) => {
  expect(promqlProblem(text)).toBeUndefined();
});

it.each(['1', '(1 + 2) * 3', '"text"', 'x[5m]', 'x[1h:5m] offset 5m', 'time()', 'scalar(x)'])(
  'refuses %s, which is no series',
  (text) => {
    expect(promqlProblem(text)).toBe('PromQL that gives series, not a number, a text or a range');
  }
);

it.each([
  ['sum(x', 6],
  ['x) or (y', 2],
  ['x y', 3],
  ['', 1],
])('refuses %s where it breaks off', (text, at) => {
  expect(promqlProblem(text)).toBe(`PromQL, which breaks off at character ${at}`);
});
