import { DEFAULT_MODELS } from './default-models';
import { planFleet } from './plan';
import { SCENARIO_TABLE } from './scenarios';

const key = (model: { namespace: string; name: string }) => `${model.namespace}/${model.name}`;

describe('planFleet', () => {
  it('gives 24 models in 4 namespaces, mostly Seldon, some KServe, two standalone', () => {
    const plan = planFleet(1, 24);
    expect(plan.models).toHaveLength(24);
    expect([...plan.namespaces].sort()).toEqual(['growth', 'logistics', 'payments', 'support']);
    const on = (platform: string) => plan.models.filter((model) => model.platform === platform).length;
    expect([on('seldon'), on('kserve'), on('standalone')]).toEqual([18, 4, 2]);
  });

  it('says the same for the same seed, and something else for another', () => {
    expect(planFleet(7, 200)).toEqual(planFleet(7, 200));
    expect(planFleet(8, 200)).not.toEqual(planFleet(7, 200));
  });

  it('gives every model of a large fleet a name of its own', () => {
    const { models, servers } = planFleet(1, 5_000);
    expect(new Set(models.map(key)).size).toBe(5_000);
    expect(new Set(servers.map(key)).size).toBe(servers.length);
    const hosted = servers.reduce((sum, server) => sum + server.models.length, 0);
    expect(hosted).toBe(models.filter((model) => model.platform === 'seldon').length);
  });

  it('has room for every replica of a model on its server, and declares less memory than there is', () => {
    for (const server of planFleet(1, 1_000).servers) {
      const declared = server.models.reduce((sum, model) => sum + (model.memoryMebibytes ?? 0), 0);
      expect(declared).toBeLessThan(server.memoryGibibytes * 1_024);
      for (const model of server.models) expect(model.replicas).toBeLessThanOrEqual(server.replicas);
    }
  });

  it('keeps the models of the scenarios in the smallest fleet', () => {
    const names = planFleet(1, 6).models.map(key);
    for (const { namespace, model } of Object.values(SCENARIO_TABLE)) expect(names).toContain(`${namespace}/${model}`);
  });

  it('lets what a scenario kills or blocks stand alone on its server', () => {
    for (const name of ['fraud-scorer', 'next-best-offer']) {
      const seat = DEFAULT_MODELS.find((each) => each.name === name);
      expect(DEFAULT_MODELS.filter((each) => each.server === seat?.server)).toHaveLength(1);
    }
  });

  it.each([5, 0, -1, 2.5, Number.NaN, 20_001])('refuses %p models', (count) => {
    expect(() => planFleet(1, count)).toThrow(`models: ${count}: expected a whole number from 6 to 20000`);
  });
});
