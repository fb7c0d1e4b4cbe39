/** What counts as evidence, case by case: pods, probes, sources and resources that contradict each other. */
import {
  NOW,
  applied,
  brokenPod,
  condition,
  containerState,
  failedProbe,
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
import { fleetOf, model, modelVerdict, server, verdictOf } from './testing/fleets';
import type { ResourceKind } from './resources';
import { entityKey, type SourceState } from '@modelwatch/contract';

const placed = (more: Parameters<typeof seldonModel>[2] = {}) =>
  seldonModel('fraud', 'ModelAvailable', { availableReplicas: 1, server: 'mlserver', ...more });
const failing = seldonModel('fraud', 'ModelFailed', { server: 'mlserver' });

describe('pods as evidence', () => {
  const pod = seldonPod('mlserver', 0);

  it.each([
    ['image_pull_failed', brokenPod(pod, { waitingReason: 'ImagePullBackOff', message: 'no such image' })],
    ['crash_loop', brokenPod(pod, { waitingReason: 'CrashLoopBackOff' })],
    ['crash_loop', brokenPod(pod, { lastTerminatedReason: 'Error', restarts: 4 })],
    ['workload_failed', brokenPod(pod, { waitingReason: 'CreateContainerConfigError', message: 'no secret' })],
    ['unschedulable', { ...pod, ready: false, containerStates: [], unschedulable: 'no node has 4 GPUs' }],
  ])('names %s', (reason, broken) => {
    const found = model(fleetOf([applied(failing), applied(broken), sourceStatus()]), 'fraud').verdict.reasons;
    expect(new Set(found.map((each) => each.reason))).toEqual(new Set([reason, 'load_failed']));
  });

  it.each([
    [
      'a container that is ready again',
      { ...pod, ready: false, containerStates: [containerState({ lastTerminatedReason: 'OOMKilled', restarts: 9 })] },
    ],
    ['a first restart', brokenPod(pod, { lastTerminatedReason: 'Error', restarts: 1 })],
    [
      'a pod that is ready',
      { ...pod, containerStates: [containerState({ ready: false, waitingReason: 'CrashLoopBackOff' })] },
    ],
    ['a pod that is done', { ...brokenPod(pod, { waitingReason: 'CrashLoopBackOff' }), phase: 'Failed' as const }],
    [
      'a pod on its way out',
      { ...brokenPod(pod, { waitingReason: 'CrashLoopBackOff' }), meta: { ...pod.meta, deletedSeconds: NOW } },
    ],
  ])('does not blame %s', (_, innocent) => {
    const found = model(fleetOf([applied(failing), applied(innocent), sourceStatus()]), 'fraud').verdict.reasons;
    expect(found.map((each) => each.reason)).toEqual(['load_failed']);
  });

  it('knows a failure from pods before any controller has written a status', () => {
    const crash = brokenPod(kservePod('churn', 0), { waitingReason: 'CrashLoopBackOff' });
    const unseen = inferenceService('churn', {
      status: undefined as never,
      transitionStatus: undefined as never,
      targetModelState: undefined as never,
    });
    expect(modelVerdict('churn', unseen, crash)).toBe('failed: Container keeps crashing: 0 of 1 replica ready');
  });

  it('takes only predictors for servers of an InferenceService, and tells the pods of each part', () => {
    const labels = { 'serving.kserve.io/inferenceservice': 'churn', component: 'transformer' };
    const transformer = { ...kservePod('churn', 9), meta: meta('churn-transformer-0', { labels }) };
    const fleet = fleetOf([
      applied(inferenceService('churn', { components: [{ name: 'predictor' }, { name: 'transformer' }] })),
      applied(transformer),
      applied(kservePod('churn', 0)),
      sourceStatus(),
    ]);
    expect(model(fleet, 'churn').pods.map(({ pod, server: of, component }) => [pod, of, component])).toEqual([
      ['churn-predictor-0', 'churn-predictor', 'predictor'],
      ['churn-transformer-0', 'churn-transformer', 'transformer'],
    ]);
    expect([...fleet.snapshot().servers.keys()]).toEqual([]);
  });

  it('prefers the workload that a server owns to one that only has its name', () => {
    const namesake = { ...workload('mlserver', 9, 9), kind: 'Deployment' as const, meta: meta('mlserver') };
    const fleet = fleetOf([
      applied(seldonServer('mlserver')),
      applied(namesake),
      applied(workload('mlserver', 1, 1)),
      sourceStatus(),
    ]);
    expect(server(fleet, 'mlserver').replicas).toEqual({ desired: 1, available: 1, updated: 1 });
  });
});

describe('probes as evidence', () => {
  const pod = applied(seldonPod('mlserver', 0));
  const notLoaded = probeResult({ ready: false, models: [{ name: 'fraud', ready: false, state: 'unavailable' }] });

  it('does not fail a model that may be put aside for lack of memory until its next request', () => {
    const containers = [{ name: 'mlserver', env: {}, memoryBytes: 1_000, ports: [] }];
    const on = (memoryBytes: number) =>
      fleetOf([
        applied(seldonServer('mlserver')),
        applied(workload('mlserver', 1, 1, { containers })),
        applied(placed({ memoryBytes })),
        pod,
        sourceStatus(),
        probed('mlserver', 'mlserver-0', notLoaded),
      ]);
    expect(verdictOf(model(on(1_000), 'fraud'))).toBe('failed: Server does not have the model ready');
    expect(verdictOf(model(on(1_001), 'fraud'))).toBe('serving');
  });

  it('takes a server that serves some of its models for a server that works', () => {
    const some = probeResult({
      ready: false,
      models: [
        { name: 'fraud', ready: true },
        { name: 'other', ready: false },
      ],
    });
    const fleet = fleetOf([
      applied(seldonServer('mlserver')),
      applied(workload('mlserver', 1, 1)),
      pod,
      sourceStatus(),
      probed('mlserver', 'mlserver-0', some),
    ]);
    expect(verdictOf(server(fleet, 'mlserver'))).toBe('serving');
    fleet.observe(probed('mlserver', 'mlserver-0', notLoaded));
    fleet.flush(NOW);
    expect(verdictOf(server(fleet, 'mlserver'))).toBe('failed: Server is not ready');
  });

  it.each(['http_status', 'too_large', 'invalid_response'] as const)(
    'takes %s for the answer of something else',
    (cause) => {
      const other = probeResult({ live: false, ready: false, error: { cause, text: 'got a login page' } });
      const fleet = fleetOf([applied(placed()), pod, sourceStatus(), probed('mlserver', 'mlserver-0', other)]);
      expect(verdictOf(model(fleet, 'fraud'))).toBe('failed: Server answers something else (got a login page)');
    }
  );

  it('counts an endpoint without a probe for Kubernetes, not against it', () => {
    const fleet = fleetOf([
      applied(placed()),
      pod,
      applied(seldonPod('mlserver', 1)),
      sourceStatus(),
      probed('mlserver', 'mlserver-0', failedProbe('refused')),
    ]);
    expect(verdictOf(model(fleet, 'fraud'))).toBe('serving');
  });

  it('knows the one model of an InferenceService whatever its server calls it', () => {
    const named = probeResult({ models: [{ name: 'model', ready: false }] });
    const fleet = fleetOf([
      applied(inferenceService('churn')),
      applied(predictor('churn', 1, 1)),
      applied(kservePod('churn', 0)),
      sourceStatus(),
      probed('churn-predictor', 'churn-predictor-0', named),
    ]);
    expect(verdictOf(model(fleet, 'churn'))).toBe('failed: Server does not have the model ready');
  });

  it('forgets what it knew of a pod when another takes its name, and does not believe one on its way out', () => {
    const fleet = fleetOf([
      applied(placed()),
      pod,
      sourceStatus(),
      probed('mlserver', 'mlserver-0', failedProbe('refused')),
    ]);
    expect(verdictOf(model(fleet, 'fraud'))).toMatch(/^failed/);
    const next = seldonPod('mlserver', 0);
    fleet.observe(applied({ ...next, meta: { ...next.meta, uid: 'another' } }));
    fleet.flush(NOW);
    expect(verdictOf(model(fleet, 'fraud'))).toBe('serving');
    fleet.observe(applied({ ...next, meta: { ...next.meta, uid: 'another', deletedSeconds: NOW } }));
    fleet.observe(probed('mlserver', 'mlserver-0', failedProbe('refused')));
    fleet.flush(NOW);
    expect(fleet.snapshot().endpoints.size).toBe(0);
  });

  it('moves the time of confirmation in steps of 5 s', () => {
    const edge = { kind: 'model-declared' as const, model: { name: 'iris', server: 'edge', url: 'http://edge:80' } };
    const answer = (at: number) =>
      probed('edge', 'edge:80', probeResult({ models: [{ name: 'iris', ready: true }] }), at, 'standalone');
    const fleet = fleetOf([edge, answer(NOW)]);
    const seen = [NOW + 4, NOW + 5].map((at) => {
      fleet.observe(answer(at));
      fleet.flush(at);
      return model(fleet, 'iris', 'standalone').lastObservedSeconds;
    });
    expect(seen).toEqual([NOW, NOW + 5]);
  });
});

describe('sources as evidence', () => {
  const watch = (resources: readonly ResourceKind[], state: SourceState, required = true) =>
    sourceStatus({ source: resources.join(), resources, state, required });

  it('does not believe an InferenceService whose pods nobody watches any more', () => {
    const churn = [
      applied(inferenceService('churn')),
      applied(predictor('churn', 1, 1)),
      watch(['InferenceService'], 'synced'),
    ];
    expect(verdictOf(model(fleetOf([...churn, watch(['Pod', 'Deployment'], 'silent')]), 'churn'))).toMatch(/^stale/);
    expect(verdictOf(model(fleetOf([...churn, watch(['Pod', 'Deployment'], 'synced')]), 'churn'))).toBe('serving');
  });

  it('is synced without the kinds that are not installed', () => {
    const absent = { ...watch(['SeldonModel'], 'absent'), lastContactSeconds: NOW - 9_999 };
    expect(fleetOf([watch(['Pod'], 'synced'), absent]).snapshot().synced).toBe(true);
    expect(fleetOf([watch(['Pod'], 'synced'), watch(['SeldonModel'], 'syncing')]).snapshot().synced).toBe(false);
    expect(fleetOf([watch(['Pod'], 'synced'), watch(['SeldonRuntime'], 'failing', false)]).snapshot().synced).toBe(
      true
    );
  });
});

describe('an InferenceService in doubt', () => {
  it.each<[string, string, Parameters<typeof inferenceService>[1]]>([
    [
      'is degraded when its next model cannot load',
      'degraded: Model fails to load',
      { targetModelState: 'FailedToLoad' },
    ],
    [
      'is rolling out while a newer revision is not ready',
      'progressing: Rolling out: 1 of 1 replica ready',
      { components: [{ name: 'predictor', latestCreatedRevision: 'churn-2', latestReadyRevision: 'churn-1' }] },
    ],
    [
      'serves without its explainer, degraded',
      'degraded: A dependency is not ready (explainer: no quota)',
      {
        components: [{ name: 'predictor' }, { name: 'explainer' }],
        status: status(
          condition('Ready', 'False'),
          condition('PredictorReady', 'True'),
          condition('ExplainerReady', 'False', { message: 'no quota' })
        ),
      },
    ],
  ])('%s', (_, expected, more) => {
    expect(modelVerdict('churn', inferenceService('churn', more), predictor('churn', 1, 1))).toBe(expected);
  });

  it('has an idle predictor when scaled to zero', () => {
    const fleet = fleetOf([
      applied(inferenceService('churn', { components: [{ name: 'predictor', minReplicas: 0 }] })),
      applied(predictor('churn', 0, 0)),
      sourceStatus(),
    ]);
    expect(verdictOf(server(fleet, 'churn-predictor'))).toBe('idle: Scaled to zero on purpose');
  });
});

describe('what rests on models, in doubt', () => {
  const good = applied(seldonModel('good', 'ModelAvailable', { availableReplicas: 1 }));
  const pipelineVerdict = (...conditions: ReturnType<typeof condition>[]) => {
    const flow = seldonPipeline('flow', ['good'], { status: status(...conditions) });
    const view = fleetOf([good, applied(flow), sourceStatus()])
      .snapshot()
      .pipelines.get(entityKey({ namespace: 'payments', name: 'flow' }));
    return view && verdictOf(view);
  };

  it('is not reached without its gateway, and believes its controller about models', () => {
    const ready = condition('PipelineReady', 'True');
    expect(pipelineVerdict(ready, condition('PipelineGwReady', 'False', { message: 'no topic' }))).toBe(
      'failed: Route is not ready (pipeline gateway: no topic)'
    );
    expect(
      pipelineVerdict(ready, condition('ModelsReady', 'False', { message: 'Some models are not available' }))
    ).toBe('degraded: A dependency is not ready (Some models are not available)');
  });

  it('follows only the steps that it has now', () => {
    const fleet = fleetOf([
      good,
      applied(seldonPipeline('flow', ['good'])),
      applied(seldonPipeline('flow', ['other'])),
      sourceStatus(),
    ]);
    fleet.observe({ kind: 'resource-deleted', resource: 'SeldonModel', namespace: 'payments', name: 'good' });
    expect(fleet.flush(NOW).pipelines.changed.size).toBe(0);
  });

  it('counts a model on the server where it is now', () => {
    const fleet = fleetOf([
      applied(seldonServer('mlserver')),
      applied(seldonServer('other')),
      applied(placed({ memoryBytes: 5 })),
      applied(placed({ memoryBytes: 5, server: 'other' })),
      sourceStatus(),
    ]);
    expect(server(fleet, 'mlserver').memoryDeclaredBytes).toBeUndefined();
    expect(server(fleet, 'other').memoryDeclaredBytes).toBe(5);
  });

  it('gives the capabilities that the agents tell before those that the specification asks for', () => {
    const agent = { name: 'agent', env: { SELDON_SERVER_CAPABILITIES: 'mlserver' }, ports: [] };
    const own = seldonServer('mlserver', { capabilities: ['gpu'] });
    const fleet = fleetOf([applied(own), applied(workload('mlserver', 1, 1, { containers: [agent] })), sourceStatus()]);
    expect(server(fleet, 'mlserver').capabilities).toEqual(['mlserver']);
    expect(server(fleetOf([applied(own), sourceStatus()]), 'mlserver').capabilities).toEqual(['gpu']);
  });

  it('has a mirror with its share', () => {
    const experiment = seldonExperiment('ab', {
      candidates: [{ name: 'good', weight: 1 }],
      mirror: { name: 'shadow', percent: 30 },
    });
    const view = fleetOf([good, applied(experiment), sourceStatus()])
      .snapshot()
      .experiments.get(entityKey({ namespace: 'payments', name: 'ab' }));
    expect(view).toMatchObject({ mirror: { name: 'shadow', ratio: 0.3 } });
    expect(view && verdictOf(view)).toBe('degraded: A dependency is not ready (mirror shadow not found)');
  });
});
