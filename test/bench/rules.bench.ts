/**
 * What the shipped rules cost a real Prometheus over a large fleet: CPU of the whole process, so that what else the machine
 * does is not in the figures, as a ratio to how often a group is evaluated.
 */
import { buildDriftRules, buildRules, renderGroups, type RuleGroup } from '../../exporter/src/rules';
import { getJson, until } from '../support/processes';
import { median, type Figure, type Suite } from './figures';
import { driftPage, subjectsOf } from './rules/drift-page';
import { BUCKETS, fleetPage, REPLICAS } from './rules/fleet-page';
import { INTERVAL_SECONDS, loadedPrometheus, type LoadedPrometheus, type Part } from './rules/loaded';

/** MODELWATCH_BENCH_MODELS takes other sizes, separated by commas. */
const SIZES = (process.env['MODELWATCH_BENCH_MODELS'] ?? '2000').split(',').map(Number);
/** Models in one scrape. */
const PART = 250;
/** Besides the first, which reads what was not recorded yet. */
const EVALUATIONS = 2;
const PATIENCE_MS = 5 * 60_000;

type Measured = Omit<Figure, 'suite'>;

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

/** @param share target: of one core, for all groups together */
async function figuresOf(
  prometheus: LoadedPrometheus,
  groups: readonly RuleGroup[],
  of: string,
  share: number
): Promise<Measured[]> {
  await prometheus.evaluate(inOne(groups));
  const costs = groupCosts(groups, await ruleCosts(prometheus));
  const figures = groups.map(({ name, intervalSeconds }, at) => ({
    name: `${name}, ${of}`,
    value: costs[at] ?? NaN,
    unit: 's' as const,
    yardstick: { name: 'its interval', value: intervalSeconds },
  }));
  const perSecond = sum(figures.map(({ value, yardstick }) => value / yardstick.value));
  const all = { name: `all groups in a second, ${of}`, value: perSecond, unit: 's' as const, target: share };
  return [...figures, { ...all, yardstick: { name: 'one core', value: 1 } }];
}

/** Groups are evaluated beside each other, and none could be told from the others; the rules of one are not. */
function inOne(groups: readonly RuleGroup[]): string {
  const group: RuleGroup = {
    name: 'all',
    // At once when the evaluation before it ends.
    intervalSeconds: 1,
    recordings: groups.flatMap(({ recordings }) => recordings),
    alerts: groups.flatMap(({ alerts }) => alerts),
  };
  return renderGroups('prometheus', [group], { intervalSeconds: INTERVAL_SECONDS });
}

interface Evaluated {
  readonly lastEvaluation: string;
  readonly evaluationTime: number;
  readonly rules: readonly {
    readonly name: string;
    readonly evaluationTime: number;
    readonly lastEvaluation: string;
    readonly lastError?: string;
  }[];
}

/** CPU seconds of each rule, in their order: that of an evaluation, divided as its time is. */
async function ruleCosts(prometheus: LoadedPrometheus): Promise<number[]> {
  const seen: Map<string, number>[] = [];
  const cpu = new Map<string, number>();
  await until(
    `${EVALUATIONS} evaluations of each rule`,
    async () => {
      const { data } = await getJson<{ data: { groups: Evaluated[] } }>(`${prometheus.url}/api/v1/rules`);
      const [group] = data.groups;
      if (!group || group.lastEvaluation.startsWith('0001')) return 0;
      if (!cpu.has(group.lastEvaluation)) cpu.set(group.lastEvaluation, await prometheus.cpuSeconds());
      for (const [at, rule] of group.rules.entries()) {
        if (rule.lastError) throw new Error(`${rule.name}: ${rule.lastError}`);
        (seen[at] ??= new Map()).set(rule.lastEvaluation, rule.evaluationTime);
      }
      return cpu.size;
    },
    (times) => times > EVALUATIONS,
    PATIENCE_MS
  );
  const read = [...cpu.values()];
  const perEvaluation = ((read.at(-1) ?? NaN) - (read[0] ?? NaN)) / (read.length - 1);
  const times = seen.map((of) => median([...of.values()].slice(1)));
  return times.map((time) => (perEvaluation * time) / sum(times));
}

/** Recordings of all groups come before the alerts of all. */
function groupCosts(groups: readonly RuleGroup[], costs: readonly number[]): number[] {
  const left = [...costs];
  const recordings = groups.map((group) => sum(left.splice(0, group.recordings.length)));
  return groups.map((group, at) => (recordings[at] ?? NaN) + sum(left.splice(0, group.alerts.length)));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
