/** Models outside Kubernetes: the configuration says that they should serve, probes alone say whether they do. */
import { defined, newest, type Described, type ModelFields, type ServerFields } from '../described';
import type { EndpointRecord } from '../endpoints';
import { endpointFact, modelEndpointView, reportedVersion, type ModelOnEndpoint } from '../endpoint-facts';
import { NO_FACTS, type EndpointFact } from '../facts';
import type { DeclaredModel } from '../observation';
import type { Replicas } from '../views';

export interface StandaloneEndpoint {
  /** host:port */
  readonly replica: string;
  readonly record: EndpointRecord | undefined;
}

export interface StandaloneInput {
  /** The model on each server that declares it, in the order of the configuration; at least one. */
  readonly declared: readonly { readonly model: DeclaredModel; readonly endpoint: StandaloneEndpoint | undefined }[];
}

export function describeStandaloneModel({ declared }: StandaloneInput): Described<ModelFields> | undefined {
  const first = declared[0]?.model;
  if (!first) return undefined;
  const on: ModelOnEndpoint = { name: first.name, alone: false, evictable: false };
  const endpoints = declared.flatMap(({ endpoint }) => (endpoint ? [endpoint] : []));
  const records = endpoints.flatMap(({ record }) => (record ? [record] : []));
  const facts = endpoints.map(({ replica, record }) => endpointFact(replica, record, on)).map(absentIsDown);
  const answered = newest(...records.map((record) => record.lastAnsweredSeconds));
  const reported = records.map((record) => reportedVersion(record, on)).find((version) => version !== undefined);
  return {
    ...describedByProbes(facts, answered),
    fields: {
      replicas: probedReplicas(facts, declared.length, answered),
      ...defined({
        server: first.server,
        version: first.version ?? reported,
        owner: first.owner,
        importance: first.importance,
      }),
      traffic: [],
      pods: [],
      endpoints: records.map((record) => modelEndpointView(record, on)),
    },
  };
}

export function describeStandaloneServer(endpoint: StandaloneEndpoint | undefined): Described<ServerFields> {
  const facts = endpoint ? [endpointFact(endpoint.replica, endpoint.record, undefined)] : [];
  const answered = endpoint?.record?.lastAnsweredSeconds;
  const { serverName } = endpoint?.record?.last ?? {};
  return {
    ...describedByProbes(facts, answered),
    fields: {
      replicas: probedReplicas(facts, 1, answered),
      ...defined({ runtime: serverName }),
      capabilities: [],
    },
  };
}

/** A server that answers and does not list a model that it should have does not have it. */
function absentIsDown(fact: EndpointFact): EndpointFact {
  return fact.state === 'absent' ? { ...fact, state: 'down', cause: { reason: 'model_not_ready' } } : fact;
}

function describedByProbes(facts: readonly EndpointFact[], answered: number | undefined) {
  return {
    facts: {
      ...NO_FACTS,
      declared: 'ready' as const,
      // A server that never answered is unknown, not failed: nobody has seen it work.
      endpoints: answered === undefined ? facts.map(neverAnswered) : facts,
      expectedEndpoints: facts.length,
      everAnswered: answered !== undefined,
    },
    conditions: [],
    ...defined({ contactSeconds: answered }),
  };
}

function neverAnswered(fact: EndpointFact): EndpointFact {
  return { ...fact, state: 'pending' };
}

function probedReplicas(facts: readonly EndpointFact[], desired: number, answered: number | undefined): Replicas {
  // An endpoint that answers and does not show how the model is says nothing of its replicas.
  if (answered === undefined || facts.some((fact) => fact.state === 'pending')) return { desired };
  return { desired, available: facts.filter((fact) => fact.state === 'serving').length };
}
