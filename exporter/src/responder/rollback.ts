/**
 * `rollback`: back to the last version that is known to have been healthy, or nothing where none is known. Of an
 * InferenceService with revisions (Knative) it is the one that had all traffic before: `canaryTrafficPercent: 0` gives it
 * back, and KServe moves its status along (`PropagateStatus` in inference_service_status.go of KServe 0.19). Whatever else
 * has a storage URI keeps no history, so whoever deploys says by an annotation which version proved itself. Pure.
 */
import { preview, type RolledBackKind } from '@modelwatch/contract';
import { withoutSecrets } from '../domain/storage-uri';
import { at, isBeingDeleted, only, refusal, type Change, type Figure, type Plan, type Value } from './patch';
import { isDeaf, trafficOf } from './traffic';
import type { RollbackAction } from './types';

export const LAST_HEALTHY = 'modelwatch.io/last-healthy-storage-uri';

const PLACES: Readonly<Record<RolledBackKind, readonly string[]>> = {
  Model: ['spec', 'storageUri'],
  InferenceService: ['spec', 'predictor', 'model', 'storageUri'],
};
const PREDICTOR = ['status', 'components', 'predictor'];
/** Of what any storage takes; nothing in it is run. */
const URI = /^[^\s\p{Cc}]{1,2000}$/u;

export function storageUri(kind: RolledBackKind): Figure<string> {
  const place = PLACES[kind];
  return {
    ...{ kind, what: 'the storage URI' },
    read: (object) => {
      const value = at(object, place);
      return typeof value === 'string' && value !== '' ? value : undefined;
    },
    set: (_, value) => only(place, value),
  };
}

export function rollingBack({ kind }: RollbackAction): Change {
  return {
    kind,
    plan: (object) => {
      if (isBeingDeleted(object)) return refusal('not_found', 'it is being deleted');
      const hasRevisions = kind === 'InferenceService' && !isDeaf(object) && revision(object, 'latestReadyRevision');
      return hasRevisions ? byRevision(object, hasRevisions) : byStorageUri(kind, object);
    },
  };
}

function revision(object: unknown, key: string): string | undefined {
  const value = at(object, [...PREDICTOR, key]);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @param ready the newest revision that could take traffic */
function byRevision(object: unknown, ready: string): Plan {
  const created = revision(object, 'latestCreatedRevision');
  if (created !== ready) {
    const text = `${PREDICTOR.join('.')}: expected the newest revision to be ready, got ${preview(created)} being rolled out beside ${ready}`;
    return refusal('rejected', text);
  }
  const figure = trafficOf('InferenceService', undefined);
  const isSplit = at(object, ['spec', 'predictor', 'canaryTrafficPercent']) !== undefined;
  const before = isSplit ? figure.read(object) : 100;
  if (before === undefined) {
    return refusal('rejected', 'spec.predictor.canaryTrafficPercent: expected a whole number, got something else');
  }
  if (before === 0) return { kind: 'unchanged', before, text: `${ready} has no traffic: it was rolled back before` };
  const rolledOut = revision(object, 'latestRolledoutRevision');
  // The newest one is in the status as rolled out once it had all traffic; until then it is the one before.
  const key = rolledOut === ready ? 'previousRolledoutRevision' : 'latestRolledoutRevision';
  const healthy = revision(object, key);
  if (healthy === undefined || healthy === ready) {
    const text = `${PREDICTOR.join('.')}.${key}: expected the revision that had all traffic before ${ready}, got ${preview(healthy ?? 'none')}`;
    return refusal('unknown_version', text);
  }
  return { kind: 'change', figure, before, after: 0, note: `percent of traffic of ${ready}; back to ${healthy}` };
}

function byStorageUri(kind: RolledBackKind, object: unknown): Plan {
  const place = PLACES[kind].join('.');
  const figure = storageUri(kind);
  const before = figure.read(object);
  if (before === undefined) return refusal('rejected', `${place}: expected a storage URI, got none`);
  if (kind === 'Model' && at(object, ['spec', 'artifactVersion']) !== undefined) {
    const text = `spec.artifactVersion: expected none, so that the storage URI alone tells the version`;
    return refusal('unknown_version', text);
  }
  const after = at(object, ['metadata', 'annotations', LAST_HEALTHY]);
  if (typeof after !== 'string' || !URI.test(after)) {
    const got = after === undefined ? 'none' : 'something else';
    const text = `metadata.annotations["${LAST_HEALTHY}"]: expected the storage URI of a version that proved itself, got ${got}`;
    return refusal('unknown_version', text);
  }
  if (after === before) {
    return { kind: 'unchanged', before: shown(before), text: `${place} is the last healthy version already` };
  }
  return { kind: 'change', figure, before, after, note: place };
}

/** Without what could be a password or a signature. */
export function shown(value: Value): Value {
  return typeof value === 'string' ? (withoutSecrets(value) ?? 'a place that may hold a secret') : value;
}
