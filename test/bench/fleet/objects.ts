/**
 * A large KServe fleet as a Kubernetes API would list it: for each InferenceService its Deployment and two Pods, each
 * object about as large as real ones are (5 kB, with managed fields), most of which the exporter must read and forget.
 */
const NAMESPACES = 40;
const CREATED = '2026-10-01T08:00:00Z';

export interface FleetList {
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly objects: () => Iterable<object>;
}

/** Lists of a fleet of `services` InferenceServices: four times as many objects. */
export function fleetLists(services: number): readonly FleetList[] {
  const each = function* (make: (index: number) => Iterable<object>) {
    for (let index = 0; index < services; index++) yield* make(index);
  };
  return [
    {
      path: '/apis/serving.kserve.io/v1beta1/inferenceservices',
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      objects: () => each((index) => [inferenceService(index)]),
    },
    {
      path: '/apis/apps/v1/deployments',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      objects: () => each((index) => [deployment(index)]),
    },
    {
      path: '/api/v1/pods',
      apiVersion: 'v1',
      kind: 'Pod',
      objects: () => each((index) => [pod(index, 0), pod(index, 1)]),
    },
  ];
}

export function nameOf(index: number): string {
  return `model-${String(index).padStart(6, '0')}`;
}

function namespaceOf(index: number): string {
  return `team-${String(index % NAMESPACES).padStart(2, '0')}`;
}

/** An InferenceService; `generation` and `ready` vary between versions of it. */
export function inferenceService(index: number, version = 1, ready = true): object {
  const status = ready ? 'True' : 'False';
  const condition = (type: string) => ({ lastTransitionTime: CREATED, status, type });
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: metadata('InferenceService', index, nameOf(index), version, 2_000),
    spec: {
      predictor: {
        minReplicas: 2,
        maxReplicas: 4,
        model: {
          modelFormat: { name: 'sklearn' },
          protocolVersion: 'v2',
          runtime: 'kserve-mlserver',
          storageUri: `gs://models/${nameOf(index)}/1`,
          resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } },
        },
      },
    },
    status: {
      observedGeneration: 1,
      conditions: ['IngressReady', 'PredictorReady', 'Ready'].map(condition),
      deploymentMode: 'Standard',
      url: `http://${nameOf(index)}.example.com`,
      components: { predictor: { url: `http://${nameOf(index)}-predictor.example.com` } },
      modelStatus: {
        copies: { failedCopies: 0, totalCopies: 2 },
        states: { activeModelState: 'Loaded', targetModelState: 'Loaded' },
        transitionStatus: 'UpToDate',
      },
    },
  };
}

function deployment(index: number): object {
  const name = `${nameOf(index)}-predictor`;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...metadata('Deployment', index, name, 1, 2_000),
      labels: labels(index),
      ownerReferences: [{ kind: 'InferenceService', name: nameOf(index), uid: uid('InferenceService', index) }],
    },
    spec: { replicas: 2, template: { metadata: { labels: labels(index) }, spec: podSpec() } },
    status: {
      observedGeneration: 1,
      replicas: 2,
      readyReplicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
      conditions: [
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', lastTransitionTime: CREATED },
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', lastTransitionTime: CREATED },
      ],
    },
  };
}

function pod(index: number, replica: number): object {
  const name = `${nameOf(index)}-predictor-7d9f8b6c5-${replica}xk2p`;
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata('Pod', 2 * index + replica, name, 1, 2_000, index), labels: labels(index) },
    spec: { ...podSpec(), nodeName: `node-${index % 500}` },
    status: {
      phase: 'Running',
      conditions: conditions.map((type) => ({ type, status: 'True', lastTransitionTime: CREATED })),
      podIP: `10.${(index >> 12) & 255}.${(index >> 4) & 255}.${(index & 15) * 16 + replica}`,
      startTime: CREATED,
      containerStatuses: [
        {
          name: 'kserve-container',
          ready: true,
          restartCount: 0,
          image: 'docker.io/seldonio/mlserver:1.7.1',
          imageID: `docker.io/seldonio/mlserver@sha256:${'ab'.repeat(32)}`,
          state: { running: { startedAt: CREATED } },
        },
      ],
    },
  };
}

function metadata(kind: string, index: number, name: string, version: number, padding: number, owner = index) {
  return {
    name,
    namespace: namespaceOf(owner),
    uid: uid(kind, index),
    resourceVersion: String(index + version),
    generation: 1,
    creationTimestamp: CREATED,
    // Nothing that we use, and a fifth or more of every real object.
    managedFields: [
      { manager: 'manager', operation: 'Update', time: CREATED, fieldsV1: { 'f:status': 'x'.repeat(padding) } },
    ],
  };
}

function uid(kind: string, index: number): string {
  return `${kind.toLowerCase().slice(0, 8)}-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

function labels(index: number): Record<string, string> {
  return {
    app: `isvc.${nameOf(index)}-predictor`,
    component: 'predictor',
    'serving.kserve.io/inferenceservice': nameOf(index),
    'pod-template-hash': '7d9f8b6c5',
  };
}

function podSpec(): object {
  return {
    containers: [
      {
        name: 'kserve-container',
        image: 'docker.io/seldonio/mlserver:1.7.1',
        env: Array.from({ length: 12 }, (_, at) => ({ name: `MLSERVER_SETTING_${at}`, value: `value ${at}` })),
        ports: [{ containerPort: 8080, name: 'http1', protocol: 'TCP' }],
        resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } },
        volumeMounts: [{ mountPath: '/mnt/models', name: 'models', readOnly: true }],
      },
    ],
    volumes: [{ name: 'models', emptyDir: {} }],
    tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 }],
  };
}
