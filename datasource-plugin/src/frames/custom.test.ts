/** @jest-environment jsdom */
import { decodeModelSummary, INVENTORY_FIELDS, RECORDED } from '@modelwatch/contract';
import { joinInventory } from './inventory';
import { inventoryFrame } from './inventoryFrame';

const sample = (name: string, labels: Record<string, string>) => ({
  labels: { __name__: name, namespace: 'shop', model: 'risk', ...labels },
  value: 1,
});
const state = [
  sample(RECORDED.modelHealth.name, { health: 'degraded' }),
  sample(RECORDED.modelChannel.name, { channel: 'custom:rejected', status: 'critical' }),
  sample(RECORDED.modelChannel.name, { channel: 'custom:queue', status: 'ok' }),
];
const text = 'rejected: 0.31 over 10 min, limit 0.25 (baseline 0.12)';

it('shows each custom metric in a column of its own, and says the worst in words', () => {
  const summary = decodeModelSummary({
    ...{ namespace: 'shop', name: 'risk', platform: 'seldon', serving: 'serving', reasons: [], replicas: {} },
    ...{ health: 'degraded', healthSource: 'prometheus' },
    channels: [{ channel: 'custom:rejected', status: 'critical', text }],
  });
  const { rows, dropped } = joinInventory({ state, numbers: [], rate: [], summaries: [summary] });
  expect(dropped.size).toBe(0);
  const { fields } = inventoryFrame(rows, { refId: 'A', answeredAtMs: 0 });
  const values = (name: string) => fields.find((field) => field.name === name)?.values;
  expect(values(INVENTORY_FIELDS.reason)).toEqual([text]);
  expect(values(`${INVENTORY_FIELDS.channelPrefix}custom:rejected`)).toEqual(['critical']);
  expect(values(`${INVENTORY_FIELDS.channelPrefix}custom:queue`)).toEqual(['ok']);
});

it('does without words of the API that are of another moment', () => {
  const { rows } = joinInventory({ state, numbers: [], rate: [] });
  expect(rows[0]?.reason).toBe('rejected: over its limit');
});
