/** Examples and tables of docs/slo.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SLO_INDICATORS, SLO_WINDOWS } from '@modelwatch/contract';
import { parse } from 'yaml';
import { checkSlos } from '../../exporter/src/cli/check-slos';
import { configSchema } from '../../exporter/src/config/schema';
import { burnTiers } from '../../exporter/src/domain/slo/tiers';
import { readSloText } from '../../exporter/src/slo-document';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'slo.md'), 'utf8');
const yaml = [...DOC.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text]) => text ?? '');
const example = (mark: string) => yaml.find((text) => text.includes(mark)) ?? '';

it('has an example for the configuration, which check explains as it is printed', () => {
  const { slos } = configSchema.parse(parse(example('# modelwatch.yaml')));
  const { lines } = checkSlos({ slos, sloFiles: [] }, 10);
  expect(lines[0]).toMatch(/^config slos\[0\]: answered/);
  expect(DOC).toContain(`\n${lines.slice(0, 6).join('\n')}\n`);
});

it('has a ConfigMap that is taken', () => {
  const { data } = parse(example('kind: ConfigMap')) as { data: Record<string, string> };
  const [declared] = readSloText(data['slo.yaml'] ?? '', 'slo.yaml', 'payments');
  expect(declared?.spec).toMatchObject({ name: 'fresh', indicator: 'freshness', thresholdSeconds: 600 });
});

it('has documents of OpenSLO that are taken without a warning', () => {
  const declared = yaml
    .filter((text) => text.includes('openslo/v1'))
    .flatMap((text) => readSloText(text, 'slo.yaml'))
    .map(({ spec: { indicator, window }, warnings }) => [indicator, window, warnings]);
  expect(declared).toEqual([
    ['query', '30d', []],
    ['latency', '28d', []],
  ]);
});

it('names every indicator, and the burn rates of every window', () => {
  for (const indicator of SLO_INDICATORS) if (indicator !== 'query') expect(DOC).toContain(`\`${indicator}\``);
  for (const window of SLO_WINDOWS) {
    const rates = burnTiers({ objective: 0.999, window, perMinute: false }).tiers.map(({ burnRate }) => burnRate);
    const cells = [0, 1, 2, 3].map((index) => rates[index] ?? '');
    expect(DOC.replaceAll(/\| +\|/g, '| |')).toContain(`| \`${window}\` | ${cells.join(' | ').replace(/ $/, '')}`);
  }
});
