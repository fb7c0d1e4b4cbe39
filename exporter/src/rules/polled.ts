/** Request metrics that the exporter polled and translated. */
import { METRICS } from '@modelwatch/contract';
import { labelsOf, REPLICA, selector, WINDOW, type Measures } from './measures';
import { ID } from './promql';

export const POLLED: Measures = {
  rate: (counted) => {
    const { family, part, window = WINDOW } = counted;
    const sample = `${family.name}${part === undefined ? '' : `_${part}`}${selector(counted)}`;
    return `max by (${[REPLICA, ...labelsOf(counted)].join(', ')}) (rate(${sample}[${window}]))`;
  },
  value: (family) => `max by (${REPLICA}) (${family.name})`,
  present: (window) =>
    `group by (${ID}, replica) (
  present_over_time(${METRICS.inferenceRequests.name}[${window}])
  or present_over_time(${METRICS.endpointModelReady.name}[${window}])
)`,
};
