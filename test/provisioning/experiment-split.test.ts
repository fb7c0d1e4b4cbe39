import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testRules } from '../support/promtool';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'metrics.md'), 'utf8');
const SPLIT = /```promql\n([\s\S]*?)```/.exec(DOC)?.[1] ?? '';

const info = (candidate: string, role: string) =>
  `modelwatch_experiment_candidate_info{namespace="growth",experiment="ab",candidate="${candidate}",role="${role}"}`;
const rate = (model: string, outcome: string) =>
  `modelwatch:inference_requests_rate:5m{namespace="growth",model="${model}",outcome="${outcome}"}`;
const share = (candidate: string) => `{namespace="growth",experiment="ab",candidate="${candidate}"}`;

/** Two exporters show the same experiment; a mirror is asked too and is no part of the split. */
const input = {
  [info('old', 'default').replace('{', '{instance="a",')]: '1x10',
  [info('old', 'default').replace('{', '{instance="b",')]: '1x10',
  [info('new', 'candidate')]: '1x10',
  [info('shadow', 'mirror')]: '1x10',
  [rate('old', 'success')]: '5x10',
  [rate('old', 'server_error')]: '1x10',
  [rate('new', 'success')]: '2x10',
  [rate('shadow', 'success')]: '9x10',
};

describe('the observed split of an experiment, as docs/metrics.md computes it', () => {
  it('is the share of the requests of all candidates', () => {
    const expect1 = { expr: SPLIT, at: '5m', samples: { [share('old')]: 0.75, [share('new')]: 0.25 } };
    const done = testRules('groups: []', [{ name: 'split', input, expect: [expect1] }], 60);
    expect(done.output).toContain('SUCCESS');
  });

  it('is absent while nobody asks', () => {
    const silent = Object.fromEntries(
      Object.entries(input).map(([series, values]) => [series, series.startsWith('modelwatch:') ? '0x10' : values])
    );
    const nothing = { expr: SPLIT, at: '5m', samples: {} };
    const done = testRules('groups: []', [{ name: 'silent', input: silent, expect: [nothing] }], 60);
    expect(done.output).toContain('SUCCESS');
  });
});
