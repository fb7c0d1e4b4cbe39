/** Containers beside a model server that measure its requests: one line each. */
import {
  QUEUE_PROXY_TRANSLATION,
  SELDON_AGENT_REPLICA,
  SELDON_AGENT_TRANSLATION,
  type ReplicaNumber,
  type ReplicaTranslation,
  type SidecarKind,
} from '@modelwatch/contract';
import type { ReplicaFigures } from '../../domain/observation';
import { serverMetrics, type ServerMetrics } from './probe';
import type { TextSample } from './prometheus-text';

export interface Sidecar {
  readonly metrics: ServerMetrics;
  /** Its page names no model: it is of use only beside a server that holds one. */
  readonly ofOneModel: boolean;
}

export const SIDECARS: Readonly<Record<SidecarKind, Sidecar>> = {
  seldon_agent: {
    metrics: withReplica(serverMetrics(SELDON_AGENT_TRANSLATION), SELDON_AGENT_REPLICA),
    ofOneModel: false,
  },
  queue_proxy: { metrics: serverMetrics(QUEUE_PROXY_TRANSLATION), ofOneModel: true },
};

function withReplica(metrics: ServerMetrics, table: readonly ReplicaTranslation[]): ServerMetrics {
  return {
    ...metrics,
    names: new Set([...metrics.names, ...table.map(({ family }) => family)]),
    replica: (samples) => replicaFigures(table, samples),
  };
}

/** A family that is not on the page says nothing, not 0. */
function replicaFigures(table: readonly ReplicaTranslation[], samples: readonly TextSample[]): ReplicaFigures {
  const figures: Partial<Record<ReplicaNumber, number>> = {};
  for (const { name, value } of samples) {
    for (const { family, number, combine } of table) {
      if (family === name) figures[number] = (figures[number] ?? 0) + (combine === 'add' ? value : Number(value > 0));
    }
  }
  if (Object.keys(figures).length === 0) return figures;
  for (const { number, fromZero } of table) if (fromZero) figures[number] ??= 0;
  return figures;
}
