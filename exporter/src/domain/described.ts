/** What a platform makes of one entity: facts for the rules, and the fields of its view. */
import type { EndpointRecord } from './endpoints';
import { endpointFact, modelEndpointView, type ModelOnEndpoint } from './endpoint-facts';
import type { EndpointFact, ServingFacts } from './facts';
import type { ObjectMeta, Pod, Workload } from './resources';
import type { EntityView, ExperimentView, ModelView, PipelineView, ServerView } from './views';

export interface SourceFreshness {
  readonly fresh: boolean;
  readonly lastContactSeconds?: number;
}

/** A server as the world holds it: its pods, workloads, and what the probes said. */
export interface ServerContext {
  readonly name: string;
  /** Without those on their way out. */
  readonly pods: readonly Pod[];
  readonly workloads: readonly Workload[];
  readonly record: (replica: string) => EndpointRecord | undefined;
}

export interface Described<Fields> {
  readonly facts: ServingFacts;
  readonly fields: Fields;
  readonly conditions: EntityView['conditions'];
  readonly createdSeconds?: number;
  /** Whose labels and annotations say who owns it, and are shown to those who asked. */
  readonly meta?: ObjectMeta;
  /** When the deciding condition last changed, for an exporter that did not see it itself. */
  readonly transitionSeconds?: number;
  /** Newest sign of life: of the watch, or of a probe that was answered. */
  readonly contactSeconds?: number;
}

export type ModelFields = Omit<ModelView, keyof EntityView>;
export type ServerFields = Omit<ServerView, keyof EntityView>;
export type PipelineFields = Omit<PipelineView, keyof EntityView>;
export type ExperimentFields = Omit<ExperimentView, keyof EntityView>;

/** What is declared of the place of a model; both are needed to say that one changed without the other. */
export function storageOf({
  meta: { generation },
  storageHash: hash,
}: {
  readonly meta: ObjectMeta;
  readonly storageHash?: string;
}): ModelView['storage'] {
  return hash === undefined || generation === undefined ? undefined : { hash, generation };
}

/** Leaves out the keys whose value is undefined: absent fields are absent, never `undefined`. */
export function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const out: Partial<T> = {};
  // Runs several times for each entity of a large fleet: entries, filter and fromEntries cost five times as much.
  for (const key in fields) if (fields[key] !== undefined) out[key] = fields[key];
  return out as { [K in keyof T]: Exclude<T[K], undefined> };
}

/**
 * Both in one object; of what both have, the second's. Not `{ ...a, ...b }`: where many shapes pass, V8 makes a hidden class
 * for each copy, 250 bytes for every view of the fleet.
 */
export function joined<A extends object, B extends object>(a: A, b: B): A & B {
  return Object.assign({}, a, b);
}

export function newest(...times: readonly (number | undefined)[]): number | undefined {
  let found: number | undefined;
  for (const time of times) if (time !== undefined && (found === undefined || time > found)) found = time;
  return found;
}

/** The endpoints of a server in Kubernetes as one of its models (or the server itself) sees them. */
export function endpointsOf(context: ServerContext, model: ModelOnEndpoint | undefined) {
  const facts: EndpointFact[] = [];
  const answered: (number | undefined)[] = [];
  for (const pod of context.pods) {
    const record = context.record(pod.meta.name);
    answered.push(record?.lastAnsweredSeconds);
    // A pod that Kubernetes does not call ready is Kubernetes' own news; probes are asked about the others.
    if (pod.ready && pod.ip !== undefined) facts.push(endpointFact(pod.meta.name, record, model));
  }
  return { facts, answeredSeconds: newest(...answered) };
}

export function endpointViews(context: ServerContext, model: ModelOnEndpoint, skip: (replica: string) => boolean) {
  return context.pods.flatMap((pod) => {
    const record = context.record(pod.meta.name);
    return record && !skip(pod.meta.name) ? [modelEndpointView(record, model)] : [];
  });
}
