/** Rules that count events for objectives whose indicator is PromQL of their owner: two for each. */
import { RECORDED, type SloQuery, type ThresholdOp } from '@modelwatch/contract';
import type { RecordingRule, ResolvedOptions, RuleGroup } from '../types';

export interface QueriedSlo {
  readonly namespace: string;
  /** One of the two. */
  readonly model?: string;
  readonly pipeline?: string;
  readonly slo: string;
  readonly query: SloQuery;
}

const OPS: Readonly<Record<ThresholdOp, string>> = { lte: '<=', gte: '>=', lt: '<', gt: '>' };
/** Two rules for each objective, and at most 20 rules in a group: of a group they are evaluated one after the other. */
const SLOS_IN_GROUP = 10;

/** What is counted, and what of it is bad, as of any other indicator; the method of the objective makes events of them. */
export function queriedSloGroups(slos: readonly QueriedSlo[], { sloIntervalSeconds }: ResolvedOptions): RuleGroup[] {
  const groups = Math.ceil(slos.length / SLOS_IN_GROUP);
  return Array.from({ length: groups }, (_, index) => ({
    name: `modelwatch-slo-queries${groups === 1 ? '' : `-${index + 1}`}`,
    intervalSeconds: sloIntervalSeconds,
    recordings: slos.slice(index * SLOS_IN_GROUP, (index + 1) * SLOS_IN_GROUP).flatMap(rules),
    alerts: [],
  }));
}

function rules({ query, slo, ...subject }: QueriedSlo): RecordingRule[] {
  const labels = { ...subject, slo, indicator: 'query' };
  const { counted, bad } = 'total' in query ? events(query, labels) : minutes(query);
  return [
    { record: RECORDED.sloCountedRate.name, expr: counted, labels },
    { record: RECORDED.sloBadCountedRate.name, expr: bad, labels },
  ];
}

/** On lines of its own a query may end in a comment. */
const asked = (text: string) => `(\n${text}\n)`;
/** Its labels are those of the objective, whatever the query gives. */
const summed = (text: string) => `sum by (cluster) ${asked(text)}`;

type Labels = Readonly<Record<string, string>>;

/** Where nothing bad, or nothing good, was ever counted there are 0 of it, as long as anything is. */
function events({ kind, events: some, total }: Extract<SloQuery, { total: string }>, labels: Labels) {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  // As the rule before it recorded it.
  const all = `sum by (cluster) (${RECORDED.sloCountedRate.name}{${matchers.join(', ')}})`;
  const counted = `(${summed(some)} or on (cluster) 0 * ${all})`;
  return {
    counted: summed(total),
    bad: kind === 'bad' ? `${counted} and on (cluster) ${all}` : `clamp_min(${all} - on (cluster) ${counted}, 0)`,
  };
}

/** Of several series in one cluster nobody said which one counts, so there is no value; nor is NaN one. */
function minutes(query: Exclude<SloQuery, { total: string }>) {
  const text = query.kind === 'threshold' ? query.value : query.ratio;
  const single = `(max by (cluster) ${asked(text)} and on (cluster) (count by (cluster) ${asked(text)} == 1))`;
  const value = `(${single} >= ${query.kind === 'threshold' ? '-Inf' : '0'})`;
  return { counted: `${value} ^ 0 / 60`, bad: `${badShare(query, value)} / 60` };
}

function badShare(query: Exclude<SloQuery, { total: string }>, value: string): string {
  if (query.kind === 'threshold') return `(1 - (${value} ${OPS[query.op]} bool ${query.threshold}))`;
  return query.kind === 'failure_ratio' ? `clamp_max(${value}, 1)` : `(1 - clamp_max(${value}, 1))`;
}
