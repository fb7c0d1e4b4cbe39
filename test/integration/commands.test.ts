/** `modelwatch` as a user runs it: exit codes, words on the terminal, signals. Needs `npm run build`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo, type Demo } from '@modelwatch/demo';
import { freePort, startProgram, until, type Program } from '../support/processes';

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const modelwatch = (...args: string[]): Program => startProgram(process.execPath, [MODELWATCH, ...args]);

async function ran(...args: string[]): Promise<{ code: number | string; text: string }> {
  const program = modelwatch(...args);
  const code = await program.ended;
  return { code, text: program.output() };
}

describe('modelwatch', () => {
  it.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['--help'], 0, /^modelwatch: .*\n\nUsage:\n/],
    [['exporter', '--help'], 0, /--kubernetes\.namespaces/],
    [['demo', '--help'], 0, /demo scenario/],
    [[], 2, /Usage:/],
    [
      ['exporte'],
      2,
      /^modelwatch: exporte: expected a command, one of exporter, check, status, ingest, profile, rules, report, responder, demo\n/,
    ],
    [['exporter', '--web.prot=1'], 2, /--web\.prot: expected a known flag, did you mean --web\.port\?/],
    [['rules', '--interval', 'soon'], 2, /--interval: expected a duration/],
    [['demo', 'scenario', 'flood', 'on'], 2, /scenario "flood": expected one of outage/],
    [
      ['exporter', '--web.port=x'],
      1,
      /web\.port: expected a whole number from 0 to 65535, got "x" \(from --web\.port\)/,
    ],
    [['status', '--url', 'http://127.0.0.1:1'], 1, /no exporter answers/],
  ] as const)('answers %j with exit code %i', async (args, code, words) => {
    const done = await ran(...args);
    expect(done.text).toMatch(words);
    expect(done.text).not.toMatch(/^\s+at /m);
    expect(done.code).toBe(code);
  });

  it('ends quietly when whoever reads has read enough', async () => {
    const piped = startProgram('bash', [
      '-c',
      `set -o pipefail; "${process.execPath}" "${MODELWATCH}" rules | head -n 1`,
    ]);
    expect(await piped.ended).toBe(0);
    expect(piped.output()).toMatch(/^.*\n$/);
  });

  it('checks a file: OK, or every refusal with its line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelwatch-commands-'));
    const file = join(folder, 'modelwatch.yaml');
    writeFileSync(file, 'web:\n  port: 1\n');
    expect(await ran('check', '--config.file', file)).toMatchObject({ code: 0, text: expect.stringMatching(/^OK: /) });
    writeFileSync(file, 'web:\n  port: no\n  hots: 1\n');
    const refused = await ran('check', '--config.file', file);
    expect(refused.code).toBe(1);
    expect(refused.text.trim().split('\n')).toEqual([
      `web.port: expected a whole number from 0 to 65535, got "no" (${file} line 2)`,
      expect.stringMatching(/^web\.hots: expected a known key, .*line 3\)$/),
    ]);
    rmSync(folder, { recursive: true });
  });

  it('says what to do when the port is taken', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const done = await ran('exporter', '--web.listen-address=127.0.0.1', `--web.port=${port}`);
    expect(done).toMatchObject({ code: 1, text: expect.stringContaining(`127.0.0.1 port ${port} is in use`) });
    await new Promise((resolve) => holder.close(resolve));
  });
});

describe('modelwatch exporter', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo();
  });
  afterAll(() => demo.stop());

  it('becomes ready, shows the fleet in the terminal, and ends with 0 within 5 s of SIGTERM', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const program = modelwatch(
      'exporter',
      '--web.listen-address=127.0.0.1',
      `--web.port=${new URL(url).port}`,
      `--kubernetes.server=${demo.api.url}`,
      '--servers.access=api-proxy',
      '--servers.probe-interval-seconds=1'
    );
    await until(
      'ready',
      () => fetch(`${url}/readyz`),
      ({ status }) => status === 200
    );
    const status = await ran('status', '--url', url);
    expect(status.code).toBe(0);
    expect(status.text).toMatch(/^\d+ models: /);
    expect(status.text).not.toContain('\u001b');
    const began = Date.now();
    expect(await program.stop()).toBe(0);
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(program.output()).toContain('"msg":"Ended"');
  }, 60_000);
});
