/** Predictions as docs/ingest.md says they are posted, run as a user runs it. Needs `npm run build`. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeIngestReport } from '@modelwatch/contract';
import { configSchema } from '../../exporter/src/config/schema';
import { categoricalFeature, referenceOf } from '../../exporter/src/domain/testing/references';
import { startExporter, type RunningExporter } from '../../exporter/src/exporter';
import { Modelwatch } from '../../docs/examples/modelwatch-client';

const ROOT = join(__dirname, '..', '..');
const MODELWATCH = join(ROOT, 'exporter', 'dist', 'main.js');
const DOC = readFileSync(join(ROOT, 'docs', 'ingest.md'), 'utf8');
const COMMANDS = [...DOC.matchAll(/```sh\n([\s\S]*?)```\n(?:\n```(?:json)?\n([\s\S]*?)```)?/g)].map(
  ([, command = '', printed]) => ({ command, printed })
);
const REFERENCE = referenceOf({ prediction: categoricalFeature('approved', { yes: 90, no: 10 }) });

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-ingest-'));
let exporter: RunningExporter;
beforeAll(async () => {
  const file = join(folder, 'reference.json');
  writeFileSync(file, JSON.stringify(REFERENCE));
  exporter = await startExporter(
    configSchema.parse({
      web: { listenAddress: '127.0.0.1', port: 0 },
      log: { level: 'fatal' },
      kubernetes: { enabled: false },
      monitoring: { references: [{ file }] },
    })
  );
  await predictions();
});
afterAll(async () => {
  await exporter.stop();
  rmSync(folder, { recursive: true });
});

async function scrape(): Promise<string> {
  return (await fetch(`${exporter.url}/metrics?collect[]=events`)).text();
}

async function predictions(): Promise<number> {
  return Number(/^modelwatch_predictions_total\{[^}]*model="risk",version=""\} (\d+)$/m.exec(await scrape())?.[1]);
}

function ran(command: string, args: readonly string[]): Promise<{ code: number | string; text: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? 'ended') : 0, text: stdout + stderr })
    );
  });
}

const modelwatch = (...args: string[]) => ran(process.execPath, [MODELWATCH, 'ingest', ...args, '--url', exporter.url]);

describe('docs/ingest.md', () => {
  it('has commands', () => expect(COMMANDS).toHaveLength(4));

  it.each(COMMANDS)('$command', async ({ command, printed }) => {
    const before = await predictions();
    const here = command
      .replaceAll('http://localhost:8780', exporter.url)
      .replace(/^modelwatch (.*)$/m, `'${process.execPath}' '${MODELWATCH}' $1 --url ${exporter.url}`);
    const { code, text } = await ran('sh', ['-c', here]);
    expect(code).toBe(0);
    if (text.startsWith('{')) {
      const report = decodeIngestReport(JSON.parse(text));
      if (printed) expect(report).toEqual(JSON.parse(printed));
      expect(report).toMatchObject({ refused: 0, problems: [] });
    } else expect(text).toBe(printed);
    expect(await predictions()).toBeGreaterThan(before);
  });
});

describe('modelwatch ingest', () => {
  const rows = (count: number, from = 0) =>
    Array.from({ length: count }, (_, row) => `r${from + row},${row % 20},DE,yes,2026-11-21T19:00:00Z`);
  const HEADER = 'order,amount,country,approved,at';
  const ARGS = ['--model', 'shop/risk', '--prediction', 'approved', '--id', 'order', '--time', 'at'];
  const file = join(folder, 'scored.csv');

  it('sends each row once, however often it is run', async () => {
    writeFileSync(file, [HEADER, ...rows(2_345), ''].join('\n'));
    const before = await predictions();
    expect(await modelwatch(file, ...ARGS)).toEqual({ code: 0, text: '2,345 predictions counted\n' });
    expect(await modelwatch(file, ...ARGS, '--request-rows', '1000')).toEqual({
      code: 0,
      text: '0 predictions counted, 2,345 were counted before\n',
    });
    expect(await predictions()).toBe(before + 2_345);
  });

  it('names the rows that were refused, and goes on', async () => {
    writeFileSync(file, [HEADER, ...rows(3, 9_000), 'r9990,1,DE,yes,yesterday', ...rows(600, 10_000), ''].join('\n'));
    const { code, text } = await modelwatch(file, ...ARGS);
    expect({ code, text }).toEqual({
      code: 1,
      text:
        `${file}: row 4: timeSeconds: expected seconds since 1970, got "yesterday"\n` +
        '603 predictions counted, 1 refused\n',
    });
  });

  it('says which columns are compared with nothing, and which features did not come', async () => {
    writeFileSync(file, ['order,Amount,country,approved', 'c1,5,DE,yes', ''].join('\n'));
    expect(await modelwatch(file, '--model', 'shop/risk', '--prediction', 'approved', '--id', 'order')).toEqual({
      code: 0,
      text:
        '1 prediction counted\n' +
        'warning: column "Amount" is no feature of the reference of shop/risk: it is compared with nothing\n' +
        'warning: feature "amount" of the reference of shop/risk is no column: it counts as missing\n',
    });
  });

  it('says when there is nothing to compare with, as of a model whose name is misspelt', async () => {
    expect(await modelwatch(file, '--model', 'shop/rsik', '--exclude', 'order')).toEqual({
      code: 0,
      text:
        '1 prediction counted\n' +
        'warning: no reference of shop/rsik: its predictions are counted and compared with nothing (docs/monitoring.md)\n',
    });
  });

  it.each([
    [['--model', 'risk'], 2, '--model: expected NAMESPACE/MODEL, got "risk"'],
    [['--model', 'shop/risk', '--id', 'ordr'], 1, '--id: expected a column of the file, got "ordr"'],
    [
      ['--model', 'shop/risk', '--request-rows', '0'],
      2,
      '--request-rows: expected a whole number from 1 to 10000, got "0"',
    ],
  ])('refuses %j', async (args, code, message) => {
    const done = await modelwatch(file, ...args);
    expect(done).toEqual({ code, text: expect.stringContaining(message) });
  });

  it('waits for an exporter that is busy, and sends the same again under the same key', async () => {
    const keys: unknown[] = [];
    const busy = createServer((request, response) => {
      if (request.method === 'GET') return void response.writeHead(403).end();
      keys.push(request.headers['idempotency-key']);
      request.resume();
      const report = { accepted: 2, duplicates: 0, waiting: 0, refused: 0, problems: [] };
      if (keys.length === 1) request.destroy();
      else if (keys.length === 2) response.writeHead(429, { 'retry-after': '0' }).end('{}');
      else response.end(JSON.stringify(report));
    });
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    writeFileSync(file, [HEADER, ...rows(2), ''].join('\n'));
    const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`;
    const done = await ran(process.execPath, [MODELWATCH, 'ingest', file, ...ARGS, '--url', url]);
    expect(done).toEqual({ code: 0, text: '2 predictions counted\n' });
    expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
    await new Promise((resolve) => busy.close(resolve));
  });
});

describe('a client of the examples', () => {
  it('in Python sends what it was given before it ends', async () => {
    const before = await predictions();
    const script = [
      'import sys; sys.path.insert(0, "docs/examples"); from modelwatch_client import Modelwatch',
      `watch = Modelwatch(${JSON.stringify(exporter.url)}, "shop", "risk", batch=100)`,
      'for n in range(250): watch.log({"amount": float("nan") if n == 7 else n % 20, "country": "DE"}, "yes", id=f"p{n}")',
      'watch.close(); print(watch.dropped)',
    ].join('\n');
    expect(await ran('python3', ['-c', script])).toEqual({ code: 0, text: '0\n' });
    expect(await predictions()).toBe(before + 250);
  });

  it('in Python takes the numbers of numpy, and drops no more than what cannot be written', async () => {
    const before = await predictions();
    const script = [
      'import sys; sys.path.insert(0, "docs/examples"); from modelwatch_client import Modelwatch',
      // As numpy.int64, which json.dumps refuses.
      'Scalar = type("Scalar", (), {"ndim": 0, "item": lambda self: 3})',
      'itself = {}; itself["itself"] = itself',
      `watch = Modelwatch(${JSON.stringify(exporter.url)}, "shop", "risk")`,
      'for n in range(20): watch.log({"amount": Scalar(), "country": object()}, "yes", id=f"np{n}")',
      'watch.log(itself, "yes"); watch.close(); print(watch.dropped)',
    ].join('\n');
    expect(await ran('python3', ['-c', script])).toEqual({ code: 0, text: '1\n' });
    expect(await predictions()).toBe(before + 20);
  });

  it('in Python sends rows of 20 kB in requests that are not too large', async () => {
    const before = await predictions();
    const script = [
      'import sys; sys.path.insert(0, "docs/examples"); from modelwatch_client import Modelwatch',
      `watch = Modelwatch(${JSON.stringify(exporter.url)}, "shop", "risk")`,
      'for n in range(500): watch.log({"amount": 1, "note": "x" * 20_000}, "yes", id=f"pl{n}")',
      'watch.close(); print(watch.dropped)',
    ].join('\n');
    expect(await ran('python3', ['-c', script])).toEqual({ code: 0, text: '0\n' });
    expect(await predictions()).toBe(before + 500);
  });

  it('in TypeScript sends rows of 20 kB in requests that are not too large, too', async () => {
    const before = await predictions();
    const watch = new Modelwatch(exporter.url, { namespace: 'shop', model: 'risk' });
    for (let n = 0; n < 500; n++) watch.log({ amount: 1, note: 'x'.repeat(20_000) }, 'yes', `tl${n}`);
    await watch.close();
    expect(watch.dropped).toBe(0);
    expect(await predictions()).toBe(before + 500);
  });

  it('in TypeScript drops no more than what cannot be written, either', async () => {
    const before = await predictions();
    const itself: Record<string, unknown> = {};
    itself['itself'] = itself;
    const watch = new Modelwatch(exporter.url, { namespace: 'shop', model: 'risk' });
    watch.log({ amount: 7n, country: 'DE' }, 'yes', 'big');
    watch.log(itself, 'yes');
    await watch.close();
    expect(watch.dropped).toBe(1);
    expect(await predictions()).toBe(before + 1);
  });

  it('in TypeScript does, too', async () => {
    const before = await predictions();
    const watch = new Modelwatch(exporter.url, { namespace: 'shop', model: 'risk', batch: 100 });
    for (let n = 0; n < 250; n++) watch.log({ amount: n % 20, country: 'DE' }, 'yes', `t${n}`);
    await watch.close();
    expect(watch.dropped).toBe(0);
    expect(await predictions()).toBe(before + 250);
  });
});
