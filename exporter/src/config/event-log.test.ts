import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig } from './load';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-event-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(yaml: string) {
  const file = join(folder, 'config.yaml');
  writeFileSync(file, yaml);
  return loadConfig({ file, env: {}, flags: {} }).config.eventLog;
}

function problems(yaml: string): readonly string[] {
  try {
    load(yaml);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return [];
}

describe('eventLog', () => {
  it('goes nowhere unless it is told to', () => {
    expect(load('')).toEqual({
      stdout: false,
      file: { maxBytes: 104_857_600, maxAgeSeconds: 86_400, keepFiles: 200 },
      elasticsearch: [],
      predictions: { enabled: false },
      remembered: 1_000,
    });
  });

  it('refuses receivers with a name or a queue in common, an index that cannot be, and secrets in an address', () => {
    const found = problems(`
eventLog:
  elasticsearch:
    - { name: a, url: 'https://elastic:hunter2@search:9200', queueDirectory: /q/a, index: Audit }
    - { name: a, url: 'https://search:9200', queueDirectory: /q/a, apiKey: hunter2 }
`);
    expect(found).toHaveLength(5);
    expect(found.join('\n')).not.toContain('hunter2');
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringContaining('eventLog.elasticsearch[0].url: expected an address without user and password'),
        expect.stringContaining('eventLog.elasticsearch[0].index: expected a name of an index'),
        expect.stringContaining('eventLog.elasticsearch[1].name: expected one that no other receiver has, got "a"'),
        expect.stringContaining('eventLog.elasticsearch[1].queueDirectory: expected one that no other receiver has'),
      ])
    );
  });
});
