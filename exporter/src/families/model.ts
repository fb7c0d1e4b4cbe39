import { METRICS } from '@modelwatch/contract';
import type { ModelView } from '../domain/views';
import { entityRows, identity } from './entity';
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
      },
      value: 1,
    },
  ]),
  ...entityRows<'model', ModelView>('model', {
    serving: METRICS.modelServing,
    servingReason: METRICS.modelServingReason,
    lastObserved: METRICS.modelLastObserved,
    condition: METRICS.modelCondition,
    created: METRICS.modelCreated,
    lastTransition: METRICS.modelLastTransition,
  }),
  row(METRICS.modelReplicasDesired, (view: ModelView) => known(id(view), view.replicas.desired)),
  row(METRICS.modelReplicasAvailable, (view: ModelView) => known(id(view), view.replicas.available)),
  row(METRICS.modelTrafficRatio, (view: ModelView) =>
    view.traffic.map(({ candidate, ratio }) => ({ labels: { ...id(view), candidate }, value: ratio }))
  ),
  row(METRICS.modelPodInfo, (view: ModelView) =>
    view.pods.map(({ pod, node, server }) => ({ labels: { ...id(view), pod, node: node ?? '', server }, value: 1 }))
  ),
];
