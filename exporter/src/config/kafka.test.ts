import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { kafkaSchema } from './kafka';
import { configSchema } from './schema';

const DOC = readFileSync(join(__dirname, '../../../docs/ingest.md'), 'utf8');
const example = /```yaml\n(events:\n {2}kafka:\n[\s\S]*?)```/.exec(DOC)?.[1] ?? '';

const cluster = (change: Record<string, unknown> = {}) => ({
  name: 'main',
  brokers: ['kafka:9092'],
  topics: [{ topic: 'predictions' }],
  ...change,
});
const topic = (change: Record<string, unknown>) => cluster({ topics: [{ topic: 'predictions', ...change }] });

/** Path and message of what is refused. */
function refused(...clusters: unknown[]): string[] {
  return (kafkaSchema.safeParse(clusters).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`
  );
}

describe('events.kafka', () => {
  it('is as the documentation shows it', () => {
    const { events } = configSchema.parse(parse(example));
    expect(events.kafka[0]?.topics.map(({ format }) => format)).toEqual(['json', 'seldon']);
    expect(events.kafka[0]).toMatchObject({ groupId: 'modelwatch', startFrom: 'latest', deadLetterBytes: 10_485_760 });
  });

  it('has the defaults that the documentation tells', () => {
    const { brokers: _brokers, name: _name, topics: _topics, ...defaults } = kafkaSchema.parse([cluster()])[0] ?? {};
    for (const [key, value] of Object.entries(defaults)) expect(DOC).toContain(`| \`${key}\` | \`${String(value)}\` |`);
  });

  it.each([
    ['a password in the open', cluster({ sasl: { mechanism: 'PLAIN', username: 'me', passwordFile: 'p' } }), 'sasl'],
    ['requests without responses', topic({ format: 'inference', model: 'risk' }), 'responseTopic'],
    ['responses of another format', topic({ responseTopic: 'answers' }), 'responseTopic'],
    ['halves of nobody', topic({ format: 'inference', responseTopic: 'answers' }), 'model'],
    ['halves of anything', topic({ format: 'inference', topic: 'a*', responseTopic: 'b', model: 'c' }), 'topic'],
    ['a name that Seldon has not', topic({ format: 'seldon' }), 'topic'],
    ['a broker without a port', cluster({ brokers: ['kafka'] }), 'brokers'],
    ['a secret in the configuration', cluster({ sasl: { mechanism: 'PLAIN', username: 'me', password: 'p' } }), 'sasl'],
  ])('refuses %s', (_, given, key) => {
    expect(refused(given).filter((each) => each.includes(key))).not.toEqual([]);
  });

  it('refuses two clusters with one name', () => {
    expect(refused(cluster(), cluster())).toEqual(['1.name: a name that no other cluster has']);
  });
});
