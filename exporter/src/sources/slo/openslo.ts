/**
 * OpenSLO v1 (github.com/OpenSLO/OpenSLO, README of main): the part of it that rolling windows of PromQL can keep. What is
 * not of that part is refused by its name: a promise that is half kept is none. An objective comes out in our short form,
 * to be checked as one.
 */
import {
  SLO_WINDOW_SECONDS,
  SLO_WINDOWS,
  THRESHOLD_OPS,
  type SloMethod,
  type SloQuery,
  type SloWindow,
} from '@modelwatch/contract';
import { tiersOf } from './openslo-alerts';
import { indicatorOf, type Indicator } from './openslo-indicator';
import { durationSeconds, named, type Objects } from './openslo-objects';
import type { YamlNode } from './node';

/** What somebody wrote for a key of the short form, and where. */
export interface Written {
  readonly name: string;
  readonly place: string;
}

export interface OpenSloObjective {
  readonly place: string;
  /** In the keys of the short form, not checked yet. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly written: Readonly<Record<string, Written>>;
  readonly query?: SloQuery;
  readonly warnings: readonly string[];
}

const METHODS = {
  Occurrences: 'occurrences',
  Timeslices: 'timeslices',
  RatioTimeslices: 'ratio_timeslices',
} as const satisfies Record<string, SloMethod>;

const SPEC_KEYS = [
  ...['description', 'service', 'indicator', 'indicatorRef', 'timeWindow', 'budgetingMethod', 'objectives'],
  'alertPolicies',
] as const;
const OBJECTIVE_KEYS = [
  ...['displayName', 'op', 'value', 'target', 'targetPercent', 'timeSliceTarget', 'timeSliceWindow'],
  ...['indicator', 'indicatorRef', 'compositeWeight'],
] as const;

/**
 * All objectives of one SLO: of several each has the number that it stands at behind the name.
 *
 * @throws SloRefusal
 */
export function objectivesOf(object: YamlNode, objects: Objects): OpenSloObjective[] {
  const { name, annotations, spec } = named(object);
  const keys: Partial<Record<string, YamlNode>> = spec.keys(SPEC_KEYS);
  keys['service']?.string();
  const indicator = indicatorOf(keys, spec, annotations, objects);
  const shared = new Shared(keys, spec, objects, indicator);
  const objectives = (keys['objectives'] ?? spec).items();
  if (objectives.length === 0) (keys['objectives'] ?? spec).refuse('at least one objective');
  return objectives.map((each, index) =>
    shared.objective(each, objectives.length === 1 ? name : `${name}-${index + 1}`, object.place)
  );
}

/** What all objectives of an SLO have in common. */
class Shared {
  private readonly given: Record<string, unknown>;
  private readonly written: Record<string, Written>;
  private readonly warnings: string[];

  constructor(
    keys: Partial<Record<string, YamlNode>>,
    spec: YamlNode,
    objects: Objects,
    private readonly indicator: Indicator
  ) {
    const method =
      keys['budgetingMethod'] ?? spec.refuse('Occurrences, Timeslices or RatioTimeslices', 'spec.budgetingMethod');
    const tiers = keys['alertPolicies'] && tiersOf(keys['alertPolicies'], objects);
    this.warnings = [...indicator.warnings, ...(tiers?.warnings ?? [])];
    this.written = { ...indicator.written };
    this.given = { ...indicator.given };
    const put = (key: string, node: YamlNode | undefined, value: () => unknown) => {
      if (!node) return;
      this.given[key] = value();
      this.written[key] = { name: node.path, place: node.place };
    };
    put('method', method, () => METHODS[method.oneOf(Object.keys(METHODS) as (keyof typeof METHODS)[])]);
    put('window', keys['timeWindow'], () => windowOf(keys['timeWindow'] ?? spec));
    put('description', keys['description'], () => keys['description']?.string());
    put('alerts', keys['alertPolicies'], () => tiers?.alerts);
  }

  objective(node: YamlNode, name: string, place: string): OpenSloObjective {
    const keys: Partial<Record<string, YamlNode>> = node.keys(OBJECTIVE_KEYS);
    for (const key of ['indicator', 'indicatorRef', 'compositeWeight']) {
      keys[key]?.refuse('no composite SLO: write an SLO for each indicator');
    }
    const given: Record<string, unknown> = { ...this.given, name };
    const written: Record<string, Written> = { ...this.written };
    const put = (key: string, from: YamlNode, value: unknown) => {
      given[key] = value;
      written[key] = { name: from.path, place: from.place };
    };
    const { target, targetPercent, timeSliceTarget, timeSliceWindow } = keys;
    if (target && targetPercent) targetPercent.refuse('target or targetPercent, not both');
    if (target) put('objective', target, target.number());
    else if (targetPercent) put('objective', targetPercent, shareOf(targetPercent));
    else node.refuse('target or targetPercent');
    if (timeSliceTarget) put('sliceTarget', timeSliceTarget, timeSliceTarget.number());
    if (timeSliceWindow && durationSeconds(timeSliceWindow) !== 60) timeSliceWindow.refuse('1m: slices are minutes');
    const query = this.threshold(node, keys, put);
    return { place, given, written, ...(query ? { query } : {}), warnings: this.warnings };
  }

  /** What `op` and `value` say, of an indicator that has a threshold. */
  private threshold(
    node: YamlNode,
    { op, value }: Partial<Record<string, YamlNode>>,
    put: (key: string, from: YamlNode, value: unknown) => void
  ): SloQuery | undefined {
    const { query, thresholdKey } = this.indicator;
    if (query && query.kind !== 'threshold') {
      (op ?? value)?.refuse('nothing: op and value are of a thresholdMetric');
      return query;
    }
    if (query) {
      if (!op || !value) return node.refuse('op and value, for a thresholdMetric');
      return { ...query, op: op.oneOf(THRESHOLD_OPS), threshold: value.number() };
    }
    if (thresholdKey === undefined) (op ?? value)?.refuse('nothing: the indicator has no threshold');
    else if (op && value) put(keyOfThreshold(op, thresholdKey), value, value.number());
    return undefined;
  }
}

/** @throws SloRefusal */
function shareOf(node: YamlNode): number {
  const value = node.number();
  if (value > 0 && value < 100) return Number((value / 100).toPrecision(12));
  return node.refuse(`a percentage above 0 and below 100${value === 100 ? ': 100 leaves no budget' : ''}`);
}

/** Which key of ours a threshold is. @throws SloRefusal */
function keyOfThreshold(op: YamlNode, of: 'seconds' | 'value'): string {
  const literal = op.oneOf(THRESHOLD_OPS);
  if (literal === 'lt' || literal === 'gt') op.refuse('lte or gte');
  if (of === 'value') return literal === 'gte' ? 'atLeast' : 'atMost';
  return literal === 'gte' ? op.refuse('lte: less time is better') : 'thresholdSeconds';
}

/** @throws SloRefusal naming what is no range of PromQL */
function windowOf(list: YamlNode): SloWindow {
  const windows = list.items();
  const [node] = windows;
  if (!node || windows.length !== 1) return list.refuse('just one window');
  const keys: Partial<Record<string, YamlNode>> = node.keys(['duration', 'isRolling', 'calendar']);
  keys['calendar']?.refuse('no calendar: only windows that roll are a range of PromQL');
  const { duration, isRolling } = keys;
  if (isRolling && !isRolling.boolean()) isRolling.refuse('true: only windows that roll are a range of PromQL');
  if (!duration) return node.refuse('a duration');
  const seconds = durationSeconds(duration);
  const window = SLO_WINDOWS.find((one) => SLO_WINDOW_SECONDS[one] === seconds);
  if (window !== undefined) return window;
  const hint = seconds < 86_400 && /m$/.test(duration.string()) ? ' (m is a minute, M would be a month)' : '';
  return duration.refuse(`one of ${SLO_WINDOWS.join(', ')}${hint}`);
}
