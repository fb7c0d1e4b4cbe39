/** States that KServe's controllers can write, each as a change of a base object; what comes of them is in states.txt. */

type Json = Record<string, unknown>;
/** By `Kind name`; see `patched` of the test. */
export type Patch = Readonly<Record<string, (Json & { readonly conditions?: Record<string, Json | null> }) | null>>;
type State = readonly [title: string, base: 'standard' | 'knative' | 'llm' | 'graph', patch: Patch];

const no = (reason?: string, message?: string) => ({
  status: 'False',
  ...(reason ? { reason } : {}),
  ...(message ? { message } : {}),
});
const yes = (reason?: string) => ({ status: 'True', ...(reason ? { reason } : {}) });
const replicas = (ready: number, desired: number) => ({
  spec: { replicas: desired },
  status: { readyReplicas: ready, updatedReplicas: desired },
});
const crash = {
  status: {
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      { name: 'kserve-container', ready: false, restartCount: 9, state: { waiting: { reason: 'CrashLoopBackOff' } } },
    ],
  },
};
const isvc = (change: Patch[string]): Patch => ({ 'InferenceService ranker': change });
const llm = (change: Patch[string]): Patch => ({ 'LLMInferenceService chat': change });
const graph = (change: Patch[string]): Patch => ({ 'InferenceGraph flow': change });

export const STATES: readonly State[] = [
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
  [
    'LLM: no status yet',
    'llm',
    {
      'LLMInferenceService chat': { status: null },
      'Deployment chat-kserve': null,
      'Deployment chat-kserve-prefill': null,
      'Pod chat-kserve-abc': null,
      'Pod chat-kserve-router-scheduler-abc': null,
    },
  ],
  [
    'LLM v1alpha1: no workloads and no group in the status',
    'llm',
    llm({ apiVersion: 'serving.kserve.io/v1alpha1', status: { workloads: null, router: { group: null } } }),
  ],
  [
    'LLM: its workload makes progress',
    'llm',
    {
      'LLMInferenceService chat': {
        conditions: {
          Ready: no('Progressing'),
          WorkloadsReady: no('Progressing'),
          MainWorkloadReady: no('Progressing'),
        },
      },
      'Deployment chat-kserve': replicas(0, 2),
      'Pod chat-kserve-abc': null,
    },
  ],
  [
    'LLM: a configuration is missing; what stands below it in the status is old',
    'llm',
    llm({
      conditions: {
        Ready: no('ConfigNotFound', 'config base not found'),
        PresetsCombined: no('ConfigNotFound', 'config base not found'),
        RouterReady: no('GatewaysNotReady'),
        GatewaysReady: no('GatewaysNotReady'),
      },
    }),
  ],
  [
    'LLM: nobody could check the specification',
    'llm',
    llm({
      conditions: {
        Ready: { status: 'Unknown', reason: 'ValidationUnavailable' },
        PresetsCombined: { status: 'Unknown', reason: 'ValidationUnavailable' },
      },
    }),
  ],
  [
    'LLM: no replica',
    'llm',
    {
      'LLMInferenceService chat': {
        conditions: {
          Ready: no('MinimumReplicasUnavailable'),
          WorkloadsReady: no('MinimumReplicasUnavailable'),
          MainWorkloadReady: no('MinimumReplicasUnavailable'),
        },
      },
      'Deployment chat-kserve': replicas(0, 2),
    },
  ],
  [
    'LLM: loads for the first time, which KServe writes as too few replicas',
    'llm',
    {
      'LLMInferenceService chat': {
        conditions: {
          Ready: no('MinimumReplicasUnavailable'),
          WorkloadsReady: no('MinimumReplicasUnavailable'),
          MainWorkloadReady: no('MinimumReplicasUnavailable'),
        },
      },
      'Deployment chat-kserve': { ...replicas(0, 2), conditions: { Progressing: yes('ReplicaSetUpdated') } },
    },
  ],
  [
    'LLM: prefill is down',
    'llm',
    {
      'LLMInferenceService chat': {
        conditions: {
          Ready: no('MinimumReplicasUnavailable'),
          WorkloadsReady: no('MinimumReplicasUnavailable'),
          PrefillWorkloadReady: no('MinimumReplicasUnavailable'),
        },
      },
      'Deployment chat-kserve-prefill': replicas(0, 1),
    },
  ],
  [
    'LLM: its autoscaler is broken',
    'llm',
    llm({
      conditions: {
        Ready: no('HPANotReady'),
        WorkloadsReady: no('HPANotReady'),
        ScalingReady: no('HPANotReady', 'no metrics'),
      },
    }),
  ],
  [
    'LLM: the gateway is not ready',
    'llm',
    llm({
      conditions: {
        Ready: no('GatewaysNotReady'),
        RouterReady: no('GatewaysNotReady'),
        GatewaysReady: no('GatewaysNotReady', 'kserve is not programmed'),
      },
    }),
  ],
  [
    'LLM: the scheduler is down',
    'llm',
    llm({
      conditions: {
        Ready: no('MinimumReplicasUnavailable'),
        RouterReady: no('MinimumReplicasUnavailable'),
        SchedulerWorkloadReady: no('MinimumReplicasUnavailable'),
      },
    }),
  ],
  [
    'LLM: GroupDegraded is bad news when it is True',
    'llm',
    llm({ conditions: { GroupDegraded: yes('MembersUnresolved') } }),
  ],
  ['LLM: GroupDegraded is good news when it is False', 'llm', llm({ conditions: { GroupDegraded: no() } })],
  [
    'LLM: its group is broken, which is outside of Ready',
    'llm',
    llm({ conditions: { GroupReady: no('ModelNameMismatch', 'members serve different models') } }),
  ],
  [
    'LLM: stopped',
    'llm',
    {
      'LLMInferenceService chat': {
        metadata: { annotations: { 'serving.kserve.io/stop': 'true' } },
        status: { workloads: null, router: null, url: null },
        conditions: {
          Ready: no('Stopped'),
          WorkloadsReady: no('Stopped'),
          MainWorkloadReady: no('Stopped'),
          RouterReady: no('Stopped'),
        },
      },
      'Deployment chat-kserve': null,
      'Deployment chat-kserve-prefill': null,
      'Pod chat-kserve-abc': null,
      'Pod chat-kserve-router-scheduler-abc': null,
    },
  ],
  [
    'LLM: over several nodes, where only the status counts replicas',
    'llm',
    {
      'LLMInferenceService chat': {
        spec: { worker: {} },
        status: { workloads: { primary: { kind: 'LeaderWorkerSet', readyReplicas: 1 } } },
        conditions: { MainWorkloadReady: null, WorkerWorkloadReady: no('GroupsProgressing') },
      },
      'Deployment chat-kserve': null,
    },
  ],
  ['Graph without a status', 'graph', graph({ status: null })],
  ['Graph whose router has no replica, though Ready is True', 'graph', { 'Deployment flow': replicas(0, 1) }],
  [
    'Graph with a hard step that is down',
    'graph',
    {
      'InferenceService base': {
        conditions: { Ready: no(), PredictorReady: no() },
        status: { modelStatus: { copies: { totalCopies: 0 } } },
      },
    },
  ],
  [
    'Graph with one way of a splitter down',
    'graph',
    {
      'InferenceService b': {
        conditions: { Ready: no(), PredictorReady: no() },
        status: { modelStatus: { copies: { totalCopies: 0 } } },
      },
    },
  ],
  ['Graph with a step that nobody deployed', 'graph', { 'InferenceService a': null }],
  [
    'Graph with a hard step into a node all of whose ways are down',
    'graph',
    {
      'InferenceGraph flow': {
        spec: {
          nodes: {
            root: {
              steps: [
                { name: 'then', nodeName: 'split', dependency: 'Hard' },
                { name: 'notify', serviceUrl: 'http://hook.example.com' },
              ],
            },
          },
        },
      },
      'InferenceService a': null,
      'InferenceService b': null,
    },
  ],
  [
    'Graph that was stopped',
    'graph',
    graph({
      metadata: { annotations: { 'serving.kserve.io/stop': 'true' } },
      conditions: { Ready: no('Stopped'), Stopped: yes() },
    }),
  ],
  ['Graph with a router of a newer KServe', 'graph', graph({ spec: { nodes: { split: { routerType: 'Bandit' } } } })],
  [
    'TrainedModel without memory',
    'graph',
    {
      'TrainedModel tree': {
        conditions: {
          Ready: no('MemoryResourceNotAvailable'),
          MemoryResourceAvailable: no('MemoryResourceNotAvailable', 'not enough memory'),
        },
      },
    },
  ],
  ['TrainedModel whose service is gone', 'graph', { 'InferenceService base': null }],
];
