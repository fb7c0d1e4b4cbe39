/** What detectors answer: alibi-detect's own answers and MLServer's bodies of them, recorded by fixtures/record.py. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEventBook } from '../../domain/events/book';
import { textOfEvents } from '../../families/event-text';
import { createDetectionIntake } from '.';

const RECORDED = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'alibi-detect.json'), 'utf8')) as Record<
  'answers' | 'bodies',
  Record<string, object>
>;
const NOW = 1_800_000_000;

function start(options: { readonly series?: number } = {}) {
  const book = createEventBook({
    ...{ seriesPerModel: options.series ?? 2_000, series: 10_000, undeclaredModels: 2, rememberedIds: 100 },
  });
  const refused: string[] = [];
  const intake = createDetectionIntake(book, (_, detail) => refused.push(detail));
  const post = (body: unknown, headers = {}, defaults: object = { namespace: 'shop', model: 'risk', detector: 'd' }) =>
    intake.take(
      {
        headers: { 'content-type': 'application/json', ...headers },
        body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
        ...{ defaults, nowSeconds: NOW },
      },
      () => undefined
    );
  /** Lines of one family, without what all have in common. */
  const lines = (family: string) => {
    const model = book.find('shop', 'risk');
    const text = [...(model ? textOfEvents(model) : [])].flatMap(({ texts }) => texts).join('');
    return text
      .split('\n')
      .filter((line) => line.startsWith(`modelwatch_detector_${family}{`))
      .map((line) => line.replace(/^.*?detector="d",/, '').replace('source="alibi-detect",', ''));
  };
  const see = () => {
    for (const slot of book.find('shop', 'risk')?.detectors.slots.values() ?? []) slot.seen = true;
  };
  return { book, post, lines, see, refused };
}

describe('an answer of alibi-detect', () => {
  it.each(['answers', 'bodies'] as const)(
    'is read from %s: one verdict, and what there is of each feature',
    async (form) => {
      const { post, lines, see } = start();
      const body = { ...RECORDED[form]['ks, shifted'], features: ['age', 'hours', 'gain'] };
      expect(await post(body)).toMatchObject({ accepted: 1, refused: 0 });
      see();
      const of = (feature: string) => `kind="drift",method="KSDrift",feature="${feature}"`;
      expect(lines('flagged')).toEqual([`${of('')}} 1`, `${of('age')}} 0`, `${of('hours')}} 1`, `${of('gain')}} 0`]);
      expect(lines('score')).toEqual([
        `${of('age')}} 0.10000000149011612`,
        `${of('hours')}} 0.5849999785423279`,
        `${of('gain')}} 0.054999999701976776`,
      ]);
      expect(lines('p_value')[0]).toBe(`${of('')}} 2.4913948996919107e-22`);
      expect(lines('threshold')).toContain(`${of('hours')},of="p_value"} 0.016666666666666666`);
      expect(lines('results_total')).toContain(`${of('hours')},outcome="flagged"} 1`);
      expect(lines('last_result_timestamp_seconds')).toContain(`${of('')}} ${NOW}`);
    }
  );

  it('may judge each feature for itself', async () => {
    const { post, lines } = start();
    await post(RECORDED.bodies['ks, each feature']);
    expect(lines('flagged').map((line) => line.replace(/.*feature=/, ''))).toEqual([
      '""} 1',
      '"#1"} 0',
      '"#2"} 1',
      '"#3"} 0',
    ]);
  });

  it('is calm where it says so', async () => {
    const { post, lines } = start();
    await post(RECORDED.answers['ks, calm']);
    expect(lines('flagged').map((line) => line.at(-1))).toEqual(['0', '0', '0', '0']);
  });

  it('of an online detector has a statistic in place of a p-value', async () => {
    const { post, lines } = start();
    await post(RECORDED.answers['cvm online']);
    const of = 'kind="drift",method="CVMDriftOnline",feature="#2"';
    expect(lines('score')).toContain(`${of}} 8.043731689453125`);
    expect(lines('threshold')).toContain(`${of},of="score"} 4.352065848520656`);
    expect(lines('flagged')).toContain(`${of}} 1`);
    expect(lines('p_value')).toEqual([]);
  });

  it.each(['answers', 'bodies'] as const)('of outliers counts rows, from %s', async (form) => {
    const { post, lines, see } = start();
    await post(RECORDED[form]['mahalanobis']);
    see();
    const of = 'kind="outlier",method="Mahalanobis",feature=""';
    expect(lines('results_total')).toEqual([`${of},outcome="flagged"} 1`, `${of},outcome="clear"} 4`]);
    expect(lines('flagged')).toEqual([]);
  });

  it('begins at 0, and adds up', async () => {
    const { post, lines, see } = start();
    await post(RECORDED.answers['ks, calm']);
    expect(lines('results_total')[1]).toMatch(/"clear"} 0$/);
    see();
    await post([RECORDED.answers['ks, calm'], RECORDED.answers['ks, calm']]);
    expect(lines('results_total')[1]).toMatch(/"clear"} 3$/);
  });
});

describe('docs/detectors.md', () => {
  const doc = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'detectors.md'), 'utf8');
  const commands = [...doc.matchAll(/\/ingest\/detections\/shop\/chargeback-risk\/(\w+) .*? -d '([^']*)'/g)].map(
    ([, detector = '', body = '']): [string, string] => [detector, body]
  );

  it('has commands', () => expect(commands).toHaveLength(2));

  it.each(commands)('%s', async (detector, body) => {
    const { post } = start();
    const [, shown = ''] = /```json\n(.*)\n```/.exec(doc) ?? [];
    expect(await post(body, {}, { namespace: 'shop', model: 'chargeback-risk', detector })).toEqual(JSON.parse(shown));
  });
});

const NAMED = { data: { is_drift: [1, 0] }, meta: { name: 'KSDrift' } };

describe('what comes in', () => {
  it('may come through the logger of KServe, whose requests say nothing', async () => {
    const { post, lines, book } = start();
    const event = (kind: string, id: string) => ({ 'ce-type': `org.kubeflow.serving.inference.${kind}`, 'ce-id': id });
    expect(await post({ inputs: [] }, event('request', 'a'))).toMatchObject({ accepted: 0, refused: 0 });
    const body = RECORDED.bodies['ks, shifted'];
    expect(await post(body, event('response', 'a'))).toMatchObject({ accepted: 1 });
    expect(await post(body, event('response', 'a'))).toMatchObject({ accepted: 0, duplicates: 1 });
    const structured = { type: 'org.kubeflow.serving.inference.response', id: 'b', data: body };
    expect(await post(structured, { 'content-type': 'application/cloudevents+json' })).toMatchObject({ accepted: 1 });
    expect(lines('flagged')).toHaveLength(4);
    expect(book.find('shop', 'risk')?.detectors.slots.get('d\0')?.outcomes).toEqual({ flagged: 2, clear: 0 });
  });

  it('waits for a batch of MLServer that is not full yet', async () => {
    const { post } = start();
    const empty = { model_name: 'd', outputs: [] };
    expect(await post(empty)).toMatchObject({ accepted: 0, waiting: 1, refused: 0 });
  });

  it('may be of any other detector', async () => {
    const { post, lines } = start();
    const results = [{ feature: 'age', flagged: true, score: 0.3, scoreThreshold: 0.2 }];
    await post({ namespace: 'shop', model: 'risk', detector: 'd', method: 'energy', results }, {}, {});
    expect(lines('threshold')).toEqual(['kind="drift",source="other",method="energy",feature="age",of="score"} 0.2']);
  });

  it.each([
    [{ data: { p_val: [1] }, meta: { name: 'KSDrift' } }, 'data: expected is_drift, is_outlier or is_adversarial'],
    [{ data: { is_drift: 1 }, meta: {} }, 'meta.name: expected a name of letters'],
    [{ method: 'x y', results: [{ flagged: true }] }, 'method: expected a name of letters'],
    [{ method: 'x', results: [] }, 'results: expected 1 to 500 results, got 0'],
    [{ outputs: [{ name: 'is_drift', shape: [1] }] }, 'outputs[0].data: expected a list: binary tensors are not read'],
    [
      { method: 'x', results: [{ flagged: true, feature: 'a'.repeat(257) }] },
      'results[0].feature: expected a name of at most 256 characters, got "aaa',
    ],
    [{ ...NAMED, features: ['a', 'b'.repeat(257)] }, 'features[1]: expected a name of at most 256 characters'],
    [{ ...NAMED, features: ['a', 'a'] }, 'features[1]: expected each feature once, got "a"'],
    [
      { method: 'x', results: [{ flagged: true }, { flagged: false }] },
      'results[1].feature: expected each feature once',
    ],
    [7, 'expected an event'],
  ])('is refused in words: %j', async (body, words) => {
    const { post, book } = start();
    const told = await post(body).then(
      ({ problems }) => problems[0]?.message,
      (error: Error) => error.message
    );
    expect(told).toContain(words);
    expect(book.find('shop', 'risk')?.detectors.slots.size ?? 0).toBe(0);
  });

  it('is counted as far as there is room, and the rest is shown', async () => {
    const { post, book } = start({ series: 10 });
    expect(await post(RECORDED.answers['ks, calm'])).toMatchObject({ accepted: 1, refused: 0 });
    const { detectors, seriesRefused } = book.find('shop', 'risk') ?? {};
    expect([detectors?.slots.size, seriesRefused]).toEqual([1, 24]);
  });

  it('without room for any of it is refused with its place, and counts when there is room', async () => {
    const { post, book, refused } = start({ series: 8 });
    const answer = (id: string) => ({ ...RECORDED.answers['mahalanobis'], id });
    expect(await post(answer('a'), {}, { namespace: 'shop', model: 'risk', detector: 'd' })).toMatchObject({
      accepted: 1,
    });
    const other = { namespace: 'shop', model: 'risk', detector: 'late' };
    const message =
      'detector: expected one that has series, or room for it in events.maxSeriesPerModel and events.maxSeries, got "late" of shop/risk';
    const without = { accepted: 0, duplicates: 0, waiting: 0, refused: 1 };
    expect(await post(answer('b'), {}, other)).toEqual({
      ...without,
      problems: [{ index: 0, reason: 'no_room', message }],
    });
    expect(refused).toEqual([message.split(', got ')[0]]);
    expect(book.find('shop', 'risk')?.seriesRefused).toBe(8);
    book.find('shop', 'risk')?.detectors.expire(NOW + 3 * 86_400);
    expect(await post(answer('b'), {}, other)).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await post(answer('b'), {}, other)).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  it('is forgotten after two days without another, and its model with it', async () => {
    const { post, book } = start();
    await post(RECORDED.answers['ks, calm']);
    book.expire(NOW + 2 * 86_400);
    expect(book.find('shop', 'risk')?.detectors.slots.size).toBe(4);
    book.expire(NOW + 2 * 86_400 + 1);
    expect([book.find('shop', 'risk'), book.series]).toEqual([undefined, 0]);
  });

  it('starts anew where another detector takes a name', async () => {
    const { post, lines } = start();
    await post(RECORDED.answers['ks, calm']);
    await post(RECORDED.answers['mahalanobis']);
    expect(lines('results_total')[0]).toContain('method="Mahalanobis",feature="",outcome="flagged"} 0');
  });
});
