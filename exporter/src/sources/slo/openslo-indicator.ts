/** Indicators of OpenSLO v1: one of ours, named by an annotation, or PromQL of its owner. */
import { SLO_INDICATORS, type SloQuery } from '@modelwatch/contract';
import { eventRate, promqlProblem } from '../../expressions/promql';
import type { YamlNode } from './node';
import type { Written } from './openslo';
import { named, referred, type Named, type Objects } from './openslo-objects';

const ANNOTATION_PREFIX = 'modelwatch.io/';
/** Annotations that are read, and the key of the short form that each sets. */
const ANNOTATIONS: Readonly<Record<string, string>> = {
  indicator: 'indicator',
  models: 'models',
  pipelines: 'pipelines',
  metric: 'metric',
  currency: 'currency',
  'min-events': 'minEvents',
  owner: 'owner',
};
const THRESHOLD_KEYS: Readonly<Record<string, 'seconds' | 'value'>> = {
  latency: 'seconds',
  first_token: 'seconds',
  inter_token: 'seconds',
  freshness: 'seconds',
  accuracy: 'value',
  cost: 'value',
};
const MOST_QUERY_CHARACTERS = 4_000;

export interface Indicator {
  readonly given: Readonly<Record<string, unknown>>;
  readonly written: Readonly<Record<string, Written>>;
  /** Of a threshold without its operator and value, which stand in the objective. */
  readonly query?: SloQuery;
  /** What the value of an objective is of; absent where there is none. */
  readonly thresholdKey?: 'seconds' | 'value';
  readonly warnings: readonly string[];
}

/** @throws SloRefusal */
export function indicatorOf(
  keys: Partial<Record<string, YamlNode>>,
  spec: YamlNode,
  annotations: Named['annotations'],
  objects: Objects
): Indicator {
  const { indicator, indicatorRef } = keys;
  if (indicator && indicatorRef) indicatorRef.refuse('indicator or indicatorRef, not both');
  const object = indicatorRef ? referred('SLI', indicatorRef, objects) : indicator;
  if (!object) return spec.refuse('indicator or indicatorRef');
  const sli = named(object);
  const { given, written } = annotated([...sli.annotations, ...annotations]);
  if (given['indicator'] === undefined) {
    const query = queryOf(sli.spec, objects);
    return { given: { ...given, indicator: 'query' }, written, query, warnings: [] };
  }
  const thresholdKey = THRESHOLD_KEYS[String(given['indicator'])];
  const isQueried = sli.spec.entries().length > 0;
  return {
    ...{ given, written },
    ...(thresholdKey === undefined ? {} : { thresholdKey }),
    warnings: isQueried
      ? [`the queries of ${sli.name} are not used: ${ANNOTATION_PREFIX}indicator says what is counted`]
      : [],
  };
}

/** @throws SloRefusal */
export function checkIndicator(object: YamlNode, objects: Objects): void {
  const { annotations, spec } = named(object);
  if (annotated(annotations).given['indicator'] === undefined && spec.entries().length > 0) queryOf(spec, objects);
}

/** Those of the SLO stand behind those of its indicator, and win. Annotations of others are theirs. */
function annotated(annotations: Named['annotations']) {
  const given: Record<string, unknown> = {};
  const written: Record<string, Written> = {};
  for (const [name, node] of annotations) {
    if (!name.startsWith(ANNOTATION_PREFIX)) continue;
    const key = ANNOTATIONS[name.slice(ANNOTATION_PREFIX.length)];
    if (key === undefined) {
      const known = Object.keys(ANNOTATIONS).map((each) => `${ANNOTATION_PREFIX}${each}`);
      return node.refuse(`one of ${known.join(', ')}`);
    }
    given[key] = valueOf(key, node);
    written[key] = { name: node.path, place: node.place };
  }
  return { given, written };
}

function valueOf(key: string, node: YamlNode): unknown {
  const text = node.string();
  if (key === 'minEvents') return /^\d+$/.test(text) ? Number(text) : node.refuse('a whole number as a text');
  if (key === 'indicator') return node.oneOf(SLO_INDICATORS.filter((indicator) => indicator !== 'query'));
  if (key !== 'models' && key !== 'pipelines') return text;
  const [namespace, name, more] = text.split('/');
  if (!namespace || !name || more !== undefined) return node.refuse('namespace/name, each with * for anything');
  return { namespaces: [namespace], names: [name] };
}

function queryOf(spec: YamlNode, objects: Objects): SloQuery {
  const { thresholdMetric, ratioMetric } = spec.keys(['description', 'thresholdMetric', 'ratioMetric']);
  if (thresholdMetric && ratioMetric) ratioMetric.refuse('thresholdMetric or ratioMetric, not both');
  if (thresholdMetric) {
    return { kind: 'threshold', value: metricQuery(thresholdMetric, objects), op: 'lte', threshold: NaN };
  }
  return ratioMetric
    ? ratioQuery(ratioMetric, objects)
    : spec.refuse(`thresholdMetric or ratioMetric, or an annotation ${ANNOTATION_PREFIX}indicator`);
}

function ratioQuery(metric: YamlNode, objects: Objects): SloQuery {
  const { counter, good, bad, total, raw, rawType } = metric.keys([
    ...(['counter', 'good', 'bad', 'total', 'raw', 'rawType'] as const),
  ]);
  if (raw) {
    (good ?? bad ?? total)?.refuse('nothing beside raw');
    const kinds = { success: 'success_ratio', failure: 'failure_ratio' } as const;
    if (!rawType) return metric.refuse('rawType success or failure, beside raw');
    return { kind: kinds[rawType.oneOf(['success', 'failure'])], ratio: metricQuery(raw, objects) };
  }
  rawType?.refuse('nothing without raw');
  if (good && bad) bad.refuse('good or bad, not both');
  const events = good ?? bad;
  if (!events || !total) return metric.refuse('good or bad, and total; or raw');
  const isCounter = counter?.boolean() ?? false;
  const rate = (node: YamlNode) => {
    const query = metricQuery(node, objects);
    return isCounter ? eventRate(query) : query;
  };
  return { kind: good ? 'good' : 'bad', events: rate(events), total: rate(total) };
}

function metricQuery(metric: YamlNode, objects: Objects): string {
  const { metricSource } = metric.keys(['metricSource']);
  if (!metricSource) return metric.refuse('a metricSource');
  const { metricSourceRef, type, spec } = metricSource.keys(['metricSourceRef', 'type', 'spec']);
  if (metricSourceRef) checkDataSource(referred('DataSource', metricSourceRef, objects));
  if (type) checkType(type);
  const { query } = spec?.keys(['query']) ?? {};
  if (!query) return (spec ?? metricSource).refuse('a spec with a query');
  const text = query.string();
  if (text.length > MOST_QUERY_CHARACTERS) query.refuse(`a query of at most ${MOST_QUERY_CHARACTERS} characters`);
  const problem = promqlProblem(text);
  return problem === undefined ? text : query.refuse(problem);
}

/** @throws SloRefusal */
export function checkDataSource(object: YamlNode): void {
  const { type } = named(object).spec.keys(['description', 'type', 'connectionDetails']);
  if (!type) named(object).spec.refuse('a type');
  else checkType(type);
}

function checkType(type: YamlNode): void {
  if (type.string().toLowerCase() !== 'prometheus') type.refuse('Prometheus, the only source that rules read');
}
