/** Changes of one value of an object: where objects are, what is written on them, and how it is read back. Pure. */
import { decode, isObject, type ChangedKind } from '@modelwatch/contract';
import type { Refusal, Target } from './types';

/** On what was changed, so that neither a repetition nor another responder changes it again, and it can be undone. */
export const MARK = 'modelwatch.io/response';
export const FIELD_MANAGER = 'modelwatch-responder';

const SELDON = '/apis/mlops.seldon.io/v1alpha1';
const PLACES: Readonly<Record<ChangedKind, readonly [prefix: string, plural: string]>> = {
  Model: [SELDON, 'models'],
  Server: [SELDON, 'servers'],
  Experiment: [SELDON, 'experiments'],
  InferenceService: ['/apis/serving.kserve.io/v1beta1', 'inferenceservices'],
  HorizontalPodAutoscaler: ['/apis/autoscaling/v2', 'horizontalpodautoscalers'],
};

export function pathOf(kind: ChangedKind, { namespace, name }: Pick<Target, 'namespace' | 'name'>): string {
  const [prefix, plural] = PLACES[kind];
  return `${prefix}/namespaces/${namespace}/${plural}/${name}`;
}

/** A number, or a storage URI. */
export type Value = number | string;

/** One value of an object. */
export interface Figure<V extends Value = Value> {
  readonly kind: ChangedKind;
  /** As people call it. */
  readonly what: string;
  /** Absent: the replicas of the object. */
  readonly traffic?: Traffic;
  /** @returns undefined for what is none */
  read(object: unknown): V | undefined;
  /** A merge patch that sets it, without metadata. */
  set(object: unknown, value: V): object;
}

/** What is to become of an object. */
export interface Change {
  readonly kind: ChangedKind;
  plan(object: unknown): Plan;
}

/** Whose traffic. */
export interface Traffic {
  /** Absent: the canary revision of an InferenceService. */
  readonly candidate?: string | undefined;
}

export type Plan =
  | {
      readonly kind: 'change';
      readonly figure: Figure;
      readonly before: Value;
      readonly after: Value;
      /** What more there is to say of it. */
      readonly note?: string;
    }
  | { readonly kind: 'unchanged'; readonly before: Value; readonly text: string }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

export const refusal = (reason: Refusal['reason'], text: string): Plan => ({
  kind: 'refuse',
  refusal: { reason, text },
});

/** What the annotation holds. */
export interface Mark {
  readonly key: string;
  readonly policy: string;
  readonly atSeconds: number;
  readonly before: Value;
  readonly after: Value;
  /** Absent: replicas, or a storage URI. */
  readonly traffic?: Traffic | undefined;
}

const value: decode.Decoder<Value> = (given, path) => (typeof given === 'string' ? given : decode.count(given, path));
const decodeMark = decode.object({
  key: decode.string,
  policy: decode.string,
  atSeconds: decode.number,
  before: value,
  after: value,
  traffic: decode.optional(decode.object({ candidate: decode.optional(decode.string) })),
});

/** Undefined where there is none, or one that we did not write. */
export function markOf(object: unknown): Mark | undefined {
  const text = at(object, ['metadata', 'annotations', MARK]);
  if (typeof text !== 'string') return undefined;
  try {
    return decodeMark(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * A merge patch that only holds for the object as it was read.
 * @param mark undefined: the change is taken back, and the mark goes
 */
export function patchOf(object: unknown, figure: Figure, value: Value, mark: Mark | undefined): object {
  const resourceVersion = at(object, ['metadata', 'resourceVersion']);
  const annotations = { [MARK]: mark === undefined ? null : JSON.stringify(mark) };
  return { metadata: { resourceVersion, annotations }, ...figure.set(object, value) };
}

export function isBeingDeleted(object: unknown): boolean {
  return at(object, ['metadata', 'deletionTimestamp']) !== undefined;
}

export function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}

export function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), object);
}

/** An object with the value at that place and nothing else. */
export function only(path: readonly string[], value: unknown): object {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
}
