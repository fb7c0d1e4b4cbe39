import { KINDS } from '../kinds';
import { decode } from './decode.fixture';

const deployment = (apiVersion: string, kind: string) => ({
  metadata: { name: 'd', namespace: 'payments', ownerReferences: [{ apiVersion, kind, name: 'fraud' }] },
  spec: {},
});
const isOurs = (raw: Readonly<Record<string, unknown>>) =>
  KINDS.find(({ resource }) => resource === 'Deployment')?.ours?.(raw);

it.each([
  ['mlops.seldon.io/v1alpha1', 'Server', true],
  ['mlops.seldon.io/v1alpha9', 'Server', true],
  ['minecraft.example/v1', 'Server', false],
  ['serving.kserve.io/v1beta1', 'InferenceService', true],
  ['example.com/v1', 'InferenceService', false],
  ['mlops.seldon.io/v1alpha1', 'InferenceService', false],
  ['serving.kserve.io/v1alpha1', 'LLMInferenceService', true],
  ['v1', 'Server', false],
])('an owner %s %s: %s', (apiVersion, kind, ours) => {
  const raw = deployment(apiVersion, kind);
  expect(isOurs(raw)).toBe(ours);
  expect(decode('Deployment', raw).resource?.meta.owners).toEqual(ours ? [{ kind, name: 'fraud' }] : []);
});

it.each([
  ['mlops.seldon.io/v1alpha1', 'Server'],
  [undefined, 'Server'],
  ['minecraft.example/v1', ''],
])('takes the target of an autoscaler of %s as %s', (apiVersion, kind) => {
  const scaleTargetRef = { ...(apiVersion ? { apiVersion } : {}), kind: 'Server', name: 'fraud' };
  const { resource, drops } = decode('Autoscaler', {
    metadata: { name: 'h', namespace: 'payments' },
    spec: { maxReplicas: 2, scaleTargetRef },
  });
  expect(resource).toMatchObject({ target: { kind, name: 'fraud' } });
  expect(drops).toEqual([]);
});
