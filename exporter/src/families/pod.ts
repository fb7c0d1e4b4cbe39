import { METRICS } from '@modelwatch/contract';
import type { PodView } from '../domain/workload-views';
import type { Row } from './row';
import { known, row } from './text';

const id = ({ namespace, server, pod }: PodView) => ({ namespace, server, pod });

function containers(view: PodView) {
  return view.containers.map((state) => ({ ...state, labels: { ...id(view), container_name: state.name } }));
}

export const podRows: readonly Row<PodView>[] = [
  row(METRICS.podInfo, (view: PodView) => [
    { labels: { ...id(view), node: view.node ?? '', uid: view.uid }, value: 1 },
  ]),
  row(METRICS.podPhase, (view: PodView) =>
    view.phase === undefined ? [] : [{ labels: { ...id(view), phase: view.phase }, value: 1 }]
  ),
  row(METRICS.podReady, (view: PodView) => [{ labels: id(view), value: Number(view.ready) }]),
  row(METRICS.podScheduled, (view: PodView) => [{ labels: id(view), value: Number(view.scheduled) }]),
  row(METRICS.podStart, (view: PodView) => known(id(view), view.startedSeconds)),
  row(METRICS.podRestarts, (view: PodView) =>
    containers(view).map(({ labels, restarts }) => ({ labels, value: restarts }))
  ),
  row(METRICS.podWaitingReason, (view: PodView) =>
    containers(view).flatMap(({ labels, waitingReason: reason }) =>
      reason === undefined ? [] : [{ labels: { ...labels, reason }, value: 1 }]
    )
  ),
  row(METRICS.podLastTerminationReason, (view: PodView) =>
    containers(view).flatMap(({ labels, lastTerminatedReason: reason }) =>
      reason === undefined ? [] : [{ labels: { ...labels, reason }, value: 1 }]
    )
  ),
  row(METRICS.podLastTerminationExitCode, (view: PodView) =>
    containers(view).flatMap(({ labels, lastExitCode }) => known(labels, lastExitCode))
  ),
];
