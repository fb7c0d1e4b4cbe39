import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { referenceOf } from '../domain/testing/references';
import { runCheck } from './check';

const FIXTURES = join(__dirname, '..', 'families', 'fixtures', 'custom');
const SHIPPED = join(__dirname, '..', '..', '..', 'provisioning', 'kubernetes', 'custom-resources');
const RAY = `--kubernetes.custom-resource-files=${join(SHIPPED, 'rayservice.yaml')}`;
const object = (name: string) => `--object=${join(FIXTURES, `${name}.json`)}`;

describe('check of mappings', () => {
  let folder: string;
  let printed: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modelwatch-check-'));
    printed = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  function check(mapping: string, ...more: string[]): string[] {
    const file = join(folder, 'mapping.yaml');
    writeFileSync(file, mapping);
    runCheck([`--kubernetes.custom-resource-files=${file}`, ...more], {});
    return printed.map((line) => line.replaceAll(`${folder}/`, ''));
  }

  const HOME_GROWN = `name: scorer
group: ml.example.com
versions: [v1]
plural: scorers
kind: Scorer
models:
  state:
    - path: status.phase
      values: { Up: ready, Down: failed }
`;

  it('shows state, reasons, replicas and text of an object', () => {
    expect(runCheck([RAY, object('ray-deploy-failed')], {})).toBe(0);
    expect(printed.slice(0, 5)).toEqual([
      'model ray/llm-embed: serving',
      '  replicas: - available of - desired',
      'model ray/llm-rank: failed',
      "  load_failed: Model fails to load (Failed to import rank:app: No module named 'rank')",
      '  replicas: - available of - desired',
    ]);
    expect(printed.join('\n')).toContain('modelwatch_model_serving{namespace="ray",model="llm-rank",state="failed"} 1');
  });

  it('tells what could not be used, with exit code 1', () => {
    expect(runCheck([RAY, object('ray-unknown-value')], {})).toBe(1);
    expect(printed.join('\n')).toContain(
      'not used: unknown_value: RayService ray/llm, mapping rayservice models.state[0]'
    );
    expect(runCheck([RAY, object('nim-ready')], {})).toBe(1);
    expect(printed.at(-1)).toBe('Nothing came of these objects.');
  });

  it('tells of a path that leads nowhere', () => {
    const file = join(folder, 'object.yaml');
    writeFileSync(
      file,
      'apiVersion: ml.example.com/v1\nkind: Scorer\nmetadata: { name: a, namespace: b }\nstatus: { phase: Up }\n'
    );
    const shown = check(`${HOME_GROWN}  version: \${spec.imge.tag}\n`, `--object=${file}`);
    expect(shown).toContain('model b/a: serving');
    expect(shown).toContain('leads nowhere in these objects: scorer models.version: spec.imge.tag');
  });

  const at = 'kubernetes.customResources[0]';
  const refusals: [string, string, string][] = [
    [
      'a path that is none',
      HOME_GROWN.replace('status.phase', 'status.phase[type=Ready'),
      `${at}.models.state[0].path: expected a path as in status.conditions[type=Ready].status, from "[type=Ready" on it is none, got "status.phase[type=Ready" (mapping.yaml line 8)`,
    ],
    [
      'a state that is none',
      HOME_GROWN.replace('Up: ready', 'Up: fine'),
      `${at}.models.state[0].values.Up: expected one of failed, degraded, not_ready, progressing, rolling_out, deleting, none, stopped, scaled_to_zero, ready, skip, got "fine" (mapping.yaml line 9)`,
    ],
    [
      'a reason for a state that needs none',
      HOME_GROWN.replace('Up: ready', 'Up: ready load_failed'),
      `${at}.models.state[0].values.Up: expected ready alone: only failed and degraded take a reason, got "ready load_failed" (mapping.yaml line 9)`,
    ],
    [
      'green for values that nobody foresaw',
      `${HOME_GROWN}      others: ready\n`,
      `${at}.models.state[0].others: expected any state but ready: a value that nobody foresaw proves nothing good, got "ready" (mapping.yaml line 10)`,
    ],
    [
      'a key that nobody knows',
      HOME_GROWN.replace('plural:', 'plurals:'),
      `${at}.plurals: expected a known key, did you mean plural? (mapping.yaml line 4)`,
    ],
    [
      'a kind of ours',
      HOME_GROWN.replace('ml.example.com', 'serving.kserve.io'),
      `${at}.group: expected a group of others: apps, mlops.seldon.io, serving.kserve.io are read without a mapping, got "serving.kserve.io" (mapping.yaml line 2)`,
    ],
    [
      'neither a model nor a server',
      HOME_GROWN.replace(/models:[\s\S]*/, ''),
      `${at}.models: expected models or server: a mapping without either shows nothing, got nothing (mapping.yaml)`,
    ],
    [
      'pods that every object would get',
      `${HOME_GROWN}pods:\n  labels: { app: scorer }\n`,
      `${at}.pods.labels: expected at least one label whose value has a path: else every object gets all the pods, got {"app":"scorer"} (mapping.yaml line 11)`,
    ],
  ];
  it.each(refusals)('refuses %s', (_, mapping, expected) => {
    expect(check(mapping)).toContain(expected);
  });
});

describe('check of references and settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-check-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => jest.restoreAllMocks());
  const write = (name: string, content: unknown) => {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    return join(folder, name);
  };
  function check(monitoring: object, events = {}): { code: unknown; printed: string[] } {
    const printed: string[] = [];
    jest
      .spyOn(console, 'log')
      .mockImplementation((line: string) => void printed.push(line.replaceAll(`${folder}/`, '')));
    const code = runCheck(['--config.file', write('modelwatch.yaml', { monitoring, events })], {});
    return { code, printed };
  }
  const model = { namespace: 'shop', model: 'risk' };
  const reference = referenceOf();

  it('says what each reference is and costs, and asks no address', () => {
    const references = [{ file: write('a.json', reference) }, { url: 'http://127.0.0.1:1/b.json?sig=hunter2' }];
    const { code, printed } = check({ references, models: [{ ...model, excluded: ['country'] }] });
    expect(code).toBe(0);
    expect(printed).toEqual([
      `file a.json: reference ${reference.id} of shop/risk, 100 rows, 2 features, 6 of 2,000 series`,
      'url http://127.0.0.1:1/b.json: not asked here',
      expect.stringMatching(/^OK: modelwatch.yaml/),
    ]);
  });

  it('names what is missing, refused, unknown or too much', () => {
    const references = [
      { file: write('a.json', reference) },
      { file: join(folder, 'nowhere.json') },
      { file: write('b.json', { ...reference, id: '0123456789ab' }) },
    ];
    const { code, printed } = check(
      { references, models: [{ ...model, starred: ['amuont'] }] },
      { maxSeriesPerModel: 10 }
    );
    expect(code).toBe(1);
    expect(printed.slice(1)).toEqual([
      'file nowhere.json: expected a file that can be read, got no such file',
      expect.stringMatching(/^file b.json: id: expected [0-9a-f]{12}, the hash of .*, got 0123456789ab/),
      'config: starred: expected features of the reference, got "amuont"',
      expect.stringMatching(/^file a.json: expected at most 10 series, one for each bin, got 12: /),
    ]);
  });

  it('names users that cannot log in, of whom some were to post', () => {
    const events = { users: ['scorer'], routeUsers: { delete: ['privacy'] } };
    const { code, printed } = check({ references: [], models: [] }, events);
    expect(code).toBe(1);
    expect(printed).toEqual(
      ['users', 'routeUsers.delete'].map((key, index) => {
        const name = ['scorer', 'privacy'][index];
        return `events.${key}: expected users in basic_auth_users of web.configFile, got "${name}"`;
      })
    );
  });

  it('names what is wrong with settings, with file and line, and no secret', () => {
    const thresholds = { warning: 0.3, critical: 0.2 };
    const { code, printed } = check({
      references: [{ url: 'ftp://store/a?sig=hunter2' }],
      models: [{ ...model, thresholds, tresholds: 1 }],
    });
    expect(code).toBe(1);
    expect(printed.sort()).toEqual([
      expect.stringMatching(
        /^monitoring.models\[0\].thresholds.critical: expected at least warning, got 0.2 \(.* line 1\)$/
      ),
      expect.stringMatching(/^monitoring.models\[0\].tresholds: expected a known key, did you mean thresholds\?/),
      expect.stringMatching(
        /^monitoring.references\[0\].url: expected an http:\/\/ or https:\/\/ URL, got "ftp:\/\/store\/a\?\*\*\*/
      ),
    ]);
  });
});

describe('check of objectives', () => {
  let folder: string;
  let printed: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modelwatch-check-'));
    printed = [];
    jest
      .spyOn(console, 'log')
      .mockImplementation((line: string) => void printed.push(line.replaceAll(`${folder}/`, '')));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  function check(config: string, slos: string, ...flags: string[]) {
    const [file, sloFile] = [join(folder, 'modelwatch.yaml'), join(folder, 'slo.yaml')];
    writeFileSync(file, `sloFiles: [${sloFile}]\n${config}`);
    writeFileSync(sloFile, slos);
    return runCheck([`--config.file=${file}`, ...flags], {});
  }

  const OF_FILE = 'slos: [{ name: drift, indicator: drift, objective: 0.95, window: 7d }]';

  it('explains each in words, at a traffic', () => {
    const config =
      'slos: [{ name: up, indicator: availability, objective: 0.999, window: 28d, models: { names: [risk] } }]';
    expect(check(config, OF_FILE)).toBe(0);
    expect(printed.slice(0, -1)).toEqual([
      'config slos[0]: up, 99.9 % of requests answered, rolling 28 d, of models */risk',
      '  budget: 24,192 of 24,192,000 requests at 10 a second, or 40 min 19 s without an answer',
      '  at 10 requests a second 13.44x pages after 41 failures in 5 min and 484 in 1 h: 49 s into an outage',
      '  at 10 requests a second 5.6x pages after 101 failures in 30 min and 1,210 in 6 h: 2 min 1 s into an outage',
      '  at 10 requests a second 2.8x opens a ticket after 202 failures in 2 h and 2,420 in 1 d: 4 min 2 s into an outage',
      '  at 10 requests a second 1x opens a ticket after 217 failures in 6 h and 2,593 in 3 d: 4 min 20 s into an outage',
      '  warning: ticket over 3d and 6h would hold from 0.9333x on, while the objective is met: raised to 1x',
      'slo.yaml line 1: drift, 95 % of minutes without drift, rolling 7 d, of all models',
      '  budget: 504 minutes of 10,080',
      '  3.36x pages after 1 bad minute in 5 min and 11 in 1 h: 11 min into an outage',
      '  1.4x pages after 3 bad minutes in 30 min and 26 in 6 h: 26 min into an outage',
      '  1x opens a ticket after 7 bad minutes in 2 h and 73 in 1 d: 1 h 13 min into an outage',
      '  warning: ticket over 1d and 2h would hold from 0.7x on, while the objective is met: raised to 1x',
      '  warning: ticket over 3d and 6h would hold from 0.2333x on, while the objective is met: dropped',
    ]);
    printed.splice(0);
    check(config, OF_FILE, '--requests-per-second=0.01');
    expect(printed[2]).toBe('  at 0.01 requests a second 13.44x pages never: 36 of 149 requests in 1 h are too few');
    expect(() => check(config, OF_FILE, '--requests-per-second=many')).toThrow('expected a number above 0, got "many"');
  });

  it('says what is wrong with a file', () => {
    expect(check('', OF_FILE.replace('0.95', '95'))).toBe(1);
    expect(printed).toEqual(['slos[0].objective: expected a share: 0.95, got 95 (slo.yaml line 1)']);
  });
});
