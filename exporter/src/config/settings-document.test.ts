import { ConfigError } from './refusals';
import { readSettings } from './settings-document';

function problemsOf(text: string): readonly string[] {
  try {
    readSettings(text, 'configmap shop/risk a.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('settings that somebody wrote into a ConfigMap', () => {
  it('are those of a model of the configuration, in few words', () => {
    const text = 'model: risk\nmethod: js\nthresholds: { warning: 0.1, critical: 0.2 }\nshowCategories: [country]\n';
    expect(readSettings(text, 'a')).toEqual({
      model: 'risk',
      method: 'js',
      thresholds: { warning: 0.1, critical: 0.2 },
      showCategories: ['country'],
    });
  });

  it.each([
    ['', /model: expected .*, got nothing/],
    ['risk', /a\.yaml: expected keys and values, got "risk"/],
    ['model: risk\nnamespace: bank', /namespace: expected a known key, one of model, .* line 2\)/],
    [
      'model: risk\nshowCategories: 7',
      /showCategories: expected true, false or a list of features, got 7 \(.* line 2\)/,
    ],
    ['model: risk\nwindow: 1w', /window: expected one of 10m, 1h, 1d, 7d, got "1w"/],
    ['model: risk\nthresholds: { warning: 1 }', /thresholds\.critical: expected a number above 0.*, got nothing/],
    ['model: risk\ntracked: &all [*all]', /expected settings, got an alias of what it stands in/],
    [`model: ${'['.repeat(30_000)}`, /got lists or keys nested over 20 deep/],
    [`model: ${'{a: '.repeat(10_000)}`, /got lists or keys nested over 20 deep/],
    ['- '.repeat(30_000), /got lists or keys nested over 20 deep/],
    [`model: ${'x'.repeat(70_000)}`, /expected at most 65536 characters, got 70007/],
  ])('%#. are refused with place, expectation and value', (text, expected) => {
    const began = performance.now();
    expect(problemsOf(text).join('\n')).toMatch(expected);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('are refused with a few problems, however many there are', () => {
    expect(problemsOf(Array.from({ length: 100 }, (_, index) => `key${index}: 1`).join('\n')).length).toBe(5);
  });
});
