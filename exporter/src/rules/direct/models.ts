/** Which model a server's own series are of. */
import { METRICS } from '@modelwatch/contract';
import { ON_REPLICA } from '../promql';
import type { RecordingRule } from '../types';
import { copied, named, rawSelector, SERVER_MODEL, type Source } from './expressions';
import type { Output } from './terms';

/** A failed probe says nothing of models; counters would have a hole for it. */
const KNOWN = `group by (${ON_REPLICA}, model) (present_over_time(${METRICS.endpointModelReady.name}[10m]))`;
const ONLY = `(${KNOWN} and on (${ON_REPLICA}) (count by (${ON_REPLICA}) (${KNOWN}) == 1))`;
const LAST_SEGMENT = '(?:.*/)?([^/]+)/*';

/**
 * Names that are a model of the replica; series without a name, and the only name of a replica where none is known, are
 * of its only model. None where an exporter polls the replica: its series name no kind of server.
 */
export function serverModelRule(source: Source, outputs: readonly Output[], samples: readonly string[]): RecordingRule {
  const { table } = source;
  const byName = `group by (${ON_REPLICA}, server_model)`;
  const names = (presence: string) =>
    `${byName} (${named(
      source,
      rawSelector(
        source,
        samples,
        table.modelLabels.map((label) => `${label}${presence}`)
      )
    )})`;
  const own = [...new Set(outputs.map(({ record }) => record))];
  const polled = `{__name__=~"${own.join('|')}", modelwatch_server=""}`;
  return {
    record: SERVER_MODEL,
    expr: `(\n${mapping(table.modelLabels.length > 0, names, table.modelNames)}\n)
unless on (${ON_REPLICA}) ${polled}`,
  };
}

function mapping(hasNames: boolean, names: (presence: string) => string, modelNames: 'path' | undefined): string {
  if (!hasNames) return `${names('')} * on (${ON_REPLICA}) group_left (model) ${ONLY}`;
  const all = names('!=""');
  const model = copied(all, 'model', 'server_model', modelNames === 'path' ? LAST_SEGMENT : '(.*)');
  const fitting = `(${model} and on (${ON_REPLICA}, model) ${KNOWN})`;
  const single = `((${all} unless on (${ON_REPLICA}) ${fitting}) and on (${ON_REPLICA}) (count by (${ON_REPLICA}) (${all}) == 1))`;
  return `${fitting}
or
(${names('=""')} or ${single}) * on (${ON_REPLICA}) group_left (model) ${ONLY}`;
}
