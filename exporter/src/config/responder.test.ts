import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ConfigError, loadConfig } from './load';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-responder-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const scale = { type: 'scale', kind: 'Model', step: 1, max: 5 };
const policy = (more: object = {}) => ({ name: 'up', match: { alertnames: ['Slow'] }, action: scale, ...more });

function load(responder: object, more: object = { prometheus: { url: 'http://prometheus:9090' } }) {
  const file = join(folder, 'modelwatch.yaml');
  const enabled = { enabled: true, alertmanager: { tokenFile: '/token' }, ...responder };
  writeFileSync(file, stringify({ ...more, responder: enabled }));
  return loadConfig({ file, env: {}, flags: {} }).config.responder;
}

function refusals(responder: object, more?: object): readonly string[] {
  try {
    load(responder, more);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => problem.replace(/ \(.*line \d+\)$/, ''));
  }
}

it('is off, dry and allows nothing by default', () => {
  const { enabled, mode, allow, policies } = loadConfig({ env: {}, flags: {} }).config.responder;
  expect({ enabled, mode, allow, policies }).toEqual({
    ...{ enabled: false, mode: 'dry-run', policies: [] },
    allow: { namespaces: [], kinds: [], actions: [] },
  });
});

it('knows where the name of what is scaled stands', () => {
  const actions = [scale, { ...scale, kind: 'Server' }, { ...scale, nameLabel: 'deployment' }];
  const { policies } = load({ policies: actions.map((action, index) => policy({ name: `p${index}`, action })) });
  expect(policies.map(({ action }) => action.type === 'scale' && action.nameLabel)).toEqual([
    'model',
    'server',
    'deployment',
  ]);
});

const of = (key: string) => `responder.policies[0].${key}: expected`;

it.each<[string, object, string]>([
  ['another mode', { mode: 'yolo' }, 'responder.mode: expected one of dry-run, auto, got "yolo"'],
  [
    'another mode of a policy',
    { policies: [policy({ mode: 'approve' })] },
    `${of('mode')} one of dry-run, auto, got "approve"`,
  ],
  [
    'nobody who may send',
    { alertmanager: {} },
    'responder.alertmanager.tokenFile: expected a file with a token, or one in responder.grafana: nobody could send an alert, got nothing',
  ],
  [
    'two policies of one name',
    { policies: [policy(), policy()] },
    'responder.policies[1].name: expected a name that no other policy has, got "up"',
  ],
  [
    'an alert on missing data',
    { policies: [policy({ match: { alertnames: ['ModelwatchModelStale'] } })] },
    `${of('match.alertnames[0]')} an alert that says something of the model; this one says that data are missing, got "ModelwatchModelStale"`,
  ],
  [
    'a step and a number',
    { policies: [policy({ action: { ...scale, to: 3 } })] },
    `${of('action.step')} a number here or in to, not both, got 1`,
  ],
  [
    'no upper bound',
    { policies: [policy({ action: { ...scale, max: undefined } })] },
    `${of('action.max')} the most that there may be, with type scale, got nothing`,
  ],
  [
    'bounds the wrong way round',
    { policies: [policy({ action: { ...scale, min: 9 } })] },
    `${of('action.max')} at least min, which is 9, got 5`,
  ],
  [
    'what belongs to another type',
    { policies: [policy({ action: { ...scale, url: 'http://x' } })] },
    `${of('action.url')} none with type scale, got "http://x"`,
  ],
  [
    'a call to nowhere',
    { policies: [policy({ action: { type: 'call' } })] },
    `${of('action.url')} the address that is called, with type call, got nothing`,
  ],
  [
    'a job because a model does not answer',
    {
      policies: [
        policy({
          match: { alertnames: ['ModelwatchModelDrift', 'ModelwatchModelCannotServe', 'Own'] },
          action: { type: 'job', kind: 'Job', templateFile: '/job.yaml' },
        }),
      ],
    },
    `${of('match.alertnames[1]')} one of ModelwatchModelDrift, ModelwatchModelAccuracy, ModelwatchModelFairness, ModelwatchCustomMetric, or one of your own, with a job: nothing is retrained because a model does not answer, got "ModelwatchModelCannotServe"`,
  ],
  [
    'a job from nothing',
    { policies: [policy({ action: { type: 'job', kind: 'Job' } })] },
    `${of('action.templateFile')} a file with the template, with type job, got nothing`,
  ],
  [
    'traffic of what has none',
    { policies: [policy({ action: { type: 'traffic', kind: 'Model' } })] },
    `${of('action.kind')} one of Experiment, InferenceService, with type traffic, got "Model"`,
  ],
  [
    'a roll-back of what has no versions',
    { policies: [policy({ action: { type: 'rollback', kind: 'Server' } })] },
    `${of('action.kind')} one of Model, InferenceService, with type rollback, got "Server"`,
  ],
  [
    'an unknown label',
    { policies: [policy({ precondition: 'x{a="$pod"}' })] },
    `${of('precondition')} the name of a label that may be used, which $pod is not, got "x{a=\\"$pod\\"}"`,
  ],
])('refuses %s', (_, responder, expected) => {
  expect(refusals(responder)).toEqual([expected]);
});

it('asks for a Prometheus where one is to be asked, and for Kubernetes', () => {
  expect(refusals({ policies: [policy({ precondition: 'up' })] }, {})).toEqual([
    `${of('stillFiring')} false without prometheus.url, which is asked whether the alert still fires, got nothing`,
    `${of('precondition')} none without prometheus.url, which is asked, got "up"`,
  ]);
  expect(refusals({ policies: [policy({ stillFiring: false })] }, {})).toEqual([]);
  const without = { kubernetes: { enabled: false }, web: { probeTargets: ['a:1'] } };
  expect(refusals({}, without)).toEqual([
    'responder.enabled: expected false while kubernetes.enabled is false: the Lease is kept there, got true',
  ]);
});
