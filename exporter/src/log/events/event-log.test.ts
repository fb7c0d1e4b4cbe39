import { decodeEventList } from '@modelwatch/contract';
import { createEventLog } from './event-log';
import type { Line, LoggedEvent } from './types';

const NOW = 1_800_000_000;

function logged(event: Partial<LoggedEvent> = {}): LoggedEvent {
  return {
    kind: 'health',
    type: 'change',
    action: 'health-changed',
    atSeconds: NOW - 10,
    identity: ['degraded', NOW - 10],
    cluster: 'eu',
    namespace: 'shop',
    model: 'fraud',
    from: 'healthy',
    to: 'degraded',
    reason: 'drift',
    text: 'shop/fraud is degraded: drift',
    labels: { 'app.kubernetes.io/team': 'risk' },
    ...event,
  };
}

function started(remembered = 100) {
  const lines: Line[] = [];
  const tooLarge: string[] = [];
  const errors: unknown[] = [];
  const log = createEventLog({
    writer: { version: '1.2.3', host: 'exporter-0' },
    remembered: () => remembered,
    nowSeconds: () => NOW,
    onTooLarge: (kind) => tooLarge.push(kind),
    onError: (error) => errors.push(error),
  });
  log.use([{ append: (line) => void lines.push(line), stop: () => Promise.resolve() }]);
  const documents = () => lines.map(({ text }) => JSON.parse(text) as Record<string, unknown>);
  return { log, lines, documents, tooLarge, errors };
}

describe('event log', () => {
  it('writes an event as one line of JSON with the names of the Elastic Common Schema', () => {
    const { log, lines, documents } = started();
    log.write(logged({ text: 'two\nlines' }));
    expect(lines[0]?.text).not.toContain('\n');
    expect(documents()[0]).toEqual({
      '@timestamp': '2027-01-15T07:59:50.000Z',
      message: 'two\nlines',
      ecs: { version: '8.6.0' },
      event: {
        id: lines[0]?.id,
        kind: 'event',
        category: ['process'],
        type: ['change'],
        action: 'health-changed',
        reason: 'drift',
        module: 'modelwatch',
        dataset: 'modelwatch.audit',
        created: '2027-01-15T08:00:00.000Z',
      },
      service: { name: 'modelwatch', type: 'modelwatch', version: '1.2.3', node: { name: 'exporter-0' } },
      orchestrator: {
        type: 'kubernetes',
        namespace: 'shop',
        cluster: { name: 'eu' },
        resource: { type: 'model', name: 'fraud' },
      },
      labels: { 'app_kubernetes_io/team': 'risk' },
      modelwatch: { kind: 'health', namespace: 'shop', model: 'fraud', from: 'healthy', to: 'degraded' },
    });
  });

  it('gives an event the same id whoever sees it and after a restart, and writes it once', () => {
    const [one, other] = [started(), started()];
    one.log.write(logged());
    one.log.write(logged({ text: 'seen again' }));
    other.log.write(logged());
    expect(one.lines).toHaveLength(1);
    expect(other.lines[0]?.id).toBe(one.lines[0]?.id);
    expect(one.lines[0]?.id).toMatch(/^[0-9a-f]{32}$/);
    const different = [
      logged({ identity: ['degraded', NOW] }),
      logged({ kind: 'serving' }),
      logged({ cluster: 'us' }),
      logged({ namespace: undefined }),
      logged({ model: 'churn' }),
      logged({ subject: 'age' }),
    ];
    for (const each of different) one.log.write(each);
    expect(new Set(one.lines.map(({ id }) => id)).size).toBe(1 + different.length);
  });

  it('remembers the last ones for the read API, latest first, but no predictions', () => {
    const { log, lines } = started(2);
    for (let index = 0; index < 5; index++) log.write(logged({ identity: [index], atSeconds: NOW + index }));
    log.write(logged({ kind: 'prediction', identity: ['p'] }));
    log.write(logged({ identity: ['other'], model: 'churn', atSeconds: NOW }));
    expect(lines).toHaveLength(7);
    expect(log.find({}).map(({ atSeconds, model }) => [model, atSeconds - NOW])).toEqual([
      ['fraud', 4],
      ['fraud', 3],
      ['churn', 0],
    ]);
    expect(log.find({ namespace: 'shop', model: 'churn' })).toHaveLength(1);
    expect(log.find({ fromSeconds: NOW + 4 })).toHaveLength(1);
    expect(log.find({ toSeconds: NOW + 3, kind: 'health' })).toHaveLength(2);
    expect(log.find({ kind: 'alert' })).toEqual([]);
    const list = { items: log.find({}), partial: true, rememberedSinceSeconds: NOW, generatedAtSeconds: NOW };
    expect(decodeEventList(JSON.parse(JSON.stringify(list)))).toEqual(list);
  });

  it('neither throws nor writes what is too long or no JSON, and says so', () => {
    const { log, lines, tooLarge, errors } = started();
    log.write(logged({ details: { input: 'x'.repeat(300_000) } }));
    log.write(logged({ identity: ['big'], details: { count: 1n } }));
    log.write(logged({ identity: ['when'], atSeconds: NaN }));
    expect(lines).toEqual([]);
    expect(tooLarge).toEqual(['health']);
    expect(errors).toHaveLength(2);
  });
});
