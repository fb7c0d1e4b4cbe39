/** What the other exporters of a cluster say of the fleet, in one place. */
import type { FleetState } from '../fleet/state';
import type { Pods } from '../servers/pods';
import type { ClusterExporter, KubernetesObject } from '../types';
import { cadvisorText } from './cadvisor';
import { containerUses, type ContainerUse } from './containers';
import { dcgmText } from './dcgm';
import { kubeStateText } from './kube-state-metrics';
import { nodeExporterText } from './node-exporter';

export interface Cluster {
  readonly list: (kind: 'Pod' | 'Node') => readonly KubernetesObject[];
  readonly pods: Pods;
  readonly state: FleetState;
  /** When its nodes were started, in milliseconds. */
  readonly bootMs: number;
}

export function clusterExporterText(
  { list, pods, state, bootMs }: Cluster,
  name: ClusterExporter,
  nowMs: number
): string {
  const uses: readonly ContainerUse[] = containerUses(list('Pod'), pods, state, nowMs);
  switch (name) {
    case 'kubelet':
      return cadvisorText(uses, nowMs);
    case 'kube-state-metrics':
      return kubeStateText(uses, list('Node'));
    case 'node-exporter':
      return nodeExporterText(uses, list('Node'), bootMs, nowMs);
    case 'dcgm-exporter':
      return dcgmText(uses);
  }
}
