/** The queries of our data source in the dashboards that we ship are ones that it can read, and reads as they are meant. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATASOURCE_PLUGIN_ID, isObject } from '@modelwatch/contract';
import { decodeQuery, decodeVariableQuery } from '../../datasource-plugin/src/query/decode';

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
