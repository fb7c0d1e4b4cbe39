/** docs/batches.md against the code: its example loads, its commands do what it says, and what it names is there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BATCH_REFUSALS, BATCH_STATES, LAST_BATCHES, METRICS, RECORDED } from '../../contract/src';
import { runIngest } from '../../exporter/src/cli/ingest';
import { loadConfig } from '../../exporter/src/config/load';
import { BATCH_SHARE } from '../../exporter/src/domain/batches/counts';
import { batchPlan } from '../../exporter/src/domain/batches/settings';
import { referenceOf } from '../../exporter/src/domain/testing/references';
import { startExporter } from '../../exporter/src/exporter';

const ROOT = join(__dirname, '..', '..');
const DOC = readFileSync(join(ROOT, 'docs', 'batches.md'), 'utf8');
const examples = (language: string) =>
  [...DOC.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text ?? '');
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-doc-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('shows a configuration and commands that do what it says', async () => {
  const reference = join(folder, 'reference.json');
  writeFileSync(reference, JSON.stringify(referenceOf()));
  const file = join(folder, 'modelwatch.yml');
  writeFileSync(file, (examples('yaml')[0] ?? '').replace('reference.json', reference));
  const { config } = loadConfig({ file, env: {}, flags: {} });
  const exporter = await startExporter({
    ...config,
    web: { ...config.web, port: 0, listenAddress: '127.0.0.1' },
    log: { ...config.log, level: 'fatal' },
    kubernetes: { ...config.kubernetes, enabled: false },
  });
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const [ingest = '', ...curls] = examples('sh');
    const [, ...args] = ingest.trim().split(' ').slice(1);
    const [csv = '', ...flags] = args;
    const run = () => runIngest([join(ROOT, csv), ...flags, '--url', exporter.url], {});
    expect(await run()).toBe(0);
    // It is closed, and nothing can be added.
    await expect(run()).rejects.toThrow('--batch: batch: expected a new id, since this batch was closed');
    const answers: unknown[] = [];
    for (const command of curls) {
      const [, method = 'POST', path = '', body] =
        /curl -s (?:-X (\w+) )?http:\/\/localhost:8780(\S+)(?:.*? -d '([^']*)')?/s.exec(command) ?? [];
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(exporter.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
      answers.push(await answer.json());
    }
    expect(answers[0]).toMatchObject({ accepted: 2, refused: 0 });
    expect(answers.slice(1)).toEqual(examples('json').map((text) => JSON.parse(text) as unknown));
    const scrape = async () => await (await fetch(`${exporter.url}/metrics`)).text();
    await scrape();
    const text = await scrape();
    expect(text).toContain(`${METRICS.batchPredictions.name}{namespace="shop",model="risk",batch="2026-11-21"} 4\n`);
    expect(text).toContain(`${METRICS.batchExpectedRows.name}{namespace="shop",model="risk",batch="2026-11-21"} 4\n`);
    expect(text).toContain(`batch="2026-11-22",name="",state="forgotten"} 1\n`);
  } finally {
    said.mockRestore();
    await exporter.stop();
  }
});

it('names what there is: states, refusals, settings and metrics', () => {
  const states = [...DOC.matchAll(/^\| (`\w+`(?:, `\w+`)?) \| /gm)].flatMap(
    ([, cell = '']) => cell.match(/\w+/g) ?? []
  );
  for (const state of BATCH_STATES) expect(states).toContain(state);
  for (const refusal of BATCH_REFUSALS.slice(1)) expect(DOC).toContain(`\`${refusal}\``);
  const { last, failing } = batchPlan({});
  expect(DOC).toContain(
    `| \`last\` | \`${last}\` | Batches that are told apart and judged: the last ${list(LAST_BATCHES)}. |`
  );
  expect(DOC).toContain(`| \`failing\` | \`${failing}\` |`);
  expect([BATCH_SHARE, DOC.includes('may have half of the series')]).toEqual([0.5, true]);
  const names: string[] = [...Object.values(METRICS), ...Object.values(RECORDED)].map(({ name }) => name);
  const named = [...DOC.matchAll(/modelwatch[_:]batch(?:es)?_[a-z_]+/g)].map(([name]) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !names.includes(name))).toEqual([]);
});

function list(numbers: readonly number[]): string {
  return `${numbers.slice(0, -1).join(', ')} or ${numbers.at(-1)}`;
}
