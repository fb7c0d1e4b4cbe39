/** What fairness of a model means: what its owner says of it, and how its answers become decisions. */
import {
  FAIRNESS_ROWS_NEEDED,
  type Decision,
  type DriftLevel,
  type DriftWindow,
  type FairnessMetric,
} from '@modelwatch/contract';
import { readersOf } from '../accuracy/compare';
import { layoutOf } from '../accuracy/counts';
import type { Answer } from '../accuracy/record';
import type { AccuracyPlan } from '../accuracy/settings';
import type { Segment } from '../segments/plan';

export type FairnessLimits = Readonly<Partial<Record<FairnessMetric, Readonly<Record<DriftLevel, number>>>>>;

/** A column of segments that people must not be treated by. */
export interface ProtectedAttribute {
  readonly column: string;
  /** The others are compared with it; without it they are with the most favoured. */
  readonly referenceGroup?: string | undefined;
}

export interface FairnessSettings {
  readonly protected: readonly ProtectedAttribute[];
  /** The class that people want to be of. */
  readonly favourableClass: string;
  /** Metrics with limits are judged; absent: all, by the usual limits. */
  readonly limits?: FairnessLimits | undefined;
  readonly minimumRows?: number | undefined;
  /** Without it that of accuracy. */
  readonly window?: DriftWindow | undefined;
}

/**
 * Disparate impact by the four-fifths rule of the EEOC (29 CFR 1607.4 D), which is adverse impact below 0.8; differences
 * up to 0.1 are what AIF360 calls fair.
 */
export const USUAL_LIMITS: FairnessLimits = {
  statistical_parity: { warning: 0.1, critical: 0.2 },
  disparate_impact: { warning: 0.9, critical: 0.8 },
  equal_opportunity: { warning: 0.1, critical: 0.2 },
  predictive_parity: { warning: 0.1, critical: 0.2 },
};

export interface WatchedAttribute {
  readonly column: string;
  /** Label `value` of the group that the others are compared with; empty: the most favoured. */
  readonly referenceGroup: string;
}

/** How decisions of a model are counted and judged. */
export interface FairnessPlan {
  readonly attributes: readonly WatchedAttribute[];
  /** Label `class` of the favourable outcome. */
  readonly favourableClass: string;
  readonly window: DriftWindow;
  readonly rowsNeeded: number;
  readonly limits: FairnessLimits;
  /** What the counts of decisions stand for. */
  readonly layout: string;
  /** Undefined where the answer is no class and no score. */
  readonly decide: (answer: Answer) => Decision | undefined;
}

/** What cannot be done is left out, and is among `fairnessProblems`. */
export function fairnessPlan(
  settings: FairnessSettings | undefined,
  accuracy: AccuracyPlan,
  segments: readonly Segment[]
): FairnessPlan | undefined {
  if (!settings || accuracy.task !== 'classification') return undefined;
  const favourable = placeOfClass(settings.favourableClass, accuracy);
  if (favourable === undefined) return undefined;
  const attributes = settings.protected.flatMap(({ column, referenceGroup }): WatchedAttribute[] => {
    const segment = segments.find((each) => each.column === column);
    const group = segment && labelOf(segment, referenceGroup);
    return group === undefined ? [] : [{ column, referenceGroup: group }];
  });
  if (attributes.length === 0) return undefined;
  const { answer: read } = readersOf(accuracy);
  return {
    attributes,
    favourableClass: accuracy.classes[favourable] ?? '',
    window: settings.window ?? accuracy.window,
    rowsNeeded: settings.minimumRows ?? FAIRNESS_ROWS_NEEDED,
    limits: settings.limits ?? USUAL_LIMITS,
    layout: `${layoutOf(accuracy)} ${favourable}`,
    decide: (answer) => {
      const reading = read(answer);
      return reading && (reading.predicted === favourable ? 'favourable' : 'unfavourable');
    },
  };
}

/** Why settings are not in force, each in words. */
export function fairnessProblems(
  settings: FairnessSettings | undefined,
  accuracy: AccuracyPlan,
  segments: readonly Segment[]
): string[] {
  if (!settings) return [];
  if (accuracy.task !== 'classification') {
    return [`fairness: expected a classification, got ${accuracy.task ?? 'a model without a task'}`];
  }
  const { favourableClass, protected: attributes } = settings;
  const isKnown = placeOfClass(favourableClass, accuracy) !== undefined;
  const known = accuracy.classes.map((name) => JSON.stringify(name)).join(', ');
  return [
    ...(isKnown
      ? []
      : [`fairness.favourableClass: expected one of ${known || 'no class'}, got ${JSON.stringify(favourableClass)}`]),
    ...attributes.flatMap(({ column, referenceGroup }, index): string[] => {
      const at = `fairness.protected[${index}]`;
      const segment = segments.find((each) => each.column === column);
      if (!segment) return [`${at}.column: expected a segment of the model, got ${JSON.stringify(column)}`];
      if (labelOf(segment, referenceGroup) !== undefined) return [];
      return [`${at}.referenceGroup: expected a value of the segment ${column}, got ${JSON.stringify(referenceGroup)}`];
    }),
  ];
}

/** In the list of classes, by any way to write it. */
function placeOfClass(name: string, accuracy: AccuracyPlan): number | undefined {
  const place = readersOf(accuracy).actual(name);
  return place === undefined || place >= accuracy.classes.length ? undefined : place;
}

/** As the label `value` has it; empty where no group is named. Rows without a value are no group. */
function labelOf({ places, labels }: Segment, group: string | undefined): string | undefined {
  if (group === undefined) return '';
  const place = places.indexOf(group);
  return place < 0 || group === 'missing' ? undefined : labels[place];
}
