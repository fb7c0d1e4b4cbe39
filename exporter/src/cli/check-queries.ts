/** Whether the PromQL of objectives finds anything: what is misspelled finds nothing, as what never happened does. */
import type { SloQuery } from '@modelwatch/contract';
import type { DeclaredSlo } from '../domain/slo/spec';
import { PrometheusError, type Query } from '../sources/prometheus/query';
import { prometheusWords } from './prometheus-words';

/** What an objective makes of a query without series. */
const WITHOUT_SERIES = {
  bad: 'nothing counts as bad until it does, and the objective is met for ever if it is misspelled',
  good: 'everything counts as bad',
  other: 'nothing is counted, and the objective has no data',
};

/** @param declared with a query @returns a line for each query that finds nothing, or that Prometheus does not take */
export async function checkQueries(
  declared: readonly DeclaredSlo[],
  query: Query,
  nowSeconds: number
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { spec, place } of declared) {
    for (const { name, promql, without } of spec.query ? partsOf(spec.query) : []) {
      const warn = (words: string) => lines.push(`${place}: ${spec.name}: warning: query ${name} ${words}`);
      try {
        const { samples, warnings } = await query(lately(promql), nowSeconds);
        if (samples.length > 0) continue;
        if (warnings.length > 0) warn(`finds no series, in a part of the data only: ${warnings.join('; ')}`);
        else warn(`finds no series, neither now nor on the last day: ${without}`);
      } catch (error) {
        if (!(error instanceof PrometheusError)) throw error;
        const isRefused = error.status === 400 || error.status === 422;
        if (!isRefused)
          return [...lines, `prometheus.url: ${prometheusWords(error)}: whether queries find series is not known`];
        warn(`is refused by Prometheus: ${error.message}`);
      }
    }
  }
  return lines;
}

function partsOf(query: SloQuery) {
  if ('total' in query) {
    return [
      { name: query.kind, promql: query.events, without: WITHOUT_SERIES[query.kind] },
      { name: 'total', promql: query.total, without: WITHOUT_SERIES.other },
    ];
  }
  return [{ name: query.kind, promql: 'ratio' in query ? query.ratio : query.value, without: WITHOUT_SERIES.other }];
}

/** On lines of its own a query may end in a comment. */
function lately(promql: string): string {
  return `count(\n${promql}\n) or count(count_over_time((\n${promql}\n)[1d:5m]))`;
}
