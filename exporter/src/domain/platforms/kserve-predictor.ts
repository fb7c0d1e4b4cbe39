/** The workloads of a main part of KServe, as the server that its models run on. */
import { conditionViews, findCondition } from '../conditions';
import {
  defined,
  endpointsOf,
  newest,
  type Described,
  type ServerContext,
  type ServerFields,
  type SourceFreshness,
} from '../described';
import type { Declared, ServingFacts } from '../facts';
import { inferenceContainer, podCauses, workloadReplicas } from '../pods';
import type { ObjectMeta } from '../resources';
import type { Replicas } from '../views';

/** What the server takes from the resource that it is a part of. */
export interface PredictorOwner {
  readonly deleting: boolean;
  readonly stopRequested: boolean;
  readonly runtime?: string;
  readonly loading: boolean;
}

export interface PredictorInput {
  /** Absent when only workload or pods are left of it. */
  readonly owner?: PredictorOwner;
  readonly source: SourceFreshness;
  readonly context: ServerContext;
}

/** The predictor as a server, from its workloads; without any it has nothing to show and is left out. */
export function describePredictor({ owner, source, context }: PredictorInput): Described<ServerFields> | undefined {
  const workload = workloadReplicas(context.workloads);
  const meta: ObjectMeta | undefined = context.workloads[0]?.meta;
  if (!meta || workload.desired === undefined) return undefined;
  const endpoints = endpointsOf(context, undefined);
  const replicas: Replicas = workload;
  return {
    facts: {
      source,
      hasStatus: true,
      deleting: meta.deletedSeconds !== undefined || owner?.deleting === true,
      ...predictorZero(workload, owner),
      declared: predictorDeclared(workload),
      replicas,
      causes: podCauses(context.pods),
      whileLoading: owner?.loading === true,
      endpoints: endpoints.facts,
      expectedEndpoints: endpoints.facts.length,
      everAnswered: endpoints.answeredSeconds !== undefined,
    },
    fields: {
      replicas,
      ...defined({
        runtime: owner?.runtime,
        memoryCapacityBytes: predictorMemory(context),
      }),
      capabilities: [],
    },
    conditions: conditionViews(context.workloads[0]?.status),
    meta,
    ...defined({
      createdSeconds: meta.createdSeconds,
      transitionSeconds: findCondition(context.workloads[0]?.status, 'Available')?.lastTransitionSeconds,
      contactSeconds: newest(source.lastContactSeconds, endpoints.answeredSeconds),
    }),
  };
}

function predictorZero(workload: Replicas, owner: PredictorOwner | undefined): Pick<ServingFacts, 'intendedZero'> {
  if (workload.desired !== 0 || workload.available) return {};
  return { intendedZero: owner?.stopRequested ? 'stopped' : 'scaled_to_zero' };
}

function predictorDeclared(workload: ReturnType<typeof workloadReplicas>): Declared {
  const { desired = 0, available = 0, updated = 0 } = workload;
  if (updated < desired) return 'progressing';
  return available < desired ? 'none' : 'ready';
}

function predictorMemory(context: ServerContext): number | undefined {
  let sum = 0;
  for (const workload of context.workloads) {
    const perReplica = inferenceContainer(workload.containers)?.memoryBytes;
    if (perReplica === undefined) return undefined;
    sum += perReplica * workload.desiredReplicas;
  }
  return sum;
}
