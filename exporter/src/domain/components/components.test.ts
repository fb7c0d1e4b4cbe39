import { createFleet } from '../fleet';
import type { Observation } from '../observation';
import type { KubernetesResource, Pod, SeldonPipeline, SeldonRuntime, Workload } from '../resources';
import {
  applied,
  condition,
  inferenceService,
  meta,
  NOW,
  seldonExperiment,
  seldonModel,
  seldonPipeline,
  seldonPod,
  sourceStatus,
  status,
  workload,
} from '../testing/builders';
import type { Fleet } from '../fleet-interface';

const OPTIONS = { probeIntervalSeconds: 15, staleAfterSeconds: 150 };

function started(...resources: readonly KubernetesResource[]): Fleet {
  const fleet = createFleet(OPTIONS);
  fleet.observe(sourceStatus());
  for (const resource of resources) fleet.observe(applied(resource));
  fleet.flush(NOW);
  return fleet;
}

function component(name: string, ready: number, desired = 1, namespace = 'payments'): Workload {
  const labels = { 'app.kubernetes.io/name': name };
  const image = `docker.io/seldonio/${name}:2.9.1`;
  return workload(name, ready, desired, {
    meta: { ...meta(name, { labels, owners: [] }), namespace },
    containers: [{ name: 'main', image, env: {}, ports: [] }],
  });
}

function controller(label: string, ready: number, namespace: string): Workload {
  return {
    ...component('manager', ready, 1, namespace),
    meta: { ...meta(label, { labels: { 'control-plane': label } }), namespace },
  };
}

function broker(cluster: string, namespace: string, ready: boolean): Pod {
  const labels = {
    'strimzi.io/kind': 'Kafka',
    'strimzi.io/cluster': cluster,
    'strimzi.io/name': `${cluster}-kafka`,
  };
  return { ...seldonPod(cluster, 0, { ready }), meta: { ...meta(`${cluster}-kafka-0`, { labels }), namespace } };
}

const runtime = (kafka: SeldonRuntime['kafka']): SeldonRuntime => ({
  kind: 'SeldonRuntime',
  meta: meta('seldon'),
  kafka,
  overrides: [],
});

const verdicts = (fleet: Fleet, of: 'models' | 'pipelines' | 'experiments') =>
  Object.fromEntries(
    [...fleet.snapshot()[of].values()].map(({ name, verdict }) => [
      name,
      [verdict.state, ...verdict.reasons.map(({ reason }) => reason)].join(' '),
    ])
  );
const views = (fleet: Fleet) => [...fleet.snapshot().components.values()];
const ready = seldonModel('ready', 'ModelAvailable', { availableReplicas: 1 });
const loading = seldonModel('loading', 'ModelProgressing');
const flow: SeldonPipeline = seldonPipeline('flow', ['ready']);

describe('a component', () => {
  it('is up with a ready replica, and shows its version, its replicas and the restarts of its pods', () => {
    const labels = { 'app.kubernetes.io/name': 'seldon-scheduler' };
    const pod = seldonPod('x', 0, { meta: meta('seldon-scheduler-0', { labels }) });
    const states = pod.containerStates.map((state) => ({ ...state, restarts: 3 }));
    const fleet = started(component('seldon-scheduler', 1, 2), { ...pod, containerStates: states });
    expect(views(fleet)).toEqual([
      {
        key: 'payments/seldon-scheduler',
        namespace: 'payments',
        name: 'seldon-scheduler',
        platform: 'seldon',
        role: 'scheduler',
        shared: false,
        version: '2.9.1',
        up: true,
        replicas: { desired: 2, available: 1 },
        restarts: 3,
        lastObservedSeconds: NOW,
      },
    ]);
    expect(fleet.snapshot().servers.size).toBe(0);
  });

  it.each([
    ['registry:5000/seldon-scheduler', undefined],
    ['registry:5000/seldon-scheduler:2.9.1@sha256:0123', '2.9.1'],
    ['seldon-scheduler@sha256:0123', undefined],
  ])('reads the version off %s', (image, version) => {
    const one = component('seldon-scheduler', 1);
    const fleet = started({
      ...one,
      containers: [
        { name: 'kube-rbac-proxy', image: 'p:1', env: {}, ports: [] },
        { name: 'main', image, env: {}, ports: [] },
      ],
    });
    expect(views(fleet)[0]?.version).toBe(version);
  });

  it('is neither up nor down while Kubernetes is silent, and nothing is said to wait for it', () => {
    const fleet = started(component('seldon-scheduler', 0), loading);
    expect(views(fleet)[0]?.up).toBe(false);
    fleet.observe(sourceStatus({ source: 'kubernetes/pods', resources: ['Pod'], state: 'silent' }));
    fleet.flush(NOW + 1);
    expect(views(fleet)[0]).not.toHaveProperty('up');
    expect(views(fleet)[0]?.replicas).toEqual({ desired: 1 });
    expect(verdicts(fleet, 'models')).toEqual({ loading: 'progressing loading' });
  });

  it('goes with its last pod and workload, unless the configuration names it', () => {
    const fleet = createFleet(OPTIONS);
    const declared = {
      name: 'k',
      namespace: 'streaming',
      platform: 'seldon',
      role: 'kafka',
      labels: { app: 'k' },
    } as const;
    fleet.observe({ kind: 'component-declared', component: declared });
    fleet.observe(sourceStatus());
    fleet.observe(applied(component('seldon-envoy', 1)));
    const pod = seldonPod('k', 0, { meta: { ...meta('k-0', { labels: { app: 'k' } }), namespace: 'streaming' } });
    fleet.observe(applied(pod));
    fleet.flush(NOW);
    expect(views(fleet).map(({ name, up }) => [name, up])).toEqual([
      ['k', true],
      ['seldon-envoy', true],
    ]);
    fleet.observe({ kind: 'resource-deleted', resource: 'Pod', namespace: 'streaming', name: 'k-0' });
    fleet.observe({ kind: 'resource-deleted', resource: 'StatefulSet', namespace: 'payments', name: 'seldon-envoy' });
    const { components } = fleet.flush(NOW + 1);
    expect([...components].map(([key, view]) => [key, view?.up])).toEqual([
      ['streaming/k', false],
      ['payments/seldon-envoy', undefined],
    ]);
    expect(views(fleet).map(({ name }) => name)).toEqual(['k']);
  });
});

describe('what waits for a component', () => {
  it('says so while it does not come up, and no longer than that', () => {
    const fleet = started(component('seldon-scheduler', 0), ready, loading);
    expect(verdicts(fleet, 'models')).toEqual({ ready: 'serving', loading: 'progressing component_down loading' });
    const found = [...fleet.snapshot().models.values()].find(({ name }) => name === 'loading');
    expect(found?.verdict.reasons[0]?.text).toBe(
      'A component of the platform is down (seldon-scheduler in payments: 0 of 1 replicas ready)'
    );
    fleet.observe(applied(component('seldon-scheduler', 1)));
    fleet.flush(NOW + 1);
    expect(verdicts(fleet, 'models')).toEqual({ ready: 'serving', loading: 'progressing loading' });
  });

  it('is degraded while no way in is up, which was measured, and not failed, which was not', () => {
    const fleet = started(component('seldon-envoy', 0), ready, loading, flow);
    expect(verdicts(fleet, 'models')).toEqual({ ready: 'degraded component_down', loading: 'progressing loading' });
    expect(verdicts(fleet, 'pipelines')).toEqual({ flow: 'degraded component_down' });
  });

  it.each(['seldon-pipelinegateway', 'seldon-dataflow-engine', 'seldon-modelgateway'])(
    'is degraded as a pipeline, and not as a model, without %s',
    (name) => {
      const fleet = started(component(name, 0), ready, flow);
      expect(verdicts(fleet, 'models')).toEqual({ ready: 'serving' });
      expect(verdicts(fleet, 'pipelines')).toEqual({ flow: 'degraded component_down' });
    }
  );

  it('does not mind the reporter of usage', () => {
    const fleet = started(component('hodometer', 0), ready, loading, flow);
    expect(Object.values({ ...verdicts(fleet, 'models'), ...verdicts(fleet, 'pipelines') }).join()).not.toContain(
      'component_down'
    );
  });

  it('does not mind the runtime of another namespace, but the controller wherever it runs', () => {
    const other = started(component('seldon-scheduler', 0, 1, 'fraud'), loading);
    expect(verdicts(other, 'models')).toEqual({ loading: 'progressing loading' });
    const far = started(controller('v2-controller-manager', 0, 'seldon-system'), loading);
    expect(verdicts(far, 'models')).toEqual({ loading: 'progressing component_down loading' });
  });

  it('believes that the job is done while one of several controllers is up', () => {
    const fleet = started(
      controller('v2-controller-manager', 0, 'a'),
      controller('v2-controller-manager', 1, 'b'),
      loading
    );
    expect(verdicts(fleet, 'models')).toEqual({ loading: 'progressing loading' });
  });

  it('is told of a model that has no status because nobody is there to write one', () => {
    const unseen = { ...loading, status: undefined as never };
    const fleet = started(controller('v2-controller-manager', 0, 'a'), unseen);
    expect(verdicts(fleet, 'models')).toEqual({ loading: 'unknown component_down no_status' });
  });

  it('is told of a model that the model gateway does not let go', () => {
    const going = seldonModel('going', 'ModelTerminated', { meta: { ...meta('going'), deletedSeconds: NOW } });
    const fleet = started(component('seldon-modelgateway', 0), going);
    expect(verdicts(fleet, 'models')).toEqual({ going: 'progressing component_down terminating' });
  });

  it('is told of an InferenceService without its controller', () => {
    const waiting = inferenceService('churn', {
      status: status(condition('Ready', 'Unknown')),
      transitionStatus: 'InProgress',
      targetModelState: 'Pending',
    });
    const fleet = started(controller('kserve-controller-manager', 0, 'kserve'), waiting);
    expect(verdicts(fleet, 'models')['churn']).toMatch(/^progressing component_down/);
  });

  it('is told of an experiment that does not start', () => {
    const experiment = seldonExperiment('ab', { status: undefined as never });
    expect(verdicts(started(component('seldon-scheduler', 0), experiment), 'experiments')).toEqual({
      ab: 'unknown component_down no_status',
    });
  });

  it.each([
    ['that its runtime names', [{ service: 'events-kafka-bootstrap', namespace: 'kafka' }], 'degraded component_down'],
    ['that another runtime names', [{ service: 'events-kafka-bootstrap', namespace: 'elsewhere' }], 'serving'],
    ['that nobody names', [], 'serving'],
  ] as const)('minds a Kafka %s', (_, kafka, expected) => {
    const fleet = started(broker('events', 'kafka', false), runtime(kafka), ready, flow);
    expect(verdicts(fleet, 'pipelines')).toEqual({ flow: expected });
  });

  it('is judged again only when a component goes down or comes up', () => {
    const fleet = started(component('seldon-envoy', 2, 3), ready, flow);
    const again = (readyReplicas: number): Observation => applied(component('seldon-envoy', readyReplicas, 3));
    fleet.observe(again(1));
    const calm = fleet.flush(NOW + 1);
    expect([calm.models.changed.size, calm.pipelines.changed.size, calm.components.size]).toEqual([0, 0, 1]);
    fleet.observe(again(0));
    const flipped = fleet.flush(NOW + 2);
    expect([flipped.models.changed.size, flipped.pipelines.changed.size, flipped.components.size]).toEqual([1, 1, 1]);
  });

  it('knows of components that another shard shows', () => {
    const fleet = createFleet({ ...OPTIONS, shows: (namespace) => namespace === 'payments' });
    fleet.observe(sourceStatus());
    fleet.observe(applied(controller('v2-controller-manager', 0, 'seldon-system')));
    fleet.observe(applied(loading));
    fleet.flush(NOW);
    expect(views(fleet)).toEqual([]);
    expect(verdicts(fleet, 'models')).toEqual({ loading: 'progressing component_down loading' });
  });
});
