import { compileExpression, type ExpressionInput } from './cel';

const INPUT: ExpressionInput = {
  features: { amount: 12.5, n: 3, country: 'DE', flag: true, none: null, 'odd name': 1, long: 'a'.repeat(30) + '!' },
  prediction: 'yes',
  score: 0.93,
};
type Aggregation = Parameters<typeof compileExpression>[1];

function result(text: string, aggregation: Aggregation = 'sum', input: Partial<ExpressionInput> = {}) {
  const compiled = compileExpression(text, aggregation);
  return 'problem' in compiled ? compiled.problem : compiled.evaluate({ ...INPUT, ...input });
}

it.each<[text: string, aggregation: Aggregation, value: unknown]>([
  ['prediction == "yes" ? features.amount : 0', 'sum', 12.5],
  ['prediction == "no" ? features.amount : 0', 'sum', 0],
  ['prediction == "no" ? features.amount : null', 'average', undefined],
  ['features.amount * 2 - 1 / 2.0', 'sum', 24.5],
  ['features["odd name"] + features.n', 'sum', 4],
  ['features.country in ["DE", "FR"] && score > 0.5', 'share', true],
  ['prediction', 'share', 'yes'],
  ['has(features.amount) && !has(features.nope)', 'share', true],
  ['features.none == null', 'share', true],
  ['size(features.country)', 'gauge', 2],
  ['features.country.startsWith("D") ? 1 : 0', 'sum', 1],
])('%s', (text, aggregation, value) => {
  expect(result(text, aggregation)).toEqual({ value });
});

it.each([
  ['features.nope > 1.0 ? 1 : 0', 'missing_value'],
  ['features.constructor', 'missing_value'],
  ['features.__proto__', 'missing_value'],
  ['features.country * 2', 'wrong_type'],
  ['features.none > 1 ? 1 : 0', 'wrong_type'],
  ['features.country', 'wrong_type'],
  ['features.flag', 'wrong_type'],
  ['features', 'a CEL expression of a number, not of map'],
  ['features.amount / 0.0', 'not_finite'],
  ['1 / 0', 'not_finite'],
])('%s is no value, for a reason of its own', (text, error) => {
  const got = result(text);
  if (typeof got === 'string') expect(got).toContain(error);
  else expect(got).toEqual({ error });
});

it.each([
  ['amount > 1', 'a CEL expression: Unknown variable: amount'],
  ['process.exit()', 'a CEL expression without exit()'],
  ['features.amount >', 'a CEL expression: '],
  ['features.amount > 1', 'a CEL expression of a number, not of bool'],
  ['features.country.matches("(a+)+$") ? 1 : 0', 'a CEL expression without matches()'],
  ['[1, 2].map(x, [3, 4].map(y, x)).size()', 'a CEL expression without '],
  ['cel.bind(x, 1, x)', 'a CEL expression without bind()'],
  [Array.from({ length: 300 }, () => '1').join('+'), 'a CEL expression: Exceeded maxAstNodes'],
  ['('.repeat(60) + '1' + ')'.repeat(60), 'a CEL expression: Exceeded maxDepth'],
])('refuses %s in words', (text, problem) => {
  expect(result(text)).toContain(problem);
});

it('says which values it needs, and refuses to keep more than those', () => {
  expect(compileExpression('actual == "yes" ? features.amount + features["fee"] : 0', 'sum')).toMatchObject({
    needsActual: true,
    features: ['amount', 'fee'],
  });
  expect(compileExpression('has(features.fee) ? 1 : 0', 'sum')).toMatchObject({
    needsActual: false,
    features: ['fee'],
  });
  expect(result('actual == features[prediction] ? 1 : 0')).toContain('features by their names beside actual');
  expect(result('actual == prediction', 'share', { actual: 'yes' })).toEqual({ value: true });
});

it('leaves the traces of other errors alone', () => {
  const before = Error.stackTraceLimit;
  result('features.nope');
  expect(Error.stackTraceLimit).toBe(before);
});
