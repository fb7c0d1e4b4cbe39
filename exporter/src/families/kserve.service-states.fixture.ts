/** States of InferenceServices that KServe's controllers can write, each as a change of a base object. What comes of each is in states.txt. */
import { crash, no, replicas, yes, type Patch, type State } from './kserve.patch.fixture';

const isvc = (change: Patch[string]): Patch => ({ 'InferenceService ranker': change });

export const SERVICE_STATES: readonly State[] = [
  [
    'InferenceService without a status',
    'standard',
    {
      'InferenceService ranker': { status: null },
      'Deployment ranker-predictor': null,
      'Deployment ranker-blue-predictor': null,
      'Pod ranker-predictor-abc': null,
    },
  ],
  [
    'InferenceService that loads for the first time',
    'standard',
    {
      'InferenceService ranker': {
        status: {
          modelStatus: {
            transitionStatus: 'InProgress',
            states: { activeModelState: '', targetModelState: 'Loading' },
            copies: { totalCopies: null },
          },
        },
        conditions: {
          Ready: no(),
          PredictorReady: { status: 'Unknown', reason: 'ReplicaSetUpdated' },
          IngressReady: no('Predictor ingress not created'),
        },
      },
      'Deployment ranker-predictor': replicas(0, 2),
      'Deployment ranker-blue-predictor': replicas(0, 1),
      'Pod ranker-predictor-abc': null,
    },
  ],
  [
    'InferenceService whose new model cannot load while the old one serves',
    'standard',
    isvc({
      status: {
        modelStatus: {
          transitionStatus: 'BlockedByFailedLoad',
          states: { activeModelState: 'Loaded', targetModelState: 'FailedToLoad' },
          copies: { failedCopies: 1 },
          lastFailureInfo: {
            reason: 'ModelLoadFailed',
            message: 'no such file',
            exitCode: 1,
            time: '2026-01-31T13:00:00Z',
          },
        },
      },
    }),
  ],
  [
    'InferenceService whose last failure stayed after it recovered',
    'standard',
    isvc({
      status: {
        modelStatus: { lastFailureInfo: { reason: 'ModelLoadFailed', exitCode: 137, time: '2026-01-31T13:00:00Z' } },
      },
    }),
  ],
  [
    'InferenceService with a reason of failure that is not in the definition',
    'standard',
    isvc({
      status: {
        modelStatus: {
          transitionStatus: 'InvalidSpec',
          states: { targetModelState: 'FailedToLoad' },
          lastFailureInfo: { reason: 'InvalidWorkerSpecNotSet', message: 'runtime has no workers' },
        },
      },
      conditions: { Ready: no(), PredictorReady: no() },
    }),
  ],
  [
    'InferenceService with states of a newer KServe',
    'standard',
    isvc({
      spec: { predictor: { scaleMetric: 'tokens' } },
      status: {
        deploymentMode: 'Serverful',
        modelStatus: { transitionStatus: 'Paused', states: { targetModelState: 'Frozen' } },
      },
      conditions: { Ready: { status: 'Perhaps' } },
    }),
  ],
  ['InferenceService of which one replica is missing', 'standard', { 'Deployment ranker-predictor': replicas(1, 2) }],
  [
    'InferenceService behind a transformer that is down, though Ready is True',
    'standard',
    {
      'InferenceService ranker': {
        conditions: {
          TransformerReady: no('MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'),
        },
      },
      'Deployment ranker-transformer': replicas(0, 1),
      'Pod ranker-transformer-abc': crash,
    },
  ],
  [
    'InferenceService whose condition of a transformer outlives it',
    'standard',
    {
      'InferenceService ranker': { spec: { transformer: null }, conditions: { TransformerReady: no() } },
      'Deployment ranker-transformer': null,
      'Pod ranker-transformer-abc': null,
    },
  ],
  [
    'InferenceService whose explainer is down',
    'standard',
    isvc({ conditions: { ExplainerReady: no('MinimumReplicasUnavailable') } }),
  ],
  [
    'InferenceService without a route',
    'standard',
    isvc({ conditions: { Ready: no(), IngressReady: no('HTTPRouteNotReady', 'no parent accepts the route') } }),
  ],
  [
    'InferenceService with a canary that is not ready: its status repeats the share it should have',
    'standard',
    {
      'InferenceService ranker': {
        status: { canaryStatuses: [{ name: 'blue', ready: false, trafficPercent: 20 }] },
        conditions: { CanaryPredictorReady: no('CanariesNotReady') },
      },
      'Deployment ranker-blue-predictor': replicas(0, 1),
    },
  ],
  [
    'InferenceService with a canary that will not become ready',
    'standard',
    {
      'InferenceService ranker': {
        status: { canaryStatuses: [{ name: 'blue', ready: false, trafficPercent: 20 }] },
        conditions: { CanaryPredictorReady: no('CanariesNotReady') },
      },
      'Deployment ranker-blue-predictor': {
        ...replicas(0, 1),
        conditions: { Progressing: no('ProgressDeadlineExceeded') },
      },
    },
  ],
  [
    'InferenceService whose runtime is disabled, while it serves',
    'standard',
    { 'ClusterServingRuntime kserve-sklearnserver': { spec: { disabled: true } } },
  ],
  [
    'InferenceService whose runtime is gone, and that is not ready',
    'standard',
    {
      'ClusterServingRuntime kserve-sklearnserver': null,
      'InferenceService ranker': { conditions: { Ready: no(), PredictorReady: no() } },
    },
  ],
  [
    'InferenceService over several nodes that gave up',
    'standard',
    isvc({
      spec: { predictor: { workerSpec: { pipelineParallelSize: 2 } } },
      conditions: {
        Ready: no(),
        PredictorReady: no('predictor-container: NewReplicaSetAvailable, worker-container: ProgressDeadlineExceeded'),
      },
    }),
  ],
  [
    'InferenceService that was stopped: all of its status is cleared',
    'standard',
    {
      'InferenceService ranker': {
        metadata: { annotations: { 'serving.kserve.io/stop': 'true' } },
        status: {
          components: null,
          modelStatus: null,
          canaryStatuses: null,
          url: null,
          clusterServingRuntimeName: null,
        },
        conditions: {
          Ready: no('Stopped'),
          PredictorReady: no('Stopped'),
          Stopped: yes(),
          IngressReady: no('Stopped'),
          TransformerReady: no('Stopped'),
          ExplainerReady: no('Stopped'),
          CanaryPredictorReady: no('Stopped'),
        },
      },
      'Deployment ranker-predictor': null,
      'Deployment ranker-blue-predictor': null,
      'Deployment ranker-transformer': null,
      'Pod ranker-predictor-abc': null,
      'Pod ranker-transformer-abc': null,
    },
  ],
  [
    'InferenceService that is being deleted and waits for its finalizer',
    'standard',
    isvc({ metadata: { deletionTimestamp: '2026-01-31T23:59:00Z' } }),
  ],
  [
    'Knative: scaled to zero, which KServe writes as InProgress and Pending',
    'knative',
    {
      'InferenceService ranker': {
        status: {
          modelStatus: {
            transitionStatus: 'InProgress',
            states: { targetModelState: 'Pending' },
            copies: { totalCopies: null },
          },
        },
      },
      'Deployment ranker-predictor-00002-deployment': replicas(0, 0),
    },
  ],
  [
    'Knative: a newer revision is not ready, the older one serves',
    'knative',
    isvc({
      status: { components: { predictor: { latestCreatedRevision: 'ranker-predictor-00003' } } },
      conditions: {
        Ready: { status: 'Unknown' },
        LatestDeploymentReady: { status: 'Unknown', reason: 'PredictorConfigurationReady not ready' },
      },
    }),
  ],
  [
    'Knative: no revision was rolled out yet, so the share of the canary has no effect',
    'knative',
    isvc({
      status: {
        components: {
          predictor: {
            latestRolledoutRevision: null,
            traffic: [{ latestRevision: true, percent: 100, revisionName: 'ranker-predictor-00002' }],
          },
        },
      },
    }),
  ],
];
