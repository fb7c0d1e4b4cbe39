/**
 * Accuracy asked of a real Prometheus that scrapes counters of pairs and evaluates the rules that we ship. Pairs and scores
 * are those of scikit-learn (test/provisioning/fixtures).
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACTUAL_OUTCOMES, METRICS, SERVING_STATES, type MetricFamily } from '@modelwatch/contract';
import { detailOf, modelOf, readSettings } from '../../datasource-plugin/src/frames/accuracy/detail';
import { predictedActual } from '../../datasource-plugin/src/frames/accuracy/predicted';
import { joinAccuracy } from '../../datasource-plugin/src/frames/accuracy/scores';
import { joinInventory } from '../../datasource-plugin/src/frames/inventory';
import type { Sample, Series } from '../../datasource-plugin/src/frames/samples';
import { buildLabelValues } from '../../datasource-plugin/src/query/labelValues';
import { buildParts } from '../../datasource-plugin/src/testing/parts';
import { FIGURE_KINDS, figureOf } from '../../datasource-plugin/src/query/figures';
import { NO_FILTERS, type ResolvedFilters } from '../../datasource-plugin/src/query/filters';
import type { AccuracyDetailQuery, ModelwatchQuery } from '../../datasource-plugin/src/query/types';
import { buildAccuracyRules, renderGroups, renderRules } from '../../exporter/src/rules';
import { freePort, getJson, startProgram, until, type Program } from '../support/processes';

type Answer = { data: { result: Array<{ metric: Record<string, string>; value: [number, string] }> } };
interface Case {
  readonly name: string;
  readonly task: string;
  readonly positiveClass?: string;
  readonly pairs: number;
  readonly outcomes?: ReadonlyArray<{ readonly predicted: string; readonly actual: string; readonly pairs: number }>;
  readonly bins?: ReadonlyArray<Readonly<Record<'negatives' | 'positives' | 'upTo' | 'scores', number>>>;
  readonly sums?: Readonly<Record<string, number>>;
  readonly scores: Readonly<Record<string, number>>;
}

const RULES = { intervalSeconds: 1, driftIntervalSeconds: 1 };
const BASELINES = { binary: { auc: 0.9 }, regression: { rmse: 20 }, 'three classes': {} } as const;
const LIMITS = { binary: { auc: [0.88, 0.85] }, regression: { rmse: [21, 23] }, 'three classes': {} } as const;
type Name = keyof typeof BASELINES;
const MODELS: Readonly<Record<Name, string>> = { binary: 'risk', regression: 'demand', 'three classes': 'topic' };
const AGES = { '1h': 0.75, '1d': 0.25 } as const;

function line(name: string, labels: Record<string, string>, value: number): string {
  const text = Object.entries(labels).map(([label, content]) => `${label}=${JSON.stringify(content)}`);
  return `${name}{${text.join(',')}} ${value}`;
}
const of = (family: MetricFamily, labels: Record<string, string>, value: number) => line(family.name, labels, value);

/** What every exporter says that has the settings of the models. */
function settings(cases: readonly Case[]): string[] {
  return cases.flatMap(({ name, task, positiveClass = '' }) => {
    const model = { namespace: 'shop', model: MODELS[name as Name] };
    const limits = Object.entries<readonly number[]>(LIMITS[name as Name]);
    return [
      of(METRICS.accuracySettings, { ...model, task, window: '10m', positive_class: positiveClass }, 1),
      of(METRICS.accuracyRowsNeeded, model, 100),
      of(METRICS.openPredictions, model, 6),
      ...Object.entries(BASELINES[name as Name]).map(([metric, score]) =>
        of(METRICS.accuracyBaseline, { ...model, reference: 'r1', metric }, score)
      ),
      ...limits.flatMap(([metric, [warning = 0, critical = 0]]) => [
        of(METRICS.accuracyLimit, { ...model, metric, level: 'warning' }, warning),
        of(METRICS.accuracyLimit, { ...model, metric, level: 'critical' }, critical),
      ]),
    ];
  });
}

/** Three quarters of the pairs are of young predictions. */
function pairs({ name, pairs: all, outcomes = [], bins = [], sums = {} }: Case, scrapes: number): string[] {
  const model = { namespace: 'shop', model: MODELS[name as Name] };
  const counted = Object.entries(AGES).flatMap(([age, share]) => {
    const by = { ...model, version: '1', age };
    const count = (family: MetricFamily, labels: Record<string, string>, value: number) =>
      of(family, { ...by, ...labels }, value * share * scrapes);
    return [
      count(METRICS.pairs, {}, all),
      ...outcomes.map(({ predicted, actual, pairs: found }) => count(METRICS.outcomes, { predicted, actual }, found)),
      ...outcomes.slice(0, 1).map(() => count(METRICS.outcomes, { predicted: 'other', actual: 'other' }, 0)),
      ...bins.flatMap(({ negatives, positives, upTo, scores }, bin) => [
        count(METRICS.scoreOutcomes, { bin: `${bin}`, actual: '0' }, negatives),
        count(METRICS.scoreOutcomes, { bin: `${bin}`, actual: '1' }, positives),
        count(METRICS.scorePositivesUpTo, { bin: `${bin}` }, upTo),
        count(METRICS.scoreSum, { bin: `${bin}` }, scores),
      ]),
      ...Object.entries(sums).map(([series, value]) => {
        const [family = '', , sign] = series.split(/[{"}]/);
        return line(`modelwatch_${family}`, { ...by, ...(sign && { sign }) }, value * share * scrapes);
      }),
    ];
  });
  const delays = (['60', '600', '+Inf'] as const).map((le, index) =>
    line(`${METRICS.actualDelay.name}_bucket`, { ...model, le }, [0, scrapes, scrapes][index] ?? 0)
  );
  return [
    ...counted,
    ...delays,
    of(METRICS.expiredPredictions, model, scrapes),
    ...ACTUAL_OUTCOMES.map((outcome) =>
      of(METRICS.actuals, { ...model, outcome }, outcome === 'joined' ? 3 * scrapes : 0)
    ),
    of(METRICS.modelInfo, { ...model, platform: 'seldon', server: 's', runtime: 'r', version: '1', owner: 'o' }, 1),
    ...SERVING_STATES.map((state) => of(METRICS.modelServing, { ...model, state }, Number(state === 'serving'))),
    of(METRICS.modelLastObserved, model, Date.now() / 1000),
  ];
}

const ALIVE = [
  of(METRICS.exporterBuildInfo, { version: '0', node_version: '20' }, 1),
  of(METRICS.exporterSynced, {}, 1),
];

describe('accuracy in a real Prometheus', () => {
  let folder: string;
  const targets: Server[] = [];
  let prometheus: Program;
  let url: string;
  let cases: Map<Name, Case>;
  const modelFilter = (name: Name): ResolvedFilters => ({
    ...NO_FILTERS,
    namespace: ['shop'],
    model: [MODELS[name]],
  });

  async function ask(expr: string): Promise<Sample[]> {
    const { data } = await getJson<Answer>(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
    return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** Every part, those over the range too, as of now. */
  async function answers(query: ModelwatchQuery, filters: ResolvedFilters): Promise<Record<string, Sample[]>> {
    const parts = buildParts(query, filters, 600);
    const found = await Promise.all(parts.map(({ expr }) => ask(expr.replaceAll(' @ end()', ''))));
    return Object.fromEntries(parts.map(({ name }, index) => [name, found[index] ?? []]));
  }

  const accuracy = async (filters: ResolvedFilters = NO_FILTERS) => {
    const { now = [], actuals = [] } = await answers({ refId: 'A', kind: 'accuracy' }, filters);
    return joinAccuracy({ now, actuals, metrics: filters.metric });
  };
  const asSeries = (samples: readonly Sample[]): Series[] =>
    samples.map(({ labels, value }) => ({ labels, timesMs: [1000], values: [value] }));
  const detail = async (name: Name, over: Partial<AccuracyDetailQuery> = {}, more: Partial<ResolvedFilters> = {}) => {
    const window = over.window ?? '10m';
    const query: AccuracyDetailQuery = { refId: 'A', kind: 'accuracy-detail', ...over, window };
    const parts = await answers(query, { ...modelFilter(name), ...more });
    const counts = parts['counts'] ?? [];
    const model = modelOf(readSettings(parts['now'] ?? []), counts);
    if (!model) throw new Error('no settings');
    const found = detailOf(model, counts, window);
    const range = { fromMs: 0, toMs: 2000 };
    return { ...found, ...predictedActual(found.subject, asSeries(parts['predicted-actual'] ?? []), range) };
  };
  const now = (lines: Awaited<ReturnType<typeof detail>>['lines']) =>
    Object.fromEntries(lines.map(({ title, values }) => [title, values.get(1000)]));

  async function serve(text: (scrapes: number) => string[]): Promise<string> {
    let scrapes = 0;
    const target = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4');
      response.end(`${text(scrapes).join('\n')}\n`);
      scrapes += 1;
    });
    targets.push(target);
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(target.address() as AddressInfo).port}`;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelwatch-accuracy-'));
    const fixture = join(__dirname, '../provisioning/fixtures/accuracy-scores.json');
    const all = JSON.parse(await readFile(fixture, 'utf8')) as Case[];
    cases = new Map(all.flatMap((one) => (one.name in MODELS ? [[one.name as Name, one] as const] : [])));
    const some = [...cases.values()];
    // A second exporter has the same settings, and predictions of its own.
    const exporters = [
      await serve((scrapes) => [...ALIVE, ...settings(some), ...some.flatMap((one) => pairs(one, scrapes))]),
      await serve(() => [...ALIVE, ...settings(some)]),
    ];
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    await writeFile(join(folder, 'all.rules.yml'), renderRules('prometheus', RULES));
    await writeFile(
      join(folder, '10m.rules.yml'),
      renderGroups('prometheus', buildAccuracyRules(RULES, ['10m']), RULES)
    );
    const config = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: ['*.rules.yml'],
      scrape_configs: [{ job_name: 'modelwatch', honor_labels: true, static_configs: [{ targets: exporters }] }],
    };
    await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
    prometheus = startProgram('prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    await until(
      'verdicts on the scores',
      () => accuracy(),
      ({ rows }) =>
        rows[0]?.state === 'critical' && rows[0].lastPairMs !== undefined && rows.some(({ state }) => state === 'ok')
    );
  }, 60_000);

  afterAll(async () => {
    await prometheus?.stop();
    for (const target of targets) {
      target.closeAllConnections();
      await new Promise((resolve) => target.close(resolve));
    }
    await rm(folder, { recursive: true, force: true });
  });

  it('makes rows of the scores of scikit-learn, the worst first, once however many exporters have the settings', async () => {
    const { rows, dropped, silent } = await accuracy();
    expect([[...dropped], [...silent]]).toEqual([[], []]);
    expect(rows[0]).toMatchObject({
      ...{ namespace: 'shop', model: 'risk', metric: 'auc', task: 'classification', positiveClass: 'yes' },
      ...{ state: 'critical', baseline: 0.9, warning: 0.88, critical: 0.85, window: '10m' },
      // Each exporter holds six.
      ...{ pairsNeeded: 100, openPredictions: 12 },
    });
    for (const [name, { scores }] of cases) {
      const found = rows.filter(({ model }) => model === MODELS[name]);
      expect(found.map(({ metric }) => metric).sort()).toEqual(Object.keys(scores).sort());
      for (const { metric, score } of found) expect(score).toBeCloseTo(scores[metric] ?? NaN, 6);
    }
    expect(rows[0]?.pairs).toBeGreaterThan(400);
    expect(Date.now() - (rows[0]?.lastPairMs ?? 0)).toBeLessThan(30_000);
    // Half way between 60 s and 600 s, where all of them are.
    expect(rows[0]?.actualDelaySeconds).toBeCloseTo(330, 6);
  });

  it('narrows to a score and to a model', async () => {
    const { rows } = await accuracy({ ...NO_FILTERS, metric: ['rmse'] });
    expect(rows.map(({ model, metric }) => `${model} ${metric}`)).toContain('demand rmse');
    expect(new Set(rows.map(({ metric }) => metric))).toEqual(new Set(['rmse']));
    expect((await accuracy({ ...NO_FILTERS, model: ['nobody'] })).rows).toEqual([]);
  });

  it.each([
    ['10m', {}],
    ['range', {}],
    ['1h', { version: ['1'] }],
    ['1d', { age: ['1d'] }],
  ] as const)('counts pairs by class and score over %s of %j', async (window, more) => {
    const { confusion = [], calibration = [], subject, ages } = await detail('binary', { window }, more);
    const { outcomes = [], bins = [], pairs: all = 0 } = cases.get('binary') ?? {};
    const total = confusion.reduce((sum, cell) => sum + cell.pairs, 0);
    // Nothing is `other`, so that is no class here.
    expect(confusion.map(({ predicted, actual }) => [predicted, actual])).toEqual([
      ...[
        ['no', 'no'],
        ['no', 'yes'],
        ['yes', 'no'],
        ['yes', 'yes'],
      ],
    ]);
    for (const { predicted, actual, pairs: found } of confusion) {
      const expected = outcomes.find((one) => one.predicted === predicted && one.actual === actual);
      expect(found / total).toBeCloseTo((expected?.pairs ?? NaN) / all, 6);
    }
    calibration.forEach((bin, index) => {
      const { positives = 0, negatives = 0, scores = 0 } = bins[index] ?? {};
      expect(bin.from).toBe(index / 20);
      if (positives + negatives === 0) expect(bin).not.toHaveProperty('positives');
      else expect(bin.positives).toBeCloseTo(positives / (positives + negatives), 6);
      if (positives + negatives > 0) expect(bin.meanScore).toBeCloseTo(scores / (positives + negatives), 6);
    });
    expect(calibration).toHaveLength(20);
    expect(subject).toMatchObject({ window, task: 'classification', positiveClass: 'yes', pairsNeeded: 100 });
    expect(subject.pairs).toBeCloseTo(total, 3);
    const age = 'age' in more ? ['1d'] : ['1h', '1d'];
    expect(ages.map((one) => one.age)).toEqual(age);
  });

  it('sets mean scores beside the positives, and shares of classes, and means, beside what came true', async () => {
    const { bins = [] } = cases.get('binary') ?? {};
    const sum = (of: (bin: (typeof bins)[number]) => number) => bins.reduce((total, bin) => total + of(bin), 0);
    const scored = sum(({ negatives, positives }) => negatives + positives);
    const binary = now((await detail('binary')).lines);
    expect(binary['predicted, yes']).toBeCloseTo(sum(({ scores }) => scores) / scored, 6);
    expect(binary['actual, yes']).toBeCloseTo(sum(({ positives }) => positives) / scored, 6);

    const { outcomes = [], pairs: all = 0 } = cases.get('three classes') ?? {};
    const classes = now((await detail('three classes')).lines);
    expect(Object.keys(classes)).toHaveLength(6);
    for (const side of ['predicted', 'actual'] as const) {
      for (const name of new Set(outcomes.map((one) => one[side]))) {
        const found = outcomes.filter((one) => one[side] === name).reduce((total, one) => total + one.pairs, 0);
        expect(classes[`${side}, ${name}`]).toBeCloseTo(found / all, 6);
      }
    }

    const { sums = {}, pairs: measured = 0 } = cases.get('regression') ?? {};
    const net = (name: string) => (sums[`${name}{sign="over"}`] ?? 0) - (sums[`${name}{sign="under"}`] ?? 0);
    const means = now((await detail('regression')).lines);
    expect(means['actual']).toBeCloseTo(net('actual_sum_total') / measured, 6);
    expect(means['predicted']).toBeCloseTo((net('actual_sum_total') + net('error_sum_total')) / measured, 6);
  });

  it('of a regression has no classes, and of a version without pairs nothing', async () => {
    const { confusion, calibration, subject } = await detail('regression');
    expect([confusion, calibration, subject.task]).toEqual([undefined, undefined, 'regression']);
    expect((await detail('binary', {}, { version: ['9'] })).subject.pairs).toBeNull();
  });

  it('names the score that is too low as the reason of the model', async () => {
    const asked = () => answers({ refId: 'A', kind: 'inventory', sparklines: false }, NO_FILTERS);
    const found = await until('the health of the model', asked, ({ state = [] }) =>
      state.some(({ labels }) => labels['health'] === 'degraded')
    );
    const { state = [], numbers = [], rate = [], drifted = [], misjudged = [] } = found;
    expect(joinInventory({ state, numbers, rate, drifted, misjudged }).rows[0]).toMatchObject({
      model: 'risk',
      health: 'degraded',
      reason: 'AUC 0.813 over 10 min, limit 0.85 (baseline 0.9)',
    });
  });

  it.each(Object.keys(FIGURE_KINDS['accuracy-figures'].figures))('has the figure %s', async (metric) => {
    const { metric: found = [] } = await answers(
      { refId: 'A', kind: 'accuracy-figures', metric },
      modelFilter('binary')
    );
    expect(found.length).toBeGreaterThan(0);
    const { by } = figureOf('accuracy-figures', metric);
    for (const { labels } of found) for (const label of Object.keys(labels)) expect(by).toContain(label);
  });

  it('shares predictions among those that met their actual and those that expired', async () => {
    const query = { refId: 'A', kind: 'accuracy-figures', metric: 'joined' } as const;
    expect((await answers(query, modelFilter('binary')))['metric']?.[0]?.value).toBeCloseTo(0.75, 6);
  });

  it('lists scores', async () => {
    const values = (await ask(buildLabelValues('metric', modelFilter('regression')))).map(
      ({ labels }) => labels['metric']
    );
    expect(values.sort()).toEqual(['mae', 'mape', 'r2', 'rmse']);
  });
});
