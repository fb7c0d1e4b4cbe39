/** @jest-environment jsdom */
import { createDataFrame, FieldType, LoadingState, type DataFrame, type Labels } from '@grafana/data';
import { HEALTH_STATES, INVENTORY_FIELDS as F, METRICS, RECORDED, SERVING_STATES } from '@modelwatch/contract';
import { prepare, type PrepareInput } from './prepare';
import { headlineOf } from './say';
import type { Fleet } from './types';
import { clockText } from './words';

const NOW = Date.UTC(2025, 10, 21, 3, 18);
const MINUTE = 60_000;

function input(series: DataFrame[], rest: Partial<PrepareInput> = {}): PrepareInput {
  return {
    state: LoadingState.Done,
    series,
    errors: [],
    range: { fromMs: NOW - 60 * MINUTE, toMs: NOW },
    nowMs: NOW,
    answeredAtMs: NOW,
    staleAfterMs: 150_000,
    answerMaxAgeMs: 150_000,
    clock: clockText(NOW, 'utc'),
    ...rest,
  };
}

function fleet(series: DataFrame[], rest: Partial<PrepareInput> = {}): Fleet {
  const prepared = prepare(input(series, rest));
  if (prepared.kind !== 'fleet') throw new Error(`expected a fleet, got ${JSON.stringify(prepared)}`);
  return prepared.fleet;
}

const said = (of: Fleet) => of.models.map(({ name, health }) => `${name} ${health}`);

interface Row {
  name: string;
  namespace?: string;
  health: string | null;
  observedMs?: number | null;
  sinceMs?: number;
  available?: number;
}

function inventory(rows: Row[], answeredAtMs = NOW): DataFrame {
  return createDataFrame({
    meta: { custom: { modelwatch: { kind: 'inventory', answeredAtMs } } },
    fields: [
      { name: F.namespace, type: FieldType.string, values: rows.map(({ namespace }) => namespace ?? 'a') },
      { name: F.model, type: FieldType.string, values: rows.map(({ name }) => name) },
      { name: F.health, type: FieldType.string, values: rows.map(({ health }) => health) },
      { name: F.since, type: FieldType.time, values: rows.map(({ sinceMs }) => sinceMs ?? null) },
      { name: F.replicasAvailable, type: FieldType.number, values: rows.map(({ available }) => available ?? null) },
      {
        name: F.lastObserved,
        type: FieldType.time,
        values: rows.map(({ observedMs }) => (observedMs === undefined ? NOW - 9000 : observedMs)),
      },
    ],
  });
}

function series(labels: Labels, points: Array<[ms: number, value: number | null]>, intervalMs?: number): DataFrame {
  return createDataFrame({
    refId: 'A',
    fields: [
      {
        name: 'Time',
        type: FieldType.time,
        values: points.map(([ms]) => ms),
        config: intervalMs ? { interval: intervalMs } : {},
      },
      { name: 'Value', type: FieldType.number, labels, values: points.map(([, value]) => value) },
    ],
  });
}

const id = (model: string) => ({ namespace: 'a', model });
const health = (model: string, state: string): Labels => ({
  __name__: RECORDED.modelHealth.name,
  ...id(model),
  health: state,
});

/** A whole 0/1 set as an instant query gives it. */
function set(model: string, holds: string, ms = NOW, extra: Labels = {}): DataFrame[] {
  return HEALTH_STATES.map((state) => series({ ...health(model, state), ...extra }, [[ms, state === holds ? 1 : 0]]));
}

describe('health is never better than the data', () => {
  it.each<[string, Row, string]>([
    ['a fresh row keeps its health', { name: 'm', health: 'healthy' }, 'm healthy'],
    ['a row without health is stale', { name: 'm', health: null }, 'm stale'],
    ['a word nobody knows is unknown', { name: 'm', health: 'splendid' }, 'm unknown'],
    ['a row confirmed too long ago is stale', { name: 'm', health: 'healthy', observedMs: NOW - 151_000 }, 'm stale'],
    [
      'a failed row confirmed too long ago is stale',
      { name: 'm', health: 'failed', observedMs: NOW - 151_000 },
      'm stale',
    ],
    ['a row that nothing confirms is stale', { name: 'm', health: 'healthy', observedMs: null }, 'm stale'],
    ['at the limit it is still fresh', { name: 'm', health: 'healthy', observedMs: NOW - 150_000 }, 'm healthy'],
  ])('%s', (_, row, expected) => {
    expect(said(fleet([inventory([row])]))).toEqual([expected]);
  });

  it.each<[string, DataFrame[], string]>([
    ['a whole set', set('m', 'healthy'), 'm healthy'],
    ['a set in which none holds', set('m', 'none'), 'm stale'],
    ['only the state that holds', [series(health('m', 'healthy'), [[NOW, 1]])], 'm healthy'],
    ['an old sample', set('m', 'healthy', NOW - 20 * MINUTE), 'm stale'],
    ['a null', [series(health('m', 'healthy'), [[NOW, null]])], 'm unknown'],
    ['one state that does not hold', [series(health('m', 'failed'), [[NOW, 0]])], 'm unknown'],
    [
      'info alone',
      [series({ __name__: RECORDED.modelInfo.name, ...id('m'), platform: 'seldon' }, [[NOW, 1]])],
      'm unknown',
    ],
    ['a set that Prometheus itself calls stale', set('m', 'stale'), 'm stale'],
    [
      'a set with an old confirmation beside it',
      [
        ...set('m', 'healthy'),
        series({ __name__: RECORDED.modelLastObserved.name, ...id('m') }, [[NOW, NOW / 1000 - 600]]),
      ],
      'm stale',
    ],
  ])('%s', (_, frames, expected) => {
    expect(said(fleet(frames))).toEqual([expected]);
  });

  it('turns everything stale when the answer itself is too old, and says so', () => {
    const prepared = prepare(input([inventory([{ name: 'm', health: 'healthy' }])], { nowMs: NOW + 6 * MINUTE }));
    expect(prepared).toMatchObject({ kind: 'fleet', fleet: { counts: { stale: 1, healthy: 0 } } });
    expect(prepared.kind === 'fleet' && prepared.notices[0]?.title).toBe('Not refreshed for 6\u00a0min.');
  });

  it('does not leave a channel green under a model that fell silent', () => {
    const frames = [
      ...set('m', 'healthy', NOW - 20 * MINUTE),
      series({ __name__: RECORDED.modelChannel.name, ...id('m'), channel: 'serving', status: 'ok' }, [[NOW, 1]]),
    ];
    expect(fleet(frames).models[0]?.channels).toEqual([{ channel: 'serving', status: 'stale' }]);
  });

  it('remembers in the past tense what a silent model was', () => {
    const [model] = fleet([inventory([{ name: 'm', health: 'failed', observedMs: NOW - 26 * MINUTE }])]).models;
    expect(model).toMatchObject({ health: 'stale', previousHealth: 'failed' });
    expect(model?.reason).toBe('No sample since 02:52. Last state: failed');
  });

  it('does not take a range query with wide steps for a proof of freshness', () => {
    const points: Array<[number, number]> = [
      [NOW - 40 * MINUTE, 1],
      [NOW - 20 * MINUTE, 1],
    ];
    const [model] = fleet([series(health('m', 'healthy'), points, 20 * MINUTE)]).models;
    expect(model?.health).toBe('stale');
    expect(model?.reason).toMatch(/^One sample every 20.min cannot show/);
  });

  it('grants a range query one step of age', () => {
    const points: Array<[number, number]> = [
      [NOW - 4 * MINUTE, 1],
      [NOW - 3 * MINUTE, 1],
    ];
    expect(said(fleet([series(health('m', 'healthy'), points, MINUTE)]))).toEqual(['m healthy']);
  });
});

describe('plain Prometheus queries', () => {
  it.each([
    ['ok', undefined],
    ['warning', NOW - 60 * MINUTE],
  ])('knows since when a model is degraded only where its serving state (%s) made it so', (status, sinceMs) => {
    const channel = (name: string, of: string) =>
      series({ __name__: RECORDED.modelChannel.name, ...id('m'), channel: name, status: of }, [[NOW, 1]]);
    const transition = series({ __name__: RECORDED.modelLastTransition.name, ...id('m') }, [
      [NOW, (NOW - 60 * MINUTE) / 1000],
    ]);
    const state = series(health('m', 'degraded'), [[NOW, 1]]);
    const [model] = fleet([state, channel('serving', status), channel('latency', 'critical'), transition]).models;
    expect([model?.health, model?.sinceMs]).toEqual(['degraded', sinceMs]);
  });

  it('lets only the latest instant speak: a state that ended has no say', () => {
    const past = series(
      health('m', 'healthy'),
      [
        [NOW - 2 * MINUTE, 1],
        [NOW - MINUTE, 1],
      ],
      MINUTE
    );
    const present = series(health('m', 'failed'), [[NOW, 1]], MINUTE);
    const [model] = fleet([past, present]).models;
    expect(model?.health).toBe('failed');
    expect(model?.sinceMs).toBe(NOW);
    expect(model?.history.map((span) => span.health)).toEqual(['healthy', 'failed']);
  });

  it('folds what several exporters say into one model, and takes the worse where they differ', () => {
    const frames = [...set('m', 'healthy', NOW, { replica: '0' }), ...set('m', 'degraded', NOW, { replica: '1' })];
    expect(said(fleet(frames))).toEqual(['m degraded']);
  });

  it('keeps models of one name in two clusters apart', () => {
    const frames = [...set('m', 'healthy', NOW, { cluster: 'eu' }), ...set('m', 'failed', NOW, { cluster: 'us' })];
    expect(fleet(frames).groups.map(({ title }) => title)).toEqual(['us / a', 'eu / a']);
  });

  it.each([METRICS.modelServing.name, RECORDED.modelServing.name])('reads the serving state of %s', (name) => {
    const frames = SERVING_STATES.map((state) =>
      series({ __name__: name, ...id('m'), state }, [[NOW, state === 'serving' ? 1 : 0]])
    );
    expect(fleet(frames).models[0]).toMatchObject({ health: 'healthy', basis: 'serving' });
  });

  it('reads a table, and series whose name an expression dropped', () => {
    const table = createDataFrame({
      fields: [
        { name: 'Time', type: FieldType.time, values: [NOW, NOW] },
        { name: 'namespace', type: FieldType.string, values: ['a', 'b'] },
        { name: 'model', type: FieldType.string, values: ['one', 'two'] },
        { name: 'health', type: FieldType.string, values: ['healthy', 'failed'] },
        { name: 'Value', type: FieldType.number, values: [1, 1] },
      ],
    });
    expect(said(fleet([table]))).toEqual(['two failed', 'one healthy']);
  });

  it('fills in reasons, replicas and owner from the series beside', () => {
    const frames = [
      ...set('m', 'failed'),
      series({ __name__: RECORDED.modelServingReason.name, ...id('m'), reason: 'replicas_unavailable' }, [[NOW, 1]]),
      series({ __name__: RECORDED.modelServingReason.name, ...id('m'), reason: 'out_of_memory' }, [[NOW, 1]]),
      series({ __name__: RECORDED.modelReplicasDesired.name, ...id('m') }, [[NOW, 3]]),
      series({ __name__: RECORDED.modelReplicasAvailable.name, ...id('m') }, [[NOW, 0]]),
      series({ __name__: RECORDED.modelInfo.name, ...id('m'), platform: 'seldon', owner: 'risk' }, [[NOW, 1]]),
    ];
    expect(fleet(frames).models[0]).toMatchObject({
      reason: 'Out of memory: 0\u00a0of\u00a03\u00a0replicas ready',
      shortReason: '0\u00a0of\u00a03\u00a0ready: out of memory',
      owner: 'risk',
    });
  });

  it('takes a rollout neither for the reason nor for the time of a health that another channel brought about', () => {
    const beside = [
      series({ __name__: RECORDED.modelServingReason.name, ...id('m'), reason: 'rolling_out' }, [[NOW, 1]]),
      series({ __name__: RECORDED.modelLastTransition.name, ...id('m') }, [[NOW, NOW / 1000 - 900]]),
      series({ __name__: RECORDED.modelChannel.name, ...id('m'), channel: 'errors', status: 'critical' }, [[NOW, 1]]),
    ];
    expect(fleet([...set('m', 'progressing'), ...beside]).models[0]).toMatchObject({
      reason: 'Rolling out',
      sinceMs: NOW - 900_000,
    });
    expect(fleet([...set('m', 'degraded'), ...beside]).models[0]).toMatchObject({ reason: '', sinceMs: undefined });
  });

  it('adds up the outcomes of requests, the same outcome once', () => {
    const rate = (outcome: string, pod: string, value: number) =>
      series({ __name__: RECORDED.inferenceRequestsRate.name, ...id('m'), outcome, pod }, [
        [NOW - 1000, 1],
        [NOW, value],
      ]);
    const frames = [
      ...set('m', 'healthy'),
      rate('success', '0', 4),
      rate('success', '1', 4),
      rate('server_error', '0', 1),
    ];
    expect(fleet(frames).models[0]?.requestsPerSecond).toBe(5);
  });
});

describe('one panel with several queries', () => {
  it('shows each model once, as the inventory has it, with an alert query beside it', () => {
    const alert = series({ __name__: RECORDED.modelServing.name, ...id('m'), state: 'failed' }, [[NOW, 0]]);
    const other = series({ __name__: RECORDED.modelServing.name, ...id('x'), state: 'failed' }, [[NOW, 0]]);
    expect(said(fleet([inventory([{ name: 'm', health: 'healthy' }]), alert, other]))).toEqual(['m healthy']);
  });

  it('does not double models whose states two targets ask for', () => {
    const frames = [...set('m', 'healthy', NOW - 7000), series(health('m', 'failed'), [[NOW, 0]])];
    const withStep = frames.map((frame) => ({
      ...frame,
      fields: frame.fields.map((field) => ({ ...field, config: { ...field.config, interval: 15_000 } })),
    }));
    expect(said(fleet(withStep))).toEqual(['m healthy']);
  });

  it('takes history and traffic of our data source to the rows of the inventory', () => {
    const wide = (kind: string, type: FieldType, values: unknown[]) =>
      createDataFrame({
        meta: { custom: { modelwatch: { kind } } },
        fields: [
          { name: 'time', type: FieldType.time, values: [NOW - 2 * MINUTE, NOW - MINUTE, NOW] },
          { name: 'v', type, labels: id('m'), values },
        ],
      });
    const [model] = fleet([
      inventory([{ name: 'm', health: 'healthy' }]),
      wide('health-history', FieldType.string, ['failed', 'failed', 'healthy']),
      wide('requests-history', FieldType.number, [1, null, 3]),
    ]).models;
    expect(model?.history).toEqual([
      { fromMs: NOW - 2 * MINUTE, toMs: NOW, health: 'failed' },
      { fromMs: NOW, toMs: NOW + MINUTE, health: 'healthy' },
    ]);
    expect(model?.traffic?.perSecond).toEqual([1, null, 3]);
  });
});

describe('order', () => {
  it('is worst first, what cannot serve before what serves badly, then the youngest, then by natural name', () => {
    const ago = (minutes: number) => NOW - minutes * MINUTE;
    const rows: Row[] = [
      { name: 'ok-10', health: 'healthy' },
      { name: 'ok-9', health: 'healthy', sinceMs: ago(1) },
      { name: 'slow-old', health: 'degraded', sinceMs: ago(60) },
      { name: 'slow-young', health: 'degraded', sinceMs: ago(3) },
      { name: 'errors', health: 'failed', sinceMs: ago(2), available: 4 },
      { name: 'down', health: 'failed', sinceMs: ago(50), available: 0 },
      { name: 'asleep', health: 'idle' },
    ];
    expect(fleet([inventory(rows)]).models.map(({ name }) => name)).toEqual([
      'down',
      'errors',
      'slow-young',
      'slow-old',
      'asleep',
      'ok-9',
      'ok-10',
    ]);
  });

  it('gives groups the place of their worst member', () => {
    const rows: Row[] = [
      { name: 'x', namespace: 'calm', health: 'healthy' },
      { name: 'y', namespace: 'bad', health: 'degraded' },
      { name: 'z', namespace: 'worse', health: 'failed' },
    ];
    expect(fleet([inventory(rows)]).groups.map(({ title, needHelp }) => [title, needHelp])).toEqual([
      ['worse', 1],
      ['bad', 1],
      ['calm', 0],
    ]);
  });
});

describe('instead of a fleet', () => {
  const nothing: DataFrame[] = [];
  const cpu = createDataFrame({ fields: [{ name: 'cpu', type: FieldType.number, values: [1], labels: { pod: 'x' } }] });

  it('waits only the first time', () => {
    expect(prepare(input(nothing, { state: LoadingState.Loading })).kind).toBe('loading');
    const refreshed = prepare(input([inventory([{ name: 'm', health: 'healthy' }])], { state: LoadingState.Loading }));
    expect(refreshed.kind).toBe('fleet');
  });

  it('says what was asked when nothing came back', () => {
    expect(prepare(input(nothing, { asked: 'up == 1' }))).toMatchObject({
      kind: 'empty',
      message: { title: 'No models yet', detail: expect.stringContaining('up == 1 returned no series') as string },
    });
    expect(prepare(input([inventory([])])).kind).toBe('empty');
  });

  it('refuses what names no model, with what came and a way out', () => {
    expect(prepare(input([cpu]))).toEqual({
      kind: 'refusal',
      message: {
        title: 'This answer names no model',
        detail:
          'It has cpu; needed are the labels namespace and model with health or state. Choose the Modelwatch data source, or ask Prometheus for modelwatch:model_health == 1',
      },
    });
  });

  it('says an error alone, and beside the series that came all the same', () => {
    expect(prepare(input(nothing, { errors: ['boom'] }))).toMatchObject({ kind: 'error', message: { detail: 'boom' } });
    const beside = prepare(input([inventory([{ name: 'm', health: 'healthy' }])], { errors: ['boom'] }));
    expect(beside).toMatchObject({ kind: 'fleet', notices: [{ detail: 'boom' }] });
  });

  it('is no verdict on the fleet where a part of the query failed', () => {
    const said = (rows: Parameters<typeof inventory>[0], errors: string[]) => {
      const found = prepare(input([inventory(rows)], { errors }));
      if (found.kind !== 'fleet') throw new Error(found.kind);
      const { state, subject, rest } = headlineOf(found.fleet, 'full', String);
      return `${state}: ${subject} ${rest}`.replaceAll('\u00a0', ' ');
    };
    const fine = { name: 'm', health: 'healthy' as const };
    const two = [fine, { name: 'n', health: 'healthy' as const }, { name: 'o', health: 'idle' as const }];
    expect(said([fine], ['boom'])).toBe('unknown: m healthy as far as is known');
    expect(said(two, ['boom'])).toBe('unknown: 3 models 1 idle, 2 healthy as far as is known');
    expect(said(two.slice(0, 2), [])).toBe('healthy: All 2 models healthy');
    expect(said([fine, { name: 'n', health: 'failed' as const }], ['boom'])).toMatch(/^failed: n/);
  });

  it('is not thrown by rows without a name, numbers as words or a mark that is none of ours', () => {
    const odd = createDataFrame({
      meta: { custom: { modelwatch: { kind: 'nonsense' } } },
      fields: [
        { name: F.namespace, type: FieldType.string, values: ['a', null, 'a', ''] },
        { name: F.model, type: FieldType.string, values: ['m', 'n', 7, 'o'] },
        { name: F.health, type: FieldType.string, values: ['failed', 'failed', 'failed', 'failed'] },
        { name: F.lastObserved, type: FieldType.time, values: ['soon', NOW, NOW, NOW] },
      ],
    });
    expect(said(fleet([odd]))).toEqual(['m stale']);
  });
});
