/** What is counted of prompts and completions, and that nothing else of them stays. */
import type { IngestReport } from '@modelwatch/contract';
import { createEventBook, type EventBook } from '../../domain/events/book';
import { DEFAULT_SETTINGS } from '../../domain/events/monitored';
import type { GenerativeSettings } from '../../domain/generative/settings';
import { categoricalFeature, numericFeature, referenceOf } from '../../domain/testing/references';
import { createEventIntake, createFeedbackIntake, type EventIntake } from '.';

const NOW = 1_800_000_000;
const MODEL = { namespace: 'support', model: 'chat' };
const REFERENCE = referenceOf({
  ...MODEL,
  features: [
    numericFeature('prompt_length', [50, 50]),
    numericFeature('prompt_words', [60, 40]),
    numericFeature('prompt_tokens', [60, 40]),
    categoricalFeature('prompt_language', { en: 90, de: 10 }),
    categoricalFeature('prompt_keyword', { '(none)': 40, parcel: 40, invoice: 20 }),
    categoricalFeature('completion_language', { en: 100 }),
    categoricalFeature('completion_refusal', { false: 95, true: 5 }, 'boolean'),
    categoricalFeature('completion_empty', { false: 100 }, 'boolean'),
    categoricalFeature('finish_reason', { stop: 95, length: 5 }),
    categoricalFeature('toxicity', { pass: 99, flag: 1 }),
  ],
});
const SETTINGS: GenerativeSettings = {
  consumerClasses: { staff: ['team-*'], partners: ['acme', 'globex'] },
  prices: { currency: 'EUR', input: 2, output: 10, cached: 0.5 },
  guards: { toxicity: ['pass', 'flag'] },
  refusalPhrases: ['Computer says NO'],
};

let book: EventBook;
let intake: EventIntake;
let refused: string[];

beforeEach(() => {
  refused = [];
  book = createEventBook({ seriesPerModel: 2_000, series: 2_000, undeclaredModels: 10, rememberedIds: 100 });
  const settings = { ...DEFAULT_SETTINGS, generative: SETTINGS };
  book.setModels([{ ...MODEL, references: [{ reference: REFERENCE }], settings }], NOW);
  intake = createEventIntake(book, { onRefused: (_, detail) => refused.push(detail) });
});

function request(body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(text), defaults: {} };
}

function take(body: unknown, headers: Record<string, string> = {}): Promise<IngestReport> {
  return intake.take({ ...request(body, headers), nowSeconds: NOW }, () => undefined);
}

/** The bins with rows: the category, or the label of a special or numeric bin. */
function counted(feature: string): Record<string, number> {
  const bins = book.find(MODEL.namespace, MODEL.model)?.slots.get('')?.bins.get(REFERENCE.id);
  const column = bins?.plan.columns.find((each) => each.feature === feature);
  return Object.fromEntries(
    (column?.labels ?? []).flatMap((label, index) => {
      const bin = column?.column.bins[index];
      const rows = bins?.counts[(column?.offset ?? 0) + index] ?? 0;
      return rows === 0 ? [] : [[bin && 'category' in bin ? bin.category : label, rows]];
    })
  );
}

const sums = () => book.find(MODEL.namespace, MODEL.model)?.generative;
const outcomes = () => nonZero(sums()?.completions.get('')?.values);
const nonZero = (values: object = {}) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== 0));

describe('a prompt and its completion', () => {
  it('are features of the reference, by the words of the reference', async () => {
    const report = await take({
      ...MODEL,
      predictions: [
        { prompt: 'Where is my parcel?', completion: 'Your parcel is in the van and comes today.' },
        { prompt: 'Wo bleibt mein Paket, bitte?', completion: '' },
        { prompt: 'Invoice, parcel: one invoice for each parcel, but which invoice?', completion: 'This one.' },
        { prompt: '', completion: null },
      ],
    });
    expect(report).toMatchObject({ accepted: 4, refused: 0 });
    // 19, 28, 64 and no characters; 4, 5, 10 and no words.
    expect(counted('prompt_length')).toEqual({ 0: 1, 1: 1, above: 2 });
    expect(counted('prompt_words')).toEqual({ 0: 4 });
    expect(counted('prompt_language')).toEqual({ en: 2, de: 1, new: 1 });
    expect(counted('prompt_keyword')).toEqual({ '(none)': 2, parcel: 1, invoice: 1 });
    expect(counted('completion_empty')).toEqual({ false: 2, new: 1, missing: 1 });
    expect(counted('prompt_tokens')).toEqual({ missing: 4 });
    expect(outcomes()).toEqual({ answered: 2, empty: 1 });
  });

  it.each([
    ['I can’t help with that.', 'refused'],
    ["I'm sorry, but I\ncannot share this.", 'refused'],
    ['Es tut mir leid, aber ich darf das nicht sagen.', 'refused'],
    ['Lo siento, pero no puedo decirlo.', 'refused'],
    ['抱歉，我不能告诉你。', 'refused'],
    ['Sorry, computer says no.', 'refused'],
    ['Of course: here it is.', 'answered'],
    [`${'It is a long story. '.repeat(20)}"I can't help with that", she said.`, 'answered'],
    [' \n\t\u200b', 'empty'],
  ])('%j is %s', async (completion, outcome) => {
    await take({ ...MODEL, prompt: 'Tell me.', completion });
    expect(outcomes()).toEqual({ [outcome]: 1 });
    // `true` of emptiness is new to this reference.
    expect(counted('completion_refusal')).toEqual({ [String(outcome === 'refused')]: 1 });
  });

  it.each([
    ['length', 'truncated'],
    ['max_tokens', 'truncated'],
    ['content_filter', 'filtered'],
    ['tool_calls', 'answered'],
  ])('that ended by %s are %s', async (finishReason, outcome) => {
    await take({
      ...MODEL,
      prompt: 'Tell me.',
      ...(outcome === 'truncated' ? { completion: 'Once' } : {}),
      finishReason,
    });
    expect(outcomes()).toEqual({ [outcome]: 1 });
  });

  it('count tokens once each, by class of consumers, and what they cost', async () => {
    const usage = {
      prompt_tokens: 1_000,
      completion_tokens: 300,
      prompt_tokens_details: { cached_tokens: 400 },
      completion_tokens_details: { reasoning_tokens: 100 },
    };
    await take({ ...MODEL, prompt: 'a', completion: 'b', usage, consumer: 'team-billing' });
    await take({
      ...MODEL,
      usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 7 },
      consumer: 'acme',
    });
    await take({ ...MODEL, usage: { prompt_tokens: 3 }, consumer: 'initech' });
    await take({ ...MODEL, usage: { completion_tokens: 4 } });
    expect(Object.fromEntries([...(sums()?.tokens ?? [])].map(([name, { values }]) => [name, values]))).toEqual({
      staff: { input: 600, cached: 400, output: 200, reasoning: 100 },
      partners: { input: 10, cached: 7, output: 5, reasoning: 0 },
      other: { input: 3, cached: 0, output: 0, reasoning: 0 },
      unknown: { input: 0, cached: 0, output: 4, reasoning: 0 },
    });
    const { staff, partners, other, unknown } = sums()?.costs.get('EUR')?.values ?? {};
    // By hand: (600 * 2 + 400 * 0.5 + 300 * 10) / 1e6 and so on.
    expect(staff).toBeCloseTo(0.0044, 12);
    expect([partners, other, unknown].map((cost) => Number(cost?.toFixed(9)))).toEqual([0.0000735, 0.000006, 0.00004]);
    expect(counted('prompt_tokens')).toEqual({ above: 1, 1: 1, 0: 2 });
  });

  it('leave what the sender knows better, and count verdicts of guards that are declared', async () => {
    const event = (toxicity: unknown) => ({ ...MODEL, prompt: 'hm', completion: 'ok', features: { toxicity } });
    for (const verdict of ['pass', 'pass', 'flag', 'explode', null]) await take(event(verdict));
    await take({ ...event('pass'), features: { toxicity: 'pass', prompt_language: 'de' } });
    expect(counted('prompt_language')).toMatchObject({ de: 1 });
    expect(sums()?.guards.get('toxicity')?.values).toEqual({ pass: 3, flag: 1, other: 1 });
  });

  it('never come back: not in messages, and not in what is kept', async () => {
    const secret = 'my password is hunter2';
    const whole = createEventIntake(book, {
      onRefused: (_, detail) => refused.push(detail),
      onPrediction: (event) => refused.push(JSON.stringify(event)),
    });
    const reports = [
      { ...MODEL, prompt: [secret], completion: secret },
      { ...MODEL, prompt: secret, completion: { text: secret } },
      { ...MODEL, prompt: secret, completion: secret, finishReason: secret.repeat(9) },
      { ...MODEL, prompt: secret, completion: secret, usage: secret },
      { ...MODEL, request: secret, response: { choices: [] } },
      { ...MODEL, request: { messages: [{ role: 'user', content: secret }] }, response: secret },
      { ...MODEL, request: { prompt: secret }, response: { choices: [secret] } },
      { ...MODEL, id: 'x', prompt: secret, completion: secret },
    ].map((body) => whole.take({ ...request(body), nowSeconds: NOW }, () => undefined));
    const told = JSON.stringify(await Promise.all(reports));
    expect(told).toContain('prompt: expected a text, got \\"a list\\"');
    expect(`${told}${refused.join('')}`).not.toContain('hunter2');
    expect(refused).toHaveLength(8);
  });
});

describe('bodies of OpenAI', () => {
  const USAGE = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17, prompt_tokens_details: null };
  const CHAT = {
    model: 'chat',
    user: 'team-web',
    messages: [
      { role: 'system', content: 'You are kind.' },
      { role: 'user', content: 'Hello there' },
      { role: 'assistant', content: 'Hello!' },
      { role: 'user', content: [{ type: 'text', text: 'Where is my parcel?' }, { type: 'image_url' }] },
    ],
  };
  const ANSWER = {
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'It comes today.' }, finish_reason: 'stop' }],
    usage: USAGE,
  };
  const headers = (type: string) => ({
    ...{ 'ce-id': 'a-1', 'ce-type': `org.kubeflow.serving.inference.${type}` },
    ...{ 'ce-inferenceservicename': 'chat', 'ce-namespace': 'support' },
  });

  it('are a prompt, a completion, tokens and a consumer', async () => {
    expect(await take({ ...MODEL, id: '1', request: CHAT, response: ANSWER })).toMatchObject({
      accepted: 1,
      refused: 0,
    });
    expect([counted('prompt_length'), counted('prompt_keyword'), counted('finish_reason')]).toEqual([
      { 1: 1 },
      { parcel: 1 },
      { stop: 1 },
    ]);
    expect(sums()?.tokens.get('staff')?.values).toEqual({ input: 12, cached: 0, output: 5, reasoning: 0 });
    expect(outcomes()).toEqual({ answered: 1 });
  });

  it('come from the logger of KServe, also those of a stream', async () => {
    await take(CHAT, headers('request'));
    const chunk = (choices: object[], more = {}) => `data: ${JSON.stringify({ choices, ...more })}\n\n`;
    const stream = [
      chunk([{ index: 0, delta: { role: 'assistant', content: '' } }]),
      chunk([{ index: 0, delta: { content: "I'm unable " } }]),
      chunk([{ index: 0, delta: { content: 'to say.' }, finish_reason: 'stop' }]),
      chunk([], { usage: USAGE }),
      'data: [DONE]\n\n',
    ].join('');
    expect(await take(stream, headers('response'))).toMatchObject({ accepted: 1 });
    expect(outcomes()).toEqual({ refused: 1 });
    expect([counted('finish_reason'), counted('prompt_tokens')]).toEqual([{ stop: 1 }, { 1: 1 }]);
  });

  it.each([
    ['a completion', { prompt: 'Where?' }, { choices: [{ text: 'Here.', finish_reason: 'length' }] }, 'truncated'],
    [
      'a call of a tool',
      CHAT,
      { choices: [{ message: { content: null, tool_calls: [{}] }, finish_reason: 'tool_calls' }] },
      'answered',
    ],
    [
      'a refusal',
      CHAT,
      { choices: [{ message: { content: null, refusal: 'Nope.' }, finish_reason: 'stop' }] },
      'refused',
    ],
    ['nothing', CHAT, { choices: [{ message: { content: null }, finish_reason: 'stop' }] }, 'empty'],
    [
      'a response',
      { input: [{ role: 'user', content: 'Where?' }] },
      { object: 'response', output: [{ type: 'message', content: [{ type: 'output_text', text: 'Here.' }] }] },
      'answered',
    ],
  ])('tell of %s', async (_, question, response, outcome) => {
    expect(await take({ ...MODEL, request: question, response })).toMatchObject({ accepted: 1, problems: [] });
    expect(outcomes()).toEqual({ [outcome]: 1 });
  });
});

describe('feedback', () => {
  const post = async (body: unknown) => {
    const feedback = createFeedbackIntake(book, (_, detail) => refused.push(detail));
    return (await feedback.take({ ...request(body), nowSeconds: NOW }, () => undefined)).answer;
  };
  const verdicts = (version = '') => book.find(MODEL.namespace, MODEL.model)?.feedback.versions.get(version)?.values;

  it('counts by verdict and version, once for each prediction', async () => {
    const report = await post({
      ...MODEL,
      feedback: [
        { id: 'a', verdict: 'positive' },
        { id: 'a', verdict: 'negative' },
        { verdict: 'negative' },
        { verdict: 'negative' },
        { rating: 5, version: 'v2' },
        { rating: 3, version: 'v2' },
        { rating: 1.5, version: 'v2' },
      ],
    });
    expect(report).toMatchObject({ accepted: 6, duplicates: 1, refused: 0 });
    expect(verdicts()).toEqual({ positive: 1, neutral: 0, negative: 2 });
    expect(verdicts('v2')).toEqual({ positive: 1, neutral: 1, negative: 1 });
  });

  it('takes in part what has no room in full, and says which and why', async () => {
    book = createEventBook({ seriesPerModel: 3, series: 100, undeclaredModels: 1, rememberedIds: 100 });
    const bodies = [{ verdict: 'positive' }, { id: 'a', version: 'v2', verdict: 'negative' }];
    const report = await post({ ...MODEL, feedback: bodies });
    const message =
      'version: expected one that has series, or room for it in events.maxSeriesPerModel and events.maxSeries, got "v2" of support/chat';
    expect(report).toEqual({
      ...{ accepted: 1, duplicates: 0, waiting: 0, refused: 1 },
      problems: [{ index: 1, reason: 'no_room', message }],
    });
    expect(refused).toEqual([message.split(', got ')[0]]);
  });

  it.each([
    [{ verdict: 'good' }, 'verdict: expected positive, neutral, negative, or a rating, got "good"'],
    [{ rating: 6 }, 'rating: expected a number from 1 to 5, got 6'],
    [{}, 'verdict: expected positive, neutral, negative, or a rating, got undefined'],
  ])('is told what is wrong with %j', async (feedback, message) => {
    expect(await post({ ...MODEL, ...feedback })).toMatchObject({ accepted: 0, refused: 1, problems: [{ message }] });
  });
});
