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

  it('logs the first drop of a kind, then once an interval how many were left out', () => {
    const { log, lines } = recordedLog('json');
    const ends: (() => void)[] = [];
    const drop = createDropLog(log, 60, (seconds, run) => {
      expect(seconds).toBe(60);
      ends.push(run);
    });
    const logged = () => lines.splice(0).map((line) => JSON.parse(line) as Record<string, unknown>);
    for (let index = 0; index < 60; index++) drop('models', 'wrong_type', `spec.replicas: ${index}`);
    drop('models', 'too_large', 'x'.repeat(9_999));
    for (let index = 0; index < 3; index++) drop('pods', 'wrong_type', 'x');
    const first = logged();
    expect(first.map(({ source, reason }) => `${String(source)} ${String(reason)}`)).toEqual([
      'models wrong_type',
      'models too_large',
      'pods wrong_type',
    ]);
    expect(first[0]).toMatchObject({ msg: 'Input dropped', detail: 'spec.replicas: 0' });
    expect(String(first[1]?.detail)).toHaveLength(500);

    expect(ends).toHaveLength(1);
    ends.shift()?.();
    expect(logged()).toMatchObject([
      { msg: 'More input dropped', leftOut: 61, of: { 'models wrong_type': 59, 'pods wrong_type': 2 }, seconds: 60 },
    ]);

    // A new interval: the first is logged again, and there is nothing to sum up.
    drop('models', 'wrong_type', 'again');
    expect(logged()).toMatchObject([{ detail: 'again' }]);
    expect(ends).toHaveLength(1);
    ends.shift()?.();
    expect(logged()).toEqual([]);
  });
});
