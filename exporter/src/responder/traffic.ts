/**
 * `traffic`: takes traffic away from a candidate, never towards one: that would be a promotion. Fields as in the CRDs:
 * `spec.candidates[].weight` of an Experiment (mlops.seldon.io/v1alpha1; the share is the weight by the sum of all),
 * `spec.predictor.canaryTrafficPercent` of an InferenceService (serving.kserve.io/v1beta1, heeded by Knative alone: the
 * rest goes to the revision before) and its `spec.canary[].trafficPercent` (the rest goes to the predictor). Pure.
 */
import { isObject, preview, type TrafficKind } from '@modelwatch/contract';
import { at, countOf, isBeingDeleted, only, refusal, type Change, type Figure, type Plan } from './patch';
import type { TrafficAction } from './types';

/** Deployment modes in which nobody reads the percentage of the canary revision. */
const DEAF_MODES = ['Standard', 'RawDeployment', 'ModelMesh'] as const;
const MODE = ['status', 'deploymentMode'];
const CANARY_PERCENT = ['spec', 'predictor', 'canaryTrafficPercent'];

/** Where candidates of a kind are listed, and where each has its name and its figure. */
interface Listed {
  readonly list: readonly string[];
  readonly name: readonly string[];
  readonly figure: string;
}

const LISTED: Readonly<Record<TrafficKind, Listed>> = {
  Experiment: { list: ['spec', 'candidates'], name: ['name'], figure: 'weight' },
  InferenceService: { list: ['spec', 'canary'], name: ['predictor', 'name'], figure: 'trafficPercent' },
};

/** Whether it is deployed in a way that knows no revisions. */
export function isDeaf(object: unknown): boolean {
  return (DEAF_MODES as readonly unknown[]).includes(at(object, MODE));
}

/** @param candidate undefined: the canary revision of an InferenceService */
export function trafficOf(kind: TrafficKind, candidate: string | undefined): Figure<number> {
  if (candidate === undefined) {
    return {
      ...{ kind, what: 'percent of traffic', traffic: {} },
      read: (object) => countOf(at(object, CANARY_PERCENT)),
      set: (_, value) => only(CANARY_PERCENT, value),
    };
  }
  const { list, name, figure } = LISTED[kind];
  const isIt = (entry: unknown) => at(entry, name) === candidate;
  return {
    ...{ kind, what: `${figure} of ${candidate}`, traffic: { candidate } },
    read: (object) => countOf(at(entriesOf(object, list).find(isIt), [figure])),
    // A merge patch replaces lists: the others are written as they were read, which resourceVersion holds us to.
    set: (object, value) =>
      only(
        list,
        entriesOf(object, list).map((entry) => (isIt(entry) && isObject(entry) ? { ...entry, [figure]: value } : entry))
      ),
  };
}

/** @param candidate as the policy or the alert names it */
export function shifting(action: TrafficAction, candidate: string | undefined): Change {
  const figure = trafficOf(action.kind, candidate);
  return { kind: action.kind, plan: (object) => planned(action, object, candidate, figure) };
}

function planned(action: TrafficAction, object: unknown, candidate: string | undefined, figure: Figure<number>): Plan {
  const { kind, to, maxStep } = action;
  if (isBeingDeleted(object)) return refusal('not_found', 'it is being deleted');
  const refused = unfit(kind, object, candidate);
  if (refused) return refused;
  const { list, figure: field } = LISTED[kind];
  const before = figure.read(object);
  const place = candidate === undefined ? CANARY_PERCENT.join('.') : `${field} of ${candidate} in ${list.join('.')}`;
  if (before === undefined) return refusal('rejected', `${place}: expected a whole number, got none`);
  if (before <= to) {
    return { kind: 'unchanged', before, text: `${place} is ${before}: no traffic above ${to} to take away` };
  }
  const after = Math.max(to, before - maxStep);
  if (kind === 'Experiment' && after === 0 && weightOfOthers(object, candidate) === 0) {
    return refusal('rejected', `${place}: expected others that have a weight, got none: nobody would answer`);
  }
  return { kind: 'change', figure, before, after };
}

function unfit(kind: TrafficKind, object: unknown, candidate: string | undefined): Plan | undefined {
  if (candidate === undefined) {
    const mode = at(object, MODE);
    if (isDeaf(object)) {
      const text = `status.deploymentMode: expected Knative, which alone heeds canaryTrafficPercent, got ${preview(mode)}`;
      return refusal('rejected', text);
    }
    const isRolledOut = at(object, CANARY_PERCENT) === undefined;
    return isRolledOut
      ? refusal('not_found', `${CANARY_PERCENT.join('.')}: expected a canary that gets a part of the traffic, got none`)
      : undefined;
  }
  const { list, name } = LISTED[kind];
  const found = entriesOf(object, list).filter((entry) => at(entry, name) === candidate).length;
  if (found !== 1) {
    return refusal('not_found', `${list.join('.')}: expected one named ${preview(candidate)}, got ${found}`);
  }
  if (kind === 'Experiment' && at(object, ['spec', 'default']) === candidate) {
    return refusal('rejected', `${candidate} is the default of the experiment: its traffic stays with it`);
  }
  return undefined;
}

function weightOfOthers(object: unknown, candidate: string | undefined): number {
  return entriesOf(object, LISTED.Experiment.list)
    .filter((entry) => at(entry, ['name']) !== candidate)
    .reduce<number>((sum, entry) => sum + (countOf(at(entry, ['weight'])) ?? 0), 0);
}

function entriesOf(object: unknown, list: readonly string[]): readonly unknown[] {
  const entries = at(object, list);
  return Array.isArray(entries) ? entries : [];
}
