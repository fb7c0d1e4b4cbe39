/**
 * The query that a rule can be made of, last and hidden, in each panel of our data source: Grafana's "New alert rule" takes
 * of a panel what its server can ask, and makes a condition of the last of these.
 */
import { DATASOURCE_PLUGIN_ID, isObject } from '@modelwatch/contract';
import { alertableOf } from '../../datasource-plugin/src/query/alertable';
import { decodeQuery } from '../../datasource-plugin/src/query/decode';
import { NO_FILTERS, type ResolvedFilters } from '../../datasource-plugin/src/query/filters';
import { MIXED, prometheus, refIdOf } from './parts';
import type { Panel, Target } from './types';

/** Filters that no rule knows; a variable with "All" in them is taken at that. */
const PARTS: readonly string[] = ['version', 'age', 'segment', 'segment_value'];

function filtersOf({ filters }: Target, many: ReadonlySet<string>): ResolvedFilters {
  const isAll = (value: unknown) => typeof value === 'string' && many.has(value.slice(1));
  const given = Object.entries(isObject(filters) ? filters : {}).filter(
    ([field, values]) => !(PARTS.includes(field) && Array.isArray(values) && values.every(isAll))
  );
  return { ...NO_FILTERS, ...Object.fromEntries(given) };
}

/** A variable, alone or as the name of either a model or a pipeline, where it is no text to be escaped. */
const EQUALS = /="\$(\w+)"/g;
const EITHER = /=~"\|\\\\\$(\w+)"/g;

/** @param many variables of the dashboard with several values, which take a regular expression */
function exprOf(targets: readonly Target[], many: ReadonlySet<string>): string | undefined {
  for (const target of targets) {
    const found = alertableOf(decodeQuery(target), filtersOf(target, many));
    if ('whyNot' in found) continue;
    return found.condition.expr
      .replace(EQUALS, (equals, name: string) => (many.has(name) ? `=~"$${name}"` : equals))
      .replace(EITHER, '=~`|$${$1:regex}`');
  }
  return undefined;
}

/** Rows hold panels of their own. */
export function withAlertable(panel: Panel, many: ReadonlySet<string>): Panel {
  const { targets = [], panels } = panel as Partial<Panel> & { readonly panels?: readonly Panel[] };
  if (panels) return { ...panel, panels: panels.map((one) => withAlertable(one, many)) };
  const isOurs = targets.length > 0 && targets.every(({ datasource }) => datasource.type === DATASOURCE_PLUGIN_ID);
  const expr = isOurs ? exprOf(targets, many) : undefined;
  if (expr === undefined) return panel;
  const alertable: Target = {
    refId: refIdOf(targets.length),
    datasource: prometheus('plugins'),
    ...{ expr, legendFormat: '', instant: true, range: false, editorMode: 'code', hide: true },
  };
  return { ...panel, datasource: MIXED, targets: [...targets, alertable] };
}
