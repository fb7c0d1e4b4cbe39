/** States of LLMInferenceServices that KServe's controllers can write, each as a change of a base object. What comes of each is in states.txt. */
import { no, replicas, yes, type Patch, type State } from './kserve.patch.fixture';

const llm = (change: Patch[string]): Patch => ({ 'LLMInferenceService chat': change });

export const LLM_STATES: readonly State[] = [
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
];
