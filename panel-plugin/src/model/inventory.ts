/** Rows of the inventory frame (INVENTORY_FIELDS of the contract) -> what they say of each model. */
import type { DataFrame, Field } from '@grafana/data';
import { HEALTH_STATES, INVENTORY_FIELDS as F } from '@modelwatch/contract';
import type { ChannelVerdict, ModelFacts } from './types';

type Row = (name: string) => unknown;

function text(row: Row, name: string): string | undefined {
  const value = row(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(row: Row, name: string): number | undefined {
  const value = row(name);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function channels(fields: readonly Field[], index: number): ChannelVerdict[] {
  return fields.flatMap((field) => {
    const status: unknown = field.values[index];
    if (!field.name.startsWith(F.channelPrefix) || typeof status !== 'string' || !status) return [];
    return [{ channel: field.name.slice(F.channelPrefix.length), status }];
  });
}

/**
 * Rows that name a model. The sample time of a row is when the answer was put together: what proves freshness is
 * `last_observed`.
 */
export function inventoryFacts(frame: DataFrame): ModelFacts[] {
  const byName = new Map(frame.fields.map((field) => [field.name, field]));
  const healthField = byName.get(F.health);
  const out: ModelFacts[] = [];
  for (let index = 0; index < frame.length; index++) {
    const row: Row = (name) => byName.get(name)?.values[index];
    const namespace = text(row, F.namespace);
    const name = text(row, F.model);
    if (!namespace || !name) continue;
    const word = text(row, F.health);
    const health = HEALTH_STATES.find((known) => known === word);
    out.push({
      cluster: text(row, F.cluster) ?? '',
      namespace,
      name,
      basis: 'health',
      health: health ?? null,
      unknownWord: word !== undefined && !health ? word : undefined,
      reason: text(row, F.reason),
      sinceMs: number(row, F.since),
      lastObservedMs: number(row, F.lastObserved),
      replicasDesired: number(row, F.replicasDesired),
      replicasAvailable: number(row, F.replicasAvailable),
      platform: text(row, F.platform),
      server: text(row, F.server),
      runtime: text(row, F.runtime),
      version: text(row, F.version),
      owner: text(row, F.owner),
      requestsPerSecond: number(row, F.requestsPerSecond),
      lastRequestMs: number(row, F.lastRequest),
      requestsPerDay: number(row, F.requestsPerDay),
      errorsRatio: number(row, F.errorsRatio),
      slowRatio: number(row, F.slowRatio),
      featuresDrifted: number(row, F.featuresDrifted),
      budgetLeft: number(row, F.budgetLeft),
      channels: channels(frame.fields, index),
      history: [],
      origin: healthField && { field: healthField, rowIndex: index },
    });
  }
  return out;
}
