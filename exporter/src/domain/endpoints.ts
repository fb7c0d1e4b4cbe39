/**
 * What the probes said, per endpoint, and what of it counts. An endpoint counts as down after one failed probe when the
 * failure is an answer (connection refused, an HTTP status, something that is not the protocol), and after two in a row
 * when it can be chance (timeout, connection closed): until then the verdict of the probe before it stands.
 */
import type { InferenceCapability, ProbeErrorCause } from '@modelwatch/contract';
import { identityAfter, identityOf, isAnother, type ServerIdentity } from './endpoint-identity';
import type { Telemetry } from './telemetry';
import type {
  EndpointRef,
  InferenceSample,
  ProbedModel,
  ProbeResult,
  ReplicaFigures,
  UnusedCounts,
} from './observation';
import { plainKey } from './ref';
import { countProbe, failureCause, noProbes, type ProbeCounts } from './probe-counts';

export const CHANCE: readonly ProbeErrorCause[] = ['timeout', 'closed', 'other'];
export const FAILURES_THAT_COUNT = 2;
/** An endpoint that was not probed for this many intervals is silent. */
export const SILENT_INTERVALS = 4;

export interface EndpointRecord {
  readonly ref: EndpointRef;
  readonly key: string;
  last: ProbeResult;
  lastProbeSeconds: number;
  /** The last result that counts, and the models in it by name; absent while only chance failures were seen. */
  effective?: { readonly result: ProbeResult; readonly models: ReadonlyMap<string, readonly ProbedModel[]> };
  chanceFailures: number;
  lastAnsweredSeconds?: number;
  /** The models of the last probe that was answered: an outage does not make one forget which version was there. */
  lastModels?: ReadonlyMap<string, readonly ProbedModel[]>;
  /** What the server called itself last, outage or not. */
  lastServerName?: string;
  silent: boolean;
  readonly counts: ProbeCounts;
  unused?: UnusedCounts;
  identity?: ServerIdentity;
  /** How often another server answered than before. */
  identityChanges: number;
  samples?: ReadonlyMap<string, readonly InferenceSample[]>;
  /** What it can say of its requests; there as long as the samples are. */
  capabilities?: readonly InferenceCapability[];
  unknownCapabilities?: readonly InferenceCapability[];
  isScraped?: true;
  figures?: ReplicaFigures;
}

/** What a poll of an endpoint's metrics gave. */
export interface EndpointMeasures {
  readonly samples: readonly InferenceSample[];
  readonly capabilities: readonly InferenceCapability[];
  readonly unknown?: readonly InferenceCapability[];
  readonly isScraped?: true;
  readonly replica?: ReplicaFigures;
}

export function endpointKey(ref: EndpointRef): string {
  return `${ref.namespace}/${ref.server}/${ref.replica}`;
}

function remember(
  record: EndpointRecord,
  { serverName }: ProbeResult,
  models: ReadonlyMap<string, readonly ProbedModel[]>
): void {
  if (models.size > 0) record.lastModels = models;
  if (serverName !== undefined) record.lastServerName = serverName;
}

/** What another server measured at this address is not this one's. */
function identify(record: EndpointRecord, result: ProbeResult): void {
  const now = identityOf(result);
  if (!now) return;
  if (record.identity && isAnother(record.identity, now)) {
    record.identityChanges += 1;
    forgetMeasures(record);
  }
  record.identity = identityAfter(record.identity, now);
}

/** All endpoints that were probed, with the deadline of each kept in order of its last probe. */
export class EndpointBook {
  private readonly records = new Map<string, EndpointRecord>();
  /** Keys in the order in which they will fall silent: each probe moves its endpoint to the end. */
  private readonly deadlines = new Map<string, number>();

  /** By namespace/replica: a pod has one endpoint. */
  private readonly ofReplica = new Map<string, EndpointRef>();

  constructor(private readonly probeIntervalSeconds: number) {}

  get(key: string): EndpointRecord | undefined {
    return this.records.get(key);
  }

  probed(ref: EndpointRef, atSeconds: number, result: ProbeResult, unused?: UnusedCounts): ProbeNews {
    const key = endpointKey(ref);
    const before = this.records.get(key);
    const told = before && { last: before.last, effective: before.effective, silent: before.silent };
    const record: EndpointRecord = before ?? {
      ref,
      key,
      last: result,
      lastProbeSeconds: atSeconds,
      chanceFailures: 0,
      silent: false,
      counts: noProbes(),
      identityChanges: 0,
    };
    countProbe(record.counts, failureCause(result), result.durationSeconds);
    if (unused) record.unused = unused;
    identify(record, result);
    record.last = result;
    record.lastProbeSeconds = atSeconds;
    record.silent = false;
    const models = groupBy(result.models, (model) => model.name);
    if (result.up) {
      record.lastAnsweredSeconds = atSeconds;
      remember(record, result, models);
    }
    const byChance = !result.up && result.error !== undefined && CHANCE.includes(result.error.cause);
    record.chanceFailures = byChance ? record.chanceFailures + 1 : 0;
    if (!byChance || record.chanceFailures >= FAILURES_THAT_COUNT) {
      record.effective = { result, models };
    }
    this.records.set(key, record);
    this.ofReplica.set(plainKey(ref.namespace, ref.replica), ref);
    this.deadlines.delete(key);
    this.deadlines.set(key, atSeconds + SILENT_INTERVALS * this.probeIntervalSeconds);
    if (!told || told.silent || !told.effective !== !record.effective) return undefined;
    return newsOf(told.last, result, told.effective?.result, record.effective?.result);
  }

  /** Of an endpoint that nothing is known of the samples have no place, and are no news. */
  measured(ref: EndpointRef, { samples, capabilities, unknown, isScraped, replica }: EndpointMeasures): ProbeNews {
    const record = this.records.get(endpointKey(ref));
    if (!record) return [];
    if (replica) record.figures = replica;
    else delete record.figures;
    const saysMore =
      record.capabilities?.join() !== capabilities.join() ||
      record.unknownCapabilities?.join() !== unknown?.join() ||
      record.isScraped !== isScraped;
    record.capabilities = capabilities;
    if (isScraped) record.isScraped = isScraped;
    else delete record.isScraped;
    if (unknown) record.unknownCapabilities = unknown;
    else delete record.unknownCapabilities;
    // A series is written once: of two samples of one model and version the later one stands.
    const once = new Map(samples.map((sample) => [JSON.stringify([sample.model, sample.version]), sample]));
    const before = record.samples;
    const after = groupBy([...once.values()], (sample) => sample.model);
    record.samples = after;
    // That it is measured at all, or otherwise than before, is news of the endpoint and of each of its models.
    if (!before || saysMore) return undefined;
    const names = new Set([...before.keys(), ...after.keys()]);
    return [...names].filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)));
  }

  unmeasured(ref: EndpointRef): void {
    const record = this.records.get(endpointKey(ref));
    if (record) forgetMeasures(record);
  }

  refOf(namespaceAndReplica: string): EndpointRef | undefined {
    return this.ofReplica.get(namespaceAndReplica);
  }

  remove(ref: EndpointRef): boolean {
    this.ofReplica.delete(plainKey(ref.namespace, ref.replica));
    const key = endpointKey(ref);
    this.deadlines.delete(key);
    return this.records.delete(key);
  }

  /** Endpoints that fell silent since the last call; what they measured vanishes with them. */
  expire(nowSeconds: number): readonly EndpointRecord[] {
    const expired: EndpointRecord[] = [];
    for (const [key, deadline] of this.deadlines) {
      if (deadline >= nowSeconds) break;
      this.deadlines.delete(key);
      const record = this.records.get(key);
      if (!record) continue;
      record.silent = true;
      forgetMeasures(record);
      expired.push(record);
    }
    return expired;
  }
}

function forgetMeasures(record: EndpointRecord): void {
  delete record.samples;
  delete record.capabilities;
  delete record.unknownCapabilities;
  delete record.isScraped;
  delete record.figures;
}

/**
 * Names of the models of which a probe says something new; empty: of none. Undefined: it says something new of the server
 * itself, and so of all its models.
 */
export type ProbeNews = readonly string[] | undefined;

/** Most probes say what the one before said, and a server may have thousands of models. */
function newsOf(
  last: ProbeResult,
  now: ProbeResult,
  effectiveBefore: ProbeResult | undefined,
  effectiveNow: ProbeResult | undefined
): ProbeNews {
  const ofServer = ({ durationSeconds: _took, models, ...rest }: ProbeResult) =>
    JSON.stringify([rest, models.length === 0]);
  const sameServer =
    ofServer(last) === ofServer(now) &&
    (effectiveBefore === effectiveNow ||
      (effectiveBefore && effectiveNow && ofServer(effectiveBefore) === ofServer(effectiveNow)));
  if (!sameServer) return undefined;
  if (last.models.length === now.models.length && now.models.every((model, at) => sameModel(model, last.models[at])))
    return [];
  const news = new Set<string>();
  const open = new Map(last.models.map((model) => [JSON.stringify(model), model.name]));
  for (const model of now.models) if (!open.delete(JSON.stringify(model))) news.add(model.name);
  for (const name of open.values()) news.add(name);
  return [...news];
}

function sameModel(a: ProbedModel, b: ProbedModel | undefined): boolean {
  if (!b || a.name !== b.name || a.ready !== b.ready || a.state !== b.state) return false;
  return a.version === b.version && a.reason === b.reason;
}

export function groupBy<T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group) group.push(item);
    else groups.set(nameOf(item), [item]);
  }
  return groups;
}

/** Counts a probe result that came for an endpoint that is no target (any more). */
export function dropStray(telemetry: Telemetry, ref: EndpointRef): void {
  telemetry.dropped('servers', 'unknown_model', `endpoint ${endpointKey(ref)}: expected a pod or a declared server`);
}
