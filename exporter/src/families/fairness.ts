/** What is set of the fairness of a model. */
import { DRIFT_LEVELS, METRICS, type FairnessMetric } from '@modelwatch/contract';
import type { ModelEvents } from '../domain/events/model-events';
import type { FairnessLimits } from '../domain/fairness/settings';
import type { Row } from './row';
import { known, row } from './text';

type Limit = NonNullable<FairnessLimits[FairnessMetric]>;

const id = ({ namespace, model }: ModelEvents) => ({ namespace, model });

export const fairnessSettingRows: readonly Row<ModelEvents>[] = [
  row(METRICS.fairnessSettings, (model: ModelEvents) => {
    const { attributes = [], favourableClass = '', window = '' } = model.fairness ?? {};
    return attributes.map(({ column, referenceGroup }) => ({
      labels: {
        ...{ ...id(model), segment: column, favourable_class: favourableClass },
        ...{ reference_group: referenceGroup, window },
      },
      value: 1,
    }));
  }),
  row(METRICS.fairnessLimit, (model: ModelEvents) =>
    (Object.entries(model.fairness?.limits ?? {}) as [FairnessMetric, Limit][]).flatMap(([metric, limit]) =>
      DRIFT_LEVELS.map((level) => ({ labels: { ...id(model), metric, level }, value: limit[level] }))
    )
  ),
  row(METRICS.fairnessRowsNeeded, (model: ModelEvents) => known(id(model), model.fairness?.rowsNeeded)),
];
