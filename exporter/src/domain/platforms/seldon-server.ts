/** Servers of Seldon Core 2: what their status and workload say, and the memory and capabilities they have. */
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
import type { Declared } from '../facts';
import { inferenceContainer, podCauses, workloadReplicas } from '../pods';
import type { SeldonServer } from '../resources';
import { boundsOf } from './seldon-model';

export interface SeldonServerInput {
  readonly server: SeldonServer;
  readonly source: SourceFreshness;
  readonly context: ServerContext;
  /** Models that are placed on it. */
  readonly memoryDeclaredBytes: number | undefined;
}

export function describeSeldonServer(input: SeldonServerInput): Described<ServerFields> {
  const { server, source, context, memoryDeclaredBytes } = input;
  const condition =
    findCondition(server.status, 'StatefulSetOrDeploymentReady') ?? findCondition(server.status, 'Ready');
  const endpoints = endpointsOf(context, undefined);
  const workload = workloadReplicas(context.workloads);
  const desired = server.desiredReplicas ?? 1;
  // status.replicas of a Server is what was asked for; what is there, only the workload behind it knows.
  const available =
    workload.available ?? (context.pods.length > 0 ? context.pods.filter((pod) => pod.ready).length : undefined);
  const rolling = workload.updated !== undefined && workload.updated < desired && context.workloads.length > 0;
  const short = available === undefined || available < desired;
  const replicas = defined({ desired, available, updated: workload.updated, ...boundsOf(server) });
  return {
    facts: {
      source,
      hasStatus: server.status !== undefined || context.workloads.length > 0,
      deleting: server.meta.deletedSeconds !== undefined,
      ...(desired === 0 && !available ? { intendedZero: 'scaled_to_zero' } : {}),
      declared: serverDeclared({ status: condition?.status, short, rolling }),
      replicas,
      causes: short ? podCauses(context.pods) : [],
      whileLoading: false,
      endpoints: endpoints.facts,
      expectedEndpoints: endpoints.facts.length,
      everAnswered: endpoints.answeredSeconds !== undefined,
    },
    fields: {
      replicas,
      ...defined({ runtime: server.serverConfig, loadedModels: server.loadedModels }),
      ...serverMemory(context, desired, memoryDeclaredBytes),
      capabilities: capabilitiesOf(server, context),
      imageOverrides: server.imageOverrides ?? [],
    },
    conditions: conditionViews(server.status),
    meta: server.meta,
    ...defined({
      createdSeconds: server.meta.createdSeconds,
      transitionSeconds: condition?.lastTransitionSeconds,
      contactSeconds: newest(source.lastContactSeconds, endpoints.answeredSeconds),
    }),
  };
}

/** The replicas say more than the condition, whose reason is an English sentence. */
function serverDeclared(seen: { status: string | undefined; short: boolean; rolling: boolean }): Declared {
  if (!seen.short) return 'ready';
  if (seen.rolling) return 'progressing';
  if (seen.status === undefined) return 'none';
  return seen.status === 'True' ? 'ready' : 'none';
}

function agentEnv(context: ServerContext, name: string): string | undefined {
  for (const holder of [...context.workloads, ...context.pods]) {
    const value = holder.containers.find((container) => container.name === 'agent')?.env[name];
    if (value !== undefined) return value;
  }
  return undefined;
}

function serverMemory(context: ServerContext, desired: number, memoryDeclaredBytes: number | undefined) {
  const holder = context.workloads[0] ?? context.pods[0];
  const perReplica = holder && inferenceContainer(holder.containers)?.memoryBytes;
  const percent = Number(agentEnv(context, 'SELDON_OVERCOMMIT_PERCENTAGE') || NaN);
  return defined({
    memoryCapacityBytes: perReplica === undefined ? undefined : perReplica * desired,
    memoryDeclaredBytes,
    overcommitRatio: Number.isFinite(percent) && percent >= 0 ? percent / 100 : undefined,
  });
}

/**
 * What the agents tell the scheduler: their environment, into which the operator has put what the Server adds or
 * replaces. Only while there is no workload yet, the specification speaks.
 */
function capabilitiesOf(server: SeldonServer, context: ServerContext): readonly string[] {
  const all = agentEnv(context, 'SELDON_SERVER_CAPABILITIES')?.split(',') ?? server.capabilities;
  return [...new Set(all.map((capability) => capability.trim()).filter(Boolean))].sort();
}
