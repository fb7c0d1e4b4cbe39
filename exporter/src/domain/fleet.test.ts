import { entityKey, type DropReason, type SourceState } from '@modelwatch/contract';
import { createFleet } from './fleet';
import { fleetOf, model, modelVerdict, verdictOf } from './testing/fleets';
import type { Observation } from './observation';
import type { KubernetesResource, ResourceKind } from './resources';
import { NO_TELEMETRY } from './telemetry';
import type { Fleet } from './views';
import {
  NOW,
  applied,
  brokenPod,
  condition,
  failedProbe,
  inferenceGraph,
  inferenceService,
  kservePod,
  meta,
  predictor,
  probeResult,
  probed,
  seldonExperiment,
  seldonModel,
  seldonPipeline,
  seldonPod,
  seldonServer,
  sourceStatus,
  status,
  workload,
} from './testing/builders';

describe('a Seldon model', () => {
  const ready = { availableReplicas: 2, desiredReplicas: 2, server: 'mlserver' };

  it.each<[string, string, Parameters<typeof seldonModel>[1], Parameters<typeof seldonModel>[2]]>([
    ['serves when available', 'serving', 'ModelAvailable', ready],
    [
      'is degraded while some of its replicas serve, whatever its state says',
      'degraded: Model fails to load: 1 of 2 replicas ready (bad weights)',
      'ModelFailed',
      {
        ...ready,
        availableReplicas: 1,
        status: status(condition('ModelReady', 'False', { message: 'ModelFailed', reason: 'bad weights' })),
      },
    ],
    [
      'has failed with none',
      'failed: Model fails to load: 0 of 2 replicas ready',
      'ModelFailed',
      { desiredReplicas: 2 },
    ],
    [
      'counts absent available replicas as none',
      'failed: No replica is available: 0 of 1 replica ready',
      'ModelAvailable',
      {},
    ],
    ['cannot be placed', 'failed: No server can take the model: 0 of 1 replica ready', 'ScheduleFailed', {}],
    ['is loading', 'progressing: Loading: 0 of 1 replica ready', 'ModelProgressing', {}],
    [
      'is rolling out while the version before serves',
      'progressing: Rolling out: 1 of 2 replicas ready',
      'ModelProgressing',
      { ...ready, availableReplicas: 1 },
    ],
    [
      'is idle when scaled down, though its condition is False',
      'idle: Scaled to zero on purpose',
      'ModelScaledDown',
      { desiredReplicas: 0, minReplicas: 0 },
    ],
    ['is terminating', 'progressing: Terminating: 0 of 1 replica ready', 'ModelTerminating', {}],
    [
      'is unknown without a status',
      'unknown: Never seen: no status yet',
      'ModelAvailable',
      { status: undefined as never },
    ],
  ])('%s', (_, expected, state, more) => {
    expect(modelVerdict('fraud', seldonModel('fraud', state, more))).toBe(expected);
  });

  it('finds the state in the reason too, and inside a sentence', () => {
    const inReason = status(condition('ModelReady', 'False', { reason: 'ScheduleFailed', message: 'no memory left' }));
    const inSentence = status(condition('ModelReady', 'False', { message: 'state ModelFailed: rclone "says" no' }));
    const none = status(condition('ModelReady', 'False', { message: 'something new' }));
    expect(modelVerdict('a', seldonModel('a', '', { status: inReason }))).toMatch(/^failed: No server can take/);
    expect(modelVerdict('a', seldonModel('a', '', { status: inSentence }))).toMatch(/^failed: Model fails to load/);
    expect(modelVerdict('a', seldonModel('a', '', { status: none }))).toBe(
      'failed: Not ready for another reason: 0 of 1 replica ready (something new)'
    );
  });

  it('tells the most specific cause first, from the pods of its server', () => {
    const pod = brokenPod(seldonPod('mlserver', 0), {
      waitingReason: 'CrashLoopBackOff',
      lastTerminatedReason: 'OOMKilled',
    });
    const failing = seldonModel('fraud', 'ModelFailed', { desiredReplicas: 3, server: 'mlserver' });
    const fleet = fleetOf([applied(pod), applied(failing), sourceStatus()]);
    expect(model(fleet, 'fraud').verdict.reasons).toEqual([
      { reason: 'out_of_memory', text: 'Out of memory while loading: 0 of 3 replicas ready' },
      { reason: 'load_failed', text: 'Model fails to load: 0 of 3 replicas ready' },
    ]);
  });

  it('does not serve on a server of which no replica is ready', () => {
    const verdict = modelVerdict(
      'fraud',
      seldonModel('fraud', 'ModelAvailable', ready),
      workload('mlserver', 0, 2),
      seldonServer('mlserver')
    );
    expect(verdict).toBe('failed: No replica is available (no replica of server mlserver is ready)');
  });

  it('is not concerned by a crashing pod of its server while it has all its replicas', () => {
    const pod = brokenPod(seldonPod('mlserver', 2), { waitingReason: 'CrashLoopBackOff' });
    expect(modelVerdict('fraud', seldonModel('fraud', 'ModelAvailable', ready), pod)).toBe('serving');
  });
});

describe('probes of a Seldon model', () => {
  const two = [
    applied(seldonModel('fraud', 'ModelAvailable', { availableReplicas: 1, server: 'mlserver' })),
    applied(seldonPod('mlserver', 0)),
    applied(seldonPod('mlserver', 1)),
    sourceStatus(),
  ];
  const has = (ready: boolean) => probeResult({ models: [{ name: 'fraud', ready, version: '3' }] });

  it('serves on as many replicas as it has, the others need not hold it', () => {
    const fleet = fleetOf([
      ...two,
      probed('mlserver', 'mlserver-0', has(true)),
      probed('mlserver', 'mlserver-1', has(false)),
    ]);
    expect(verdictOf(model(fleet, 'fraud'))).toBe('serving');
    expect(model(fleet, 'fraud').endpoints.map((endpoint) => endpoint.replica)).toEqual(['mlserver-0']);
    expect(model(fleet, 'fraud').version).toBe('3');
  });

  it('fails when no replica holds it, though Kubernetes calls it available', () => {
    const fleet = fleetOf([
      ...two,
      probed('mlserver', 'mlserver-0', has(false)),
      probed('mlserver', 'mlserver-1', has(false)),
    ]);
    expect(verdictOf(model(fleet, 'fraud'))).toBe('failed: Server does not have the model ready');
  });

  it('fails at once when every replica refuses, after two timeouts when they hang', () => {
    const refused = failedProbe('refused', 'connection refused');
    const fleet = fleetOf([
      ...two,
      probed('mlserver', 'mlserver-0', refused),
      probed('mlserver', 'mlserver-1', refused),
    ]);
    expect(verdictOf(model(fleet, 'fraud'))).toBe('failed: Server does not answer (connection refused)');

    const hanging = fleetOf([
      ...two,
      probed('mlserver', 'mlserver-0', has(true)),
      probed('mlserver', 'mlserver-1', has(true)),
    ]);
    const hang = (at: number) => {
      for (const replica of ['mlserver-0', 'mlserver-1']) {
        hanging.observe(probed('mlserver', replica, failedProbe('timeout', 'no answer within 5 s'), at));
      }
      hanging.flush(at);
      return verdictOf(model(hanging, 'fraud'));
    };
    expect(hang(NOW + 15)).toBe('serving');
    expect(hang(NOW + 30)).toBe('failed: Server does not answer (no answer within 5 s)');
    expect(model(hanging, 'fraud').version).toBe('3');
  });

  it('goes stale, and drops what was measured, when probes stop for four intervals', () => {
    const sample = { model: 'fraud', version: '3', requests: { success: 5 } };
    const endpoint = { namespace: 'payments', server: 'mlserver', replica: 'mlserver-0' };
    const fleet = fleetOf([
      ...two.filter((one) => !(one.kind === 'resource-applied' && one.resource.meta.name === 'mlserver-1')),
      probed('mlserver', 'mlserver-0', has(true)),
      { kind: 'endpoint-measured', endpoint, atSeconds: NOW, samples: [sample] },
    ]);
    expect(model(fleet, 'fraud').endpoints[0]?.inference).toEqual([sample]);
    const later = NOW + 61;
    fleet.observe(sourceStatus({ lastContactSeconds: later }));
    const change = fleet.flush(later);
    expect(verdictOf(model(fleet, 'fraud'))).toBe('stale: No probe for too long');
    expect(model(fleet, 'fraud').endpoints[0]?.inference).toBeUndefined();
    expect([...change.endpoints.values()].map((view) => view?.up)).toEqual([false]);
  });

  it('takes back what was measured when the replica is silent, and all when its pod goes', () => {
    const endpoint = { namespace: 'payments', server: 'mlserver', replica: 'mlserver-0' };
    const fleet = fleetOf([...two, probed('mlserver', 'mlserver-0', has(true))]);
    fleet.observe({ kind: 'endpoint-measured', endpoint, atSeconds: NOW, samples: [] });
    fleet.flush(NOW);
    expect(model(fleet, 'fraud').endpoints[0]?.inference).toEqual([]);
    fleet.observe({ kind: 'endpoint-silent', endpoint });
    fleet.flush(NOW);
    expect(model(fleet, 'fraud').endpoints[0]?.inference).toBeUndefined();
    fleet.observe({ kind: 'resource-deleted', resource: 'Pod', namespace: 'payments', name: 'mlserver-0' });
    const change = fleet.flush(NOW);
    expect(change.endpoints).toEqual(new Map([['payments/mlserver/mlserver-0', undefined]]));
    expect(fleet.snapshot().endpoints.size).toBe(0);
  });
});

describe('an InferenceService', () => {
  const verdict = (more: Parameters<typeof inferenceService>[1], ...resources: readonly KubernetesResource[]) =>
    modelVerdict('churn', inferenceService('churn', more), ...resources);
  const notReady = status(condition('Ready', 'False'), condition('PredictorReady', 'False'));
  const stickyFailure = { reason: 'ModelLoadFailed', message: 'killed', exitCode: 137 } as const;

  it.each<[string, string, Parameters<typeof inferenceService>[1], readonly KubernetesResource[]]>([
    ['serves', 'serving', {}, [predictor('churn', 2, 2)]],
    [
      'does not take the last failure for a present one',
      'serving',
      { lastFailure: stickyFailure },
      [predictor('churn', 1, 1)],
    ],
    [
      'is rolling out while an older revision serves',
      'progressing: Rolling out: 2 of 2 replicas ready',
      { transitionStatus: 'InProgress' },
      [predictor('churn', 2, 2)],
    ],
    [
      'is degraded when the new revision cannot load',
      'degraded: Out of memory',
      { transitionStatus: 'BlockedByFailedLoad', lastFailure: stickyFailure },
      [predictor('churn', 1, 1)],
    ],
    [
      'has failed when nothing serves and the model cannot load',
      'failed: Out of memory while loading: 0 of 1 replica ready',
      {
        status: notReady,
        transitionStatus: 'BlockedByFailedLoad',
        activeModelState: 'Pending',
        targetModelState: 'FailedToLoad',
        lastFailure: stickyFailure,
      },
      [predictor('churn', 0, 1)],
    ],
    [
      'has an invalid specification',
      'failed: No runtime supports the model: 0 of 1 replica ready (no runtime for onnx)',
      {
        status: notReady,
        transitionStatus: 'InvalidSpec',
        lastFailure: { reason: 'NoSupportingRuntime', message: 'no runtime for onnx' },
      },
      [],
    ],
    [
      'is idle when Knative scaled it to zero',
      'idle: Scaled to zero on purpose',
      { components: [{ name: 'predictor', minReplicas: 0 }] },
      [predictor('churn', 0, 0)],
    ],
    [
      'is idle when stopped',
      'idle: Stopped on purpose',
      { status: status(condition('Ready', 'False'), condition('Stopped', 'True')) },
      [],
    ],
    ['is idle when asked to stop', 'idle: Stopped on purpose', { stopRequested: true }, [predictor('churn', 1, 1)]],
    [
      'cannot be reached without a route',
      'failed: Route is not ready (no host)',
      {
        status: status(
          condition('Ready', 'False'),
          condition('PredictorReady', 'True'),
          condition('IngressReady', 'False', { message: 'no host' })
        ),
      },
      [predictor('churn', 1, 1)],
    ],
    [
      'cannot be reached through a broken transformer',
      'failed: A dependency is not ready (transformer: not ready)',
      {
        components: [{ name: 'predictor' }, { name: 'transformer' }],
        status: status(
          condition('Ready', 'False'),
          condition('PredictorReady', 'True'),
          condition('TransformerReady', 'False')
        ),
      },
      [predictor('churn', 1, 1)],
    ],
    [
      'has lost a replica',
      'degraded: Some replicas are not ready: 1 of 2 replicas ready',
      {},
      [predictor('churn', 1, 2)],
    ],
    [
      'is loading at first',
      'progressing: Loading: 0 of 1 replica ready',
      { status: notReady, transitionStatus: 'InProgress' },
      [predictor('churn', 0, 1)],
    ],
    [
      'has failed past its progress deadline',
      'failed: Workload failed: 0 of 1 replica ready (ProgressDeadlineExceeded)',
      {
        status: status(
          condition('Ready', 'False'),
          condition('PredictorReady', 'False', { reason: 'ProgressDeadlineExceeded' })
        ),
        transitionStatus: 'InProgress',
      },
      [predictor('churn', 0, 1)],
    ],
    [
      'is unknown without a status',
      'unknown: Never seen: no status yet',
      { status: undefined as never, transitionStatus: undefined as never, targetModelState: undefined as never },
      [],
    ],
  ])('%s', (_, expected, more, resources) => {
    expect(verdict(more, ...resources)).toBe(expected);
  });

  it('is Ready and has failed when all its pods crash', () => {
    const crash = brokenPod(kservePod('churn', 0), { waitingReason: 'CrashLoopBackOff', restarts: 7 });
    expect(verdict({}, crash)).toBe('failed: Container keeps crashing: 0 of 1 replica ready');
    expect(verdict({}, predictor('churn', 0, 1), crash)).toBe('failed: Container keeps crashing: 0 of 1 replica ready');
  });

  it('shows its predictor as the server, its traffic as asked for and as it is, and its pods', () => {
    const components = [{ name: 'predictor', latestRolledoutRevision: 'churn-1' }] as const;
    const traffic = [
      { revision: 'churn-2', percent: 20, latest: true },
      { revision: 'churn-1', percent: 80, latest: false },
    ];
    const fleet = fleetOf([
      applied(inferenceService('churn', { traffic, components, canaryTrafficPercent: 50 })),
      applied(predictor('churn', 1, 1)),
      applied(kservePod('churn', 0)),
      sourceStatus(),
    ]);
    expect(model(fleet, 'churn')).toMatchObject({
      server: 'churn-predictor',
      traffic: [
        { candidate: 'latest', ratio: 0.5 },
        { candidate: 'previous', ratio: 0.5 },
      ],
      deployment: {
        observedTraffic: [
          { candidate: 'latest', ratio: 0.2 },
          { candidate: 'previous', ratio: 0.8 },
        ],
      },
      pods: [{ pod: 'churn-predictor-0', server: 'churn-predictor', component: 'predictor', ready: true }],
    });
    const server = fleet.snapshot().servers.get(entityKey({ namespace: 'payments', name: 'churn-predictor' }));
    expect(server).toMatchObject({
      platform: 'kserve',
      replicas: { desired: 1, available: 1 },
      runtime: 'kserve-mlserver',
    });
  });
});

describe('a standalone model', () => {
  const declared: Observation = {
    kind: 'model-declared',
    model: { name: 'iris', server: 'edge', owner: 'lab', url: 'http://edge.example:8080' },
  };
  const answer = (result: ReturnType<typeof probeResult>, at = NOW) =>
    probed('edge', 'edge.example:8080', result, at, 'standalone');
  const iris = probeResult({ models: [{ name: 'iris', ready: true, version: '1' }] });

  it('is unknown until a probe was answered, serving while one confirms it, failed when refused after', () => {
    const fleet = fleetOf([declared]);
    expect(verdictOf(model(fleet, 'iris', 'standalone'))).toBe('unknown: Never seen: no probe was answered yet');
    fleet.observe(answer(failedProbe('refused', 'connection refused')));
    fleet.flush(NOW);
    expect(verdictOf(model(fleet, 'iris', 'standalone'))).toBe(
      'unknown: Never seen: no probe was answered yet (connection refused)'
    );
    fleet.observe(answer(iris));
    fleet.flush(NOW);
    expect(model(fleet, 'iris', 'standalone')).toMatchObject({
      verdict: { state: 'serving' },
      owner: 'lab',
      replicas: { desired: 1, available: 1 },
      lastObservedSeconds: NOW,
    });
    fleet.observe(answer(failedProbe('refused', 'connection refused'), NOW + 15));
    fleet.flush(NOW + 15);
    expect(verdictOf(model(fleet, 'iris', 'standalone'))).toBe('failed: Server does not answer (connection refused)');
    expect(model(fleet, 'iris', 'standalone').lastObservedSeconds).toBe(NOW);
  });

  it.each([
    [
      'an answer that is no answer',
      { error: { cause: 'invalid_response' as const, text: 'got HTML' } },
      'failed: Server answers something else (got HTML)',
    ],
    ['a server that is not live', { live: false, ready: false }, 'failed: Server is not live'],
    ['a server that is not ready', { ready: false }, 'failed: Server is not ready'],
    [
      'a server without the model',
      { models: [{ name: 'other', ready: true }] },
      'failed: Server does not have the model ready',
    ],
    [
      'a model that loads',
      { models: [{ name: 'iris', ready: false, state: 'loading' as const }] },
      'progressing: Loading',
    ],
  ])('sees %s', (_, result, expected) => {
    expect(verdictOf(model(fleetOf([declared, answer(probeResult(result))]), 'iris', 'standalone'))).toBe(expected);
  });

  it('is stale when nobody probes it any more', () => {
    const fleet = fleetOf([declared, answer(iris)]);
    fleet.flush(NOW + 61);
    expect(verdictOf(model(fleet, 'iris', 'standalone'))).toBe('stale: No probe for too long');
  });
});

describe('sources', () => {
  const serving = applied(seldonModel('fraud', 'ModelAvailable', { availableReplicas: 1 }));

  it('makes its models stale, with since when and the last state, and takes it back', () => {
    const fleet = fleetOf([serving, sourceStatus()]);
    fleet.observe(sourceStatus({ state: 'silent', lastContactSeconds: NOW }));
    fleet.flush(NOW + 200);
    expect(verdictOf(model(fleet, 'fraud'))).toBe(
      'stale: No news from Kubernetes since 2027-01-15 08:00 UTC; last seen serving'
    );
    fleet.observe(applied(seldonModel('fraud', 'ModelFailed')));
    fleet.flush(NOW + 201);
    expect(verdictOf(model(fleet, 'fraud'))).toMatch(/last seen serving$/);
    fleet.observe(serving);
    fleet.observe(sourceStatus({ lastContactSeconds: NOW + 210 }));
    fleet.flush(NOW + 210);
    expect(verdictOf(model(fleet, 'fraud'))).toBe('serving');
    expect(model(fleet, 'fraud').history.map(({ from, to }) => `${from}>${to}`)).toEqual([
      'stale>serving',
      'serving>stale',
    ]);
    expect(model(fleet, 'fraud').lastTransitionSeconds).toBe(NOW + 210);
  });

  it('believes a failing source until its contact is too old', () => {
    const fleet = fleetOf([serving, sourceStatus()]);
    fleet.observe(sourceStatus({ state: 'failing' }));
    fleet.flush(NOW + 149);
    expect(verdictOf(model(fleet, 'fraud'))).toBe('serving');
    fleet.flush(NOW + 151);
    expect(verdictOf(model(fleet, 'fraud'))).toMatch(/^stale/);
  });

  it('is synced when each required source is, and tells no history of the first reading', () => {
    const fleet = fleetOf([serving, sourceStatus({ state: 'syncing' })]);
    expect(fleet.snapshot()).toMatchObject({ synced: false, everSynced: false });
    fleet.observe(applied(seldonModel('fraud', 'ModelFailed')));
    fleet.flush(NOW);
    fleet.observe(sourceStatus());
    fleet.flush(NOW);
    expect(fleet.snapshot()).toMatchObject({ synced: true, everSynced: true });
    expect(model(fleet, 'fraud')).toMatchObject({ history: [], lastTransitionSeconds: NOW - 600 });
  });

  it('shows contact in steps, so that bookmarks do not renew every view', () => {
    const fleet = fleetOf([serving, sourceStatus()]);
    fleet.observe(sourceStatus({ lastContactSeconds: NOW + 4 }));
    expect(fleet.flush(NOW + 4).models.confirmed.size).toBe(0);
    fleet.observe(sourceStatus({ lastContactSeconds: NOW + 20 }));
    expect(fleet.flush(NOW + 20).models).toMatchObject({ changed: new Map(), confirmed: { size: 1 } });
    expect(model(fleet, 'fraud').lastObservedSeconds).toBe(NOW + 20);
  });
});

describe('a large fleet', () => {
  it('is renewed in turns, of which none is long', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `m${index}`);
    const fleet = fleetOf([
      ...names.map((name) => applied(seldonModel(name, 'ModelAvailable', { availableReplicas: 1 }))),
      sourceStatus(),
    ]);
    fleet.observe(sourceStatus({ lastContactSeconds: NOW + 20 }));
    const renewed: number[] = [];
    do renewed.push(fleet.flush(NOW + 20).models.confirmed.size);
    while (fleet.renewing);
    expect(Math.max(...renewed)).toBe(1_000);
    expect(renewed.reduce((sum, count) => sum + count, 0)).toBe(2_000);
    expect(fleet.pending).toBe(false);
    expect(new Set([...fleet.snapshot().models.values()].map((view) => view.lastObservedSeconds))).toEqual(
      new Set([NOW + 20])
    );
  });
});

describe('what rests on models', () => {
  const good = applied(seldonModel('good', 'ModelAvailable', { availableReplicas: 1 }));
  const bad = applied(seldonModel('bad', 'ModelFailed'));
  const pipelineVerdict = (fleet: Fleet, name = 'flow') => {
    const view = fleet.snapshot().pipelines.get(entityKey({ namespace: 'payments', name }));
    return view ? verdictOf(view) : 'none';
  };

  it('degrades a pipeline with a broken step, fails one without a working step, and follows changes', () => {
    const fleet = fleetOf([good, bad, applied(seldonPipeline('flow', ['good', 'bad'])), sourceStatus()]);
    expect(pipelineVerdict(fleet)).toBe('degraded: A dependency is not ready (bad is failed)');
    fleet.observe(applied(seldonModel('bad', 'ModelAvailable', { availableReplicas: 1 })));
    fleet.flush(NOW);
    expect(pipelineVerdict(fleet)).toBe('serving');
    fleet.observe({ kind: 'resource-deleted', resource: 'SeldonModel', namespace: 'payments', name: 'bad' });
    fleet.observe({ kind: 'resource-deleted', resource: 'SeldonModel', namespace: 'payments', name: 'good' });
    fleet.flush(NOW);
    expect(pipelineVerdict(fleet)).toBe('failed: A dependency is not ready (good not found, bad not found)');
  });

  it('cannot vouch for a pipeline whose steps are silent', () => {
    const watch = (name: string, resources: readonly ResourceKind[], state: SourceState = 'synced') =>
      sourceStatus({ source: name, resources, state });
    const fleet = fleetOf([
      good,
      applied(seldonPipeline('flow', ['good'])),
      watch('models', ['SeldonModel'], 'silent'),
      watch('pipelines', ['SeldonPipeline']),
    ]);
    expect(pipelineVerdict(fleet)).toBe('stale: A dependency is not ready (good is stale)');
  });

  it.each([
    ['reason', { reason: 'PipelineCreating' }, 'progressing: Loading'],
    [
      'message',
      { message: 'PipelineFailed', reason: 'topic exists' },
      'failed: Not ready for another reason (dataflow engine: PipelineFailed: topic exists)',
    ],
  ])('reads the state of a pipeline from its %s', (_, more, expected) => {
    const flow = seldonPipeline('flow', ['good'], { status: status(condition('PipelineReady', 'False', more)) });
    expect(pipelineVerdict(fleetOf([good, applied(flow), sourceStatus()]))).toBe(expected);
  });

  it('shows an InferenceGraph as a pipeline over InferenceServices', () => {
    const fleet = fleetOf([
      applied(inferenceService('churn')),
      applied(predictor('churn', 1, 1)),
      applied(inferenceGraph('flow', ['churn'])),
      sourceStatus(),
    ]);
    expect(pipelineVerdict(fleet)).toBe('serving');
  });

  it('weighs the candidates of an experiment and ignores its stray ModelReady', () => {
    const candidates = [
      { name: 'good', weight: 30 },
      { name: 'bad', weight: 90 },
    ];
    const ready = status(
      condition('ExperimentReady', 'True'),
      condition('ModelReady', 'False', { message: 'old error' })
    );
    const fleet = fleetOf([
      good,
      bad,
      applied(seldonExperiment('ab', { candidates, defaultCandidate: 'good', status: ready })),
      sourceStatus(),
    ]);
    const view = fleet.snapshot().experiments.get(entityKey({ namespace: 'payments', name: 'ab' }));
    expect(view).toMatchObject({
      verdict: { state: 'degraded' },
      candidates: [
        { name: 'good', ratio: 0.25, isDefault: true },
        { name: 'bad', ratio: 0.75, isDefault: false },
      ],
    });
    const stuck = seldonExperiment('ab', {
      candidates: [{ name: 'good', weight: 1 }],
      status: status(condition('ModelReady', 'False', { message: 'no such model' })),
    });
    fleet.observe(applied(stuck));
    fleet.flush(NOW);
    const after = fleet.snapshot().experiments.get(entityKey({ namespace: 'payments', name: 'ab' }));
    expect(after && verdictOf(after)).toBe('failed: Not ready for another reason (no such model)');
  });
});

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

describe('the fleet as a whole', () => {
  it('renames the second of two namesakes, the same way whichever came first, and counts it', () => {
    const both = [
      applied(seldonModel('churn', 'ModelAvailable', { availableReplicas: 1 })),
      applied(inferenceService('churn')),
    ];
    for (const order of [both, [...both].reverse()]) {
      const drops: DropReason[] = [];
      const fleet = createFleet({
        probeIntervalSeconds: 15,
        staleAfterSeconds: 150,
        telemetry: { ...NO_TELEMETRY, dropped: (_, reason) => drops.push(reason) },
      });
      for (const observation of order) {
        fleet.observe(observation);
        fleet.flush(NOW);
      }
      expect(drops).toEqual(['name_conflict']);
      const names = [...fleet.snapshot().models.values()].map((view) => `${view.platform} ${view.key}`).sort();
      expect(names).toEqual(['kserve payments/churn@kserve', 'seldon payments/churn']);
      fleet.observe({ kind: 'resource-deleted', resource: 'SeldonModel', namespace: 'payments', name: 'churn' });
      const change = fleet.flush(NOW);
      expect([...change.models.changed].map(([key, view]) => [key, view?.platform])).toEqual(
        expect.arrayContaining([
          ['payments/churn', 'kserve'],
          ['payments/churn@kserve', undefined],
        ])
      );
      expect([...fleet.snapshot().models.keys()]).toEqual(['payments/churn']);
    }
  });

  it('derives only what an event touches', () => {
    const fleet = fleetOf([
      applied(seldonModel('a', 'ModelAvailable', { availableReplicas: 1, server: 'one' })),
      applied(seldonModel('b', 'ModelAvailable', { availableReplicas: 1, server: 'two' })),
      sourceStatus(),
    ]);
    const before = new Map(fleet.snapshot().models);
    fleet.observe(applied(seldonPod('one', 0)));
    const change = fleet.flush(NOW);
    expect([...change.models.changed.keys()]).toEqual(['payments/a']);
    expect(fleet.snapshot().models.get(entityKey({ namespace: 'payments', name: 'b' }))).toBe(
      before.get(entityKey({ namespace: 'payments', name: 'b' }))
    );
    expect(before.get(entityKey({ namespace: 'payments', name: 'a' }))?.pods).toEqual([]);
  });

  it('keeps at most 50 changes, newest first', () => {
    const fleet = fleetOf([applied(seldonModel('a', 'ModelFailed')), sourceStatus()]);
    for (let turn = 1; turn <= 60; turn++) {
      const state = turn % 2 ? 'ModelAvailable' : 'ModelFailed';
      fleet.observe(applied(seldonModel('a', state, turn % 2 ? { availableReplicas: 1 } : {})));
      fleet.flush(NOW + turn);
    }
    const { history } = model(fleet, 'a');
    expect(history.length).toBe(50);
    expect(history[0]).toMatchObject({
      atSeconds: NOW + 60,
      from: 'serving',
      to: 'failed',
      reason: { reason: 'load_failed' },
    });
  });

  it('refuses names that cannot be keys and probes of what is no target, and counts them', () => {
    const drops: string[] = [];
    const fleet = createFleet({
      probeIntervalSeconds: 15,
      staleAfterSeconds: 150,
      telemetry: { ...NO_TELEMETRY, dropped: (source, reason, detail) => drops.push(`${source} ${reason} ${detail}`) },
    });
    fleet.observe(applied(seldonModel('a/b', 'ModelAvailable')));
    fleet.observe(probed('gone', 'gone-0', probeResult()));
    expect(fleet.flush(NOW).models.changed.size).toBe(0);
    expect(drops).toEqual([
      'domain wrong_type namespace and name: expected names without "/", got "payments", "a/b"',
      'servers unknown_model endpoint payments/gone/gone-0: expected a pod or a declared server',
    ]);
  });
});
