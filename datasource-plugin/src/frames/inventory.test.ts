/** @jest-environment jsdom */
import { RECORDED, type ChannelStatus, type ModelSummary } from '@modelwatch/contract';
import { joinInventory, rowsOfApi, type InventoryAnswers } from './inventory';
import { inventoryFrame } from './inventoryFrame';
import { wordsOfChannels } from './reason';
import type { Sample } from './samples';

const fraud = { namespace: 'fraud', model: 'detector' };

function sample(series: { name: string }, labels: Record<string, string>, value = 1): Sample {
  return { labels: { __name__: series.name, ...labels }, value };
}

function answers(over: Partial<InventoryAnswers>): InventoryAnswers {
  return { state: [], numbers: [], rate: [], ...over };
}

const summary: ModelSummary = {
  namespace: 'fraud',
  name: 'detector',
  platform: 'seldon',
  serving: 'failed',
  health: 'failed',
  healthSource: 'prometheus',
  reasons: [{ reason: 'load_failed', text: 'Model fails to load: no such file model.pkl: 0 of 2 replicas ready' }],
  replicas: { desired: 2, available: 0 },
};

const failed = answers({
  state: [
    sample(RECORDED.modelHealth, { ...fraud, health: 'failed' }),
    sample(RECORDED.modelServingReason, { ...fraud, reason: 'no_replicas_available' }),
    sample(RECORDED.modelServingReason, { ...fraud, reason: 'load_failed' }),
    sample(RECORDED.modelChannel, { ...fraud, channel: 'serving', status: 'critical' }),
    sample(RECORDED.modelInfo, { ...fraud, platform: 'seldon', server: 'mlserver', version: 'v3' }),
  ],
  numbers: [
    sample(RECORDED.modelReplicasDesired, fraud, 2),
    sample(RECORDED.modelReplicasAvailable, fraud, 0),
    sample(RECORDED.modelLastObserved, fraud, 1000),
    sample(RECORDED.modelLastTransition, fraud, 900),
  ],
  rate: [{ labels: fraud, value: 1.5 }],
});

describe('joining the parts', () => {
  it('makes one row per model, in seconds turned to milliseconds', () => {
    expect(joinInventory(failed).rows).toEqual([
      {
        cluster: '',
        namespace: 'fraud',
        model: 'detector',
        platform: 'seldon',
        server: 'mlserver',
        version: 'v3',
        health: 'failed',
        reason: 'Model fails to load: 0 of 2 replicas ready',
        sinceMs: 900_000,
        replicasDesired: 2,
        replicasAvailable: 0,
        lastObservedMs: 1_000_000,
        requestsPerSecond: 1.5,
        channels: new Map([['serving', 'critical']]),
      },
    ]);
  });

  it("takes the API's words when Prometheus has recorded the same reason", () => {
    const [row] = joinInventory({ ...failed, summaries: [summary] }).rows;
    expect(row?.reason).toBe('Model fails to load: no such file model.pkl: 0 of 2 replicas ready');
  });

  it("does not take the API's words of another moment", () => {
    const state = [sample(RECORDED.modelHealth, { ...fraud, health: 'healthy' })];
    const [row] = joinInventory(answers({ state, summaries: [summary] })).rows;
    expect(row).toMatchObject({ health: 'healthy', reason: undefined });
  });

  it("does not give one cluster's words to the model of that name in another", () => {
    const state = ['eu', 'us'].flatMap((cluster) => [
      sample(RECORDED.modelHealth, { ...fraud, cluster, health: 'failed' }),
      sample(RECORDED.modelServingReason, { ...fraud, cluster, reason: 'load_failed' }),
    ]);
    const { rows } = joinInventory(answers({ state, summaries: [summary] }));
    expect(rows.map(({ cluster, reason }) => [cluster, reason])).toEqual([
      ['eu', 'Model fails to load'],
      ['us', 'Model fails to load'],
    ]);
  });

  it('is never green for a model whose health nobody has recorded', () => {
    const state = [sample(RECORDED.modelInfo, { ...fraud, platform: 'seldon' })];
    expect(joinInventory(answers({ state })).rows).toMatchObject([
      { health: 'unknown', reason: 'No verdict is recorded for this model' },
    ]);
  });

  it.each([
    ['failed', 'healthy'],
    ['healthy', 'failed'],
  ])('shows the worse of two that hold for a moment (%s, %s)', (first, second) => {
    const state = [first, second].map((health) => sample(RECORDED.modelHealth, { ...fraud, health }));
    expect(joinInventory(answers({ state })).rows).toMatchObject([{ health: 'failed' }]);
  });

  it('names the worst channel where no reason is recorded', () => {
    const state = [
      sample(RECORDED.modelHealth, { ...fraud, health: 'degraded' }),
      sample(RECORDED.modelChannel, { ...fraud, channel: 'serving', status: 'ok' }),
      sample(RECORDED.modelChannel, { ...fraud, channel: 'errors', status: 'warning' }),
      sample(RECORDED.modelChannel, { ...fraud, channel: 'latency', status: 'critical' }),
    ];
    expect(joinInventory(answers({ state })).rows[0]?.reason).toBe('Latency: over its limit');
    const numbers = [
      sample(RECORDED.inferenceSlowRatio, fraud, 0.3512),
      sample(RECORDED.inferenceErrorsRatio, fraud, 1),
    ];
    expect(joinInventory(answers({ state, numbers })).rows[0]?.reason).toBe(
      'Latency: over its limit (35 % of requests were slow)'
    );
    const left = sample(RECORDED.sloBudgetLeft, fraud, 0.38);
    expect(joinInventory(answers({ state, numbers: [...numbers, left] })).rows[0]).toMatchObject({
      ...{ slowRatio: 0.3512, errorsRatio: 1, budgetLeft: 0.38, featuresDrifted: undefined },
    });
  });

  it('names the feature that drifted, and nothing where it is not known', () => {
    const state = [
      sample(RECORDED.modelHealth, { ...fraud, health: 'degraded' }),
      sample(RECORDED.modelChannel, { ...fraud, channel: 'drift', status: 'critical' }),
    ];
    expect(joinInventory(answers({ state })).rows[0]?.reason).toBe('Drift: over its limit');
    const subject = { ...fraud, reference: 'r', subject: 'feature', feature: 'amount' };
    const by = { method: 'psi', window: '1d' };
    const drifted = [
      sample(RECORDED.driftSettings, { ...fraud, ...by }),
      sample(RECORDED.driftState, { ...subject, ...by, state: 'critical' }),
      sample(RECORDED.driftScore, { ...subject, ...by }, 0.31),
      sample(RECORDED.driftThreshold, { ...subject, level: 'critical' }, 0.25),
    ];
    expect(joinInventory(answers({ state, drifted })).rows[0]?.reason).toBe(
      'amount drifted: PSI 0.31 over 24 h, threshold 0.25'
    );
  });

  it.each([
    ['degraded', 'Errors: over its limit (9.8 % of requests failed)'],
    ['progressing', 'Rolling out: 2 of 3 replicas ready'],
  ])('names a rollout as the reason only where that is all there is to it (%s)', (health, reason) => {
    const state = [
      sample(RECORDED.modelHealth, { ...fraud, health }),
      sample(RECORDED.modelServingReason, { ...fraud, reason: 'rolling_out' }),
      sample(RECORDED.modelChannel, { ...fraud, channel: 'errors', status: 'critical' }),
    ];
    const numbers = [
      sample(RECORDED.inferenceErrorsRatio, fraud, 0.098),
      sample(RECORDED.modelReplicasDesired, fraud, 3),
      sample(RECORDED.modelReplicasAvailable, fraud, 2),
    ];
    const summaries: ModelSummary[] = [{ ...summary, reasons: [{ reason: 'rolling_out', text: reason }] }];
    expect(joinInventory(answers({ state, numbers })).rows[0]?.reason).toBe(reason);
    expect(joinInventory(answers({ state, numbers, summaries })).rows[0]?.reason).toBe(reason);
  });

  it.each([
    ['degraded', 'ok', undefined],
    ['degraded', 'warning', 900_000],
    ['stale', 'ok', undefined],
    ['stale', 'stale', 900_000],
    ['unknown', undefined, undefined],
    ['healthy', 'ok', 900_000],
    ['progressing', undefined, 900_000],
  ])('says since when %s only where the serving state (%s) made it so', (health, serving, sinceMs) => {
    const state = [
      sample(RECORDED.modelHealth, { ...fraud, health }),
      sample(RECORDED.modelChannel, { ...fraud, channel: 'latency', status: 'critical' }),
      ...(serving ? [sample(RECORDED.modelChannel, { ...fraud, channel: 'serving', status: serving })] : []),
    ];
    const numbers = [sample(RECORDED.modelLastTransition, fraud, 900)];
    expect(joinInventory(answers({ state, numbers })).rows[0]?.sinceMs).toBe(sinceMs);
  });

  it('puts the worst first, then natural order', () => {
    const models = [
      ['m10', 'failed'],
      ['m2', 'failed'],
      ['a', 'healthy'],
      ['b', 'stale'],
    ] as const;
    const state = models.map(([model, health]) => sample(RECORDED.modelHealth, { namespace: 'n', model, health }));
    expect(joinInventory(answers({ state })).rows.map(({ model }) => model)).toEqual(['m2', 'm10', 'b', 'a']);
  });

  it('counts what it cannot use, by what is wrong with it', () => {
    const state = [
      sample(RECORDED.modelHealth, { model: 'x', health: 'failed' }),
      sample(RECORDED.modelHealth, { ...fraud, health: 'splendid' }),
      sample(RECORDED.modelServingReason, { ...fraud, reason: 'bad_luck' }),
      sample({ name: 'up' }, fraud),
    ];
    expect(Object.fromEntries(joinInventory(answers({ state })).dropped)).toEqual({
      'no label namespace or model': 1,
      'unknown health': 1,
      'unknown reason': 1,
      'unknown series': 1,
    });
  });

  it('makes no row of numbers alone', () => {
    expect(joinInventory(answers({ numbers: [sample(RECORDED.modelReplicasDesired, fraud, 2)] })).rows).toEqual([]);
  });
});

describe('the frame', () => {
  const context = { refId: 'A', answeredAtMs: 7 };

  it('leaves out what no row has and leaves null where one row has nothing, never 0', () => {
    const state = ['a', 'b'].map((model) => sample(RECORDED.modelHealth, { namespace: 'n', model, health: 'healthy' }));
    const numbers = [sample(RECORDED.modelReplicasDesired, { namespace: 'n', model: 'b' }, 3)];
    const frame = inventoryFrame(joinInventory(answers({ state, numbers })).rows, context);
    expect(Object.fromEntries(frame.fields.map(({ name, values }) => [name, values]))).toEqual({
      namespace: ['n', 'n'],
      model: ['a', 'b'],
      health: ['healthy', 'healthy'],
      replicas_desired: [null, 3],
    });
    expect(frame.meta?.custom).toEqual({ modelwatch: { kind: 'inventory', answeredAtMs: 7 } });
  });

  it('can be told from no answer when there is no model', () => {
    const frame = inventoryFrame([], context);
    expect(frame.fields.map(({ name }) => name)).toEqual(['namespace', 'model', 'health']);
    expect(frame.length).toBe(0);
  });

  it('has a field per channel that has a verdict', () => {
    const frame = inventoryFrame(joinInventory(failed).rows, context);
    const channels = frame.fields.filter(({ name }) => name.startsWith('channel_'));
    expect(channels.map(({ name, values }) => [name, values])).toEqual([['channel_serving', ['critical']]]);
  });

  it('shows the API alone when Prometheus does not answer', () => {
    expect(rowsOfApi([summary])).toMatchObject([
      { namespace: 'fraud', model: 'detector', health: 'failed', reason: summary.reasons[0]?.text },
    ]);
  });

  it('names the channel that made a serving model degraded, and not since when it serves', () => {
    const slow: ModelSummary = {
      ...summary,
      serving: 'serving',
      health: 'degraded',
      reasons: [],
      sinceSeconds: 900,
      channels: [{ channel: 'latency', status: 'critical' }],
    };
    expect(rowsOfApi([slow])).toMatchObject([
      { health: 'degraded', reason: 'Latency: over its limit', sinceMs: undefined },
    ]);
    expect(rowsOfApi([{ ...summary, sinceSeconds: 900 }])[0]?.sinceMs).toBe(900_000);
  });

  it.each(['accuracy', 'freshness'] as const)('takes the words of the API for its channel %s', (channel) => {
    const text = 'AUC 0.61 over 24 h, limit 0.68';
    const wrong: ModelSummary = { ...summary, health: 'degraded', channels: [{ channel, status: 'critical', text }] };
    expect(rowsOfApi([{ ...wrong, serving: 'serving', reasons: [] }])[0]?.reason).toBe(text);
  });
  it('takes the words of the API for what drifted', () => {
    const text = 'amount drifted: PSI 0.31 over 24 h, threshold 0.25';
    const drifted: ModelSummary = {
      ...summary,
      serving: 'serving',
      health: 'degraded',
      reasons: [],
      channels: [{ channel: 'drift', status: 'critical', text }],
    };
    expect(rowsOfApi([drifted])[0]?.reason).toBe(text);
  });
});

it('says what is the matter with objectives without calling them slo', () => {
  const words = (status: ChannelStatus) => wordsOfChannels(new Map([['slo', status]]));
  expect(words('critical')).toBe('An objective burns its budget too fast');
  expect(words('warning')).toBe('The budget of an objective is spent, or burns too fast to last');
  expect(words('stale')).toBe('Objectives: no fresh data');
  expect(words('ok')).toBeUndefined();
});
