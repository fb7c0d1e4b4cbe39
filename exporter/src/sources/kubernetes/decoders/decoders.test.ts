import type { Pod } from '../../../domain/resources';
import { decode } from './decode.fixture';

const metadata = {
  name: 'fraud-scorer',
  namespace: 'payments',
  uid: 'u1',
  resourceVersion: '7',
  creationTimestamp: '2026-01-31T12:00:00Z',
};

describe('identity', () => {
  it.each([
    [{ metadata: { namespace: 'payments' } }, 'missing_field Model metadata.name: expected a name, got undefined'],
    [{ metadata: { name: 'x' } }, 'missing_field Model metadata.namespace: expected a name, got undefined'],
    [{ metadata: { name: 5, namespace: 'p' } }, 'unknown_value Model metadata.name: expected a name, got 5'],
    [
      { metadata: { name: 'a/b', namespace: 'p' } },
      'unknown_value Model metadata.name: expected a name without "/" or control characters, got "a/b"',
    ],
    [
      { metadata: { name: 'a\u0000', namespace: 'p' } },
      'unknown_value Model metadata.name: expected a name without "/" or control characters, got "a\\u0000"',
    ],
    [{ metadata: 'x' }, 'missing_field Model metadata: expected an object, got "x"'],
    [{}, 'missing_field Model metadata: expected an object, got undefined'],
    ['x', 'missing_field Model metadata: expected an object, got "x"'],
    [null, 'missing_field Model metadata: expected an object, got null'],
  ])('drops %j whole', (raw, drop) => {
    expect(decode('SeldonModel', raw)).toEqual({ resource: undefined, drops: [drop] });
  });

  it('refuses a name of 10,000 characters with a short message', () => {
    const { resource, drops } = decode('SeldonModel', { metadata: { name: 'x'.repeat(10_000), namespace: 'p' } });
    expect(resource).toBeUndefined();
    expect(drops[0]).toContain('at most 253 characters');
    expect(drops[0]?.length).toBeLessThan(200);
  });

  it.each(['say "hi"', 'two\nlines', '🦊', "it's", 'ünïcode'])('keeps the name %j as it is', (name) => {
    const { resource, drops } = decode('SeldonModel', { metadata: { ...metadata, name } });
    expect(resource?.meta.name).toBe(name);
    expect(drops).toEqual([]);
  });
});

describe('Model', () => {
  it('is decoded with what its controller wrote', () => {
    const { resource, drops } = decode('SeldonModel', {
      metadata: {
        ...metadata,
        generation: 3,
        labels: { team: 'risk' },
        annotations: { owner: 'ada', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      },
      spec: { storageUri: 's3://m', requirements: ['sklearn'], memory: '1Gi', replicas: 2, minReplicas: 1 },
      status: {
        replicas: 2,
        availableReplicas: 1,
        selector: 'server=mlserver',
        conditions: [
          {
            type: 'ModelReady',
            status: 'False',
            reason: 'text',
            message: 'ModelProgressing',
            lastTransitionTime: '2026-01-31T12:00:30Z',
          },
        ],
      },
    });
    expect(drops).toEqual([]);
    expect(resource).toEqual({
      kind: 'SeldonModel',
      meta: {
        namespace: 'payments',
        name: 'fraud-scorer',
        uid: 'u1',
        generation: 3,
        createdSeconds: 1_769_860_800,
        labels: { team: 'risk' },
        annotations: { owner: 'ada' },
        owners: [],
      },
      status: {
        conditions: [
          {
            type: 'ModelReady',
            status: 'False',
            reason: 'text',
            message: 'ModelProgressing',
            lastTransitionSeconds: 1_769_860_830,
          },
        ],
      },
      requirements: ['sklearn'],
      desiredReplicas: 2,
      minReplicas: 1,
      availableReplicas: 1,
      storageScheme: 's3',
      storageHash: '0ee09919d388',
      placedReplicas: 2,
      memoryBytes: 1_073_741_824,
      server: 'mlserver',
    });
  });

  it('without a status has none, rather than an empty one', () => {
    expect(decode('SeldonModel', { metadata }).resource).not.toHaveProperty('status');
  });

  it('loses each malformed field alone', () => {
    const { resource, drops } = decode('SeldonModel', {
      metadata: { ...metadata, labels: { owner: 1, team: 'x' }, creationTimestamp: 'yesterday', ownerReferences: 'me' },
      spec: { replicas: 1.5, memory: 'much', requirements: ['a', 7], storageUri: { x: 1 } },
      status: {
        availableReplicas: 'x',
        conditions: ['x', { type: 'Ready', status: 'Maybe' }, { type: 'ModelReady', status: 'True' }],
      },
    });
    expect(resource).toMatchObject({
      meta: { labels: { team: 'x' }, owners: [] },
      requirements: ['a'],
      status: {
        conditions: [
          { type: 'Ready', status: 'Unknown', oddStatus: 'Maybe' },
          { type: 'ModelReady', status: 'True' },
        ],
      },
    });
    expect(resource).not.toHaveProperty('availableReplicas');
    expect(drops).toContain(
      'wrong_type Model payments/fraud-scorer status.availableReplicas: expected an integer, got "x"'
    );
    expect(drops).toContain(
      'unknown_value Model payments/fraud-scorer status.conditions[1].status: expected True or False or Unknown, got "Maybe"'
    );
    expect(drops).toContain(
      'wrong_type Model payments/fraud-scorer spec.memory: expected a quantity as in 500m or 1Gi, got "much"'
    );
    expect(drops).toContain('wrong_type Model payments/fraud-scorer spec.requirements[1]: expected a string, got 7');
    expect(drops).toHaveLength(10);
  });

  it.each(['x', 7, [], true])('goes on with a status of %j as if there were none', (status) => {
    const { resource, drops } = decode('SeldonModel', { metadata, status });
    expect(resource).toBeDefined();
    expect(resource).not.toHaveProperty('status');
    expect(drops).toEqual([
      expect.stringMatching(/^wrong_type Model payments\/fraud-scorer status: expected an object, got /),
    ]);
  });

  it('cuts a message of 10,000 characters', () => {
    const conditions = [{ type: 'Ready', status: 'False', message: 'm'.repeat(10_000) }];
    const { resource, drops } = decode('SeldonModel', { metadata, status: { conditions } });
    expect(resource?.status?.conditions[0]?.message).toHaveLength(1_000);
    expect(drops).toEqual([]);
  });
});

describe('other kinds', () => {
  it('Experiment', () => {
    const spec = {
      default: 'a',
      candidates: [{ name: 'a', weight: 90 }, { name: 'b', weight: 10 }, { weight: 1 }],
      mirror: { name: 'c', percent: 20 },
    };
    expect(decode('SeldonExperiment', { metadata, spec }).resource).toMatchObject({
      resourceKind: 'model',
      defaultCandidate: 'a',
      candidates: [
        { name: 'a', weight: 90 },
        { name: 'b', weight: 10 },
      ],
      mirror: { name: 'c', percent: 20 },
    });
  });

  it('InferenceService of Knative', () => {
    const { resource, drops } = decode('InferenceService', {
      metadata: { ...metadata, annotations: { 'serving.kserve.io/stop': 'true' } },
      spec: { predictor: { minReplicas: 0, model: { modelFormat: { name: 'sklearn' }, storageUri: 'gs://x' } } },
      status: {
        deploymentMode: 'Knative',
        clusterServingRuntimeName: 'kserve-mlserver',
        components: {
          predictor: {
            latestReadyRevision: 'r1',
            latestCreatedRevision: 'r2',
            traffic: [
              { revisionName: 'r1', percent: 90 },
              { revisionName: 'r2', percent: 10, latestRevision: true },
            ],
          },
        },
        modelStatus: {
          transitionStatus: 'BlockedByFailedLoad',
          states: { activeModelState: 'Loaded', targetModelState: 'FailedToLoad' },
          lastFailureInfo: { reason: 'ModelLoadFailed', message: 'OOM', exitCode: 137 },
        },
      },
    });
    expect(drops).toEqual([]);
    expect(resource).toMatchObject({
      stopRequested: true,
      modelFormat: 'sklearn',
      storageUri: 'gs://x',
      runtime: 'kserve-mlserver',
      deploymentMode: 'Knative',
      components: [{ name: 'predictor', minReplicas: 0, latestReadyRevision: 'r1', latestCreatedRevision: 'r2' }],
      traffic: [
        { revision: 'r1', percent: 90, latest: false },
        { revision: 'r2', percent: 10, latest: true },
      ],
      transitionStatus: 'BlockedByFailedLoad',
      targetModelState: 'FailedToLoad',
      lastFailure: { reason: 'ModelLoadFailed', message: 'OOM', exitCode: 137 },
    });
  });

  it('InferenceService of the older form', () => {
    const spec = { predictor: { sklearn: { storageUri: 'gs://old' } }, transformer: {} };
    expect(decode('InferenceService', { metadata, spec }).resource).toMatchObject({
      modelFormat: 'sklearn',
      storageUri: 'gs://old',
      components: [{ name: 'predictor' }, { name: 'transformer' }],
      stopRequested: false,
    });
  });

  it('InferenceGraph: the services that its nodes call, once each', () => {
    const step = (serviceName: string) => ({ serviceName });
    const spec = { nodes: { root: { steps: [step('a'), { nodeName: 'n' }] }, n: { steps: [step('b'), step('a')] } } };
    expect(decode('InferenceGraph', { metadata, spec }).resource).toMatchObject({ steps: ['a', 'b'] });
  });

  it.each([
    ['readinessProbe', 'HTTPS', true],
    ['startupProbe', 'HTTPS', true],
    ['livenessProbe', 'HTTP', undefined],
    ['livenessProbe', 7, undefined],
  ])('Pod: by the %s with scheme %s, that a container answers by HTTPS', (probe, scheme, https) => {
    const container = { name: 'main', [probe]: { httpGet: { path: '/health', port: 8000, scheme } } };
    const { resource } = decode('Pod', { metadata, spec: { containers: [container] } });
    expect((resource as Pod).containers[0]?.https).toBe(https);
  });

  it('Pod: why it does not run, and nothing of its environment that may be secret', () => {
    const { resource } = decode('Pod', {
      metadata,
      spec: {
        nodeName: 'n1',
        containers: [
          {
            name: 'mlserver',
            image: 'mlserver:1.7.1',
            env: [
              { name: 'SELDON_OVERCOMMIT_PERCENTAGE', value: '20' },
              { name: 'AWS_SECRET_ACCESS_KEY', value: 'hunter2' },
              { name: 'MLSERVER_HTTP_PORT', value: '9000' },
            ],
            resources: { requests: { cpu: '500m', memory: '1500M' }, limits: { 'nvidia.com/gpu': '2' } },
            ports: [{ name: 'http', containerPort: 9000 }],
          },
        ],
      },
      status: {
        phase: 'Running',
        podIP: '10.0.0.7',
        conditions: [
          { type: 'Ready', status: 'False' },
          { type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' },
        ],
        initContainerStatuses: [{ name: 'storage-initializer', ready: true, restartCount: 0, state: {} }],
        containerStatuses: [
          {
            name: 'mlserver',
            imageID: `docker.io/seldonio/mlserver@sha256:0123456789abcdef${'0'.repeat(48)}`,
            ready: false,
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
            lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
          },
        ],
      },
    });
    expect(resource).toMatchObject({
      ready: false,
      phase: 'Running',
      ip: '10.0.0.7',
      node: 'n1',
      unschedulable: '0/3 nodes are available',
      requests: { cpuCores: 0.5, memoryBytes: 1_500_000_000, gpus: { 'nvidia.com/gpu': 2 } },
      containers: [
        {
          name: 'mlserver',
          env: { SELDON_OVERCOMMIT_PERCENTAGE: '20', MLSERVER_HTTP_PORT: '9000' },
          memoryBytes: 1_500_000_000,
          ports: [{ name: 'http', port: 9000 }],
        },
      ],
      containerStates: [
        {
          name: 'mlserver',
          ready: false,
          restarts: 4,
          waitingReason: 'CrashLoopBackOff',
          lastTerminatedReason: 'OOMKilled',
          lastExitCode: 137,
          message: 'back-off',
          imageDigest: '0123456789ab',
        },
      ],
    });
    expect(JSON.stringify(resource)).not.toContain('hunter2');
  });

  it.each([
    ['sha256:' + 'a'.repeat(64), undefined],
    ['docker://sha256:' + 'a'.repeat(64), undefined],
    ['docker-pullable://r.example/m@sha256:' + 'b'.repeat(64), 'bbbbbbbbbbbb'],
    ['r.example/m@sha256:' + 'b'.repeat(63), undefined],
    ['', undefined],
  ])('Pod: what runs is told by a registry, not by the node: %s', (imageID, imageDigest) => {
    const status = { containerStatuses: [{ name: 'c', ready: true, restartCount: 0, imageID }] };
    const { resource } = decode('Pod', { metadata, spec: { containers: [{ name: 'c' }] }, status });
    expect(resource).toMatchObject({ containerStates: [{ name: 'c' }] });
    expect((resource as Pod).containerStates[0]?.imageDigest).toBe(imageDigest);
  });

  it('StatefulSet: counts that are left out are 0', () => {
    expect(decode('StatefulSet', { metadata, spec: { replicas: 3 }, status: {} }).resource).toMatchObject({
      desiredReplicas: 3,
      readyReplicas: 0,
      totalReplicas: 0,
      updatedReplicas: 0,
    });
  });
});
