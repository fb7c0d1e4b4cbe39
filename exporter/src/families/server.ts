import { METRICS } from '@modelwatch/contract';
import type { ServerView } from '../domain/views';
import { entityRows, identity } from './entity';
import { serverWorkloadRows } from './server-workload';
import { shownRows } from './shown';
import { unavailable } from './workload';
import type { Row } from './row';
import { known, row } from './text';

const id = (view: ServerView) => identity('server', view);

export const serverRows: readonly Row<ServerView>[] = [
  row(METRICS.serverInfo, (view: ServerView) => [
    {
      labels: {
        ...id(view),
        platform: view.platform,
        runtime: view.runtime ?? '',
        server_type: view.serverType ?? 'other',
      },
      value: 1,
    },
  ]),
  ...entityRows<'server', ServerView>('server', {
    serving: METRICS.serverServing,
    servingReason: METRICS.serverServingReason,
    condition: METRICS.serverCondition,
    created: METRICS.serverCreated,
    lastTransition: METRICS.serverLastTransition,
  }),
  row(METRICS.serverReplicasDesired, (view: ServerView) => known(id(view), view.replicas.desired)),
  row(METRICS.serverReplicasAvailable, (view: ServerView) => known(id(view), view.replicas.available)),
  row(METRICS.serverReplicasUpdated, (view: ServerView) => known(id(view), view.replicas.updated)),
  row(METRICS.serverReplicasUnavailable, (view: ServerView) => known(id(view), unavailable(view.replicas))),
  row(METRICS.serverReplicasConnected, (view: ServerView) => known(id(view), view.connectedReplicas)),
  row(METRICS.serverLoadedModels, (view: ServerView) => known(id(view), view.loadedModels)),
  row(METRICS.serverMemoryCapacityBytes, (view: ServerView) => known(id(view), view.memoryCapacityBytes)),
  row(METRICS.serverMemoryDeclaredBytes, (view: ServerView) => known(id(view), view.memoryDeclaredBytes)),
  row(METRICS.serverOvercommitRatio, (view: ServerView) => known(id(view), view.overcommitRatio)),
  row(METRICS.serverCapability, (view: ServerView) =>
    [...new Set(view.capabilities)].map((capability) => ({ labels: { ...id(view), capability }, value: 1 }))
  ),
  row(METRICS.serverReplicasMin, (view: ServerView) => known(id(view), view.replicas.min)),
  row(METRICS.serverReplicasMax, (view: ServerView) => known(id(view), view.replicas.max)),
  row(METRICS.serverImageOverride, (view: ServerView) =>
    (view.imageOverrides ?? []).map(({ part, image }) => ({ labels: { ...id(view), part, image }, value: 1 }))
  ),
  ...shownRows('server', { labels: METRICS.serverLabels, annotations: METRICS.serverAnnotations }),
  ...serverWorkloadRows,
];
