import { createDropLog } from './drop-log';
import { createLog } from './log';

function recordedLog(format: 'json' | 'pretty') {
  const lines: string[] = [];
  const log = createLog({ level: 'info', format, destination: { write: (line: string) => void lines.push(line) } });
  return { log, lines };
}

describe('log', () => {
  it('never holds a secret, by field or in a text', () => {
    for (const format of ['json', 'pretty'] as const) {
      const { log, lines } = recordedLog(format);
      log.warn(
        { token: 'hunter2', headers: { authorization: 'Bearer hunter2' }, source: { tls: { password: 'hunter2' } } },
        'a'
      );
      log.error({ err: new Error('GET https://me:hunter2@api failed with Bearer hunter2.x-y') }, 'b');
      expect(lines).toHaveLength(2);
      expect(lines.join('')).not.toContain('hunter2');
      expect(lines.join('')).toContain('***');
    }
  });

  it('is one JSON object per line, or one line for a person', () => {
    const json = recordedLog('json');
    json.log.info({ port: 8780 }, 'Listening');
    expect(JSON.parse(json.lines.join(''))).toMatchObject({ level: 'info', msg: 'Listening', port: 8780 });
    const text = recordedLog('pretty');
    text.log.info({ port: 8780, note: 'x' }, 'Listening');
    expect(text.lines.join('')).toMatch(/^\d\d:\d\d:\d\d info {2}Listening {2}port=8780 note=x\n$/);
  });

  it('logs the first drop of a kind and then one a minute with the number of those left out', () => {
    const { log, lines } = recordedLog('json');
    let now = 0;
    const drop = createDropLog(log, 60, () => now);
    for (now = 0; now < 60; now++) drop('models', 'wrong_type', 'spec.replicas: expected a number, got "x"');
    drop('models', 'too_large', 'x'.repeat(9_999));
    now = 60;
    drop('models', 'wrong_type', 'again');
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.map(({ reason, leftOut }) => [reason, leftOut])).toEqual([
      ['wrong_type', 0],
      ['too_large', 0],
      ['wrong_type', 59],
    ]);
    expect(String(entries[1]?.detail)).toHaveLength(500);
  });
});
