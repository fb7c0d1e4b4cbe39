/**
 * docs/drift.md, from the training data to a score in a real Prometheus: its commands and files as they stand, but for
 * ports and a shorter interval. Needs `npm run build`.
 */
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, getJson, startProgram, until, type Program } from '../support/processes';
import { promqlProblems } from '../support/promql';

const ROOT = join(__dirname, '..', '..');
const MODELWATCH = join(ROOT, 'exporter', 'dist', 'main.js');
const DOC = readFileSync(join(ROOT, 'docs', 'drift.md'), 'utf8');
const blocks = (language: string) =>
  [...DOC.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block);
const SHELL = blocks('sh').flatMap((block) => block.trim().split(/\n(?! )/));
const QUERIES = blocks('promql').map((block) => block.trim());
/** What stands in a sentence and begins so. */
const inline = (beginning: string) => {
  const found = [...DOC.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) =>
    code.startsWith(beginning) ? [code] : []
  );
  if (found.length !== 1) throw new Error(`${beginning}: expected it once in docs/drift.md, got ${found.length}`);
  return found[0] ?? '';
};
const PATIENCE_MS = 120_000;
jest.setTimeout(PATIENCE_MS);

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-drift-'));
const running: Program[] = [];
let ports: { exporter: number; prometheus: number };

/** The command that begins so, with our ports and interval. */
function command(beginning: string): string {
  const found = SHELL.filter((each) => each.startsWith(beginning));
  if (found.length !== 1) throw new Error(`${beginning}: expected one command in docs/drift.md, got ${found.length}`);
  return adapted(found[0] ?? '');
}

function adapted(text: string): string {
  return text
    .replaceAll('localhost:8780', `127.0.0.1:${ports.exporter}`)
    .replaceAll(/\b15s\b/g, '2s')
    .replace(/^modelwatch /, `"${process.execPath}" "${MODELWATCH}" `);
}

function start(text: string): Program {
  const program = startProgram('bash', ['-c', `cd "${folder}" && exec ${text}`]);
  running.push(program);
  return program;
}

async function ran(text: string): Promise<string> {
  const program = startProgram('bash', ['-c', `cd "${folder}" && ${text}`]);
  const code = await program.ended;
  if (code !== 0) throw new Error(`${text}: exit code ${code}: ${program.output()}`);
  return program.output();
}

async function asked(query: string): Promise<readonly { metric: Record<string, string>; value: [number, string] }[]> {
  const url = `http://127.0.0.1:${ports.prometheus}/api/v1/query?query=${encodeURIComponent(query)}`;
  const { data } = await getJson<{ data: { result: { metric: Record<string, string>; value: [number, string] }[] } }>(
    url
  );
  return data.result;
}

beforeAll(async () => {
  ports = { exporter: await freePort(), prometheus: await freePort() };
  symlinkSync(join(ROOT, 'docs'), join(folder, 'docs'));
  const [exporterFile = '', prometheusFile = ''] = blocks('yaml');
  writeFileSync(join(folder, 'modelwatch.yml'), exporterFile);
  writeFileSync(join(folder, 'prometheus.yml'), adapted(prometheusFile));
});
afterAll(async () => {
  for (const program of running) await program.stop();
  rmSync(folder, { recursive: true });
});

it('goes from training data to a verdict', async () => {
  expect(await ran(command('modelwatch profile'))).toContain('6 features');
  start(`${command('modelwatch exporter')} --web.listen-address 127.0.0.1 --web.port ${ports.exporter}`);
  const metrics = `http://127.0.0.1:${ports.exporter}/metrics`;
  await until(
    'the reference to be in force',
    async () => (await fetch(metrics)).text(),
    (text) => text.includes('modelwatch_reference_info{')
  );
  for (const rules of SHELL.filter((each) => each.startsWith('modelwatch rules'))) await ran(adapted(rules));
  const storage = `--storage.tsdb.path=data --web.listen-address=127.0.0.1:${ports.prometheus}`;
  start(`${command('prometheus ')} ${storage}`);
  // Rows before the first scrape would be no increase.
  await until(
    'a first scrape',
    () => asked('modelwatch_reference_info'),
    (found) => found.length > 0
  );

  const ingest = `${command('modelwatch ingest')} --url http://127.0.0.1:${ports.exporter}`;
  expect(await ran(ingest)).toBe('1,000 predictions counted\n');
  expect(JSON.parse(await ran(command('curl -s http')))).toMatchObject({ accepted: 1, refused: 0 });
  const counted = await until(
    'the rows to be counted',
    () => ran(command("curl -s 'http")),
    (text) => /^modelwatch_feature_observations_total\{.*bin="0".*\} [1-9]/m.test(text)
  );
  expect(counted).toMatch(/^modelwatch_feature_reference_ratio\{.*category="US"\} 0\.2/m);

  expect(QUERIES.flatMap(promqlProblems)).toEqual([]);
  const [scores = '', states = ''] = QUERIES;
  const verdicts = await until(
    'a verdict on every feature and on the predictions',
    () => asked(states),
    (found) => found.filter(({ metric }) => metric['state'] !== 'too_little_data').length === 7,
    PATIENCE_MS / 2
  );
  const stateOf = (feature: string) => verdicts.find(({ metric }) => metric['feature'] === feature)?.metric['state'];
  expect(stateOf('merchant_country')).toBe('critical');
  expect(stateOf('device_type')).toBe('ok');
  const country = (await asked(scores)).find(({ metric }) => metric['feature'] === 'merchant_country');
  expect(Number(country?.value[1])).toBeGreaterThan(0.25);

  const unjudged = inline('modelwatch:drift_settings_info unless');
  expect(await asked(unjudged)).toEqual([]);
  // As if no rule computed what the model asks for.
  expect(await asked(unjudged.replace(/drift_state$/, 'drift_state{method="js"}'))).toHaveLength(1);
});

it('makes rules for another method', async () => {
  const rules = await ran(adapted(inline('modelwatch rules --drift-method')));
  for (const method of ['psi', 'js']) expect(rules).toContain(`method: ${method}\n`);
  expect(rules).not.toContain('method: kl\n');
});
