import { METRICS } from '@modelwatch/contract';
import type { ModelSpecView, ModelView } from '../domain/views';
import { entityRows, identity } from './entity';
import { shownRows } from './shown';
import { autoscalerRows, boundRows, unavailable } from './workload';
import type { Row } from './row';
import { known, row } from './text';

const id = (view: ModelView) => identity('model', view);

export const modelRows: readonly Row<ModelView>[] = [
  row(METRICS.modelInfo, (view: ModelView) => [
    {
      labels: {
        ...id(view),
        platform: view.platform,
        server: view.server ?? '',
        runtime: view.runtime ?? '',
        version: view.version ?? '',
        owner: view.owner ?? '',
        importance: view.importance ?? '',
      },
      value: 1,
    },
  ]),
  ...entityRows<'model', ModelView>('model', {
    serving: METRICS.modelServing,
    servingReason: METRICS.modelServingReason,
    condition: METRICS.modelCondition,
    created: METRICS.modelCreated,
    lastTransition: METRICS.modelLastTransition,
  }),
  row(METRICS.modelReplicasDesired, (view: ModelView) => known(id(view), view.replicas.desired)),
  row(METRICS.modelReplicasAvailable, (view: ModelView) => known(id(view), view.replicas.available)),
  row(METRICS.modelReplicasMin, (view: ModelView) => known(id(view), view.replicas.min)),
  row(METRICS.modelReplicasMax, (view: ModelView) => known(id(view), view.replicas.max)),
  row(METRICS.modelReplicasUpdated, (view: ModelView) => known(id(view), view.replicas.updated)),
  row(METRICS.modelReplicasUnavailable, (view: ModelView) => known(id(view), unavailable(view.replicas))),
  row(METRICS.modelTrafficRatio, (view: ModelView) =>
    view.traffic.map(({ candidate, ratio }) => ({ labels: { ...id(view), candidate }, value: ratio }))
  ),
  row(METRICS.modelPodInfo, (view: ModelView) =>
    view.pods.map(({ pod, node, server, component }) => ({
      labels: { ...id(view), pod, node: node ?? '', server, component },
      value: 1,
    }))
  ),
  row(METRICS.modelSpecInfo, (view: ModelView) =>
    view.spec ? [{ labels: specLabels(view, view.spec), value: 1 }] : []
  ),
  row(METRICS.modelStorage, (view: ModelView) =>
    view.storage ? [{ labels: { ...id(view), storage: view.storage.hash }, value: view.storage.generation }] : []
  ),
  row(METRICS.modelRequirement, (view: ModelView) =>
    (view.spec?.requirements ?? []).map((requirement) => ({ labels: { ...id(view), requirement }, value: 1 }))
  ),
  row(METRICS.modelDependency, (view: ModelView) =>
    (view.spec?.dependencies ?? []).map(({ role, kind, name }) => ({
      labels: { ...id(view), dependency: name, dependency_kind: kind, role },
      value: 1,
    }))
  ),
  row(METRICS.modelMemoryDeclared, (view: ModelView) => known(id(view), view.spec?.memoryBytes)),
  row(METRICS.modelMemoryReserved, (view: ModelView) => known(id(view), view.memoryReservedBytes)),
  row(METRICS.modelReplicaState, (view: ModelView) =>
    (view.places ?? []).map(({ server, replica, version, state }) => ({
      labels: { ...id(view), server, replica, version, state },
      value: 1,
    }))
  ),
  row(METRICS.modelReplicaLastTransition, (view: ModelView) =>
    (view.places ?? []).flatMap(({ server, replica, changedSeconds }) =>
      known({ ...id(view), server, replica }, changedSeconds)
    )
  ),
  ...shownRows('model', { labels: METRICS.modelLabels, annotations: METRICS.modelAnnotations }),
  ...boundRows(
    {
      cpuRequested: METRICS.modelCpuRequested,
      memoryRequested: METRICS.modelMemoryRequested,
      gpusRequested: METRICS.modelGpusRequested,
      cpuLimit: METRICS.modelCpuLimit,
      memoryLimit: METRICS.modelMemoryLimit,
    },
    id,
    (view: ModelView) => view.own
  ),
  ...autoscalerRows(
    {
      min: METRICS.modelAutoscalerReplicasMin,
      max: METRICS.modelAutoscalerReplicasMax,
      current: METRICS.modelAutoscalerReplicasCurrent,
      desired: METRICS.modelAutoscalerReplicasDesired,
      limited: METRICS.modelAutoscalerLimited,
      able: METRICS.modelAutoscalerAble,
      active: METRICS.modelAutoscalerActive,
      loadRatio: METRICS.modelAutoscalerLoadRatio,
    },
    id,
    (view: ModelView) => view.autoscaler
  ),
];

function specLabels(view: ModelView, spec: ModelSpecView) {
  return {
    ...id(view),
    purpose: spec.purpose,
    model_type: spec.modelType ?? '',
    artifact_version: spec.artifactVersion === undefined ? '' : String(spec.artifactVersion),
    storage_scheme: spec.storageScheme ?? '',
    pinned_server: spec.pinnedServer ?? '',
    preloaded: String(spec.preloaded),
    dedicated: String(spec.dedicated),
    logged: String(spec.logged),
  };
}
