/** Live data straight from a Prometheus, joined by the very builders of our data source. */
import { LoadingState, type DataFrame } from '@grafana/data';
import { decode, isObject } from '@modelwatch/contract';
import { healthHistoryFrame, requestsHistoryFrame } from '../../../datasource-plugin/src/frames/history';
import { joinInventory } from '../../../datasource-plugin/src/frames/inventory';
import { inventoryFrame } from '../../../datasource-plugin/src/frames/inventoryFrame';
import type { Sample, Series } from '../../../datasource-plugin/src/frames/samples';
import { healthParts, inventoryParts } from '../../../datasource-plugin/src/query/inventory';
import type { PromPart } from '../../../datasource-plugin/src/query/parts';
import { stepSeconds } from '../../../datasource-plugin/src/query/step';
import { NO_FILTERS } from '../../../datasource-plugin/src/query/filters';
import type { Fixture } from './fixtures';

const MAX_POINTS = 60;

type Point = [number, string];

function point(value: unknown): Point {
  if (!Array.isArray(value)) throw new Error('expected a pair of time and value');
  return [decode.number(value[0], 'time'), decode.string(value[1], 'value')];
}

/** @throws Error with Prometheus' own words, or a DecodeError when something else answers */
async function ask(
  target: string,
  path: string,
  parameters: Record<string, string>
): Promise<Array<Record<string, unknown>>> {
  const url = `/live/${path}?${new URLSearchParams({ ...parameters, target }).toString()}`;
  const response = await fetch(url);
  const body: unknown = await response.json().catch(() => undefined);
  if (!isObject(body)) throw new Error(`Prometheus answered ${response.status}, not JSON`);
  if (body.status !== 'success') throw new Error(`Prometheus answered ${response.status}: ${String(body.error)}`);
  return decode.array(decode.record((value) => value))(
    isObject(body.data) ? body.data.result : undefined,
    'data.result'
  );
}

const labelsOf = decode.record(decode.string);

async function samples(target: string, { expr }: PromPart, nowMs: number): Promise<Sample[]> {
  const result = await ask(target, 'api/v1/query', { query: expr, time: `${nowMs / 1000}` });
  return result.map(({ metric, value }) => ({ labels: labelsOf(metric, 'metric'), value: Number(point(value)[1]) }));
}

async function series(target: string, { expr }: PromPart, nowMs: number, rangeMs: number): Promise<Series[]> {
  const step = stepSeconds(rangeMs, 0, MAX_POINTS);
  const end = Math.floor(nowMs / 1000 / step) * step;
  const start = end - Math.floor(rangeMs / 1000 / step) * step;
  const result = await ask(target, 'api/v1/query_range', {
    query: expr,
    start: `${start}`,
    end: `${end}`,
    step: `${step}`,
  });
  return result.map(({ metric, values }) => {
    const points = decode.array(point)(values, 'values');
    return {
      labels: labelsOf(metric, 'metric'),
      timesMs: points.map(([seconds]) => seconds * 1000),
      values: points.map(([, value]) => (Number.isFinite(Number(value)) ? Number(value) : null)),
    };
  });
}

/** One refresh: the same parts, joins and frames as in Grafana, without the exporter's API. */
export async function liveAnswer(target: string, rangeMs: number): Promise<Fixture> {
  const nowMs = Date.now();
  const parts = [
    ...inventoryParts({ refId: 'A', kind: 'inventory' }, NO_FILTERS),
    ...healthParts({ refId: 'B', kind: 'health-history' }, NO_FILTERS),
  ];
  const part = (name: PromPart['name']): PromPart => {
    const found = parts.find((one) => one.name === name);
    if (!found) throw new Error(`the data source builds no part ${name}`);
    return found;
  };
  try {
    const [state, numbers, rate, rates, healths] = await Promise.all([
      samples(target, part('state'), nowMs),
      samples(target, part('numbers'), nowMs),
      samples(target, part('rate'), nowMs),
      series(target, part('rate-history'), nowMs, rangeMs),
      series(target, part('health-history'), nowMs, rangeMs),
    ]);
    const { rows } = joinInventory({ state, numbers, rate });
    const context = { refId: 'A', answeredAtMs: nowMs };
    const frames: DataFrame[] = [
      inventoryFrame(rows, context),
      requestsHistoryFrame(rates, context),
      healthHistoryFrame(healths, context),
    ];
    return { state: LoadingState.Done, series: frames };
  } catch (error) {
    return { state: LoadingState.Error, series: [], error: error instanceof Error ? error.message : String(error) };
  }
}
