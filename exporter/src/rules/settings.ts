/** Settings of models, each once however many exporters say them. */
import type { MetricFamily, RecordedSeries } from '@modelwatch/contract';
import { ID, UNLESS_TOLD } from './promql';

/** Of models of which no exporter has `settings`, and none can tell that they were taken away. */
export function unwatched(series: string, settings: MetricFamily, by = ID): string {
  return `((${series} unless on (${by}) ${settings.name}) ${UNLESS_TOLD})`;
}

/**
 * One series per model, or whatever `by` identifies, even while two exporters disagree (a rollout of settings). The choice sticks: what was chosen
 * before weighs 2, anything else 1.
 */
export function chosenSettings(settings: MetricFamily, recorded: RecordedSeries, by = ID): string {
  const all = recorded.labels.join(', ');
  const told = `group by (${all}) (${settings.name})`;
  return `group by (${all}) (topk by (${by}) (1,
  (${told} + on (${all}) group by (${all}) (${recorded.name}))
  or on (${all})
  ${told}
))
or
${unwatched(recorded.name, settings, by)}`;
}
