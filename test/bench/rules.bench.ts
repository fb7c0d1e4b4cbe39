/**
 * What the shipped rules cost a real Prometheus over a large fleet: CPU of the whole process, so that what else the machine
 * does is not in the figures, as a ratio to how often a group is evaluated.
 */
import { buildDriftRules, buildRules } from '../../exporter/src/rules';
import { type Suite } from './figures';
import { figuresOf, type Measured } from './rules/costs';
import { driftPage, subjectsOf } from './rules/drift-page';
import { BUCKETS, fleetPage, REPLICAS } from './rules/fleet-page';
import { INTERVAL_SECONDS, loadedPrometheus, type Part } from './rules/loaded';

/** MODELWATCH_BENCH_MODELS takes other sizes, separated by commas. */
const SIZES = (process.env['MODELWATCH_BENCH_MODELS'] ?? '2000').split(',').map(Number);
/** Models in one scrape. */
const PART = 250;

/** Every rule group over fleets of growing size. */
export const rules: Suite = {
  name: 'rules',
  run: async () => {
    const figures: Measured[] = [];
    for (const models of SIZES) figures.push(...(await shippedGroups(models)));
    return figures;
  },
};

/** Bins of drift: MODELWATCH_BENCH_BINS takes other sizes. Each has a day of history, which takes its time to load. */
const BINS = (process.env['MODELWATCH_BENCH_BINS'] ?? '20000').split(',').map(Number);
/** So many are to be judged with that much of a core; fewer with as much less. */
const MOST_BINS = 200_000;
const CORE_FOR_MOST = 0.2;
const DRIFT_PART = 250;
const DRIFT_LOADING = { pastSeconds: 25 * 3600, stepSeconds: 1200, withoutTarget: true };

/** The groups of drift over growing numbers of bins, with the past that they look back at. */
export const driftRules: Suite = {
  name: 'drift-rules',
  run: async () => {
    const figures: Measured[] = [];
    for (const bins of BINS) figures.push(...(await driftGroups(bins)));
    return figures;
  },
};

async function driftGroups(bins: number): Promise<Measured[]> {
  const subjects = subjectsOf(bins);
  const now = Date.now() / 1000;
  const parts = Array.from({ length: Math.ceil(subjects / DRIFT_PART) }, (_, part): Part => {
    const span = [part * DRIFT_PART, Math.min((part + 1) * DRIFT_PART, subjects)] as const;
    return { page: (seconds) => driftPage(span, [seconds, seconds + DRIFT_LOADING.stepSeconds], now) };
  });
  const prometheus = await loadedPrometheus(parts, DRIFT_LOADING);
  try {
    const groups = buildDriftRules({ intervalSeconds: INTERVAL_SECONDS });
    return await figuresOf(prometheus, groups, `${bins} bins`, (CORE_FOR_MOST * bins) / MOST_BINS);
  } finally {
    await prometheus.stop();
  }
}

async function shippedGroups(models: number): Promise<Measured[]> {
  const parts = Array.from({ length: Math.ceil(models / PART) }, (_, part): Part => {
    const first = part * PART;
    return { page: (seconds) => fleetPage(first, Math.min(first + PART, models), seconds) };
  });
  const prometheus = await loadedPrometheus(parts);
  try {
    const groups = buildRules({ intervalSeconds: INTERVAL_SECONDS, without: ['drift'] });
    const of = `${models} models x ${REPLICAS} replicas x ${BUCKETS} buckets`;
    return await figuresOf(prometheus, groups, of, 0.2);
  } finally {
    await prometheus.stop();
  }
}
