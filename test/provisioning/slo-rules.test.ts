/** Rules on objectives in promtool. */
import { RECORDED, SLO_WINDOW_SECONDS } from '@modelwatch/contract';
import { buildRules, buildSloRules, renderGroups } from '../../exporter/src/rules';
import { testRules } from '../support/promtool';
import { SLO_INTERVAL_SECONDS, SLO_RULES, SLO_VECTORS } from './vectors/slo';

it.each(SLO_VECTORS.map((vector) => [vector.name, vector] as const))(
  '%s',
  (_name, vector) => {
    expect(testRules(SLO_RULES, [vector], SLO_INTERVAL_SECONDS).output).toContain('SUCCESS');
  },
  60_000
);

const OPTIONS = { intervalSeconds: 30 };

it('windows of days are made of means of four minutes, an interval late, of the objectives that have them', () => {
  const budgets = buildSloRules(OPTIONS).filter(({ name }) => name === 'modelwatch-slo-budgets');
  expect(budgets.map(({ intervalSeconds }) => intervalSeconds)).toEqual([240]);
  const id = 'namespace="ns", model="m", slo="a"';
  const vector = {
    name: 'coarse',
    input: {
      [`${RECORDED.sloInfo.name}{${id}, window="7d", indicator="availability"}`]: '1x20',
      [`${RECORDED.sloEventsRate.name}{${id}}`]: '1+1x20',
      [`${RECORDED.sloEventsRate.name}{namespace="ns", model="gone", slo="a"}`]: '1+1x20',
    },
    expect: [
      {
        expr: RECORDED.sloEventsCoarseRate.name,
        at: '8m',
        samples: { [`${RECORDED.sloEventsCoarseRate.name}{${id}, window="7d"}`]: (5 + 6 + 7 + 8) / 4 },
      },
    ],
  };
  expect(testRules(renderGroups('prometheus', budgets, OPTIONS), [vector], 60).output).toContain('SUCCESS');
}, 60_000);

it('each window is as long as it is called, less what Prometheus 2 would count twice', () => {
  const seconds: Record<string, number> = { '30m': 1800, '1h': 3600, '2h': 7200, '6h': 21_600, '1d': 86_400 };
  const all: Record<string, number> = { ...seconds, '3d': 259_200, ...SLO_WINDOW_SECONDS };
  const rules = buildSloRules(OPTIONS).flatMap(({ recordings }) => recordings);
  const ofWindows = rules.filter(({ labels = {} }) => labels.window !== undefined && labels.window !== '5m');
  const seen = new Set<string>();
  for (const { expr, labels } of ofWindows) {
    const window = labels?.window ?? '';
    seen.add(window);
    for (const [, range] of expr.matchAll(/\[([^\]]+)\]/g))
      expect(`${window} ${range}`).toBe(`${window} ${(all[window] ?? 0) * 1000 - 1}ms`);
  }
  expect([...seen].sort()).toEqual(Object.keys(all).sort());
  const budgets = rules.find(({ record, labels }) => record === RECORDED.sloEvents.name && labels === undefined);
  for (const [window, length] of Object.entries(SLO_WINDOW_SECONDS)) {
    expect(budgets?.expr).toContain(`{window="${window}"}[${length * 1000 - 1}ms]`);
  }
});

it('are groups of their own among all rules, which can be left out', () => {
  const names = (without: readonly 'slo'[]) => buildRules({ ...OPTIONS, without }).map(({ name }) => name);
  expect(names([]).filter((name) => name.startsWith('modelwatch-slo'))).toHaveLength(4);
  expect(names(['slo']).filter((name) => name.startsWith('modelwatch-slo'))).toEqual([]);
  expect(() => buildSloRules({ ...OPTIONS, sloIntervalSeconds: 20 })).toThrow(/sloIntervalSeconds.*30.*20/);
  expect(() => buildSloRules({ ...OPTIONS, sloIntervalSeconds: 60, sloCoarseIntervalSeconds: 100 })).toThrow(
    /multiple/
  );
});
