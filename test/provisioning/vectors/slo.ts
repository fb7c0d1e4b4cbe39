/**
 * Objectives: budgets, burn rates, states and alerts. One sample a minute.
 *
 * V1 to V13 are the reference's vectors of one service, made ours: what it counts as all and as bad is here outcomes of
 * requests (success is all less bad, server_error is bad), its threshold of 14.4 over 1h and 5m and its 100 events are
 * declared by the objective, and its alert is the state `page` with the alert on it. Where it looks at ratios, ours are
 * burn rates: the ratio over 0.001. Windows of days are evaluated each minute, an interval late.
 */
import { RECORDED, RECORDED_SLO, type ChannelStatus, type SloState } from '@modelwatch/contract';
import { buildRules, renderGroups } from '../../../exporter/src/rules';
import { groupsNamed, type AlertExpectation, type Expectation, type RuleVector } from '../../support/promtool';
import { A, B } from './story';

type Input = Readonly<Record<string, string>>;
export const SLO_INTERVAL_SECONDS = 60;
const OPTIONS = { intervalSeconds: SLO_INTERVAL_SECONDS, sloCoarseIntervalSeconds: SLO_INTERVAL_SECONDS };
/** promtool evaluates all groups alike, so that all of them must be of its interval. */
export const SLO_RULES = groupsNamed(
  renderGroups('prometheus', buildRules(OPTIONS), OPTIONS),
  'modelwatch-inference',
  'modelwatch-slo-events',
  'modelwatch-slo-minutes',
  'modelwatch-slo-budgets',
  'modelwatch-slo'
);
const LONG = 120;

interface Declared {
  readonly slo?: string;
  readonly model?: string;
  readonly pipeline?: string;
  readonly indicator?: string;
  readonly method?: string;
  readonly metric?: string;
  readonly window?: string;
  readonly owner?: string;
  readonly objective?: number;
  readonly seconds?: readonly [value: number, le: string];
  readonly value?: readonly [value: number, op: string];
  readonly sliceTarget?: number;
  /** Severity, long, short, burn rate, events needed. */
  readonly burns?: readonly (readonly [severity: string, long: string, short: string, rate: number, events: number])[];
  readonly target?: string;
  /** Samples, or how they go on. */
  readonly shown?: string;
}

const PAGE = ['page', '1h', '5m', 14.4, 100] as const;

const OBJECTIVE = {
  slo: 'answered',
  pipeline: '',
  indicator: 'availability',
  method: 'occurrences',
  metric: '',
  window: '30d',
  owner: '',
  objective: 0.999,
  burns: [PAGE],
  target: A,
  shown: `x${LONG}`,
} satisfies Declared;

/** What an exporter says of an objective. */
function declared(given: Declared = {}): Input {
  const all = { ...OBJECTIVE, ...given };
  const { slo, pipeline, indicator, method, metric, window, owner, target, shown, seconds, value, sliceTarget } = all;
  const id = `namespace="ns", model="${all.model ?? (pipeline ? '' : 'm')}", pipeline="${pipeline}", slo="${slo}", ${target}`;
  const say = (family: string, more: string, at: number) => [`modelwatch_slo_${family}{${id}${more}}`, `${at}${shown}`];
  const info = `, indicator="${indicator}", method="${method}", metric="${metric}", window="${window}", owner="${owner}"`;
  const burns: NonNullable<Declared['burns']> = all.burns;
  return Object.fromEntries([
    say('info', info, 1),
    say('objective_ratio', '', all.objective),
    ...(seconds ? [say('threshold_seconds', `, le="${seconds[1]}"`, seconds[0])] : []),
    ...(value ? [say('threshold', `, op="${value[1]}"`, value[0])] : []),
    ...(sliceTarget === undefined ? [] : [say('slice_target_ratio', '', sliceTarget)]),
    ...burns.flatMap(([severity, long, short, rate, events]) => {
      const burn = `, severity="${severity}", long="${long}", short="${short}"`;
      return [say('burn_rate_threshold', burn, rate), say('burn_min_events', burn, events)];
    }),
  ]) as Input;
}

/** Requests of a model whose servers can say how they ended, by outcome. */
function requests(outcomes: Readonly<Record<string, string>>, model = 'm', target = A, can = `1x${LONG}`): Input {
  const replica = `namespace="ns", replica="${model}-0"`;
  return {
    ...Object.fromEntries(
      Object.entries(outcomes).map(([outcome, values]) => [
        `modelwatch_inference_requests_total{${replica}, model="${model}", version="1", outcome="${outcome}", ${target}}`,
        values,
      ])
    ),
    [`modelwatch_inference_capability{${replica}, server="s", capability="outcomes", ${target}}`]: can,
  };
}

const of = (model = 'm', slo = 'answered') => `namespace="ns", model="${model}", slo="${slo}"`;

/** As `round` of PromQL has it. */
const rounded = (value: number, to: number) => Math.floor(value / to + 0.5) / (1 / to);

function figure(
  series: { readonly name: string },
  at: string,
  is: number | undefined,
  { id = of(), matchers = '', precision = 0.001 } = {}
): Expectation {
  const selector = [id, matchers].filter(Boolean).join(', ');
  const samples = is === undefined ? {} : { [`{${selector}}`]: rounded(is, precision) };
  return { expr: `round(${series.name}{${selector}}, ${precision})`, at, samples };
}
const burn = (id: string, window: string, at: string, is: number | undefined, precision?: number): Expectation =>
  figure(RECORDED.sloBurnRate, at, is, { id, matchers: `window="${window}"`, ...(precision ? { precision } : {}) });
const left = (id: string, at: string, is: number | undefined): Expectation =>
  figure(RECORDED.sloBudgetLeft, at, is, { id });
const events = (id: string, window: string, at: string, is: number | undefined): Expectation =>
  figure(RECORDED.sloEvents, at, is, { id, matchers: `window="${window}"`, precision: 1 });
const state = (id: string, at: string, is: SloState): Expectation => ({
  expr: `${RECORDED.sloState.name}{${id}}`,
  at,
  samples: { [`${RECORDED.sloState.name}{${id}, state="${is}"}`]: 1 },
});
const states = (id: string, ...each: readonly (readonly [at: string, is: SloState])[]) =>
  each.map(([at, is]) => state(id, at, is));
const channel = (model: string, at: string, status: ChannelStatus): Expectation => ({
  expr: `${RECORDED.modelChannel.name}{channel="slo", model="${model}"}`,
  at,
  samples: {
    [`${RECORDED.modelChannel.name}{namespace="ns", model="${model}", channel="slo", status="${status}"}`]: 1,
  },
});
const none = ({ name }: { readonly name: string }, id: string, at: string): Expectation => ({
  expr: `${name}{${id}}`,
  at,
  samples: {},
});

/** An alert fires for just these objectives; what it says is looked at elsewhere. */
function fires(alert: string, at: string, ...ids: readonly (readonly [model: string, slo?: string])[]): Expectation {
  const samples = ids.map(([model, slo = 'answered']) => [
    `ALERTS{alertname="${alert}", alertstate="firing", ${of(model, slo)}, severity="${SEVERITY[alert]}"}`,
    1,
  ]);
  return { expr: `ALERTS{alertname="${alert}", alertstate="firing"}`, at, samples: Object.fromEntries(samples) };
}
const FAST = 'ModelwatchSLOFastBurn';
const SLOW = 'ModelwatchSLOSlowBurn';
const NO_DATA = 'ModelwatchSLONoData';
const SEVERITY: Readonly<Record<string, string>> = { [FAST]: 'critical', [SLOW]: 'warning', [NO_DATA]: 'warning' };

const ofPipeline = (pipeline: string) => `namespace="ns", pipeline="${pipeline}", slo="answered"`;
const pipeline = (name: string, method: string, outcomes: Readonly<Record<string, string>>): Input =>
  Object.fromEntries(
    Object.entries(outcomes).map(([outcome, values]) => [
      `${RECORDED.pipelineRequestsRate.name}{namespace="ns", pipeline="${name}", method="${method}", outcome="${outcome}"}`,
      values,
    ])
  );
function histogram(
  family: string,
  model: string,
  replica: string,
  buckets: Readonly<Record<string, string>>,
  count: string,
  target = A
): Input {
  const name = (part: string, le = '') =>
    `modelwatch_${family}_seconds_${part}{namespace="ns", model="${model}", replica="${replica}", version="1"${le && `, le="${le}"`}, ${target}}`;
  const each = Object.entries(buckets).map(([le, values]) => [name('bucket', le), values]);
  return Object.fromEntries([...each, [name('bucket', '+Inf'), count], [name('count'), count]]) as Input;
}
const timed = (method: string, buckets: Readonly<Record<string, string>>, target = A): Input => {
  const id = `namespace="ns", pipeline="timed", replica="g", method="${method}"`;
  const each = Object.entries(buckets).map(([le, values]) => [
    `modelwatch_pipeline_duration_seconds_bucket{${id}, le="${le}", ${target}}`,
    values,
  ]);
  return Object.fromEntries([
    ...each,
    [`modelwatch_pipeline_duration_seconds_count{${id}, ${target}}`, buckets['+Inf']],
  ]) as Input;
};
const verdicts = (model: string, statuses: Readonly<Partial<Record<ChannelStatus, string>>>): Input =>
  Object.fromEntries(
    Object.entries(statuses).map(([status, values]) => [
      `${RECORDED.modelChannel.name}{namespace="ns", model="${model}", channel="drift", status="${status}"}`,
      values,
    ])
  );
const score = (model: string, metric: string, window: string, values: string): Input => ({
  [`${RECORDED.accuracyScore.name}{namespace="ns", model="${model}", metric="${metric}", window="${window}"}`]: values,
});
const counted = (family: string, model: string, labels: string, values: string): Input => ({
  [`modelwatch_${family}{namespace="ns", model="${model}", ${labels}, ${A}}`]: values,
});

/** The reference's vectors, each a model of its own. */
const reference = (model: string, outcomes: Readonly<Record<string, string>>, more: Declared = {}): Input => ({
  ...declared({ model, ...more }),
  ...requests(outcomes, model),
});
const BEFORE = 'If this goes on, the budget of the objective is spent before its window ends.';
type Said = readonly [labels: Readonly<Record<string, string>>, summary: string, description: string];
const says = (alert: string, at: string, ...each: readonly Said[]): AlertExpectation => ({
  alert,
  at,
  firing: each.map(([labels, summary, description]) => ({
    labels: { namespace: 'ns', severity: SEVERITY[alert] ?? '', ...labels },
    annotations: {
      summary,
      description,
      runbook_url: `https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks/${alert}.md`,
    },
  })),
});

/** Of a hundred requests a minute some fail; after an hour exporter and servers are gone. */
const lost = (model: string, failed: number): Input => ({
  ...declared({ model, shown: 'x59 stale' }),
  ...requests({ success: `0+${100 - failed}x59 stale`, server_error: `0+${failed}x59 stale` }, model),
});
/** The same, half an hour later. */
const later = (input: Input): Input =>
  Object.fromEntries(Object.entries(input).map(([series, values]) => [series, `_x29 ${values}`]));
const UNEVEN = { success: '0+10x45 1350+900x14', server_error: '0x45 100+100x14' };

export const SLO_VECTORS: readonly RuleVector[] = [
  {
    name: 'the vectors of the reference',
    input: {
      ...reference('v1', { success: '0+95x60', server_error: '0+5x60' }),
      ...reference('v2', {
        success: '0x9 1x9 2x9 3x9 4x9 5x9 6x60',
        server_error: '0x56 1x60',
      }),
      ...reference('v4', { success: '0+100x120' }),
      ...reference('v5', { success: '0+99x20 1980x100', server_error: '0+1x20 20x100' }),
      // One failure in a minute with a request.
      ...reference('v6', { success: '0x9 1x9 2x9 3x9 4x49', server_error: '0x49 1x60' }),
      ...reference('v7', { success: '0+986x60', server_error: '0+14x60' }),
      ...reference('v8', { success: '0+985x60', server_error: '0+15x60' }),
      ...reference('v9', { success: '0+1000x59 59700+1000x29', server_error: '0x59 300x30' }),
      ...reference('v10', { success: '0+950x40 39000+1000x49', server_error: '0+50x40 2000x50' }),
      ...reference('v12', { success: '5x120', server_error: '0x120' }),
      ...reference('v13', UNEVEN),
      ...declared({ model: 'v13', slo: 'slices', method: 'timeslices', sliceTarget: 0.95 }),
      ...declared({ model: 'v13', slo: 'shares', method: 'ratio_timeslices' }),
    },
    expect: [
      // A hundred events are there in the third minute, and two later the alert.
      ...states(of('v1'), ['1m', 'too_little_data'], ['40m', 'page']),
      fires(FAST, '2m'),
      fires(FAST, '4m', ['v8'], ['v10']),
      fires(FAST, '5m', ['v1'], ['v8'], ['v10']),
      burn(of('v1'), '1h', '40m', 50),
      channel('v1', '40m', 'critical'),
      left(of('v4'), '60m', 1),
      state(of('v4'), '60m', 'met'),
      channel('v4', '60m', 'ok'),
      burn(of('v5'), '5m', '60m', undefined),
      figure(RECORDED.sloBudgetLeft, '60m', -9, { id: of('v5'), precision: 1 }),
      burn(of('v9'), '5m', '63m', 60),
      state(of('v9'), '63m', 'spent'),
      // Forty minutes, and two of the rate that went down.
      figure(RECORDED.sloBurnRate, '50m', 42, { id: of('v10'), matchers: 'window="1h"', precision: 1 }),
      burn(of('v12'), '1h', '90m', undefined),
      left(of('v12'), '90m', undefined),
      events(of('v12'), '1h', '90m', 0),
      state(of('v12'), '90m', 'too_little_data'),
      burn(of('v13'), '1h', '60m', 96.6543, 0.0001),
      // Each minute judges the five before it: the reference's average of its ratios, and its slices.
      burn(of('v13', 'shares'), '1h', '60m', 24.8961, 0.0001),
      burn(of('v13', 'slices'), '1h', '60m', 250),
      fires(FAST, '40m', ['v1'], ['v8'], ['v10']),
      fires(FAST, '53m', ['v1'], ['v8'], ['v13']),
      fires(FAST, '60m', ['v1'], ['v8'], ['v13']),
      fires(NO_DATA, '60m'),
    ],
  },
  {
    name: 'what is declared, counted and seen comes and goes',
    input: {
      [`modelwatch_exporter_synced{${A}}`]: '1x59 stale',
      [`modelwatch_exporter_total_shards{${A}}`]: '1x59 stale',
      // An exporter that dies with its models does not end the page that was about them.
      ...lost('paged', 5),
      ...lost('calm', 0),
      // Taken away while an exporter looks.
      ...declared({ model: 'removed', shown: 'x29 stale' }),
      ...requests({ success: '0+95x120', server_error: '0+5x120' }, 'removed'),
      // Said and seen by two, who name other owners.
      ...declared({ model: 'two' }),
      ...declared({ model: 'two', owner: 'other', target: B }),
      ...requests({ success: '0+95x120', server_error: '0+5x120' }, 'two'),
      ...requests({ success: '0+95x120', server_error: '0+5x120' }, 'two', B),
      ...reference('reset', { success: '0+95x30 0+95x89', server_error: '0+5x30 0+5x89' }),
      // V3 and V11: of a model that is there no replica is any more.
      ...declared({ model: 'vanished' }),
      ...requests({ success: '0+100x29 stale' }, 'vanished'),
      // Nobody is left to count, and the exporter sees that the model cannot serve; one that was never asked.
      ...['down', 'unasked', 'trickle'].reduce<Input>(
        (all, model) => ({
          ...all,
          ...declared({ model }),
          [`${RECORDED.modelServing.name}{namespace="ns", model="${model}", state="failed"}`]: '0x60 1x60',
        }),
        {}
      ),
      ...requests({ success: '0+100x59 stale' }, 'down'),
      ...requests({ success: '0+100x60 6000+1x60' }, 'trickle'),
      // Nothing was scraped for twenty minutes, in which a hundred requests failed.
      ...reference('gap', { success: '0+100x39 _x20 5900+100x59', server_error: '0x39 _x20 100x60' }),
      // The same model under another name: what was spent under the old one is not its own.
      ...declared({ model: 'old', shown: 'x29 stale' }),
      ...requests({ success: '0+95x29 stale', server_error: '0+5x29 stale' }, 'old'),
      ...later(declared({ model: 'new' })),
      ...later(requests({ success: '0+100x90', server_error: '0x90' }, 'new')),
      // What no configuration of ours lets pass: others may say it.
      ...reference('whole', { success: '0+95x120', server_error: '0+5x120' }, { objective: 1 }),
      // Exporters of which one has read its configuration already.
      ...declared({ model: 'differ' }),
      ...declared({ model: 'differ', objective: 0.99, target: B }),
      ...requests({ success: '0+95x120', server_error: '0+5x120' }, 'differ'),
      ...reference('small', { success: '0+1x120', server_error: '0x5 0+1x115' }, { burns: [], objective: 0.99 }),
    },
    expect: [
      ...states(of('paged'), ['58m', 'page'], ['64m', 'page'], ['119m', 'page']),
      channel('paged', '119m', 'critical'),
      ...states(of('calm'), ['58m', 'met'], ['63m', 'met'], ['66m', 'stale']),
      channel('calm', '70m', 'stale'),
      ...states(of('removed'), ['28m', 'page']),
      ...Object.values(RECORDED_SLO)
        .filter((series) => !series.name.includes('counted') && !series.name.includes('fast'))
        .map((series) => none(series, of('removed'), '40m')),
      // Rates of the first five minutes are of less than five.
      events(of('two'), '1h', '58m', 5600),
      { expr: `count(${RECORDED.sloInfo.name}{model="two"})`, at: '58m', samples: { '{}': 1 } },
      burn(of('reset'), '1h', '58m', 50),
      ...states(of('vanished'), ['33m', 'met'], ['34m', 'stale']),
      fires(NO_DATA, '43m'),
      fires(NO_DATA, '44m', ['vanished']),
      fires(NO_DATA, '84m', ['vanished'], ['calm']),
      figure(RECORDED.sloEventsRate, '58m', 1.667, { id: of('down') }),
      figure(RECORDED.sloBadEventsRate, '58m', 0, { id: of('down') }),
      ...['sloEventsRate', 'sloBadEventsRate'].map((rate) =>
        figure(RECORDED[rate as 'sloEventsRate'], '80m', 1.6, { id: of('down'), precision: 0.1 })
      ),
      ...states(of('down'), ['59m', 'met'], ['75m', 'page'], ['119m', 'page']),
      ...states(of('unasked'), ['119m', 'too_little_data']),
      figure(RECORDED.sloBadEventsRate, '80m', 0, { id: of('trickle') }),
      ...states(of('small'), ['4m', 'too_little_data'], ['50m', 'spent']),
      ...states(of('gap'), ['38m', 'met'], ['50m', 'stale'], ['70m', 'met']),
      burn(of('gap'), '1h', '70m', 0),
      ...states(of('old'), ['28m', 'page']),
      none(RECORDED.sloState, of('old'), '40m'),
      ...states(of('new'), ['31m', 'too_little_data'], ['45m', 'met']),
      left(of('new'), '45m', 1),
      none(RECORDED.sloBudgetLeft, of('whole'), '58m'),
      none(RECORDED.sloBurnRate, of('whole'), '58m'),
      ...[RECORDED.sloObjective, RECORDED.sloState, RECORDED.sloBudgetLeft].map(({ name }) => ({
        expr: `count(${name}{model="differ"})`,
        at: '58m',
        samples: { '{}': 1 },
      })),
    ],
  },
  {
    name: 'every kind of indicator',
    input: {
      ...reference('client', { success: '0+90x60', client_error: '0+10x60' }),
      ...declared({ model: 'mute' }),
      ...requests({ success: '0+100x60' }, 'mute', A, '0x60'),
      ...declared({ pipeline: 'p', objective: 0.9 }),
      ...pipeline('p', 'rest', { success: '0.9x60', unknown: '0.1x60' }),
      ...pipeline('p', 'grpc', { success: '0.5x60', unknown: '0x60' }),
      ...declared({ pipeline: 'half' }),
      ...pipeline('half', 'rest', { success: '1x60', unknown: '0x60' }),
      ...pipeline('half', 'grpc', { success: '1x60' }),

      // One replica without the bound is on neither side; two exporters polled the other one.
      ...declared({ model: 'lat', indicator: 'latency', objective: 0.99, seconds: [0.3, '0.25'] }),
      ...declared({ model: 'lat', slo: 'strict', indicator: 'latency', objective: 0.9, seconds: [0.1, '0.1'] }),
      ...histogram('inference_duration', 'lat', 'a', { '0.1': '0+80x60', '0.25': '0+98x60' }, '0+100x60'),
      ...histogram('inference_duration', 'lat', 'a', { '0.1': '0+80x60', '0.25': '0+98x60' }, '0+100x60', B),
      ...histogram('inference_route_duration', 'lat', 'p', { '0.25': '0+10x60' }, '0+150x60'),
      ...histogram('inference_duration', 'lat', 'b', { '0.1': '0+50x60', '0.5': '0+50x60' }, '0+50x60'),
      ...declared({ model: 'proxied', indicator: 'latency', objective: 0.99, seconds: [0.25, '0.25'] }),
      ...histogram('inference_duration', 'proxied', 'a', {}, '0+500x60'),
      ...histogram('inference_route_duration', 'proxied', 'p', { '0.25': '0+95x60' }, '0+100x60'),
      ...declared({ pipeline: 'timed', indicator: 'latency', objective: 0.9, seconds: [0.25, '0.25'] }),
      ...timed('rest', { '0.25': '0+80x60', '+Inf': '0+100x60' }),
      ...timed('rest', { '0.25': '0+80x60', '+Inf': '0+100x60' }, B),
      ...timed('grpc', { '0.25': '0+50x60', '+Inf': '0+50x60' }),
      ...timed('other', { '+Inf': '0+50x60' }),
      ...declared({ model: 'boundless', indicator: 'latency', seconds: [0.25, ''] }),
      ...histogram('inference_duration', 'boundless', 'a', { '0.25': '0+95x60' }, '0+100x60'),
      ...declared({ model: 'llm', slo: 'first', indicator: 'first_token', objective: 0.9, seconds: [1, '1.0'] }),
      ...histogram('inference_time_to_first_token', 'llm', 'a', { '1.0': '0+7x60' }, '0+10x60'),
      ...declared({ model: 'llm', slo: 'inter', indicator: 'inter_token', objective: 0.9, seconds: [0.1, '0.1'] }),
      ...histogram('inference_inter_token', 'llm', 'a', { '0.1': '0+80x60' }, '0+100x60'),

      // Fresh for 30 minutes, then silent: the last of the 29 minutes is bad after 10.
      ...declared({ model: 'fresh', indicator: 'freshness', objective: 0.5, seconds: [600, ''] }),
      [`${RECORDED.modelLastPrediction.name}{namespace="ns", model="fresh"}`]: '0+60x30 1800x30',
      [`${RECORDED.modelLastObserved.name}{namespace="ns", model="fresh"}`]: '0+60x60',
      ...declared({ model: 'watched', indicator: 'freshness', objective: 0.5, seconds: [600, ''] }),
      [`${RECORDED.modelLastObserved.name}{namespace="ns", model="watched"}`]: '0+60x60',
      ...declared({ model: 'asleep', indicator: 'freshness', objective: 0.5, seconds: [600, ''] }),
      [`${RECORDED.modelLastObserved.name}{namespace="ns", model="asleep"}`]: '0x60',
      [`${RECORDED.modelServing.name}{namespace="ns", model="asleep", state="idle"}`]: '0x20 1x40',

      // Of 59 minutes 20 without enough rows, and 10 of the others critical.
      ...declared({ model: 'drifts', indicator: 'drift', objective: 0.9 }),
      ...verdicts('drifts', {
        ok: '1x18 stale',
        critical: '_x19 1x9 stale',
        too_little_data: '_x29 1x19 stale',
        warning: '_x49 1x20',
      }),

      // Its minutes were fine for as long as there were rows to judge.
      ...declared({ model: 'blind', indicator: 'drift', objective: 0.9 }),
      ...verdicts('blind', { ok: '1x39 stale', too_little_data: '_x39 1x80' }),

      ...declared({ model: 'right', indicator: 'accuracy', metric: 'f1', objective: 0.5, value: [0.8, 'gte'] }),
      ...declared({
        model: 'right',
        slo: 'error',
        indicator: 'accuracy',
        metric: 'log_loss',
        value: [0.5, 'lte'],
        objective: 0.5,
      }),
      [`${RECORDED.accuracySettings.name}{namespace="ns", model="right", task="classification", window="1d"}`]: '1x60',
      ...score('right', 'f1', '1d', '0.85x29 0.79x9 stale'),
      ...score('right', 'f1', '1h', '0.1x60'),
      ...score('right', 'log_loss', '1d', '0.4x14 0.6x60'),
      [`${RECORDED.accuracyPairs.name}{namespace="ns", model="right", window="1d"}`]: '100x60',

      ...declared({ model: 'paid', indicator: 'cost', metric: 'EUR', objective: 0.5, value: [0.02, 'lte'] }),
      ...counted('predictions_total', 'paid', 'version="1"', '0+60x19 1140x10 1140+60x29'),
      ...counted('generative_cost_total', 'paid', 'consumer_class="a", currency="EUR"', '0+0.6x19 11.4x10 11.4+1.8x29'),
      ...counted('generative_cost_total', 'paid', 'consumer_class="b", currency="EUR"', '0+0.3x19 5.7x10 5.7+0.3x29'),
      ...counted('generative_cost_total', 'paid', 'consumer_class="a", currency="USD"', '0+9x60'),
    },
    expect: [
      burn(of('client'), '1h', '59m', 0),
      none(RECORDED.sloEvents, of('mute'), '59m'),
      state(of('mute'), '59m', 'too_little_data'),
      burn(ofPipeline('p'), '1h', '59m', 0.667),
      none(RECORDED.sloEvents, ofPipeline('half'), '59m'),
      burn(of('lat'), '1h', '59m', 2),
      // Of another bound both replicas have it: 20 and 0 of 100 and 50 were slower.
      burn(of('lat', 'strict'), '1h', '59m', 20 / 150 / 0.1),
      events(of('lat'), '1h', '59m', 5700),
      burn(of('proxied'), '1h', '59m', 5),
      events(of('proxied'), '1h', '59m', 5700),
      burn(ofPipeline('timed'), '1h', '59m', 20 / 150 / 0.1),
      none(RECORDED.sloEvents, of('boundless'), '59m'),
      burn(of('llm', 'first'), '1h', '59m', 3),
      burn(of('llm', 'inter'), '1h', '59m', 2),
      // Minutes are counted with the next one: of 59 the last 18 have no prediction for more than ten.
      events(of('fresh'), '1h', '59m', 59),
      burn(of('fresh'), '1h', '59m', 18 / 59 / 0.5),
      burn(of('watched'), '1h', '59m', 0),
      events(of('asleep'), '1h', '59m', 21),
      burn(of('asleep'), '1h', '59m', 10 / 21 / 0.5),
      state(of('asleep'), '59m', 'idle'),
      channel('asleep', '59m', 'ok'),
      events(of('drifts'), '1h', '59m', 39),
      figure(RECORDED.sloEventsRate, '45m', 0, { id: of('drifts') }),
      burn(of('drifts'), '1h', '59m', 10 / 39 / 0.1),
      ...states(of('blind'), ['59m', 'met'], ['105m', 'too_little_data']),
      channel('blind', '105m', 'too_little_data'),
      events(of('right'), '1h', '59m', 40),
      figure(RECORDED.sloEventsRate, '50m', 0, { id: of('right') }),
      burn(of('right'), '1h', '59m', 10 / 40 / 0.5),
      burn(of('right', 'error'), '1h', '59m', 44 / 59 / 0.5),
      events(of('paid'), '1h', '59m', 50),
      figure(RECORDED.sloEventsRate, '28m', 0, { id: of('paid') }),
      burn(of('paid'), '1h', '59m', 27 / 50 / 0.5),
    ],
  },
  {
    name: 'budgets burn, and alerts say how fast',
    input: {
      [`${RECORDED.modelInfo.name}{namespace="ns", model="scorer", platform="seldon", owner="ml", importance="high"}`]: `1x${LONG}`,
      ...declared({ model: 'scorer', objective: 0.9, burns: [['page', '1h', '5m', 0.5, 100]] }),
      ...requests({ success: '0+100x90 9000+50x30', server_error: '0x90 0+50x30' }, 'scorer'),
      ...declared({ model: 'slow', objective: 0.9, owner: 'risk', burns: [['ticket', '1h', '5m', 0.3, 100]] }),
      ...requests({ success: '0+100x70 7000+80x50', server_error: '0x70 0+20x50' }, 'slow'),
      ...declared({ model: 'both', slo: 'burns', objective: 0.9, burns: [['ticket', '1h', '5m', 0.3, 100]] }),
      ...declared({ model: 'both', slo: 'fine', objective: 0.1 }),
      ...requests({ success: '0+50x120', server_error: '0+50x120' }, 'both'),
    },
    expect: [
      ...states(of('scorer'), ['89m', 'met'], ['105m', 'page']),
      left(of('scorer'), '89m', 1),
      none(RECORDED.sloExhaustion, of('scorer'), '89m'),
      ...states(of('slow'), ['110m', 'ticket']),
      channel('slow', '110m', 'warning'),
      ...states(of('both', 'burns'), ['110m', 'spent']),
      ...states(of('both', 'fine'), ['110m', 'met']),
      channel('both', '110m', 'warning'),
      figure(RECORDED.sloExhaustion, '110m', 0, { id: of('both', 'burns') }),
      left(of('both', 'burns'), '110m', -4),
      figure(RECORDED.sloAttained, '110m', 0.5, { id: of('both', 'burns') }),
      fires(SLOW, '1m'),
      fires(SLOW, '85m', ['both', 'burns']),
    ],
    alerts: [
      says(FAST, '110m', [
        { model: 'scorer', slo: 'answered', owner: 'ml', importance: 'high' },
        'ns/scorer burns its 30d budget 1.44 times too fast: answered, 25% left, gone in 5d 2h 35m 1s',
        'So many events are bad that the budget of the objective is spent long before its window ends. The alert stays while nothing is counted. Objective of 90%, attained 92.45%, burn rate of the last hour 1.44.',
      ]),
      says(
        SLOW,
        '110m',
        [
          { model: 'both', slo: 'burns' },
          'ns/both burns its 30d budget 5 times too fast: burns, nothing left',
          `${BEFORE} Objective of 90%, attained 50%, burn rate of the last hour 5.`,
        ],
        [
          { model: 'slow', slo: 'answered', owner: 'risk' },
          'ns/slow burns its 30d budget 1.25 times too fast: answered, 32% left, gone in 7d 16h 7m 49s',
          `${BEFORE} Objective of 90%, attained 93.21%, burn rate of the last hour 1.25.`,
        ]
      ),
    ],
  },
];
