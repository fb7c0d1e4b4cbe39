/** What Kubernetes knows of the pods behind a server. */
import { METRICS, POD_PHASES } from '@modelwatch/contract';
import type { ServerView } from '../domain/views';
import { identity } from './entity';
import type { Row } from './row';
import { known, row } from './text';
import { autoscalerRows, boundRows } from './workload';

const id = (view: ServerView) => identity('server', view);

export const serverWorkloadRows: readonly Row<ServerView>[] = [
  row(METRICS.serverRolloutRatio, (view: ServerView) => known(id(view), view.workload?.rollout?.updatedRatio)),
  row(METRICS.serverRolloutStart, (view: ServerView) => known(id(view), view.workload?.rollout?.startedSeconds)),
  row(METRICS.serverRolloutPaused, (view: ServerView) => {
    const paused = view.workload?.rollout?.paused;
    return known(id(view), paused === undefined ? undefined : Number(paused));
  }),
  row(METRICS.serverWorkloadGeneration, (view: ServerView) =>
    controllers(view).flatMap(({ labels, generation }) => known(labels, generation))
  ),
  row(METRICS.serverWorkloadObservedGeneration, (view: ServerView) =>
    controllers(view).flatMap(({ labels, observedGeneration }) => known(labels, observedGeneration))
  ),
  row(METRICS.serverImage, (view: ServerView) =>
    (view.workload?.images ?? []).map(({ container, image }) => ({
      labels: { ...id(view), container_name: container, image },
      value: 1,
    }))
  ),
  row(METRICS.serverImageDigest, (view: ServerView) =>
    (view.workload?.digests ?? []).map(({ container, image, digest }) => ({
      labels: { ...id(view), container_name: container, image, digest },
      value: 1,
    }))
  ),
  row(METRICS.serverPods, (view: ServerView) => {
    const phases = view.workload?.phases;
    return phases ? POD_PHASES.map((phase) => ({ labels: { ...id(view), phase }, value: phases[phase] ?? 0 })) : [];
  }),
  row(METRICS.serverOomKills, (view: ServerView) => known(id(view), view.workload?.oomKills)),
  row(METRICS.serverEvictions, (view: ServerView) => known(id(view), view.workload?.evictions)),
  ...boundRows(
    {
      cpuRequested: METRICS.serverCpuRequested,
      memoryRequested: METRICS.serverMemoryRequested,
      gpusRequested: METRICS.serverGpusRequested,
      cpuLimit: METRICS.serverCpuLimit,
      memoryLimit: METRICS.serverMemoryLimit,
    },
    id,
    (view: ServerView) => view.workload
  ),
  ...autoscalerRows(
    {
      min: METRICS.serverAutoscalerReplicasMin,
      max: METRICS.serverAutoscalerReplicasMax,
      current: METRICS.serverAutoscalerReplicasCurrent,
      desired: METRICS.serverAutoscalerReplicasDesired,
      limited: METRICS.serverAutoscalerLimited,
      able: METRICS.serverAutoscalerAble,
      active: METRICS.serverAutoscalerActive,
      loadRatio: METRICS.serverAutoscalerLoadRatio,
    },
    id,
    (view: ServerView) => view.workload?.autoscaler
  ),
];

function controllers(view: ServerView) {
  return (view.workload?.controllers ?? []).map(({ kind, name, ...generations }) => ({
    labels: { ...id(view), workload_kind: kind, workload: name },
    ...generations,
  }));
}
