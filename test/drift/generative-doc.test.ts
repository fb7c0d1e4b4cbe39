/** docs/generative.md against the code: its examples load, its commands do what it says, its tables are those of the code. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  COMPLETION_OUTCOMES,
  decodeReference,
  FEEDBACK_VERDICTS,
  METRICS,
  USAGE_DIRECTIONS,
} from '@modelwatch/contract';
import { runProfile } from '../../exporter/src/cli/profile';
import { loadConfig } from '../../exporter/src/config/load';
import { settingsDocumentSchema } from '../../exporter/src/config/monitoring';
import { sideFeatureNames } from '../../exporter/src/domain/generative/features';
import { startExporter } from '../../exporter/src/exporter';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'generative.md'), 'utf8');
const blocks = (kind: string) =>
  [...DOC.matchAll(new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text ?? '');
/** What is set in code in the first cells of the table that begins so. */
function firstCells(head: string): string[] {
  const rows = (DOC.split(head)[1]?.split('\n\n')[0] ?? '').match(/(?<=^\| )`[^|]+/gm) ?? [];
  return rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''));
}
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-doc-'));
const reference = join(folder, 'reference.json');
afterAll(() => rmSync(folder, { recursive: true }));

it('goes from texts to a reference with the features that it names', async () => {
  const [command = ''] = blocks('sh').filter((text) => text.startsWith('modelwatch profile'));
  const args = command.trim().replace('reference.json', reference).split(' ').slice(2);
  const told: string[] = [];
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => (told.push(String(text)), true));
  expect(await runProfile(args)).toBe(0);
  spy.mockRestore();
  expect(DOC).toContain(`\`\`\`\n${told.join('')}`);
  const { features } = decodeReference(JSON.parse(readFileSync(reference, 'utf8')));
  const names = features.map(({ name }) => name);
  const ofTexts = [...sideFeatureNames('prompt'), ...sideFeatureNames('completion')];
  expect(names.filter((name) => name.includes('prompt') || name.includes('completion'))).toEqual(ofTexts);
  const documented = firstCells('| feature |').filter((name) => /^(prompt|completion)_|^finish/.test(name));
  expect(new Set(documented)).toEqual(new Set([...ofTexts, 'prompt_tokens', 'completion_tokens', 'finish_reason']));
});

it('has commands that do what it says', async () => {
  const file = join(folder, 'example.yaml');
  writeFileSync(file, (blocks('yaml')[1] ?? '').replace('reference.json', reference));
  const flags = { 'web.port': ['0'], 'log.level': ['fatal'], 'kubernetes.enabled': ['false'] };
  const exporter = await startExporter(loadConfig({ file, env: {}, flags }).config);
  try {
    const posts = blocks('sh').filter((text) => text.startsWith('curl'));
    const answers: string[] = [];
    for (const post of posts) {
      const script = post.replaceAll('http://localhost:8780', exporter.url);
      answers.push((await promisify(execFile)('bash', ['-ec', script])).stdout.replaceAll(/\s/g, ''));
    }
    const answer = (blocks('json')[0] ?? '').replaceAll(/\s/g, '');
    expect(answers).toEqual([answer, answer.slice(0, answer.length / 2)]);
    const text = async () => (await fetch(`${exporter.url}/metrics`)).text();
    const first = await text();
    const second = await text();
    const of = (name: string, labels: string) => new RegExp(`^${name}\\{.*${labels}.*\\} (.+)$`, 'm');
    const cost = of(METRICS.generativeCost.name, 'consumer_class="shop"');
    // 462 tokens of input and 18 of output.
    expect([first, second].map((each) => Number(cost.exec(each)?.[1]).toFixed(8))).toEqual([
      '0.00000000',
      '0.00042720',
    ]);
    expect(of(METRICS.guardVerdicts.name, 'guard="injection",verdict="pass"').exec(second)?.[1]).toBe('1');
    expect(of(METRICS.feedback.name, 'verdict="positive"').exec(second)?.[1]).toBe('1');
    expect(of(METRICS.completions.name, 'outcome="answered"').exec(second)?.[1]).toBe('2');
    expect(second).not.toMatch(/parcel|invoice/);
  } finally {
    await exporter.stop();
  }
});

it('has a row for each setting, outcome, kind of token and verdict', () => {
  const { generative } = settingsDocumentSchema.shape;
  expect(firstCells('| setting of `generative`').filter((name) => name in generative.unwrap().shape)).toEqual(
    Object.keys(generative.unwrap().shape)
  );
  const counters = DOC.split('| metric |')[1]?.split('\n\n')[0] ?? '';
  for (const each of [...COMPLETION_OUTCOMES, ...USAGE_DIRECTIONS, ...FEEDBACK_VERDICTS])
    expect(counters).toContain(`\`${each}\``);
});
