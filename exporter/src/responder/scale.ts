/**
 * `scale`: what a change of replicas is, of each kind. Fields as in the CRDs of Seldon Core 2 (mlops.seldon.io/v1alpha1),
 * KServe (serving.kserve.io/v1beta1) and Kubernetes (autoscaling/v2). Pure.
 */
import { preview, type ScaledKind } from '@modelwatch/contract';
import { at, countOf, isBeingDeleted, only, refusal, type Change, type Figure, type Plan } from './patch';
import type { ScaleAction } from './types';

interface Fields {
  /** Where the figure stands. */
  readonly field: readonly string[];
  /** Where the object itself has an upper bound; 0 is none. */
  readonly upper: readonly string[];
}

const SELDON: Fields = { field: ['spec', 'replicas'], upper: ['spec', 'maxReplicas'] };
const FIELDS: Readonly<Record<ScaledKind, Fields>> = {
  Model: SELDON,
  Server: SELDON,
  InferenceService: {
    field: ['spec', 'predictor', 'minReplicas'],
    upper: ['spec', 'predictor', 'maxReplicas'],
  },
  HorizontalPodAutoscaler: { field: ['spec', 'minReplicas'], upper: ['spec', 'maxReplicas'] },
};
/** Of each of these kinds, where the field is absent. */
const DEFAULT_REPLICAS = 1;

/** The figure itself, for those who take a change back. */
export function replicas(kind: ScaledKind): Figure<number> {
  const { field } = FIELDS[kind];
  return {
    kind,
    what: 'replicas',
    read: (object) => countOf(at(object, field) ?? DEFAULT_REPLICAS),
    set: (_, value) => only(field, value),
  };
}

export function scaling(action: ScaleAction): Change {
  const figure = replicas(action.kind);
  return { kind: action.kind, plan: (object) => planned(action, object, figure) };
}

/** A step up never makes less of it, one down never more, whatever the bounds. */
function planned(action: ScaleAction, object: unknown, figure: Figure<number>): Plan {
  const { kind, step, to, min, max, maxStep } = action;
  const { field, upper: upperField } = FIELDS[kind];
  const place = field.join('.');
  const before = figure.read(object);
  if (isBeingDeleted(object)) return refusal('not_found', 'it is being deleted');
  if (before === undefined) {
    return refusal('rejected', `${place}: expected a whole number, got ${preview(at(object, field))}`);
  }
  const own = at(object, upperField);
  const upper = typeof own === 'number' && own > 0 ? Math.min(max, own) : max;
  const wanted = Math.min(upper, Math.max(min, to ?? before + (step ?? 0)));
  const after = Math.min(before + maxStep, Math.max(before - maxStep, wanted));
  const isBackwards = step !== undefined && Math.sign(after - before) === -Math.sign(step);
  if (after !== before && !isBackwards) return { kind: 'change', figure, before, after };
  return { kind: 'unchanged', before, text: `${place} is ${before}: nothing to change within ${min} to ${upper}` };
}
