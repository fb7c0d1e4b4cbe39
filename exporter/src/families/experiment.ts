import { METRICS } from '@modelwatch/contract';
import type { ExperimentView } from '../domain/views';
import { entityRows, identity } from './entity';
import type { Row } from './row';
import { row } from './text';

const id = (view: ExperimentView) => identity('experiment', view);

export const experimentRows: readonly Row<ExperimentView>[] = [
  row(METRICS.experimentInfo, (view: ExperimentView) => [
    { labels: { ...id(view), platform: view.platform, resource_kind: view.resourceKind }, value: 1 },
  ]),
  ...entityRows<'experiment', ExperimentView>('experiment', {
    serving: METRICS.experimentServing,
    servingReason: METRICS.experimentServingReason,
    condition: METRICS.experimentCondition,
    created: METRICS.experimentCreated,
    lastTransition: METRICS.experimentLastTransition,
  }),
  row(METRICS.experimentCandidateRatio, (view: ExperimentView) =>
    view.candidates.map(({ name, ratio }) => ({ labels: { ...id(view), candidate: name }, value: ratio }))
  ),
  row(METRICS.experimentMirrorRatio, (view: ExperimentView) =>
    view.mirror ? [{ labels: { ...id(view), candidate: view.mirror.name }, value: view.mirror.ratio }] : []
  ),
  row(METRICS.experimentCandidate, (view: ExperimentView) => [
    ...view.candidates.map(({ name, isDefault }) => ({
      labels: { ...id(view), candidate: name, role: isDefault ? 'default' : 'candidate' },
      value: 1,
    })),
    ...(view.mirror ? [{ labels: { ...id(view), candidate: view.mirror.name, role: 'mirror' }, value: 1 }] : []),
  ]),
];
