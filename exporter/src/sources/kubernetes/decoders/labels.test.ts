import type { ResourceKind } from '../../../domain/resources';
import { createOwnership } from '../../../domain/ownership';
import { decode } from './decode.fixture';

const LONG = 'x'.repeat(300);
const CUT = `${'x'.repeat(255)}…`;
const metadata = { name: 'fraud', namespace: 'payments' };
const format = { name: LONG, version: LONG };

it.each<[ResourceKind, object, object]>([
  [
    'InferenceService',
    { predictor: { model: { modelFormat: format, protocolVersion: LONG } } },
    { modelFormat: CUT, modelFormatVersion: CUT, protocol: CUT },
  ],
  [
    'ServingRuntime',
    { supportedModelFormats: [format], protocolVersions: [LONG, `${LONG}y`], containers: [{ name: 'c', image: LONG }] },
    {
      formats: [{ name: CUT, version: CUT, autoSelect: false }],
      protocols: [CUT],
      containers: [{ name: 'c', image: CUT }],
    },
  ],
  ['LLMInferenceService', { model: { name: LONG } }, { servedName: CUT }],
  ['SeldonModel', { requirements: [LONG, `${LONG}y`], modelType: LONG }, { requirements: [CUT], modelType: CUT }],
  ['SeldonServer', { capabilities: [LONG, `${LONG}y`] }, { capabilities: [CUT] }],
])('cuts what becomes a label of a %s, and what is the same then is once', (kind, spec, expected) => {
  expect(decode(kind, { metadata, spec })).toMatchObject({ resource: expected, drops: [] });
});

it('cuts an owner, and no character in two', () => {
  const owner = (value: string) =>
    createOwnership({ ownerKeys: ['team'], importanceKeys: [], rules: [] })({
      ...metadata,
      meta: { labels: {}, annotations: { team: value } },
      declared: {},
    }).owner;
  expect(owner(LONG)).toBe(CUT);
  expect(owner('🦊'.repeat(256))).toBe('🦊'.repeat(256));
  expect(owner('🦊'.repeat(257))).toBe(`${'🦊'.repeat(255)}…`);
});
