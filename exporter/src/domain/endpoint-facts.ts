/** What an endpoint says of a model, or of its server: as a fact to judge by, and as it is shown. */
import { ANSWERED_CAUSES } from '@modelwatch/contract';
import type { EndpointRecord } from './endpoints';
import { cause, cutText, type Cause, type EndpointFact } from './facts';
import type { InferenceSample, ProbedModel, ProbeResult } from './observation';
import { isReady } from './probe-counts';
import type { EndpointView, ModelEndpointView } from './views';

export interface ModelOnEndpoint {
  readonly name: string;
  /** The server holds this one model: any single name that it reports is the model. */
  readonly alone: boolean;
  /** The model may be out of memory on purpose (overcommit) and comes back with the next request. */
  readonly evictable: boolean;
}

/** The entries of a model; of a server that holds one model, whatever it calls it and whatever rests on it. */
function pick<T extends { readonly parent?: string } | InferenceSample>(
  groups: ReadonlyMap<string, readonly T[]> | undefined,
  model: ModelOnEndpoint
): readonly T[] {
  const own = groups?.get(model.name);
  if (own || !groups || !model.alone) return own ?? [];
  const [only, ...others] = [...groups.values()].filter(([entry]) => !entry || !('parent' in entry));
  return others.length === 0 ? (only ?? []) : [];
}

/** What one endpoint says about a model, or about the server itself when no model is given. */
export function endpointFact(
  replica: string,
  record: EndpointRecord | undefined,
  model: ModelOnEndpoint | undefined
): EndpointFact {
  const effective = record?.effective;
  if (record?.silent) return { replica, state: 'silent' };
  if (!record || !effective) return { replica, state: 'pending', ...failureOf(record) };
  const { result } = effective;
  const broken = brokenServer(result);
  if (broken) return { replica, state: 'down', cause: broken };
  if (model) {
    const entries = pick(effective.models, model);
    if (entries.length > 0) return { replica, ...modelFact(entries, model) };
    if (result.models.length > 0) return { replica, state: 'absent' };
  }
  return { replica, ...serverFact(result) };
}

/** Why nothing on the server can be used, when that is so. */
function brokenServer({ up, live, error }: ProbeResult): Cause | undefined {
  // "No" to a question of the protocol is no error.
  if (error && ANSWERED_CAUSES.includes(error.cause)) return cause('invalid_response', error.text);
  if (!up) return cause('endpoint_unreachable', error?.text);
  return live ? undefined : cause('endpoint_not_live', error?.text);
}

/** "Ready" of a server means all its models; one that serves some of them is a server that works. */
function serverFact({ ready, models, error }: ProbeResult): Omit<EndpointFact, 'replica'> {
  if (ready || models.some(isReady)) return { state: 'serving' };
  if (models.some((entry) => entry.state === 'loading')) return { state: 'loading' };
  return { state: 'down', cause: cause('endpoint_not_ready', error?.text) };
}

function failureOf(record: EndpointRecord | undefined): Pick<EndpointFact, 'cause'> {
  const error = record?.last.error;
  return error ? { cause: cause('endpoint_unreachable', error.text) } : {};
}

/** The server answers and does not show how the model is (TorchServe behind a closed management port). */
function isUnknown(entry: ProbedModel): boolean {
  return entry.ready === undefined && entry.state === 'unknown';
}

function modelFact(entries: readonly ProbedModel[], model: ModelOnEndpoint): Omit<EndpointFact, 'replica'> {
  if (entries.some(isReady)) return { state: 'serving' };
  if (entries.some((entry) => entry.state === 'loading')) return { state: 'loading' };
  if (model.evictable) return { state: 'pending' };
  const reason = entries.find((entry) => entry.reason)?.reason;
  if (entries.every(isUnknown)) return { state: 'pending', cause: cause('no_status', reason) };
  return { state: 'down', cause: cause('model_not_ready', reason) };
}

export function endpointView(record: EndpointRecord): EndpointView {
  const { key, ref, capabilities, unknownCapabilities, isScraped, counts, unused, identityChanges } = record;
  const { probes, seconds, failures } = counts;
  return {
    key,
    ...ref,
    ...probeFields(record),
    counts: { probes: { ...probes }, seconds: { ...seconds }, failures: { ...failures } },
    identityChanges,
    ...(unused ? { unused } : {}),
    ...(capabilities ? { capabilities } : {}),
    ...(unknownCapabilities ? { unknownCapabilities } : {}),
    ...(isScraped ? { isScraped } : {}),
  };
}

export function modelEndpointView(record: EndpointRecord, model: ModelOnEndpoint): ModelEndpointView {
  const entries = record.silent || !record.last.up ? [] : pick(record.effective?.models, model);
  const ready = entries.filter((entry) => entry.ready !== undefined);
  const state = entries.find((entry) => entry.state === 'ready')?.state ?? entries.find((entry) => entry.state)?.state;
  const samples = pick(record.samples, model);
  const error = record.last.error?.text;
  return {
    ...record.ref,
    address: record.last.address,
    ...probeFields(record),
    ...(ready.length > 0 ? { modelReady: ready.some((entry) => entry.ready === true) } : {}),
    ...(state === undefined ? {} : { modelState: state }),
    ...(error === undefined ? {} : { error: cutText(error) }),
    ...(record.samples === undefined ? {} : { inference: samples }),
  };
}

function probeFields(record: EndpointRecord) {
  const { last } = record;
  return {
    up: last.up && !record.silent,
    ready: last.ready && last.up && !record.silent,
    ...(last.serverName === undefined ? {} : { serverName: last.serverName }),
    ...(last.serverVersion === undefined ? {} : { serverVersion: last.serverVersion }),
    lastProbeSeconds: record.lastProbeSeconds,
    probeDurationSeconds: last.durationSeconds,
  };
}

/** Highest version by number that an endpoint reported for the model when it last answered. */
export function reportedVersion(record: EndpointRecord, model: ModelOnEndpoint): string | undefined {
  const versions = pick(record.lastModels, model).flatMap((entry) => (entry.version ? [entry.version] : []));
  return versions.sort((a, b) => Number(b) - Number(a) || (a < b ? 1 : -1))[0];
}
