/** The queries of our data source in the dashboards that we ship are ones that it can read, and reads as they are meant. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATASOURCE_PLUGIN_ID, isObject } from '@modelwatch/contract';
import { alertableOf } from '../../datasource-plugin/src/query/alertable';
import { decodeQuery, decodeVariableQuery } from '../../datasource-plugin/src/query/decode';
import { NO_FILTERS } from '../../datasource-plugin/src/query/filters';
import { inspect } from '../../datasource-plugin/src/testing/inspect';

const FOLDER = join(__dirname, '../../provisioning/grafana/dashboards');

/** Every object in a dashboard that is a query of ours, and what it is for. */
function queriesIn(node: unknown, path: string): Array<{ path: string; query: Record<string, unknown> }> {
  if (Array.isArray(node)) return node.flatMap((entry, index) => queriesIn(entry, `${path}[${index}]`));
  if (!isObject(node)) return [];
  const source = node['datasource'];
  const isOurs = isObject(source) && source['type'] === DATASOURCE_PLUGIN_ID;
  const own = isOurs && typeof node['refId'] === 'string' ? [{ path, query: node }] : [];
  // Variables and annotations have the data source beside their query.
  const nested = isOurs ? [node['query'], node['target']].filter(isObject) : [];
  return [
    ...own,
    ...nested.map((query) => ({ path: `${path} (query)`, query })),
    ...Object.entries(node).flatMap(([key, value]) => queriesIn(value, `${path}.${key}`)),
  ];
}

const FOUND = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => queriesIn(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')), name));

it('finds queries of the data source in each dashboard that has our panel', () => {
  expect(new Set(FOUND.map(({ path }) => path.split('.json')[0]))).toEqual(
    new Set([
      'fleet',
      'model',
      'drift',
      'challengers',
      'accuracy',
      'fairness',
      'custom-metrics',
      'generative',
      'slo-overview',
      'slo-detail',
      'alerts',
    ])
  );
});

it.each(FOUND)('$path can be read and loses nothing', ({ query }) => {
  const decoded = 'label' in query ? decodeVariableQuery(query) : decodeQuery(query);
  expect(decoded).toMatchObject(query);
});

interface PanelJson {
  readonly title: string;
  readonly panels?: readonly PanelJson[];
  readonly targets?: ReadonlyArray<{
    refId: string;
    expr?: string;
    hide?: boolean;
    filters?: object;
    datasource: { type: string };
  }>;
}
interface DashboardJson {
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: ReadonlyArray<{ readonly name: string }> };
}

/** Panels that ask something, those of rows included. */
function panelsOf({ panels = [] }: { readonly panels?: readonly PanelJson[] }): PanelJson[] {
  return panels.flatMap((panel) => [...(panel.targets?.length ? [panel] : []), ...panelsOf(panel)]);
}

/** Macros that Grafana's server fills in when it evaluates a rule. */
const OF_SERVER = ['__rate_interval', '__interval', '__range'];

/**
 * As Grafana's panel menu takes queries for "New alert rule": those whose data source its server can ask, variables filled
 * in, and the last one becomes the condition.
 */
describe.each(readdirSync(FOLDER).filter((name) => name.endsWith('.json')))('a new alert rule from %s', (name) => {
  const dashboard = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as DashboardJson;
  const known = [...dashboard.templating.list.map((variable) => variable.name), ...OF_SERVER];
  const panels = panelsOf(dashboard).map((panel) => [panel.title || 'the first panel', panel] as const);

  it.each(panels)('has its condition in the last query of %s, or nothing to alert on', (_, { targets = [] }) => {
    const alertable = targets.filter(({ datasource }) => datasource.type === 'prometheus');
    if (!alertable.length) {
      const found = targets.map((target) => alertableOf(decodeQuery(target), { ...NO_FILTERS, ...target.filters }));
      expect(found).toEqual(found.map(() => ({ whyNot: expect.any(String) as string })));
      return;
    }
    const last = targets.at(-1);
    expect(last?.datasource.type).toBe('prometheus');
    // What our data source shows would be drawn twice.
    expect(last?.hide ?? false).toBe(alertable.length < targets.length);
    const expr = last?.expr ?? '';
    const variables = [...expr.matchAll(/\$\{?([a-z_]\w*)/g)].map(([, variable]) => variable);
    expect(variables.filter((variable) => !known.includes(variable ?? ''))).toEqual([]);
    expect(inspect(expr.replace(/\$__\w+/g, '5m'))).toMatchObject({ errors: 0 });
    // A limit, or a line for the quiet times, is nothing to watch.
    expect(expr).not.toMatch(/^0 \*|^modelwatch:\w*(limit|threshold|needed|baseline)/);
  });
});
