import { entityKey } from '@modelwatch/contract';
import { fleetOf } from './testing/fleets';
import { NOW, applied, meta, seldonModel, seldonPod, seldonServer, sourceStatus, workload } from './testing/builders';

describe('servers', () => {
  const agent = {
    name: 'agent',
    env: { SELDON_OVERCOMMIT_PERCENTAGE: '20', SELDON_SERVER_CAPABILITIES: 'mlserver, sklearn' },
    ports: [],
  };
  const containers = [agent, { name: 'mlserver', env: {}, memoryBytes: 1_000, ports: [] }];
  const requests = { cpuCores: 0.5, memoryBytes: 1_000, gpus: { 'nvidia.com/gpu': 1 } };

  it('takes replicas from the workload, memory from containers and models, capabilities from the agent', () => {
    const fleet = fleetOf([
      applied(seldonServer('mlserver', { desiredReplicas: 2, loadedModels: 3 })),
      applied(workload('mlserver', 1, 2, { meta: meta('mlserver'), containers })),
      applied(
        seldonModel('a', 'ModelAvailable', {
          availableReplicas: 2,
          desiredReplicas: 2,
          memoryBytes: 300,
          server: 'mlserver',
        })
      ),
      applied(seldonModel('b', 'ModelAvailable', { availableReplicas: 1, memoryBytes: 100, server: 'mlserver' })),
      sourceStatus(),
    ]);
    expect(fleet.snapshot().servers.get(entityKey({ namespace: 'payments', name: 'mlserver' }))).toMatchObject({
      verdict: { state: 'degraded' },
      replicas: { desired: 2, available: 1 },
      loadedModels: 3,
      memoryCapacityBytes: 2_000,
      memoryDeclaredBytes: 700,
      overcommitRatio: 0.2,
      capabilities: ['mlserver', 'sklearn'],
    });
  });

  it('sums the usage, and takes back what goes', () => {
    const fleet = fleetOf([
      applied(seldonServer('mlserver')),
      applied(workload('mlserver', 1, 1, { containers })),
      applied(seldonPod('mlserver', 0, { containers, requests })),
      applied(seldonPod('mlserver', 1, { containers, requests, node: 'node-0' })),
      applied(seldonModel('a', 'ModelAvailable', { availableReplicas: 2, server: 'mlserver' })),
      applied(seldonModel('b', 'ModelAvailable', { availableReplicas: 1, server: 'mlserver' })),
      sourceStatus(),
    ]);
    expect(fleet.snapshot().usage).toEqual({
      rows: [
        {
          namespace: 'payments',
          platform: 'seldon',
          models: 2,
          servers: 1,
          pipelines: 0,
          experiments: 0,
          modelReplicas: 3,
          serverReplicas: 1,
          cpuCores: 1,
          memoryBytes: 2_000,
          gpus: 2,
          multiModelServers: 1,
          overcommitServers: 1,
          nodes: 1,
        },
      ],
    });
    for (const [resource, name] of [
      ['SeldonModel', 'a'],
      ['SeldonModel', 'b'],
      ['SeldonServer', 'mlserver'],
      ['Pod', 'mlserver-0'],
      ['Pod', 'mlserver-1'],
    ] as const) {
      fleet.observe({ kind: 'resource-deleted', resource, namespace: 'payments', name });
    }
    expect(fleet.flush(NOW).usage).toEqual({ rows: [] });
  });
});
