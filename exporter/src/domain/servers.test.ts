import { entityKey } from '@modelwatch/contract';
import { fleetOf } from './testing/fleets';
import {
  NOW,
  applied,
  failedProbe,
  inferenceService,
  kservePod,
  meta,
  predictor,
  probeResult,
  probed,
  seldonModel,
  seldonPod,
  seldonServer,
  sourceStatus,
  workload,
} from './testing/builders';

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
      applied(waitingForNode('mlserver', 2)),
      applied(seldonModel('a', 'ModelAvailable', { availableReplicas: 2, server: 'mlserver' })),
      applied(seldonModel('b', 'ModelAvailable', { availableReplicas: 1, server: 'mlserver' })),
      applied(seldonModel('nowhere', 'ModelProgressing')),
      sourceStatus(),
    ]);
    const onServer = { models: 2, servers: 1, modelReplicas: 3, serverReplicas: 1 };
    const taken = { cpuCores: 1, memoryBytes: 2_000, gpus: 2 };
    const place = { namespace: 'payments', platform: 'seldon' };
    expect(fleet.snapshot().usage).toEqual({
      rows: [
        {
          ...place,
          ...onServer,
          ...taken,
          models: 3,
          modelVersions: 3,
          pipelines: 0,
          experiments: 0,
          multiModelServers: 1,
          overcommitServers: 1,
          nodes: 1,
        },
      ],
      byServerType: [
        { ...place, serverType: 'mlserver', ...onServer, ...taken },
        {
          ...place,
          serverType: 'other',
          ...{ models: 1, servers: 0, modelReplicas: 0, serverReplicas: 0, cpuCores: 0, memoryBytes: 0, gpus: 0 },
        },
      ],
    });
    for (const [resource, name] of [
      ['SeldonModel', 'a'],
      ['SeldonModel', 'b'],
      ['SeldonModel', 'nowhere'],
      ['SeldonServer', 'mlserver'],
      ['Pod', 'mlserver-0'],
      ['Pod', 'mlserver-1'],
      ['Pod', 'mlserver-2'],
    ] as const) {
      fleet.observe({ kind: 'resource-deleted', resource, namespace: 'payments', name });
    }
    expect(fleet.flush(NOW).usage).toEqual({ rows: [], byServerType: [] });
  });

  function waitingForNode(server: string, index: number) {
    const { node: _node, ...pod } = seldonPod(server, index, { containers, requests, phase: 'Pending', ready: false });
    return pod;
  }

  it('counts the versions that share the traffic of a model', () => {
    const traffic = [
      { revision: 'churn-2', percent: 20, latest: true },
      { revision: 'churn-1', percent: 80, latest: false },
    ];
    const fleet = fleetOf([applied(inferenceService('churn', { traffic })), sourceStatus()]);
    expect(fleet.snapshot().usage.rows).toMatchObject([{ models: 1, modelVersions: 2 }]);
    const done = [{ revision: 'churn-2', percent: 100, latest: true }];
    fleet.observe(applied(inferenceService('churn', { traffic: done })));
    expect(fleet.flush(NOW).usage?.rows).toMatchObject([{ models: 1, modelVersions: 1 }]);
  });

  it('counts pods and models by what their server calls itself once it says so, and after it fell silent', () => {
    const container = { name: 'kserve-container', image: 'registry.example/fraud:3', env: {}, ports: [] };
    const fleet = fleetOf([
      applied(inferenceService('churn', { runtime: 'ours' })),
      applied(predictor('churn', 1, 1, { containers: [container] })),
      applied(kservePod('churn', 0, { containers: [container], requests })),
      sourceStatus(),
    ]);
    const types = () =>
      fleet
        .snapshot()
        .usage.byServerType.map(({ serverType, ...row }) => [serverType, row.models, row.servers, row.gpus]);
    expect(types()).toEqual([['other', 1, 1, 1]]);
    const replica = ['churn-predictor', 'churn-predictor-0'] as const;
    fleet.observe(probed(...replica, probeResult({ kind: 'oip', serverName: 'OpenVINO Model Server' })));
    fleet.flush(NOW);
    expect(types()).toEqual([['openvino', 1, 1, 1]]);
    const { serverName: _name, ...silent } = failedProbe('refused');
    fleet.observe(probed(...replica, { ...silent, kind: 'oip' }));
    fleet.flush(NOW);
    expect(types()).toEqual([['openvino', 1, 1, 1]]);
  });
});
