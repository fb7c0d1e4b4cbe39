/** What we ship for Elasticsearch is JSON, belongs together, and names fields that the event log writes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '../../exporter/src/config/schema';
import { ecsDocument } from '../../exporter/src/log/events/ecs';

const FOLDER = join(__dirname, '..', '..', 'provisioning', 'elasticsearch');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
interface Mapping {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Mapping>>;
}
const template = JSON.parse(read('index-template.json')) as {
  index_patterns: string[];
  template: { settings: Record<string, unknown>; mappings: Mapping };
};

const DOCUMENT = ecsDocument(
  {
    ...{ kind: 'health', type: 'change', action: 'health-changed', atSeconds: 0, identity: [], text: 'x' },
    ...{ cluster: 'c', namespace: 'n', model: 'm', subject: 's', from: 'a', to: 'b', outcome: 'success', reason: 'r' },
    labels: { a: 'b' },
  },
  'id',
  0,
  { version: '1', host: 'h' }
);

function mapped(mapping: Mapping | undefined, path: readonly string[]): Mapping | undefined {
  return path.reduce<Mapping | undefined>((at, part) => at?.properties?.[part], mapping);
}

function leaves(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return value === undefined ? [] : [[...path]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

describe('provisioning/elasticsearch', () => {
  it('maps every field that each event has', () => {
    const paths = leaves(DOCUMENT).filter(([first]) => first !== 'labels');
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths)
      expect([path.join('.'), mapped(template.template.mappings, path)?.type]).not.toContain(undefined);
  });

  it('is for the indices that the exporter writes to unless told otherwise', () => {
    const { elasticsearch } = configSchema.parse({
      eventLog: { elasticsearch: [{ name: 'x', url: 'http://x', queueDirectory: 'q' }] },
    }).eventLog;
    const pattern = new RegExp(`^${template.index_patterns[0]?.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
    expect(elasticsearch[0]?.index).toMatch(pattern);
    expect(elasticsearch[0]?.predictionIndex).toMatch(pattern);
    expect(read('README.md')).toContain(`_ilm/policy/${String(template.template.settings['index.lifecycle.name'])}`);
  });

  it('keeps logs for longer than six months', () => {
    const { policy } = JSON.parse(read('lifecycle-policy.json')) as {
      policy: { phases: Record<string, { min_age: string }> };
    };
    expect(parseInt(policy.phases['delete']?.min_age ?? '')).toBeGreaterThan(184);
    expect(read('opensearch-ism-policy.json')).toContain(`"min_rollover_age": "${policy.phases['delete']?.min_age}"`);
    expect(JSON.parse(read('opensearch-ism-policy.json'))).toBeDefined();
  });

  it('has a view of columns that there are', () => {
    const [view, search] = read('kibana.ndjson')
      .trimEnd()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            id: string;
            attributes: { columns?: string[]; title: string };
            references: { id: string }[];
          }
      );
    expect(view?.attributes.title).toBe('logs-modelwatch.audit-*');
    expect(search?.references.map(({ id }) => id)).toEqual([view?.id]);
    for (const column of search?.attributes.columns ?? []) {
      expect([column, mapped(template.template.mappings, column.split('.'))?.type]).not.toContain(undefined);
    }
  });
});
