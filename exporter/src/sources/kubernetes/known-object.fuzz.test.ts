/**
 * Objects that are right but for one field. What is wrong there must be counted: an object that is quietly read without it
 * gives wrong numbers (the shares of an experiment) and nobody learns why.
 */
import { isObject } from '@modelwatch/contract';
import fc from 'fast-check';
import type { ResourceKind } from '../../domain/resources';
import { decode } from './decoders/decode.fixture';

type Json = Readonly<Record<string, unknown>>;

const metadata = { name: 'fraud', namespace: 'payments', uid: 'u1', creationTimestamp: '2026-01-31T12:00:00Z' };
const status = { conditions: [{ type: 'Ready', status: 'True' }] };
const predictor = { model: { modelFormat: { name: 'sklearn', version: '1' }, storageUri: 's3://b/m', runtime: 'r' } };

const OBJECTS = {
  SeldonModel: { metadata, spec: { requirements: ['sklearn'], replicas: 1, memory: '1Gi', preloaded: true }, status },
  SeldonExperiment: {
    metadata,
    spec: { default: 'a', candidates: [{ name: 'a', weight: 50 }], mirror: { name: 'b', percent: 10 } },
    status,
  },
  SeldonPipeline: { metadata, spec: { steps: [{ name: 'a', inputs: ['b'] }], output: { steps: ['a'] } }, status },
  SeldonServer: { metadata, spec: { serverConfig: 'mlserver', replicas: 1, capabilities: ['x'] }, status },
  InferenceService: {
    metadata: { ...metadata, annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } },
    spec: { predictor, canary: [{ predictor: { name: 'blue' }, trafficPercent: 10 }] },
    status,
  },
  ServingRuntime: {
    metadata,
    spec: { disabled: false, supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true }] },
  },
  TrainedModel: { metadata, spec: { inferenceService: 'a', model: { framework: 'sklearn', memory: '1Gi' } }, status },
  InferenceGraph: {
    metadata,
    spec: { nodes: { root: { routerType: 'Sequence', steps: [{ serviceName: 'a', weight: 1 }] } } },
    status,
  },
  SeldonRuntime: { metadata, spec: { seldonConfig: 'default', overrides: [{ name: 'hodometer', disable: true }] } },
  SeldonServerConfig: { metadata, spec: { podSpec: { containers: [{ name: 'mlserver', image: 'a/b:1' }] } } },
  LLMInferenceService: { metadata, spec: { model: { uri: 'hf://a/b', name: 'llm' }, replicas: 1 }, status },
  Autoscaler: {
    metadata,
    spec: { minReplicas: 1, maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } },
    status: { currentReplicas: 1, desiredReplicas: 1 },
  },
} satisfies Partial<Record<ResourceKind, Json>>;

type Expected = 'text' | 'count' | 'bool' | 'list' | 'object' | 'quantity';
/** What is at a place of the object, and whether the rest of its entry can be used without it. */
type Field = readonly [kind: keyof typeof OBJECTS, path: string, expected: Expected, needed?: 'needed'];

const FIELDS: readonly Field[] = [
  ['SeldonModel', 'spec.requirements', 'list'],
  ['SeldonModel', 'spec.replicas', 'count'],
  ['SeldonModel', 'spec.memory', 'quantity'],
  ['SeldonModel', 'spec.preloaded', 'bool'],
  ['SeldonModel', 'status', 'object'],
  ['SeldonModel', 'status.conditions', 'list'],
  ['SeldonModel', 'status.conditions.0.type', 'text', 'needed'],
  ['SeldonModel', 'status.conditions.0.status', 'text', 'needed'],
  ['SeldonExperiment', 'spec.candidates', 'list'],
  ['SeldonExperiment', 'spec.candidates.0.name', 'text', 'needed'],
  ['SeldonExperiment', 'spec.candidates.0.weight', 'count'],
  ['SeldonExperiment', 'spec.mirror.name', 'text', 'needed'],
  ['SeldonExperiment', 'spec.mirror.percent', 'count'],
  ['SeldonPipeline', 'spec.steps', 'list'],
  ['SeldonPipeline', 'spec.steps.0.name', 'text', 'needed'],
  ['SeldonPipeline', 'spec.steps.0.inputs', 'list'],
  ['SeldonServer', 'spec.serverConfig', 'text'],
  ['SeldonServer', 'spec.capabilities', 'list'],
  ['InferenceService', 'spec.predictor', 'object'],
  ['InferenceService', 'spec.predictor.model.modelFormat.name', 'text'],
  ['InferenceService', 'spec.predictor.model.storageUri', 'text'],
  ['InferenceService', 'spec.canary.0.predictor.name', 'text', 'needed'],
  ['InferenceService', 'spec.canary.0.trafficPercent', 'count', 'needed'],
  ['InferenceService', 'metadata.annotations', 'object'],
  ['ServingRuntime', 'spec.disabled', 'bool'],
  ['ServingRuntime', 'spec.supportedModelFormats.0.name', 'text', 'needed'],
  ['TrainedModel', 'spec.inferenceService', 'text', 'needed'],
  ['TrainedModel', 'spec.model.memory', 'quantity'],
  ['InferenceGraph', 'spec.nodes.root.steps.0.serviceName', 'text', 'needed'],
  ['InferenceGraph', 'spec.nodes.root.steps.0.weight', 'count'],
  ['SeldonRuntime', 'spec.overrides.0.name', 'text', 'needed'],
  ['SeldonRuntime', 'spec.overrides.0.disable', 'bool'],
  ['SeldonServerConfig', 'spec.podSpec.containers.0.name', 'text', 'needed'],
  ['SeldonServerConfig', 'spec.podSpec.containers.0.image', 'text'],
  ['LLMInferenceService', 'spec.model.uri', 'text'],
  ['LLMInferenceService', 'spec.replicas', 'count'],
  ['Autoscaler', 'spec.scaleTargetRef.kind', 'text', 'needed'],
  ['Autoscaler', 'spec.scaleTargetRef.name', 'text', 'needed'],
  ['Autoscaler', 'spec.minReplicas', 'count'],
];

const IS: Record<Expected, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  count: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  bool: (value) => typeof value === 'boolean',
  list: Array.isArray,
  object: isObject,
  quantity: (value) => typeof value === 'number' && value >= 0,
};
const anything = fc.constantFrom<unknown>(5, -1, 0.5, true, 'x', [1], { a: 1 }, [{ a: 1 }]);

/** Not changed in place: the table is read by every run. Undefined takes the field away. */
function changed(object: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown {
  if (Array.isArray(object)) {
    return object.map((entry: unknown, index) => (String(index) === key ? changed(entry, rest, value) : entry));
  }
  if (!isObject(object) || object[key] === undefined) throw new Error(`the object of the table has no ${key}`);
  const { [key]: before, ...others } = object;
  if (rest.length > 0) return { ...others, [key]: changed(before, rest, value) };
  return value === undefined ? others : { ...others, [key]: value };
}

const messagePath = (path: string) => path.replace(/\.(\d+)\./g, '[$1].');

it.each(Object.entries(OBJECTS))('reads the %s of the table without a drop', (kind, object) => {
  expect(decode(kind as ResourceKind, object).drops).toEqual([]);
});

it('counts a field of a wrong type, with its place', () => {
  const wrong = fc
    .tuple(fc.constantFrom(...FIELDS), anything)
    .filter(([[, , expected], value]) => !IS[expected](value));
  fc.assert(
    fc.property(wrong, ([[kind, path], value]) => {
      const { drops } = decode(kind, changed(OBJECTS[kind], path.split('.'), value));
      expect(drops.join('\n')).toContain(` ${messagePath(path)}: expected `);
      expect(drops.join('\n')).toMatch(/^(wrong_type|unknown_value) /);
    }),
    { numRuns: 400 }
  );
});

const NEEDED = FIELDS.flatMap(([kind, path, , needed]) => (needed ? [{ kind, path }] : []));

it.each(NEEDED)('counts that $kind has no $path', ({ kind, path }) => {
  const { drops } = decode(kind, changed(OBJECTS[kind], path.split('.'), undefined));
  expect(drops).toEqual([expect.stringMatching(/^missing_field /)]);
  expect(drops[0]).toContain(` ${messagePath(path)}: expected `);
  expect(drops[0]).toMatch(/, got undefined$/);
});

it('counts a mode of deployment that there is not', () => {
  const annotations = { 'serving.kserve.io/deploymentMode': 'RawDeploymnet' };
  const { drops } = decode('InferenceService', { ...OBJECTS.InferenceService, metadata: { ...metadata, annotations } });
  expect(drops).toEqual([
    'unknown_value InferenceService payments/fraud metadata.annotations.serving.kserve.io/deploymentMode: ' +
      'expected Standard or RawDeployment or Knative or Serverless or ModelMesh, got "RawDeploymnet"',
  ]);
});
