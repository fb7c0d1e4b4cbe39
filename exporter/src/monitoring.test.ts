/** References as they come: real files that change, a real server that answers, and what is said of it. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reference } from '@modelwatch/contract';
import { configSchema } from './config/schema';
import { monitoringSchema, type MonitoringConfig } from './config/monitoring';
import type { MonitoredModel } from './domain/events/monitored';
import { referenceOf } from './domain/testing/references';
import { createLog } from './log/log';
import { SYSTEM_CLOCK } from './sources/clock';
import { startMonitoring, type MonitoringWatch } from './monitoring';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-monitoring-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As whoever takes care writes: beside its place first. */
function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(`${file}.part`, typeof content === 'string' ? content : JSON.stringify(content));
  renameSync(`${file}.part`, file);
  return file;
}

let running: MonitoringWatch | undefined;
afterEach(async () => running?.stop());

function start(
  config: object,
  change: (parsed: MonitoringConfig) => MonitoringConfig = (same) => same,
  clock = SYSTEM_CLOCK
) {
  const seen = { models: [] as readonly MonitoredModel[], problems: {} as object, log: '' };
  const parse = (text: object) => change(monitoringSchema.parse(text));
  const watch = startMonitoring(parse(config), {
    onModels: (models) => (seen.models = models),
    onProblems: (problems) => (seen.problems = problems),
    log: createLog({
      level: 'info',
      format: 'json',
      destination: { write: (line: string) => void (seen.log += line) },
    }),
    seriesPerModel: 2_000,
    joins: true,
    lookEveryMs: 5,
    clock,
  });
  running = watch;
  return { seen, watch, to: (next: object) => watch.change(parse(next)) };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); await pause(3)) {
    if (Date.now() > end) throw new Error(`timed out waiting for ${what}`);
  }
}

const ids = ({ models }: { readonly models: readonly MonitoredModel[] }) =>
  models.flatMap(({ references }) => references.map(({ reference }) => reference.id));
const second: Reference = referenceOf({ missingValues: ['', 'NA'] });

describe('a reference in a file', () => {
  it('is there at once, changes, and stays while its file is wrong or gone', async () => {
    const file = write('a.json', referenceOf());
    const { seen, watch } = start({ references: [{ file }] });
    expect(seen.models).toMatchObject([{ namespace: 'shop', model: 'risk' }]);
    expect(ids(seen)).toEqual([referenceOf().id]);
    expect(seen.problems).toEqual({ files: 0, urls: 0, configmaps: 0, config: 0 });

    write('a.json', second);
    await until('the second reference', () => ids(seen)[0] === second.id);

    for (const [content, why] of [
      ['{"schema": ', /expected JSON as modelwatch profile writes it/],
      [{ ...second, rows: 99 }, /features\[0\]\.bins: expected counts that add up to the 99 rows, got 100/],
      [{ ...second, id: '0123456789ab' }, /id: expected [0-9a-f]{12}, the hash of .*, got 0123456789ab/],
      [{ ...second, model: undefined }, /model: expected what the reference is for, got nothing/],
    ] as const) {
      write('a.json', content);
      await until(String(why), () => why.test(watch.current().references[0]?.problem ?? ''));
      expect(ids(seen)).toEqual([second.id]);
      expect(seen.problems).toMatchObject({ files: 1 });
    }
    rmSync(file);
    await until('the file to be missed', () => /no such file/.test(watch.current().references[0]?.problem ?? ''));
    expect(ids(seen)).toEqual([second.id]);

    write('a.json', referenceOf());
    await until('the first reference again', () => ids(seen)[0] === referenceOf().id);
    expect(seen.problems).toMatchObject({ files: 0 });
    expect(seen.log).toContain(`file ${file}: expected a file that can be read, got no such file`);
    expect(seen.log).toContain('References or settings are in order again');
  });

  it('leaves models as they are that it has nothing new of', async () => {
    const [file, other] = [write('a.json', referenceOf()), write('b.json', referenceOf({ model: 'other' }))];
    const { seen, watch } = start({ references: [{ file }, { file: other }] });
    const [risk, before] = seen.models;
    const entry = watch.current().references[0];
    write('b.json', second);
    await until(
      'the other file to be wrong',
      () => seen.problems !== undefined && watch.current().problems.length === 1
    );
    write('b.json', { ...second, model: 'other' });
    await until('the other reference', () => ids(seen)[1] === second.id);
    expect(seen.models[0]).toBe(risk);
    expect(seen.models[1]).not.toBe(before);
    // Written again, with the same in it.
    write('a.json', referenceOf());
    write('b.json', referenceOf({ model: 'other' }));
    await until('the first of the other again', () => ids(seen)[1] === referenceOf().id);
    await pause(50);
    expect(watch.current().references[0]?.loaded).toBe(entry?.loaded);
    expect(seen.models[0]).toBe(risk);
  });

  it('may appear later, and goes when the configuration does not name it any more', async () => {
    const file = join(folder, 'late.json');
    const { seen, to } = start({ references: [{ file, namespace: 'bank', model: 'loan', version: 'v3' }] });
    expect(seen.models).toMatchObject([{ namespace: 'bank', model: 'loan', references: [] }]);
    expect(seen.problems).toMatchObject({ files: 1 });
    write('late.json', referenceOf());
    await until('the reference', () => ids(seen).length === 1);
    expect(seen.models).toMatchObject([{ namespace: 'bank', model: 'loan', references: [{ version: 'v3' }] }]);
    to({ models: [{ namespace: 'bank', model: 'loan', window: '1h' }] });
    expect(seen.models).toMatchObject([{ model: 'loan', references: [], settings: { window: '1h' } }]);
    expect(seen.problems).toMatchObject({ files: 0 });
  });
});

describe('a reference at an address', () => {
  const SECRET = 'sig=hunter2';
  let server: Server;
  let origin = '';
  let answer: { status: number; body: string; etag: string };
  const asked: { url?: string | undefined; etag?: string | undefined; status: number }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const etag = request.headers['if-none-match'];
      const status = answer.status === 200 && etag === answer.etag ? 304 : answer.status;
      asked.push({ url: request.url, etag, status });
      response.writeHead(status, { etag: answer.etag }).end(status === 304 ? undefined : answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    asked.length = 0;
    answer = { status: 200, body: JSON.stringify(referenceOf()), etag: '"1"' };
  });
  const often = (config: MonitoringConfig): MonitoringConfig => ({
    ...config,
    references: config.references.map((one) => ({ ...one, refreshIntervalSeconds: 0.02 })),
  });

  it('is asked for again, taken when it is another, and kept while there is no good answer', async () => {
    const { seen, watch } = start({ references: [{ url: `${origin}/bucket/risk.json?${SECRET}` }] }, often);
    await until('the reference', () => ids(seen).length === 1);
    await until('a question whether it changed', () => asked.some(({ status }) => status === 304));
    expect(asked.at(-1)).toMatchObject({ url: `/bucket/risk.json?${SECRET}`, etag: '"1"' });

    answer = { status: 403, body: '<Error>expired</Error>', etag: '' };
    await until('the refusal', () => /expected status 200, got 403/.test(watch.current().references[0]?.problem ?? ''));
    expect(seen.problems).toMatchObject({ urls: 1 });
    answer = { status: 200, body: '[]', etag: '"2"' };
    await until('the wrong document', () =>
      /expected an object, got \[\]/.test(watch.current().references[0]?.problem ?? '')
    );
    // It is as wrong as before when it did not change.
    const questions = asked.length;
    await until('the next questions', () => asked.length > questions + 2);
    expect(seen.problems).toMatchObject({ urls: 1 });
    expect(ids(seen)).toEqual([referenceOf().id]);

    answer = { status: 200, body: JSON.stringify(second), etag: '"3"' };
    await until('the second reference', () => ids(seen)[0] === second.id);
    expect(seen.problems).toMatchObject({ urls: 0 });
    expect(watch.current().references[0]?.place).toBe(`url ${origin}/bucket/risk.json`);
    expect(seen.log).not.toContain('hunter2');
    expect(JSON.stringify(watch.current().problems)).not.toContain('hunter2');
  });

  it('is waited for at the start, but not for long', async () => {
    answer = { status: 503, body: '', etag: '' };
    const url = `${origin}/risk.json`;
    let seconds = 0;
    const clock = { ...SYSTEM_CLOCK, nowSeconds: () => seconds };
    const { watch } = start({ references: [{ url }] }, often, clock);
    expect(watch.firstReading([])).toBe(`url ${url}`);
    await until('the refusal', () => watch.current().problems.length === 1);
    seconds = 59;
    expect(watch.firstReading([])).toBe(`url ${url}`);
    seconds = 60;
    expect(watch.firstReading([])).toBeUndefined();
  });

  it('holds nothing up once it was read, nor when another is added later', async () => {
    const { seen, watch, to } = start({ references: [{ url: `${origin}/risk.json` }] }, often);
    const syncing = { title: 'ConfigMap', state: 'syncing', required: false, objects: 0 } as const;
    await until('the reference', () => ids(seen).length === 1);
    expect(watch.firstReading([{ source: 'kubernetes/configmaps', ...syncing }])).toBe('configmaps');
    expect(watch.firstReading([{ source: 'kubernetes/pods', ...syncing }])).toBeUndefined();
    to({ references: [{ url: `${origin}/other.json` }] });
    expect(watch.firstReading([])).toBeUndefined();
  });

  it('may stand in a file, and then not even its path is shown', async () => {
    const urlFile = write('link', `${origin}/p/hunter2/risk.json?${SECRET}\n`);
    const { seen, watch } = start({ references: [{ urlFile }] }, often);
    await until('the reference', () => ids(seen).length === 1);
    answer = { status: 404, body: '', etag: '' };
    await until('the refusal', () => /got 404/.test(watch.current().references[0]?.problem ?? ''));
    answer = { status: 200, body: JSON.stringify(second), etag: '"9"' };
    write('link', `${origin}/p/another/risk.json`);
    await until('the other address', () => asked.at(-1)?.url === '/p/another/risk.json' && ids(seen)[0] === second.id);
    write('link', 'hunter2');
    await until('no address', () =>
      /expected an http:\/\/ or https:\/\/ URL/.test(watch.current().references[0]?.problem ?? '')
    );
    expect(watch.current().references[0]?.place).toBe(`url in ${urlFile}`);
    expect(`${seen.log}${JSON.stringify(watch.current().problems)}`).not.toContain('hunter2');
  });
});

describe('the configuration', () => {
  const refused = (monitoring: object) =>
    configSchema
      .safeParse({ monitoring })
      .error?.issues.map(({ path, message, code }) => [path.slice(1).join('.'), code === 'custom' ? message : code]);
  const model = { namespace: 'shop', model: 'risk' };

  it('is short where the document says what it is for', () => {
    expect(refused({ references: [{ file: 'a.json' }] })).toBeUndefined();
  });

  it.each([
    [{ references: [{}] }, [['references.0', 'one of file, url and urlFile']]],
    [{ references: [{ file: 'a', url: 'http://a' }] }, [['references.0', 'one of file, url and urlFile']]],
    [{ references: [{ url: 'ftp://a/b' }] }, [['references.0.url', 'invalid_format']]],
    [
      { models: [{ ...model, thresholds: { warning: 0.3, critical: 0.2 } }] },
      [['models.0.thresholds.critical', 'at least warning']],
    ],
    [
      { models: [{ ...model, method: 'js' }] },
      [['models.0.thresholds', 'warning and critical beside the method: those of psi say nothing of it']],
    ],
    [{ models: [model, model] }, [['models.1.model', 'a model that no other entry has']]],
    [{ models: [{ ...model, threshold: 1 }] }, [['models.0', 'unrecognized_keys']]],
    [{ defaults: { window: '2h' } }, [['defaults.window', 'invalid_value']]],
  ])('refuses %j', (monitoring, expected) => expect(refused(monitoring)).toEqual(expected));
});
