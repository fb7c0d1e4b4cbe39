import { entityKey } from '@modelwatch/contract';
import { fleetOf, model, modelVerdict, verdictOf } from './testing/fleets';
import type { ProbeResult } from './observation';
import type { KubernetesResource } from './resources';
import {
  applied,
  brokenPod,
  condition,
  inferenceService,
  kservePod,
  meta,
  predictor,
  probed,
  sourceStatus,
  status,
} from './testing/builders';

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

  describe.each(['transformer', 'explainer'] as const)(
    'whose %s does not answer, though Kubernetes calls it ready',
    (part) => {
      const pod = (index: number) =>
        kservePod('churn', index, {
          meta: meta(`churn-${part}-${index}`, {
            labels: { 'serving.kserve.io/inferenceservice': 'churn', component: part },
          }),
        });
      const well: ProbeResult = {
        kind: 'kserve',
        address: 'http://10.0.0.1:8080',
        durationSeconds: 0.01,
        up: true,
        live: true,
        ready: true,
        models: [],
      };
      const refused = { ...well, up: false, live: false, error: { cause: 'refused' as const, text: 'refused' } };
      const said = (...results: readonly ProbeResult[]) => {
        const fleet = fleetOf([
          applied(inferenceService('churn', { components: [{ name: 'predictor' }, { name: part }] })),
          applied(predictor('churn', 1, 1)),
          ...results.map((_, index) => applied(pod(index))),
          sourceStatus(),
          ...results.map((result, index) => probed(`churn-${part}`, `churn-${part}-${index}`, result)),
        ]);
        expect(model(fleet, 'churn').endpoints).toEqual([]);
        return verdictOf(model(fleet, 'churn'));
      };
      const down = part === 'transformer' ? 'failed' : 'degraded';

      it('is down as its requests are', () => {
        expect(said(well, well)).toBe('serving');
        expect(said(refused, refused)).toBe(`${down}: A dependency is not ready (${part}: Server does not answer)`);
        expect(said({ ...well, ready: false })).toBe(
          `${down}: A dependency is not ready (${part}: Server is not ready)`
        );
      });

      it('is degraded where others of it answer', () => {
        expect(said(well, refused)).toBe(
          `degraded: A dependency is not ready (${part}: 1 of 2 replicas: Server does not answer)`
        );
      });
    }
  );

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
