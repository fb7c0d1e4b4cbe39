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
