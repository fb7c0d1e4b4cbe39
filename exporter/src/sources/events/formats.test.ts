/** Bodies as model servers and loggers have them, and what is counted of them. */
import type { IngestReport } from '@modelwatch/contract';
import { createEventBook, type EventBook } from '../../domain/events/book';
import { DEFAULT_SETTINGS } from '../../domain/events/monitored';
import { categoricalFeature, numericFeature, referenceOf } from '../../domain/testing/references';
import { createEventIntake, type EventIntake } from '.';

const NOW = 1_800_000_000;
const REFERENCE = referenceOf({
  features: [numericFeature('age', [50, 50]), numericFeature('amount', [40, 60], 0.75)],
  prediction: categoricalFeature('outcome', { paid: 90, late: 10 }),
  classes: ['paid', 'late'],
});

let book: EventBook;
let intake: EventIntake;
beforeEach(() => {
  book = createEventBook({ seriesPerModel: 2_000, series: 2_000, undeclaredModels: 10, rememberedIds: 100 });
  book.setModels(
    [{ namespace: 'shop', model: 'risk', references: [{ reference: REFERENCE }], settings: DEFAULT_SETTINGS }],
    NOW
  );
  intake = createEventIntake(book, { onRefused: () => undefined });
});

function take(body: unknown, headers: Record<string, string> = {}, nowSeconds = NOW): Promise<IngestReport> {
  const request = {
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(body)),
    defaults: {},
    nowSeconds,
  };
  return intake.take(request, () => undefined);
}

/** Rows by bin; the prediction is the empty name. */
function counted(feature: string, version = ''): Record<string, number> {
  const bins = book.find('shop', 'risk')?.slots.get(version)?.bins.get(REFERENCE.id);
  const column = bins?.plan.columns.find((each) => each.feature === feature);
  const rows = column?.labels.map((label, index) => [label, bins?.counts[column.offset + index]] as const) ?? [];
  return Object.fromEntries(rows.filter((entry): entry is [string, number] => entry[1] !== 0));
}

const MODEL = { namespace: 'shop', model: 'risk' };
const tensor = (name: string, shape: number[], data: unknown[], datatype = 'FP64') => ({ name, shape, datatype, data });

describe('an inference request and its response', () => {
  it('in the Open Inference Protocol has features by the name of their tensors', async () => {
    const request = { inputs: [tensor('age', [2], [5, 15]), tensor('amount', [2, 1], [[5], [95]])] };
    const response = { model_name: 'risk', outputs: [tensor('predict', [2], ['paid', 'late'], 'BYTES')] };
    expect(await take({ ...MODEL, id: 'r1', request, response })).toMatchObject({ accepted: 2, refused: 0 });
    expect([counted('age'), counted('amount'), counted('')]).toEqual([
      { 0: 1, 1: 1 },
      { 0: 1, above: 1 },
      { 0: 1, 1: 1 },
    ]);
    // Each row has an id of its own.
    expect(await take({ ...MODEL, id: 'r1', request, response })).toMatchObject({ accepted: 0, duplicates: 2 });
  });

  it('with columns that have no name has those of the reference, in its order, whatever is important', async () => {
    const response = { model_version: '7', outputs: [tensor('scores', [2, 2], [0.9, 0.1, 0.2, 0.8])] };
    await take({ ...MODEL, request: { inputs: [tensor('input-0', [2, 2], [5, 95, 15, 5])] }, response });
    await take({ ...MODEL, version: '7', request: { instances: [[5, 15]] }, response: { predictions: ['paid'] } });
    expect([counted('age', '7'), counted('amount', '7'), counted('', '7')]).toEqual([
      { 0: 2, 1: 1 },
      { above: 1, 0: 1, 1: 1 },
      { 0: 2, 1: 1 },
    ]);
  });

  it('with instances by name, and scores of which the highest is the prediction', async () => {
    const request = { instances: [{ age: 5, amount: 5 }, { age: 15 }] };
    await take({ ...MODEL, request, response: { predictions: [[0.2, 0.8], { outcome: 'paid' }] } });
    expect([counted('age'), counted('amount'), counted('')]).toEqual([
      { 0: 1, 1: 1 },
      { 0: 1, missing: 1 },
      { 0: 1, 1: 1 },
    ]);
  });

  it('with other columns than the reference leaves all features missing, which is seen', async () => {
    await take({ ...MODEL, request: { instances: [[1, 2, 3]] }, response: { predictions: ['paid'] } });
    expect([counted('age'), counted('')]).toEqual([{ missing: 1 }, { 0: 1 }]);
  });

  it.each([
    [{ inputs: [] }, { outputs: [] }, 'request.inputs: expected a list of tensors, got []'],
    [{ instances: [1, 2] }, { predictions: [1] }, 'response: expected as many rows as the request has, 2, got 1'],
    [
      { inputs: [tensor('age', [2], [5])] },
      { predictions: [1, 2] },
      'request.inputs[0].data: expected 2 values, as the shape says, got 1',
    ],
    [
      { inputs: [{ name: 'age', shape: [1], parameters: { binary_data_size: 8 } }] },
      { predictions: [1] },
      'request.inputs[0].data: expected a list, or the bytes of a CloudEvent, got undefined',
    ],
    [{ inputs: [tensor('age', [-1], [5])] }, {}, 'request.inputs[0].shape: expected whole numbers, got [-1]'],
    ['text', {}, 'request: expected an object with inputs, instances or messages, got "a string"'],
  ])('is refused with its place when it is wrong: %j %j', async (request, response, message) => {
    const { problems, refused } = await take({ ...MODEL, request, response });
    expect([refused, problems[0]?.message]).toEqual([1, message]);
  });
});

describe("KServe's logger", () => {
  const REQUEST = { instances: [[5, 15]] };
  const RESPONSE = { predictions: ['late'] };
  const headers = (type: string, id = 'a-1', more = {}) => ({
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-type': `org.kubeflow.serving.inference.${type}`,
    'ce-source': 'http://localhost:9081/',
    'ce-time': new Date((NOW - 3) * 1_000).toISOString(),
    'ce-inferenceservicename': 'risk',
    'ce-namespace': 'shop',
    'ce-component': 'predictor',
    'ce-endpoint': 'default',
    ...more,
  });
  const WAITING = { accepted: 0, duplicates: 0, waiting: 1, refused: 0, problems: [] };
  const dropped = () => book.find('shop', 'risk')?.dropped;

  it.each([
    ['request first', [REQUEST, 'request'], [RESPONSE, 'response']],
    ['response first', [RESPONSE, 'response'], [REQUEST, 'request']],
  ] as const)('sends both halves apart, %s', async (_, [first, firstType], [second, secondType]) => {
    expect(await take(first, headers(firstType))).toEqual(WAITING);
    expect(await take(second, headers(secondType))).toMatchObject({ accepted: 1, waiting: 0 });
    expect([counted('age'), counted('amount'), counted('')]).toEqual([{ 0: 1 }, { 1: 1 }, { 1: 1 }]);
    expect(book.find('shop', 'risk')?.lag.sum).toBeCloseTo(3, 6);
  });

  it('sends a request whose response never comes: it is let go, and counted', async () => {
    await take(REQUEST, headers('request'));
    await take(REQUEST, headers('request', 'a-2'), NOW + 50);
    intake.expire(NOW + 61);
    expect(dropped()).toMatchObject({ unpaired: 1 });
    // Too late, it waits in vain, too.
    await take(RESPONSE, headers('response'), NOW + 62);
    await take(RESPONSE, headers('response', 'a-2'), NOW + 62);
    intake.expire(NOW + 200);
    expect(dropped()).toMatchObject({ unpaired: 2 });
    expect(counted('age')).toEqual({ 0: 1 });
  });

  it('sends a half twice: it is one', async () => {
    await take(REQUEST, headers('request'));
    await take(REQUEST, headers('request'));
    await take(RESPONSE, headers('response'));
    intake.expire(NOW + 100);
    expect([counted('age'), dropped()]).toMatchObject([{ 0: 1 }, { unpaired: 0 }]);
  });

  it('does not mix a transformer with its predictor', async () => {
    await take(REQUEST, headers('request'));
    await take({ instances: [['raw']] }, headers('request', 'a-1', { 'ce-component': 'transformer' }));
    expect(await take(RESPONSE, headers('response'))).toMatchObject({ accepted: 1 });
    expect(counted('age')).toEqual({ 0: 1 });
  });

  it.each([
    [headers('feedback'), /^ce-type: expected org.kubeflow.serving.inference.request or/],
    [headers('request', ''), /^ce-id: expected a text/],
    [{ ...headers('request'), 'ce-inferenceservicename': 'a/b' }, /^model: expected a name/],
  ])('is told what is wrong: %#', async (wrong, message) => {
    const { refused, problems } = await take(REQUEST, wrong);
    expect([refused, problems[0]?.message]).toEqual([1, expect.stringMatching(message)]);
  });

  describe('of tensors as bytes', () => {
    // Made by tritonclient 2.73.0: InferenceServerClient.generate_request_body of `age` [5, 15] as FP32 and of `note`
    // ['DE', 'F{"}'] as BYTES, which are after the JSON.
    const TRITON = Buffer.from(
      'eyJpZCI6IjQ3MTIiLCJpbnB1dHMiOlt7Im5hbWUiOiJhZ2UiLCJzaGFwZSI6WzJdLCJkYXRhdHlwZSI6IkZQMzIiLCJwYXJhbWV0ZXJzIjp7ImJpbmFyeV9kYXRhX3NpemUiOjh9fSx7Im5hbWUiOiJub3RlIiwic2hhcGUiOlsyXSwiZGF0YXR5cGUiOiJCWVRFUyIsInBhcmFtZXRlcnMiOnsiYmluYXJ5X2RhdGFfc2l6ZSI6MTR9fV0sInBhcmFtZXRlcnMiOnsiYmluYXJ5X2RhdGFfb3V0cHV0Ijp0cnVlfX0AAKBAAABwQQIAAABERQQAAABGeyJ9',
      'base64'
    );
    const JSON_BYTES = 230;
    const raw = (list: 'inputs' | 'outputs', tensors: readonly (readonly [object, Buffer])[]) => {
      const json = tensors.map(([tensor, { length }]) => ({ ...tensor, parameters: { binary_data_size: length } }));
      return Buffer.concat([Buffer.from(JSON.stringify({ [list]: json })), ...tensors.map(([, bytes]) => bytes)]);
    };
    const text = (value: string) => Buffer.concat([Buffer.from([value.length, 0, 0, 0]), Buffer.from(value)]);
    const OUTCOMES = raw('outputs', [
      [{ name: 'predict', datatype: 'BYTES', shape: [2] }, Buffer.concat([text('paid'), text('late')])],
    ]);
    const post = (body: Buffer, type: string, more: object = {}) => {
      const sent = { ...headers(type), 'content-type': 'application/octet-stream', ...more };
      return intake.take({ headers: sent, body, defaults: {}, nowSeconds: NOW }, () => undefined);
    };

    it.each([
      ['with the length of its JSON in a header', { 'inference-header-content-length': String(JSON_BYTES) }],
      ["without it, as KServe's logger passes it on", {}],
    ])('sends both halves, the request %s', async (_, more) => {
      expect(await post(TRITON, 'request', more)).toEqual(WAITING);
      expect(await post(OUTCOMES, 'response')).toMatchObject({ accepted: 2, problems: [] });
      expect([counted('age'), counted('')]).toEqual([
        { 0: 1, 1: 1 },
        { 0: 1, 1: 1 },
      ]);
    });

    it('may have them in base64, in the structured form', async () => {
      const event = (type: string, body: Buffer) => ({
        ...{ id: 'b-2', type: `org.kubeflow.serving.inference.${type}`, namespace: 'shop' },
        ...{ inferenceservicename: 'risk', datacontenttype: 'application/octet-stream' },
        data_base64: body.toString('base64'),
      });
      const both = [event('request', TRITON), event('response', OUTCOMES)];
      const report = await take(both, { 'content-type': 'application/cloudevents-batch+json' });
      expect(report).toMatchObject({ accepted: 2, refused: 0 });
    });

    const AGE = { name: 'age', datatype: 'FP32', shape: [1] };
    it.each([
      [
        raw('inputs', [[AGE, Buffer.alloc(4)]]).subarray(0, -1),
        'inputs[0].parameters.binary_data_size: expected at most the 3 bytes that are left of the body, got 4',
      ],
      [raw('inputs', [[AGE, Buffer.alloc(3)]]), 'raw contents: expected whole values of FP32, got "3 bytes"'],
      [
        Buffer.concat([raw('inputs', [[AGE, Buffer.alloc(4)]]), Buffer.alloc(2)]),
        'inputs: expected no bytes after the last tensor, got "2 bytes more"',
      ],
      [
        raw('inputs', [[{ ...AGE, datatype: 'BF16' }, Buffer.alloc(2)]]),
        'inputs[0].datatype: expected a type of the Open Inference Protocol, got "BF16"',
      ],
    ])('is refused with its place when it is wrong: %#', async (body, message) => {
      const { refused, problems } = await post(body, 'request');
      expect([refused, problems[0]?.message]).toEqual([1, message]);
    });

    it('is refused when the length of its JSON is none, or it has no JSON at all', async () => {
      const told = post(TRITON, 'request', { 'inference-header-content-length': '9999' });
      await expect(told).rejects.toThrow('inference-header-content-length: expected at most the');
      await expect(post(Buffer.from([1, 2, 3]), 'request')).rejects.toThrow('body: expected JSON');
    });
  });

  it('may send the structured form, and many at once', async () => {
    const event = (type: string, data: object) => ({
      id: 'b-1',
      type: `org.kubeflow.serving.inference.${type}`,
      namespace: 'shop',
      inferenceservicename: 'risk',
      data,
    });
    const both = [event('request', REQUEST), 7, event('response', RESPONSE)];
    expect(await take(both, { 'content-type': 'application/cloudevents-batch+json' })).toMatchObject({
      accepted: 1,
      waiting: 1,
      refused: 1,
      problems: [{ index: 1, message: '[1]: expected a CloudEvent, got 7' }],
    });
  });
});
