/** Rows of the inventory frame (INVENTORY_FIELDS of the contract) -> what they say of each model. */
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { HEALTH_STATES, INVENTORY_FIELDS as F } from '@modelwatch/contract';
import { frameMark } from './series';
import type { ChannelVerdict, ModelFacts } from './types';

/** True for a marked frame, and for any table that has the three columns without which no model can be shown. */
export function isInventory(frame: DataFrame): boolean {
  const kind = frameMark(frame)?.kind;
  if (kind) return kind === 'inventory';
  const names = new Set(frame.fields.filter(({ type }) => type === FieldType.string).map(({ name }) => name));
  return names.has(F.namespace) && names.has(F.model) && names.has(F.health) && !hasMetricColumn(frame);
}

/** A Prometheus table of health series has the same columns, with one row per state and a number that says which holds. */
function hasMetricColumn(frame: DataFrame): boolean {
  return frame.fields.some(({ name, type }) => type === FieldType.number && /^Value( #|$)/.test(name));
}

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
      channels: channels(frame.fields, index),
      history: [],
      origin: healthField && { field: healthField, rowIndex: index },
    });
  }
  return out;
}
