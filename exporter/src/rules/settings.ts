/** Settings of models, each once however many exporters say them. */
import type { MetricFamily, RecordedSeries } from '@modelwatch/contract';
import { ID, UNLESS_TOLD } from './promql';

/** Of models of which no exporter has `settings`, and none can tell that they were taken away. */
export function unwatched(series: string, settings: MetricFamily): string {
  return `((${series} unless on (${ID}) ${settings.name}) ${UNLESS_TOLD})`;
}

/**
 * One series per model even while two exporters disagree (a rollout of settings). The choice sticks: what was chosen
 * before weighs 2, anything else 1.
 */
export function chosenSettings(settings: MetricFamily, recorded: RecordedSeries): string {
  const all = recorded.labels.join(', ');
  const told = `group by (${all}) (${settings.name})`;
  return `group by (${all}) (topk by (${ID}) (1,
  (${told} + on (${all}) group by (${all}) (${recorded.name}))
  or on (${all})
  ${told}
))
or
${unwatched(recorded.name, settings)}`;
}
