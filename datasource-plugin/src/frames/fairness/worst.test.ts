/** @jest-environment jsdom */
import { RECORDED } from '@modelwatch/contract';
import { joinInventory } from '../inventory';
import type { Sample } from '../samples';
import { worstFairness } from './worst';

const MODEL = { namespace: 'shop', model: 'risk' };
const IMPACT = { metric: 'disparate_impact' };
const KEY = '\u0000shop\u0000risk';

const sample = ({ name }: { readonly name: string }, labels: Record<string, string>, value = 1): Sample => ({
  labels: { __name__: name, ...MODEL, ...labels },
  value,
});

function group(value: string, labels: Record<string, string>, state: string, score: number): Sample[] {
  const of = { segment: 'age_group', value, window: '1d', ...labels };
  return [sample(RECORDED.fairnessState, { ...of, state }), sample(RECORDED.fairnessScore, of, score)];
}

const LIMITS = [
  sample(RECORDED.fairnessLimit, { ...IMPACT, level: 'warning' }, 0.9),
  sample(RECORDED.fairnessLimit, { ...IMPACT, level: 'critical' }, 0.8),
  sample(RECORDED.fairnessLimit, { metric: 'statistical_parity', level: 'critical' }, 0.1),
];

it('says of the group that is furthest away what the API says, and a ratio above 1 is as far as one below', () => {
  const far = [...LIMITS, ...group('55+', IMPACT, 'critical', 0.5249), ...group('18-25', IMPACT, 'critical', 1.3)];
  expect(worstFairness(far).get(KEY)).toBe('Disparate impact of age_group 55+ 0.525 over 24 h, limit 0.8');
  const above = [...LIMITS, ...group('55+', IMPACT, 'critical', 0.7), ...group('18-25', IMPACT, 'critical', 2)];
  expect(worstFairness(above).get(KEY)).toMatch(/18-25 2 over/);
});

it('names what is critical before a warning that is further away, and nothing without a limit', () => {
  const parity = group('55+', { metric: 'statistical_parity' }, 'critical', -0.12);
  const impact = group('55+', IMPACT, 'warning', 0.85);
  expect(worstFairness([...LIMITS, ...impact, ...parity]).get(KEY)).toBe(
    'Statistical parity of age_group 55+ -0.12 over 24 h, limit 0.1'
  );
  expect(worstFairness([...LIMITS, ...impact]).get(KEY)).toMatch(/0.85 over 24 h, limit 0.9$/);
  expect(worstFairness(parity).size).toBe(0);
});

it('is the reason in the inventory, which without it tells the channel alone', () => {
  const state = [
    sample(RECORDED.modelHealth, { health: 'degraded' }),
    sample(RECORDED.modelChannel, { channel: 'fairness', status: 'critical' }),
  ];
  const reason = (unfair: Sample[]) => joinInventory({ state, numbers: [], rate: [], unfair }).rows[0]?.reason;
  expect(reason([...LIMITS, ...group('55+', IMPACT, 'critical', 0.5249)])).toBe(
    'Disparate impact of age_group 55+ 0.525 over 24 h, limit 0.8'
  );
  expect(reason([])).toBe('Fairness: over its limit');
});
