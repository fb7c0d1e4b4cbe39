/**
 * Drift asked of a real Prometheus that scrapes counters of events and evaluates the rules that we ship: scores, since when,
 * distributions and the reason in words, as the data source asks for them and reads them.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRICS, RECORDED, SERVING_STATES, type MetricFamily } from '@modelwatch/contract';
import { joinCoverage } from '../../datasource-plugin/src/frames/coverage/join';
import { joinCustom } from '../../datasource-plugin/src/frames/custom/join';
import { distributionOf } from '../../datasource-plugin/src/frames/drift/distribution';
import { joinDrift } from '../../datasource-plugin/src/frames/drift/subjects';
import { segmentRows } from '../../datasource-plugin/src/frames/segments/segments';
import { joinInventory } from '../../datasource-plugin/src/frames/inventory';
import type { Sample } from '../../datasource-plugin/src/frames/samples';
import { buildLabelValues } from '../../datasource-plugin/src/query/labelValues';
import { buildParts } from '../../datasource-plugin/src/testing/parts';
import { figureOf, FIGURE_KINDS, type FigureKind } from '../../datasource-plugin/src/query/figures';
import { NO_FILTERS, type ResolvedFilters } from '../../datasource-plugin/src/query/filters';
import type { DistributionQuery, ModelwatchQuery } from '../../datasource-plugin/src/query/types';
import { buildDriftRules, renderGroups, renderRules } from '../../exporter/src/rules';
import { freePort, getJson, startProgram, until, type Program } from '../support/processes';

type Answer = { data: { result: Array<{ metric: Record<string, string>; value: [number, string] }> } };

const MODEL = { namespace: 'shop', model: 'risk' };
const REFERENCE = { ...MODEL, reference: 'r1' };
const RULES = { intervalSeconds: 1, driftIntervalSeconds: 1 };
/** Rows of the reference by bin, and rows that each scrape adds: `amount` has moved up, `country` has not moved. */
const FEATURES = {
  amount: {
    type: 'numeric',
    bins: ['0', '1', 'below', 'above', 'missing', 'invalid'],
    reference: [600, 380, 0, 0, 20, 0],
    rows: [20, 60, 0, 10, 10, 0],
    importance: 0.4,
  },
  country: {
    type: 'categorical',
    bins: ['0', '1', 'other', 'new', 'missing', 'invalid'],
    reference: [500, 400, 100, 0, 0, 0],
    rows: [50, 40, 10, 0, 0, 0],
    importance: 0.1,
  },
} as const;
const ANSWERS = {
  bins: ['0', '1', 'other', 'new', 'missing', 'invalid'],
  reference: [900, 100, 0, 0, 0, 0],
  rows: [90, 10, 0, 0, 0, 0],
};
const EDGES: Record<string, Record<string, string>> = { '0': { from: '0', to: '90' }, '1': { from: '90', to: '180' } };

function line(family: MetricFamily, labels: Record<string, string>, value: number): string {
  const text = Object.entries(labels).map(([name, content]) => `${name}=${JSON.stringify(content)}`);
  return `${family.name}{${text.join(',')}} ${value}`;
}

function settingsOf(subject: Record<string, string>, type: string): string[] {
  return [
    line(METRICS.driftSubject, { ...REFERENCE, ...subject, type, weight: 'high' }, 1),
    line(METRICS.driftThreshold, { ...REFERENCE, ...subject, level: 'warning' }, 0.1),
    line(METRICS.driftThreshold, { ...REFERENCE, ...subject, level: 'critical' }, 0.25),
    line(METRICS.driftRowsNeeded, { ...REFERENCE, ...subject }, 180),
  ];
}

const smoothed = (count: number): number => (count + 0.5) / 1003;

/** `amount` by the device that was used: on the phone it has moved, on the desk it has not, and there are few there. */
const DEVICES = {
  phone: { reference: [400, 100, 0, 0, 0, 0], rows: [10, 70, 0, 0, 0, 0] },
  desk: { reference: [200, 280, 0, 0, 20, 0], rows: [0, 1, 0, 0, 0, 0] },
} as const;

function devices(scrapes: number): string[] {
  return Object.entries(DEVICES).flatMap(([value, { reference, rows }]) => {
    const segment = { segment: 'device', value };
    return [
      line(METRICS.segmentReferenceRows, { ...REFERENCE, ...segment, category: value }, 500),
      line(METRICS.segmentPredictions, { ...MODEL, ...segment }, scrapes * rows[0] + scrapes * rows[1]),
      ...FEATURES.amount.bins.flatMap((bin, index) => {
        const labels = { ...REFERENCE, ...segment, subject: 'feature', feature: 'amount', bin };
        return [
          line(METRICS.segmentReference, labels, ((reference[index] ?? 0) + 0.5) / 503),
          line(METRICS.segmentObservations, labels, scrapes * (rows[index] ?? 0)),
        ];
      }),
    ];
  });
}

/** Has coverage and custom metrics, so that what is worst of the one above stays its drift. */
const OTHER = { namespace: 'shop', model: 'reviews' };

/** Of eleven rows one is dropped, and what is counted stands for twice as many. */
function coverage(scrapes: number): string[] {
  const lag = (le: string, rows: number) =>
    `${METRICS.eventLag.name}_bucket{namespace="shop",model="reviews",le="${le}"} ${scrapes * rows}`;
  return [
    line(METRICS.eventsReceived, OTHER, scrapes * 110),
    line(METRICS.eventsDropped, { ...OTHER, reason: 'malformed' }, scrapes * 10),
    line(METRICS.eventsDropped, { ...OTHER, reason: 'duplicate' }, 0),
    line(METRICS.predictions, { ...OTHER, version: '' }, scrapes * 100),
    line(METRICS.predictionsRepresented, OTHER, scrapes * 200),
    line(METRICS.openPredictions, OTHER, 7),
    line(METRICS.actuals, { ...OTHER, outcome: 'joined' }, scrapes * 4),
    line(METRICS.actuals, { ...OTHER, outcome: 'unknown' }, scrapes),
    ...[lag('1', 0), lag('2', 100), lag('+Inf', 100)],
  ];
}

/** A mean of 0.5, over its limit; and a gauge that nobody has sent. */
function customMetrics(scrapes: number): string[] {
  const declared = { unit: 'percentunit', direction: 'lower_is_better', window: '10m', source: 'pushed' };
  const mean = { ...OTHER, metric: 'review_share' };
  const gauge = { ...OTHER, metric: 'open_tickets' };
  return [
    line(METRICS.customMetricInfo, { ...mean, ...declared, aggregation: 'average' }, 1),
    line(METRICS.customMetricLimit, { ...mean, level: 'critical', side: 'above' }, 0.4),
    line(METRICS.customMetricBaseline, mean, 0.2),
    line(METRICS.customMetricSamplesNeeded, mean, 30),
    line(METRICS.customMetricSamples, mean, scrapes * 100),
    line(METRICS.customMetricValueSum, { ...mean, sign: 'over' }, scrapes * 50),
    line(METRICS.customMetricValueSum, { ...mean, sign: 'under' }, 0),
    line(METRICS.customMetricInfo, { ...gauge, ...declared, aggregation: 'gauge' }, 1),
    line(METRICS.customMetricLimit, { ...gauge, level: 'critical', side: 'above' }, 40),
    line(METRICS.customMetricSamplesNeeded, gauge, 1),
  ];
}

/** After `scrapes` scrapes. */
function exposition(scrapes: number): string {
  const features = Object.entries(FEATURES).flatMap(([feature, { type, bins, reference, rows, importance }]) => [
    ...settingsOf({ subject: 'feature', feature }, type),
    line(METRICS.featureImportance, { ...REFERENCE, feature }, importance),
    ...bins.flatMap((bin, index) => [
      line(
        METRICS.featureReference,
        { ...REFERENCE, feature, bin, ...(type === 'numeric' ? EDGES[bin] : {}) },
        smoothed(reference[index] ?? 0)
      ),
      line(METRICS.featureObservations, { ...REFERENCE, version: 'v1', feature, bin }, scrapes * (rows[index] ?? 0)),
    ]),
  ]);
  const predictions = ANSWERS.bins.flatMap((bin, index) => [
    line(
      METRICS.predictionReference,
      { ...REFERENCE, bin, ...(bin === '0' ? { category: 'accepted' } : {}) },
      smoothed(ANSWERS.reference[index] ?? 0)
    ),
    line(METRICS.predictionObservations, { ...REFERENCE, version: 'v1', bin }, scrapes * (ANSWERS.rows[index] ?? 0)),
  ]);
  return `${[
    line(METRICS.exporterBuildInfo, { version: '0', node_version: '20' }, 1),
    line(METRICS.exporterSynced, {}, 1),
    line(METRICS.modelInfo, { ...MODEL, platform: 'seldon', server: 's', runtime: 'r', version: 'v1', owner: 'o' }, 1),
    ...SERVING_STATES.map((state) => line(METRICS.modelServing, { ...MODEL, state }, Number(state === 'serving'))),
    line(METRICS.modelLastObserved, MODEL, Date.now() / 1000),
    line(METRICS.driftSettings, { ...MODEL, method: 'psi', window: '10m' }, 1),
    line(METRICS.referenceInfo, { ...REFERENCE, reference_name: 'train-2026-08', version: '' }, 1),
    line(METRICS.referenceRows, REFERENCE, 1000),
    line(METRICS.lastPrediction, MODEL, Date.now() / 1000),
    line(METRICS.predictions, { ...MODEL, version: 'v1' }, scrapes * 100),
    ...settingsOf({ subject: 'prediction', feature: '' }, 'categorical'),
    ...features,
    ...predictions,
    ...devices(scrapes),
    ...coverage(scrapes),
    ...customMetrics(scrapes),
  ].join('\n')}\n`;
}

describe('drift in a real Prometheus', () => {
  let folder: string;
  let target: Server;
  let prometheus: Program;
  let url: string;
  /** Seconds since 1970, to ask about a moment that is over; absent: now. */
  let asOf: number | undefined;
  const one: ResolvedFilters = { ...NO_FILTERS, namespace: ['shop'], model: ['risk'] };

  async function ask(expr: string): Promise<Sample[]> {
    const { data } = await getJson<Answer>(
      `${url}/api/v1/query?query=${encodeURIComponent(expr)}${asOf === undefined ? '' : `&time=${asOf}`}`
    );
    return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** Every part, those over the range too, as of now. */
  async function answers(query: ModelwatchQuery, filters: ResolvedFilters): Promise<Record<string, Sample[]>> {
    const parts = buildParts(query, filters, 600);
    const found = await Promise.all(parts.map(({ expr }) => ask(expr.replaceAll(' @ end()', ''))));
    return Object.fromEntries(parts.map(({ name }, index) => [name, found[index] ?? []]));
  }

  const drift = async (filters = one) => {
    const { now = [] } = await answers({ refId: 'A', kind: 'drift' }, filters);
    return joinDrift({ now });
  };
  const distribution = async (over: Partial<DistributionQuery>, filters: ResolvedFilters) => {
    const query: DistributionQuery = { refId: 'A', kind: 'distribution', ...over };
    const { now = [], bins = [], rows = [] } = await answers(query, filters);
    const { method, window } = over;
    const asRecorded = !window && !method && filters.segment.length === 0;
    const found = distributionOf({ bins, rows, subjects: joinDrift({ now }).rows }, { asRecorded, method, window });
    if (!found) throw new Error('no distribution');
    return found;
  };
  const segments = async () => {
    const { now = [], bins = [], rows = [], pairs = [] } = await answers({ refId: 'A', kind: 'segments' }, one);
    const found = segmentRows({ now, bins, rows, pairs, window: 'range' });
    expect([...found.dropped]).toEqual([]);
    return found.rows;
  };
  const rule = (name: string, text: string) => writeFile(join(folder, `${name}.rules.yml`), text);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelwatch-drift-'));
    let scrapes = 0;
    target = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4');
      response.end(exposition(scrapes));
      scrapes += 1;
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const { port: targetPort } = target.address() as AddressInfo;
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    await rule('all', renderRules('prometheus', RULES));
    await rule('10m', renderGroups('prometheus', buildDriftRules(RULES, ['10m']), RULES));
    const config = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: ['*.rules.yml'],
      scrape_configs: [
        { job_name: 'modelwatch', honor_labels: true, static_configs: [{ targets: [`127.0.0.1:${targetPort}`] }] },
      ],
    };
    await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
    prometheus = startProgram('prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    await until(
      'a verdict on the feature that has moved',
      () => drift(),
      ({ rows }) => rows.length === 3 && rows[0]?.state === 'critical' && rows[2]?.state === 'ok'
    );
    // A segment has fewer rows than its model, so its verdict may be a scrape behind.
    await until('a verdict on the segment that has moved', segments, (rows) => rows[0]?.worst?.state === 'critical');
  }, 60_000);

  afterAll(async () => {
    await prometheus?.stop();
    target?.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  it('tells rows apart by the values of a segment: rows, shares and drift of each, with its gate', async () => {
    const [phone, desk] = await segments();
    expect(phone).toMatchObject({
      value: 'phone',
      referenceShare: 0.5,
      worst: { feature: 'amount', state: 'critical' },
    });
    expect(desk).toMatchObject({ value: 'desk', worst: { state: 'too_little_data', score: undefined } });
    expect(phone?.share).toBeCloseTo(80 / 81, 2);
  });

  it('has the distribution of one value of a segment', async () => {
    const chosen = { ...one, feature: ['amount'], segment: ['device'], segment_value: ['phone'] };
    const { bins: drawn, subject } = await distribution({ window: 'range' }, chosen);
    expect(drawn.map(({ label }) => label).slice(0, 2)).toEqual(['0 to 90', '90 to 180']);
    expect(drawn[0]?.share).toBeCloseTo(400.5 / 503, 12);
    expect((drawn[1]?.rows ?? NaN) / (drawn[0]?.rows ?? NaN)).toBeCloseTo(7, 6);
    expect(subject.referenceRows).toBe(500);
    expect(subject.state).toBe('critical');
    // Of the model's own window, which nobody records by segment.
    expect((await distribution({}, chosen)).subject.window).toBe('10m');
    const values = await ask(buildLabelValues('segment_value', { ...one, segment: ['device'] }));
    expect(values.map(({ labels }) => labels['segment_value']).sort()).toEqual(['desk', 'phone']);
  });

  it.each([
    ['one model', { ...one, model: ['reviews'] }],
    ['all models', NO_FILTERS],
  ])('tells of %s what of its events is seen', async (_which, filters) => {
    const coverageOf = async () => {
      const { now = [], counts = [] } = await answers({ refId: 'A', kind: 'coverage' }, filters);
      return joinCoverage([...now, ...counts]);
    };
    const { rows, reasons, dropped } = await until(
      'coverage',
      coverageOf,
      ({ rows: [row] }) => row?.state === 'partial'
    );
    expect([...dropped]).toEqual([]);
    const row = rows.find(({ model }) => model === 'reviews');
    expect(row?.unseen?.part).toBe('dropped');
    expect(row?.unseen?.ratio).toBeCloseTo(1 / 11, 2);
    expect(row?.figures.get('sample_ratio')).toBeCloseTo(0.5, 6);
    expect([row?.figures.get('open'), row?.figures.get('expired')]).toEqual([7, undefined]);
    expect(row?.figures.get('lag_p50')).toBeCloseTo(1.5, 6);
    expect((row?.rows.get('counted') ?? NaN) / (row?.rows.get('received') ?? NaN)).toBeCloseTo(10 / 11, 2);
    expect(reasons.map(({ of, reason }) => [of, reason])).toEqual([
      ['dropped', 'malformed'],
      ['actuals', 'unknown'],
    ]);
    expect(row?.joined).toBeGreaterThan(0);
  });

  it.each([
    ['one model', { ...one, model: ['reviews'] }],
    ['all models', NO_FILTERS],
  ])('has the custom metrics of %s, judged or not', async (_which, filters) => {
    const custom = async () => {
      const { now = [] } = await answers({ refId: 'A', kind: 'custom-metric' }, filters);
      return joinCustom(now);
    };
    const { rows, dropped } = await until('a verdict', custom, ({ rows: [row] }) => row?.state === 'critical');
    expect([...dropped]).toEqual([]);
    expect(rows).toMatchObject([
      { ...OTHER, metric: 'review_share', value: 0.5, baseline: 0.2, unit: 'percentunit', samplesNeeded: 30 },
      { metric: 'open_tickets', value: undefined, samples: undefined, aggregation: 'gauge' },
    ]);
    expect(rows[0]?.samples).toBeGreaterThan(30);
    expect(rows[0]?.limits.get('critical above')).toBe(0.4);
    expect(['stale', 'too_little_data']).toContain(rows[1]?.state);
    const names = await ask(buildLabelValues('custom_metric', filters));
    expect(names.map(({ labels }) => labels['custom_metric']).sort()).toEqual(['open_tickets', 'review_share']);
  });

  it('makes rows that say what the exposition says', async () => {
    const { rows, dropped, silent } = await drift();
    expect([[...dropped], [...silent]]).toEqual([[], []]);
    expect(rows[0]).toMatchObject({
      ...REFERENCE,
      feature: 'amount',
      type: 'numeric',
      state: 'critical',
      method: 'psi',
      window: '10m',
      rowsNeeded: 180,
      warning: 0.1,
      critical: 0.25,
      importance: 0.4,
      weight: 'high',
      referenceName: 'train-2026-08',
      referenceRows: 1000,
    });
    expect(rows.slice(1).map(({ feature, state }) => [feature, state])).toEqual(
      expect.arrayContaining([
        ['country', 'ok'],
        ['', 'ok'],
      ])
    );
    expect(Date.now() - (rows[0]?.lastPredictionMs ?? 0)).toBeLessThan(30_000);
  });

  it('narrows to a feature, and finds the model among all', async () => {
    expect((await drift({ ...one, feature: ['country'] })).rows.map(({ feature }) => feature)).toEqual(['country']);
    expect((await drift(NO_FILTERS)).rows).toHaveLength(3);
    expect((await drift({ ...one, model: ['other'] })).rows).toEqual([]);
  });

  it.each<[string, Partial<DistributionQuery>, Partial<ResolvedFilters>]>([
    ['over the window of the model', {}, {}],
    ['over the time range', { window: 'range' }, {}],
    ['over an hour', { window: '1h' }, {}],
    ['of a version', { window: '10m' }, { version: ['v1'] }],
  ])('gives the distribution %s', async (_what, query, filters) => {
    const { subject, bins, adds } = await distribution(query, { ...one, feature: ['amount'], ...filters });
    expect(bins.map(({ label }) => label)).toEqual([
      '0 to 90',
      '90 to 180',
      'below 0',
      'above 180',
      'missing',
      'invalid',
    ]);
    const total = bins.reduce((sum, { rows = 0 }) => sum + rows, 0);
    bins.forEach(({ rows = 0 }, index) =>
      expect(rows / total).toBeCloseTo((FEATURES.amount.rows[index] ?? 0) / 100, 6)
    );
    expect(subject).toMatchObject({ state: 'critical', rows: total, window: query.window ?? '10m' });
    expect(adds.reduce<number>((sum, part) => sum + (part ?? NaN), 0)).toBeCloseTo(subject.score ?? NaN, 9);
  });

  it('gives the score that the rules have recorded', async () => {
    // As of the moment of that evaluation: a second later there are more rows.
    const recorded = `${RECORDED.driftScore.name}{feature="amount", window="10m"}`;
    [{ value: asOf } = { value: undefined }] = await ask(`timestamp(${recorded})`);
    const [row] = (await drift()).rows;
    const { subject } = await distribution({}, { ...one, feature: ['amount'] });
    asOf = undefined;
    expect(row?.feature).toBe('amount');
    expect(subject.score).toBeCloseTo(row?.score ?? NaN, 6);
  });

  it('of a version that made no predictions has no rows', async () => {
    const { subject } = await distribution({ window: '10m' }, { ...one, feature: ['amount'], version: ['v9'] });
    expect(subject).toMatchObject({ state: 'too_little_data', rows: undefined, score: undefined });
  });

  it('gives the distribution of the predictions, with the names that may be shown', async () => {
    const { subject, bins } = await distribution({ subject: 'prediction' }, one);
    expect(bins.map(({ label }) => label).slice(0, 3)).toEqual(['accepted', 'bin 1', 'other']);
    expect(subject).toMatchObject({ subject: 'prediction', feature: '', state: 'ok' });
  });

  it('names the feature that drifted as the reason of the model', async () => {
    const asked = () => answers({ refId: 'A', kind: 'inventory', sparklines: false }, one);
    const {
      state = [],
      numbers = [],
      rate = [],
      drifted = [],
    } = await until('the health of the model', asked, ({ state: found = [] }) =>
      found.some(({ labels }) => labels['health'] === 'degraded')
    );
    expect(joinInventory({ state, numbers, rate, drifted }).rows).toMatchObject([
      {
        health: 'degraded',
        reason: expect.stringMatching(/^amount drifted: PSI \d\.\d\d over 10 min, threshold 0.25$/),
      },
    ]);
  });

  it.each(
    (['drift-figures', 'predictions'] as const satisfies readonly FigureKind[]).flatMap((kind) =>
      Object.keys(FIGURE_KINDS[kind].figures).map((metric) => [kind, metric] as const)
    )
  )('has the figure %s %s', async (kind, metric) => {
    const { metric: found = [] } = await answers({ refId: 'A', kind, metric }, one);
    // Of a categorical feature nothing is out of range, and of a numeric one nothing is new.
    expect(found.length).toBeGreaterThan(0);
    const { by } = figureOf(kind, metric);
    for (const { labels } of found) for (const label of Object.keys(labels)) expect(by).toContain(label);
  });

  it('shares predictions among their classes', async () => {
    const { metric: found = [] } = await answers({ refId: 'A', kind: 'predictions', metric: 'shares' }, one);
    const shares = Object.fromEntries(found.map(({ labels, value }) => [labels['bin'], value]));
    expect(Object.keys(shares).sort()).toEqual(['1', 'accepted', 'invalid', 'missing', 'new', 'other']);
    expect(shares['accepted']).toBeCloseTo(0.9, 6);
  });

  it('shares features among those that drifted and those with a verdict', async () => {
    const query = { refId: 'A', kind: 'predictions' as const };
    const { metric: states = [] } = await answers({ ...query, metric: 'features_drifted' }, one);
    const { metric: share = [] } = await answers({ ...query, metric: 'features_drifted_share' }, one);
    // Of two features one is over a threshold.
    expect(states.reduce((sum, { value }) => sum + value, 0)).toBe(1);
    expect(share).toEqual([{ labels: { namespace: 'shop', model: 'risk' }, value: 0.5 }]);
  });

  it('lists features and versions', async () => {
    const values = async (label: 'feature' | 'version') =>
      (await ask(buildLabelValues(label, one))).map(({ labels }) => labels[label]).sort();
    expect(await values('feature')).toEqual(['amount', 'country']);
    expect(await values('version')).toEqual(['v1']);
  });
});
