/** Metadata, conditions and times as Kubernetes writes them. */
import { uid } from '../random';
import type { KubernetesObject } from '../types';

/** RFC 3339 with whole seconds, as `metav1.Time` is written. */
export function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export interface MetaInput {
  readonly seed: number;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly createdMs: number;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly owner?: { readonly apiVersion: string; readonly kind: string; readonly name: string };
}

export function meta(input: MetaInput): KubernetesObject['metadata'] {
  const { seed, kind, namespace, name, createdMs, generation, labels, annotations, finalizers, owner } = input;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: uid(seed, kind, namespace ?? '', name),
    ...(generation === undefined ? {} : { generation }),
    creationTimestamp: time(createdMs),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(owner === undefined
      ? {}
      : {
          ownerReferences: [
            {
              ...owner,
              uid: uid(seed, owner.kind, namespace ?? '', owner.name),
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        }),
  };
}

export interface ConditionInput {
  readonly type: string;
  readonly ok: boolean | 'Unknown';
  readonly sinceMs: number;
  readonly reason?: string;
  readonly message?: string;
  readonly severity?: string;
}

/** Knative's condition: empty reason and message are left out. Kubernetes sorts them by type. */
export function condition(input: ConditionInput): Record<string, string> {
  const { type, ok, sinceMs, reason, message, severity } = input;
  return {
    lastTransitionTime: time(sinceMs),
    ...(message === undefined || message === '' ? {} : { message }),
    ...(reason === undefined || reason === '' ? {} : { reason }),
    ...(severity === undefined ? {} : { severity }),
    status: ok === 'Unknown' ? 'Unknown' : ok ? 'True' : 'False',
    type,
  };
}

/** `Ready` after its dependents: it repeats reason and message of the first that is not true. */
export function withReady(dependents: readonly ConditionInput[]): readonly Record<string, string>[] {
  const broken = dependents.find((each) => each.ok !== true);
  const sinceMs = Math.max(...dependents.map((each) => each.sinceMs));
  const ready: ConditionInput =
    broken === undefined ? { type: 'Ready', ok: true, sinceMs } : { ...broken, type: 'Ready', sinceMs };
  return [...dependents, ready].map(condition).sort((a, b) => ((a.type ?? '') < (b.type ?? '') ? -1 : 1));
}
