import { fleetOf, model, modelVerdict, verdictOf } from './testing/fleets';
import {
  inferenceSample,
  NOW,
  applied,
  brokenPod,
  condition,
  failedProbe,
  probeResult,
  probed,
  seldonModel,
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
    const sample = inferenceSample('fraud', '3', { requests: { success: 5 } });
    const endpoint = { namespace: 'payments', server: 'mlserver', replica: 'mlserver-0' };
    const fleet = fleetOf([
      ...two.filter((one) => !(one.kind === 'resource-applied' && one.resource.meta.name === 'mlserver-1')),
      probed('mlserver', 'mlserver-0', has(true)),
      { kind: 'endpoint-measured', endpoint, atSeconds: NOW, samples: [sample], capabilities: [] },
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
    fleet.observe({ kind: 'endpoint-measured', endpoint, atSeconds: NOW, samples: [], capabilities: [] });
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
