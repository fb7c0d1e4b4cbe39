import { LAST_HEALTHY, rollingBack, shown } from './rollback';

const model = rollingBack({ type: 'rollback', kind: 'Model', nameLabel: 'model' });
const service = rollingBack({ type: 'rollback', kind: 'InferenceService', nameLabel: 'model' });

function told(of: typeof model, object: unknown): string {
  const plan = of.plan(object);
  if (plan.kind === 'change') return `${plan.before} to ${plan.after} (${plan.note})`;
  return plan.kind === 'unchanged' ? `unchanged: ${plan.text}` : `${plan.refusal.reason}: ${plan.refusal.text}`;
}

const withUri = (storageUri: unknown, healthy?: unknown, more: object = {}) => ({
  metadata: { annotations: { [LAST_HEALTHY]: healthy } },
  spec: { storageUri, ...more },
});

it.each<[string, unknown, RegExp]>([
  [
    'the version that is said to be healthy',
    withUri('gs://m/8', 'gs://m/7'),
    /^gs:\/\/m\/8 to gs:\/\/m\/7 \(spec.storageUri\)$/,
  ],
  [
    'nothing where none is',
    withUri('gs://m/8'),
    /^unknown_version: .*last-healthy-storage-uri"\]: expected .* got none$/,
  ],
  ['nothing where it is no address', withUri('gs://m/8', 'two words'), /^unknown_version: /],
  ['nothing where it is the one that runs', withUri('gs://m/7', 'gs://m/7'), /^unchanged: spec.storageUri is the last/],
  [
    'nothing where that alone does not tell it',
    withUri('gs://m/8', 'gs://m/7', { artifactVersion: 8 }),
    /^unknown_version: spec.artifactVersion/,
  ],
  ['nothing of what cannot be read', withUri(7, 'gs://m/7'), /^rejected: spec.storageUri/],
  ['nothing of what goes', { ...withUri('a', 'b'), metadata: { deletionTimestamp: 'now' } }, /^not_found: /],
])('a model goes back to %s', (_, object, expected) => {
  expect(told(model, object)).toMatch(expected);
});

const revisions = (predictor: object, spec: object = {}, mode = 'Knative') => ({
  metadata: {},
  spec: { predictor: { model: { storageUri: 'gs://m/2' }, ...spec } },
  status: { deploymentMode: mode, components: { predictor } },
});
const NEWEST = { latestCreatedRevision: 'r2', latestReadyRevision: 'r2' };
const ROLLED_OUT = { ...NEWEST, latestRolledoutRevision: 'r2', previousRolledoutRevision: 'r1' };

it.each<[string, unknown, string | RegExp]>([
  ['the revision before', revisions(ROLLED_OUT), '100 to 0 (percent of traffic of r2; back to r1)'],
  [
    'the one that had all traffic, of a canary',
    revisions({ ...NEWEST, latestRolledoutRevision: 'r1' }, { canaryTrafficPercent: 20 }),
    '20 to 0 (percent of traffic of r2; back to r1)',
  ],
  [
    'nothing where there is no revision before',
    revisions({ ...NEWEST, latestRolledoutRevision: 'r2' }),
    /^unknown_version: status.components.predictor.previousRolledoutRevision: expected .* got "none"$/,
  ],
  [
    'nothing where it was rolled back',
    revisions(ROLLED_OUT, { canaryTrafficPercent: 0 }),
    /^unchanged: r2 has no traffic/,
  ],
  [
    'nothing while another is rolled out',
    revisions({ ...ROLLED_OUT, latestCreatedRevision: 'r3' }),
    /^rejected: .*"r3"/,
  ],
  ['nothing of what cannot be read', revisions(ROLLED_OUT, { canaryTrafficPercent: 'all' }), /^rejected: /],
  // Nobody reads the percentage in this mode.
  [
    'nothing without revisions and word of a healthy one',
    revisions(ROLLED_OUT, {}, 'Standard'),
    /^unknown_version: metadata/,
  ],
])('a service goes back to %s', (_, object, expected) => {
  expect(told(service, object)).toMatch(expected);
});

it('shows of an address neither a password nor a signature', () => {
  expect(shown('https://me:hunter2@store/m/1?signature=hunter2')).toBe('https://store/m/1');
  expect(shown('s3://key:hun/ter2@bucket/m')).toBe('s3://bucket/m');
  expect(shown(':s3,secret_access_key=hunter2:bucket/m')).toBe('a place that may hold a secret');
});
