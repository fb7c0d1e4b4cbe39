/** What all objects of the API have: identity, metadata, and the conditions that controllers write. */
import { CONDITION_STATUSES, isObject, preview } from '@modelwatch/contract';
import type { Condition, ObjectMeta, ResourceStatus } from '../../../domain/resources';
import type { Fields } from './fields';
import { present, type Drop } from './fields';
import { intern } from './intern';
import type { Keep } from './keep';
import { isNamesake } from './owners';
import { share } from './share';

/** Namespace under which objects without one (cluster scope) are kept: identities need a namespace. */
const CLUSTER_SCOPE = '-';

export interface Identity {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  /** With the uid equal for equal content. */
  readonly resourceVersion?: string;
}

/** Kubernetes allows 253 characters in a name. */
const MAX_NAME = 253;
/** Names become label values and API paths. A line feed survives (the exposition escapes it), other controls do not. */
// eslint-disable-next-line no-control-regex -- refusing control characters is the point
const FORBIDDEN = /[/\u0000-\u0009\u000b-\u001f\u007f]/;

/** What was expected of a name instead; undefined: it is one. */
export function nameProblem(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return 'a name';
  if (value.length > MAX_NAME) return `a name of at most ${MAX_NAME} characters`;
  if (FORBIDDEN.test(value)) return 'a name without "/" or control characters';
  return undefined;
}

/**
 * Who the object is; `undefined` (and counted) when that cannot be said, because then nothing can be done with it.
 * @param kind as a person knows it, for the message
 */
export function decodeIdentity(raw: unknown, kind: string, clusterScoped: boolean, drop: Drop): Identity | undefined {
  if (!isObject(raw) || !isObject(raw['metadata'])) {
    drop(
      'missing_field',
      `${kind} metadata: expected an object, got ${preview(isObject(raw) ? raw['metadata'] : raw)}`
    );
    return undefined;
  }
  const { name, namespace, uid, resourceVersion } = raw['metadata'];
  const scope = clusterScoped ? CLUSTER_SCOPE : namespace;
  for (const [field, value] of [
    ['name', name],
    ['namespace', scope],
  ] as const) {
    const expected = nameProblem(value);
    if (expected === undefined) continue;
    const reason = value === undefined || value === null || value === '' ? 'missing_field' : 'unknown_value';
    drop(reason, `${kind} metadata.${field}: expected ${expected}, got ${preview(value)}`);
    return undefined;
  }
  return {
    namespace: intern(scope as string),
    name: name as string,
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' && resourceVersion ? { resourceVersion } : {}),
  };
}

/** @param keep which of its labels and annotations; of none of them may a copy of the whole object be kept */
export function decodeMeta(object: Fields, identity: Identity, keep: Pick<Keep, 'read'>): ObjectMeta {
  const meta = object.child('metadata');
  return {
    namespace: identity.namespace,
    name: identity.name,
    uid: meta.text('uid') ?? '',
    labels: share(meta.textMap('labels', keep.read)),
    annotations: share(meta.textMap('annotations', keep.read)),
    owners: share(
      meta.children('ownerReferences').flatMap((owner) => {
        const kind = owner.text('kind');
        const name = owner.text('name');
        return kind && name && !isNamesake(kind, owner.text('apiVersion')) ? [{ kind, name }] : [];
      })
    ),
    ...present({
      generation: meta.integer('generation'),
      createdSeconds: meta.time('creationTimestamp'),
      deletedSeconds: meta.time('deletionTimestamp'),
    }),
  };
}

/** `status` in the shape that Knative, Deployments and Pods share; nothing while no controller has written one. */
export function decodeStatus(object: Fields): { status?: ResourceStatus } {
  const status = object.child('status');
  if (status.keys().length === 0) return {};
  return {
    status: {
      conditions: decodeConditions(status),
      ...present({ observedGeneration: status.integer('observedGeneration') }),
    },
  };
}

function decodeConditions(status: Fields): Condition[] {
  return status.children('conditions').flatMap((condition) => {
    const type = condition.needed('type');
    if (!condition.has('status')) condition.lacks('status', CONDITION_STATUSES.join(' or '));
    const known = condition.oneOf('status', CONDITION_STATUSES);
    // A word that is none of the three is news all the same: the condition is there, and nobody knows what it says.
    const odd = known === undefined ? condition.word('status') : undefined;
    if (type === undefined || (known === undefined && odd === undefined)) return [];
    return [
      {
        type,
        status: known ?? 'Unknown',
        ...present({
          oddStatus: odd,
          reason: condition.text('reason'),
          message: condition.text('message'),
          lastTransitionSeconds: condition.time('lastTransitionTime'),
        }),
      },
    ];
  });
}
