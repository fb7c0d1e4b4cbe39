/** Custom resources and the word of a scheduler together, through the whole fleet. */
import { entityKey } from '@modelwatch/contract';
import { renderChange } from '../../families';
import type { Observation } from '../observation';
import type { KubernetesResource } from '../resources';
import {
  NOW,
  applied,
  condition,
  meta,
  probed,
  probeResult,
  seldonExperiment,
  seldonModel,
  seldonPipeline,
  seldonPod,
  seldonServer,
  sourceStatus,
  status,
  workload,
} from '../testing/builders';
import { fleetOf, model, server, verdictOf } from '../testing/fleets';
import { replicaIndex } from './replicas';
import type {
  ModelOnReplica,
  SchedulerExperiment,
  SchedulerModel,
  SchedulerPipeline,
  SchedulerServer,
  SchedulerWord,
} from './words';

const NAMESPACE = 'payments';
const tell = (word: SchedulerWord): Observation => ({ kind: 'scheduler-told', namespace: NAMESPACE, word });
const heard = (lastContactSeconds = NOW): Observation =>
  sourceStatus({ source: `scheduler/${NAMESPACE}`, resources: [], required: false, lastContactSeconds });

const FLEET: readonly KubernetesResource[] = [
  seldonModel('iris', 'ModelAvailable', { availableReplicas: 2, desiredReplicas: 2, server: 'mlserver' }),
  seldonServer('mlserver', { desiredReplicas: 3 }),
  workload('mlserver', 3, 3),
  ...[0, 1, 2].map((index) => seldonPod('mlserver', index)),
];

const on = (index: number, state: ModelOnReplica['state'], more: Partial<ModelOnReplica> = {}) => ({
  index,
  state,
  ...more,
});
function iris(...replicas: readonly ModelOnReplica[]): SchedulerModel {
  return { of: 'model', name: 'iris', version: '2', server: 'mlserver', state: 'ModelAvailable', replicas };
}
const SERVED = iris(on(0, 'available', { changedSeconds: NOW - 60 }), on(1, 'loaded'), on(2, 'unloaded'));

const fleetWith = (words: readonly SchedulerWord[], more: readonly Observation[] = [heard()], now = NOW) =>
  fleetOf([...FLEET.map(applied), sourceStatus(), ...words.map(tell), ...more], now);

describe('a model that the scheduler placed', () => {
  it('is shown where it is, and how', () => {
    const view = model(fleetWith([{ ...SERVED, reservedBytes: 400 }]), 'iris');
    expect(view.places).toEqual([
      { server: 'mlserver', replica: 'mlserver-0', version: '2', state: 'available', changedSeconds: NOW - 60 },
      { server: 'mlserver', replica: 'mlserver-1', version: '2', state: 'loaded' },
    ]);
    expect(view.memoryReservedBytes).toBe(400);
    expect(view.pods.map(({ pod }) => pod)).toEqual(['mlserver-0', 'mlserver-1']);
    expect(verdictOf(view)).toBe('serving');
  });

  it('is on a pod that says so itself, whatever the scheduler says', () => {
    const says = probed(
      'mlserver',
      'mlserver-2',
      probeResult({ models: [{ name: 'iris', ready: true, state: 'ready' }] })
    );
    const view = model(fleetWith([SERVED], [heard(), says]), 'iris');
    expect(view.pods.map(({ pod }) => pod)).toEqual(['mlserver-0', 'mlserver-1', 'mlserver-2']);
  });

  it('is on no replica whose pod Kubernetes does not have', () => {
    const ghost = iris(on(0, 'available'), on(7, 'load_failed', { reason: 'gone' }));
    const view = model(fleetWith([ghost]), 'iris');
    expect(view.places?.map(({ replica }) => replica)).toEqual(['mlserver-0']);
    expect(verdictOf(view)).toBe('serving');
  });

  it.each<[string, SchedulerModel, string]>([
    [
      'the replica and the reason of a failed load',
      iris(on(0, 'available'), on(1, 'load_failed', { reason: 'rclone: directory not found' })),
      'degraded: Model fails to load (mlserver-1: rclone: directory not found)',
    ],
    [
      'that a replica has it, and cannot serve it',
      iris(on(0, 'available'), on(1, 'loaded_unavailable')),
      'degraded: Server does not have the model ready (mlserver-1: loaded, not available)',
    ],
    [
      'that it cannot be placed',
      { ...iris(), state: 'ScheduleFailed', reason: 'no server with capability sklearn' },
      'degraded: No server can take the model (no server with capability sklearn)',
    ],
    ['nothing of what it does on purpose', iris(on(0, 'unloading'), on(1, 'draining'), on(2, 'loading')), 'serving'],
  ])('has in its reasons %s', (_what, word, verdict) => {
    expect(verdictOf(model(fleetWith([word]), 'iris'))).toBe(verdict);
  });

  it('is not better for what the scheduler says', () => {
    const failed = seldonModel('iris', 'ModelFailed', {
      ...{ desiredReplicas: 2, server: 'mlserver', meta: meta('iris', { generation: 3 }) },
      status: status(condition('ModelReady', 'False', { message: 'ModelFailed', reason: 'replica 1: load failed' })),
    });
    const fleet = (word: SchedulerModel) =>
      fleetOf([...FLEET, failed].map(applied).concat(sourceStatus(), heard(), tell(word)));
    expect(verdictOf(model(fleet(SERVED), 'iris'))).toBe(
      'failed: Model fails to load: 0 of 2 replicas ready (replica 1: load failed)'
    );
    const exact = iris(on(1, 'load_failed', { reason: 'no weights' }));
    expect(verdictOf(model(fleet({ ...exact, generation: 3 }), 'iris'))).toContain('(mlserver-1: no weights)');
    // It has not seen this specification yet.
    expect(verdictOf(model(fleet({ ...exact, generation: 2 }), 'iris'))).toContain('(replica 1: load failed)');
  });

  it('is stale with its watch, however alive the scheduler is', () => {
    const later = NOW + 200;
    const view = model(fleetWith([SERVED], [heard(later)], later), 'iris');
    expect(view.verdict.state).toBe('stale');
  });
});

describe('the silence of a scheduler', () => {
  it('leaves Kubernetes alone, after the usual time; what it said counts again when it is back', () => {
    const fleet = fleetWith([iris(on(0, 'load_failed', { reason: 'bad' })), MLSERVER]);
    const state = () => [
      model(fleet, 'iris').verdict.state,
      model(fleet, 'iris').places?.length,
      server(fleet, 'mlserver').connectedReplicas,
    ];
    expect(state()).toEqual(['degraded', 1, 3]);
    fleet.observe({ ...heard(), state: 'failing', message: 'connection refused' } as Observation);
    fleet.flush(NOW + 149);
    expect(state()[1]).toBe(1);
    fleet.observe(sourceStatus({ lastContactSeconds: NOW + 151 }));
    const change = fleet.flush(NOW + 151);
    expect(state()).toEqual(['serving', undefined, undefined]);
    expect([...change.serverReplicas]).toEqual(
      [0, 1].map((index) => [`payments/mlserver/mlserver-${index}`, undefined])
    );
    expect(fleet.snapshot().sources.find(({ source }) => source === 'scheduler/payments')).toMatchObject({
      ...{ state: 'failing', message: 'connection refused', lastContactSeconds: NOW },
    });
    fleet.observe(heard(NOW + 160));
    fleet.flush(NOW + 160);
    expect(state()).toEqual(['degraded', 1, 3]);
  });

  it('holds up nothing, and is no fault of the fleet', () => {
    const syncing = sourceStatus({ source: 'scheduler/payments', resources: [], required: false, state: 'failing' });
    delete (syncing as { lastContactSeconds?: number }).lastContactSeconds;
    const fleet = fleetWith([SERVED], [syncing]);
    expect(fleet.snapshot().synced).toBe(true);
    expect(model(fleet, 'iris')).not.toHaveProperty('places');
  });
});

const MLSERVER: SchedulerServer = {
  of: 'server',
  name: 'mlserver',
  connectedReplicas: 3,
  replicas: [
    { index: 0, totalBytes: 4e9, availableBytes: 1.5e9, overcommitPercent: 10, models: 2 },
    { index: 1, totalBytes: 4e9, availableBytes: 4e9, overcommitPercent: 0, models: 0 },
    { index: 9, totalBytes: 1, availableBytes: 1 },
  ],
};

describe('the memory of a replica', () => {
  const lines = (observations: readonly Observation[]) => {
    const fleet = fleetOf([...FLEET.map(applied), sourceStatus(), heard()]);
    for (const observation of observations) fleet.observe(observation);
    return renderChange(fleet.flush(NOW)).flatMap(({ group, texts }) =>
      group === 'serverReplicas' ? (texts?.join('').trim().split('\n') ?? []) : []
    );
  };
  const id = (index: number) => `{namespace="payments",server="mlserver",replica="mlserver-${index}"}`;

  it('is what the scheduler says, where no agent is asked', () => {
    expect(lines([tell(MLSERVER)])).toEqual([
      `modelwatch_server_replica_models_registered${id(0)} 2`,
      `modelwatch_server_replica_memory_capacity_bytes${id(0)} 4000000000`,
      `modelwatch_server_replica_memory_overcommit_capacity_bytes${id(0)} 4400000000`,
      `modelwatch_server_replica_memory_available_bytes${id(0)} 1500000000`,
      `modelwatch_server_replica_models_registered${id(1)} 0`,
      `modelwatch_server_replica_memory_capacity_bytes${id(1)} 4000000000`,
      `modelwatch_server_replica_memory_overcommit_capacity_bytes${id(1)} 4000000000`,
      `modelwatch_server_replica_memory_available_bytes${id(1)} 4000000000`,
    ]);
  });

  it('is what its agent says, where that is asked', () => {
    const endpoint = { namespace: 'payments', server: 'mlserver', replica: 'mlserver-0' };
    const replica = { memoryCapacityBytes: 5e9, modelsInMemory: 1 };
    const measured: Observation = {
      kind: 'endpoint-measured',
      endpoint,
      atSeconds: NOW,
      samples: [],
      capabilities: [],
      replica,
    };
    const said = lines([tell(MLSERVER), probed('mlserver', 'mlserver-0', probeResult()), measured]);
    expect(said.filter((line) => line.includes('mlserver-0'))).toEqual([
      `modelwatch_server_replica_models_registered${id(0)} 2`,
      `modelwatch_server_replica_models_in_memory${id(0)} 1`,
      `modelwatch_server_replica_memory_capacity_bytes${id(0)} 5000000000`,
      `modelwatch_server_replica_memory_overcommit_capacity_bytes${id(0)} 4400000000`,
      `modelwatch_server_replica_memory_available_bytes${id(0)} 1500000000`,
    ]);
  });

  it('goes with the pod, and comes with it', () => {
    const fleet = fleetWith([MLSERVER]);
    const gone: Observation = { kind: 'resource-deleted', resource: 'Pod', namespace: 'payments', name: 'mlserver-0' };
    fleet.observe(gone);
    expect(fleet.flush(NOW).serverReplicas.get('payments/mlserver/mlserver-0')).toBeUndefined();
    expect(server(fleet, 'mlserver').connectedReplicas).toBe(3);
    fleet.observe(applied(seldonPod('mlserver', 0)));
    expect(fleet.flush(NOW).serverReplicas.get('payments/mlserver/mlserver-0')?.figures.modelsRegistered).toBe(2);
  });
});

describe('pipelines and experiments', () => {
  const verdicts = (...words: readonly SchedulerWord[]) => {
    const fleet = fleetOf([
      ...FLEET.map(applied),
      applied(seldonPipeline('chain', ['iris'])),
      applied(seldonExperiment('ab', { candidates: [{ name: 'iris', weight: 1 }] })),
      ...[sourceStatus(), heard(), ...words.map(tell)],
    ]);
    const { pipelines, experiments } = fleet.snapshot();
    const of = (view: Parameters<typeof verdictOf>[0] | undefined) => view && verdictOf(view);
    return [
      of(pipelines.get(entityKey({ namespace: 'payments', name: 'chain' }))),
      of(experiments.get(entityKey({ namespace: 'payments', name: 'ab' }))),
    ];
  };
  const chain: SchedulerPipeline = {
    of: 'pipeline',
    name: 'chain',
    state: 'PipelineReady',
    gatewayState: 'PipelineReady',
  };
  const ab: SchedulerExperiment = {
    of: 'experiment',
    name: 'ab',
    active: true,
    candidatesReady: true,
    mirrorReady: true,
  };

  it('serve when nobody says otherwise', () => {
    expect(verdicts(chain, ab)).toEqual(['serving', 'serving']);
  });

  it('are degraded by a scheduler that knows of a failure that their status does not know yet', () => {
    expect(
      verdicts(
        { ...chain, state: 'PipelineFailed', reason: 'no topic' },
        { ...ab, active: false, reason: 'not started' }
      )
    ).toEqual([
      expect.stringMatching(/^degraded: .*scheduler on the dataflow engine: PipelineFailed: no topic/),
      expect.stringMatching(/^degraded: .*scheduler: not started/),
    ]);
    expect(verdicts({ ...chain, gatewayState: 'PipelineFailed' }, { ...ab, candidatesReady: false })).toEqual([
      expect.stringMatching(/^degraded: .*scheduler on the pipeline gateway: PipelineFailed/),
      expect.stringMatching(/^degraded: .*scheduler: candidates not ready/),
    ]);
  });
});

describe('the index of a replica', () => {
  it('is the ordinal in a StatefulSet', () => {
    expect([replicaIndex('mlserver', 'mlserver-0'), replicaIndex('ml-server', 'ml-server-12')]).toEqual([0, 12]);
  });

  it('is the FNV-1a hash of the end of the name in a Deployment', () => {
    // Of "foobar" as http://www.isthe.com/chongo/tech/comp/fnv has it, and of a pod by another program.
    expect(replicaIndex('x', 'foobar')).toBe(0xbf9cf968);
    expect(replicaIndex('mlserver', 'mlserver-7d9f8b6c5-x2x4z')).toBe(462_273_486);
  });
});
