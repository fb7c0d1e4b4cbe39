import { parsePattern, PatternError } from './pattern';

const TEXTS = [
  '',
  'a',
  'ab',
  'abc',
  'aab',
  'b',
  'ok',
  'OK',
  'x.y',
  '-',
  'a-b',
  ']',
  '12',
  'a\nb',
  'success',
  'aaa',
  ' ',
];

describe('a pattern', () => {
  // JavaScript's own engine is the judge.
  it.each([
    'a',
    '^a$',
    'a|b',
    '^(a|b)+$',
    '^a*b$',
    '^a{2}$',
    '^a{1,2}b?$',
    '^a{2,}$',
    '[a-c]{2}',
    '[^a]',
    '[]a]',
    '[a-]',
    '\\.',
    '\\d+',
    '\\S',
    '^$',
    'a.b',
    '^(?:ok|success)$',
    '',
    '(a*)*b',
    'a+?b',
    '[\\w.]+',
    '(|a)b',
  ])('%s matches what JavaScript matches', (text) => {
    const pattern = parsePattern(text);
    const judge = new RegExp(text.replace('[]a]', '[\\]a]'));
    for (const given of TEXTS) expect([given, pattern.matches(given)]).toEqual([given, judge.test(given)]);
  });

  it('takes any case when asked', () => {
    const { matches } = parsePattern('(?i)^[a-f]k|success$');
    expect(['AK', 'bK', 'my Success', 'zk'].map(matches)).toEqual([true, true, true, false]);
  });

  it('takes no longer for patterns and texts that make others try for ever', () => {
    const started = performance.now();
    expect(parsePattern('^(a+)+$').matches(`${'a'.repeat(16_000)}!`)).toBe(false);
    expect(parsePattern('(x*)*(x*)*(x*)*y').matches('x'.repeat(16_000))).toBe(false);
    expect(parsePattern('(.*)(.*)(.*)(.*)(.*)!$').matches('x'.repeat(1_000_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it.each([
    ['(?=a)', 'a pattern without look-around, names and flags'],
    ['(a)\\1', 'a pattern without references and \\b, \\p or the like'],
    ['(a', 'a ")" for each "("'],
    ['a)', 'a "(" for each ")"'],
    ['[a', 'a pattern that does not end in the middle'],
    ['*a', 'something before "*"'],
    ['a**', 'one of * + ? {} after a part, not two'],
    ['[z-a]', 'a range from low to high, as in [a-z]'],
    ['a{5,2}', 'repetitions from few to many, at most 100'],
    ['((a{50}){50})', 'a pattern of at most 500 steps'],
    ['a'.repeat(301), 'a pattern of at most 300 characters'],
  ])('%s is refused', (text, expected) => {
    expect(() => parsePattern(text)).toThrow(new PatternError(expected));
  });
});
