/** Counters that a server does not have, made of those that it has: they never fall but for a restart. */
import { INFERENCE_HISTOGRAMS, METRICS, type DifferenceTranslation } from '@modelwatch/contract';
import { ON_REPLICA } from '../promql';
import type { RecordingRule } from '../types';
import { named, ofModels, rawSelector, type Source } from './expressions';

const BY = `sum by (${ON_REPLICA}, server_model, version)`;

/** The highest so far of the difference; with requests in flight of what two evaluations in a row saw. */
export function differenceRules(
  source: Source,
  difference: DifferenceTranslation,
  intervalSeconds: number
): RecordingRule[] {
  const { to } = difference;
  const labels = 'requests' in to ? { outcome: to.requests } : undefined;
  const record = 'requests' in to ? METRICS.inferenceRequests.name : `${INFERENCE_HISTOGRAMS[to.histogram].name}_count`;
  const whose = `modelwatch_server="${source.kind}"`;
  const own = labels ? `outcome="${labels.outcome}", ${whose}` : whose;
  const window = `${2 * intervalSeconds}s`;
  const at = (offset: string) => ofModels(ahead(source, difference, offset), 'sum');
  const now = at('');
  const before = at(` offset ${intervalSeconds}s`);
  const seen = difference.inFlight ? `(\n${now}\n<=\n${before}\nor\n${before}\n<\n${now}\n)` : `(\n${now}\n)`;
  const restarted = ofModels(`${BY} (${resets(source, difference, window)})`, 'sum');
  const last = `sum without (outcome, modelwatch_server) (${record}{${own}} unless on (cluster, namespace, model, replica, version) (${restarted} > 0))`;
  const expr = `${last}\n>=\n${seen}\nor\n${seen}`;
  if ('requests' in to) return [{ record, expr, labels: { outcome: to.requests } }];
  return [
    { record, expr },
    {
      record: record.replace(/_count$/, '_bucket'),
      expr: `sum without (modelwatch_server) (${record}{${own}})`,
      labels: { le: '+Inf' },
    },
  ];
}

function resets(source: Source, { of, less }: DifferenceTranslation, window: string): string {
  return named(
    source,
    [...of, ...less]
      .map(
        (name, at) =>
          `label_replace(resets(${rawSelector(source, [name])}[${window}]), "modelwatch_term", "${at}", "", "")`
      )
      .join(' or ')
  );
}

/** By how much the counters `of` are ahead; none of `less` on the page: by all. */
function ahead(source: Source, { of, less }: DifferenceTranslation, offset: string): string {
  const side = (names: readonly string[]) => `${BY} (${named(source, rawSelector(source, names) + offset)})`;
  return `clamp_min(${side(of)} - (${side(less)} or ${side(of)} * 0), 0)`;
}
