/** References and settings as the exporter would take them in, without asking anybody: files are read, addresses are not. */
import { explorationLimits } from '../config/exploration';
import type { Config } from '../config/schema';
import { seriesOf } from '../domain/events/budget';
import { monitoringOf, type Monitoring } from '../domain/events/monitoring-book';
import { firstEntry, monitoringInput } from '../monitoring';
import { readEntry, withProblem } from '../monitoring-entry';
import { readText } from '../sources/references/files';

export interface MonitoringCheck {
  /** What is in order, a line for each reference. */
  readonly lines: readonly string[];
  readonly problems: readonly string[];
}

export function checkMonitoring({ monitoring, events }: Config): MonitoringCheck {
  const entries = monitoring.references.map((one) => {
    const entry = firstEntry(one);
    if (one.file === undefined) return entry;
    const found = readText(one.file);
    return 'text' in found ? readEntry(entry, found.text, 0) : withProblem(entry, found.problem);
  });
  const limits = {
    seriesPerModel: events.maxSeriesPerModel,
    joins: events.joins.directory !== undefined,
    exploration: explorationLimits(events.exploration),
  };
  const told = monitoringOf(monitoringInput(monitoring, limits, entries));
  return {
    lines: [...linesOf(told, events.maxSeriesPerModel)],
    problems: told.problems.map(({ place, text }) => `${place}: ${text}`),
  };
}

function* linesOf({ references, models }: Monitoring, budget: number): Generator<string> {
  for (const { place, source, loaded, inForce, namespace, model, version } of references) {
    if (source === 'urls') yield `${place}: not asked here`;
    const settings = models.get(`${namespace}/${model}`)?.settings;
    if (!loaded || !inForce || !settings) continue;
    const { id, rows, features } = loaded.reference;
    const of = `${namespace}/${model}${version === undefined ? '' : ` ${version}`}`;
    const series = `${english(seriesOf(loaded.reference, settings))} of ${english(budget)} series`;
    yield `${place}: reference ${id} of ${of}, ${english(rows)} rows, ${features.length} features, ${series}`;
  }
}

function english(value: number): string {
  return value.toLocaleString('en-US');
}
