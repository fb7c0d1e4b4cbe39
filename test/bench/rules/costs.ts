/** CPU that groups of rules cost a loaded Prometheus, by group. */
import { renderGroups, type RuleGroup } from '../../../exporter/src/rules';
import { getJson, until } from '../../support/processes';
import { median, type Figure } from '../figures';
import { INTERVAL_SECONDS, type LoadedPrometheus } from './loaded';

/** Besides the first, which reads what was not recorded yet. */
const EVALUATIONS = 2;
const PATIENCE_MS = 5 * 60_000;

export type Measured = Omit<Figure, 'suite'>;

/** @param share target: of one core, for all groups together */
export async function figuresOf(
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
