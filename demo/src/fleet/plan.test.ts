import { DEFAULT_MODELS } from './default-models';
import { planFleet } from './plan';
import { SCENARIOS, type ScenarioName } from '../types';
import { isDataScenario, SCENARIO_TABLE } from './scenarios';

const key = (model: { namespace: string; name: string }) => `${model.namespace}/${model.name}`;

describe('planFleet', () => {
  it('gives 28 models in 4 namespaces, mostly Seldon, some KServe, four standalone', () => {
    const plan = planFleet(1, 28);
    expect(plan.models).toHaveLength(28);
    expect([...plan.namespaces].sort()).toEqual(['growth', 'logistics', 'payments', 'support']);
    const on = (platform: string) => plan.models.filter((model) => model.platform === platform).length;
    expect([on('seldon'), on('kserve'), on('standalone')]).toEqual([18, 6, 4]);
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

  it('has a model for every scenario, one for each that its replicas notice; the smallest fleet has the first six', () => {
    const names = (models: number) => planFleet(1, models).models.map(key);
    const modelOf = (name: ScenarioName) => `${SCENARIO_TABLE[name].namespace}/${SCENARIO_TABLE[name].model}`;
    const happensTo = SCENARIOS.map(modelOf);
    const noticed = SCENARIOS.filter((name) => !isDataScenario(name)).map(modelOf);
    expect(new Set(noticed).size).toBe(noticed.length);
    expect(names(28)).toEqual(expect.arrayContaining(happensTo));
    expect(names(6)).toEqual(happensTo.slice(0, 6));
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
