import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { jobName, jobOf, parseTemplate } from './job';
import type { Intent } from './types';

const template = (spec: object, more: object = {}) => stringify({ apiVersion: 'batch/v1', kind: 'Job', spec, ...more });
const container = (more: object) => ({ template: { spec: { containers: [more] } } });
const intent = (labels: Readonly<Record<string, string>>, name = 'retrain') =>
  ({
    ...{ key: 'abc', policy: { name }, alert: { labels }, target: { kind: 'Job', namespace: 'ns', name: 'm' } },
  }) as unknown as Intent;

it.each<[string, string, string]>([
  [
    'another kind',
    stringify({ apiVersion: 'batch/v1', kind: 'CronJob', spec: {} }),
    'kind: expected Job, got "CronJob"',
  ],
  ['another version', stringify({ apiVersion: 'v1', kind: 'Job' }), 'apiVersion: expected batch/v1, got "v1"'],
  ['nothing', '', 'template: expected a Job as YAML or JSON, got null'],
  ['no spec', stringify({ apiVersion: 'batch/v1', kind: 'Job' }), 'spec: expected an object, got nothing'],
  [
    'a name',
    template({}, { metadata: { name: 'x' } }),
    'metadata.name: expected none: it follows from the alert, got "x"',
  ],
  [
    'a label in a command',
    template(container({ command: ['sh', '-c', 'train $model'] })),
    'spec.template.spec.containers.0.command.2: expected labels of alerts only in env, parameters, labels and annotations, got "train $model"',
  ],
  [
    'a label as a whole argument, which may be a script',
    template(container({ args: ['${model}'] })),
    'spec.template.spec.containers.0.args.0: expected labels of alerts only in env, parameters, labels and annotations, got "${model}"',
  ],
  [
    'a label as a part',
    template(container({ env: [{ name: 'A', value: 'x-$model' }] })),
    'spec.template.spec.containers.0.env.0.value: expected a label as the whole value, got "x-$model"',
  ],
  [
    'a label that may not be used',
    template(container({ env: [{ name: 'A', value: '$pod' }] })),
    'spec.template.spec.containers.0.env.0.value: expected the name of a label that may be used, got "$pod"',
  ],
])('refuses %s', (_, text, expected) => {
  expect(() => parseTemplate(text, 'Job')).toThrow(expected);
});

it('leaves variables of the shell alone', () => {
  const spec = container({ command: ['sh', '-c', 'train "$MODEL" $modelling "$HOME"'] });
  expect(jobOf(parseTemplate(template(spec), 'Job'), intent({}), 1)).toMatchObject({ spec });
});

it('takes no label that could be more than a word', () => {
  const parsed = parseTemplate(template(container({ env: [{ name: 'A', value: '$model' }] })), 'Job');
  expect(JSON.stringify(jobOf(parsed, intent({ model: 'a.b-c' }), 1))).toContain('"value":"a.b-c"');
  for (const model of ['a b', '$(rm)', 'a;b', '{{x}}', 'a\nb', '']) {
    expect(() => jobOf(parsed, intent({ model }), 1)).toThrow('label model: expected up to 63 letters');
  }
  expect(() => jobOf(parsed, intent({}), 1)).toThrow('got nothing');
});

it('has a name that pods can carry as a label', () => {
  const name = jobName({ key: 'f'.repeat(20), policy: intent({}, `${'a'.repeat(41)}-${'b'.repeat(20)}`).policy });
  expect(name).toBe(`${'a'.repeat(41)}-${'f'.repeat(20)}`);
});

it('takes the template of docs/automated-response.md', () => {
  const doc = readFileSync(join(__dirname, '../../../docs/automated-response.md'), 'utf8');
  const [, text = ''] = /```yaml\n(apiVersion: batch\/v1[\s\S]*?)```/.exec(doc) ?? [];
  expect(JSON.stringify(jobOf(parseTemplate(text, 'Job'), intent({ model: 'm' }), 1))).toContain('"value":"m"');
});
