/** Requests, and tokens, that took no longer than the threshold of an objective. */
import { METRICS, RECORDED, SLO_LABELS, type MetricFamily, type SloIndicator } from '@modelwatch/contract';
import { REPLICA, WINDOW, type Measures } from '../measures';
import { POLLED } from '../polled';
import { ID } from '../promql';
import type { SeenBy } from '../quantiles';
import type { RecordingRule } from '../types';
import { countedRules, declared, INFO, ON, objectivesOn } from './settings';

const FAST = RECORDED.sloReplicaFastRate.name;
const BOUND = `${ID}, le`;

type TimedIndicator = Extract<SloIndicator, 'latency' | 'first_token' | 'inter_token'>;

/** Objectives with the bound at which they count; while exporters disagree on the bound the looser one, never both. */
function bounds(objectives: string): string {
  const told = declared(METRICS.sloThresholdSeconds, ['le'], '{le!=""}');
  return `(group by (${SLO_LABELS}, le) (topk by (${SLO_LABELS}) (1, ${told})) and ${ON} ${objectives})`;
}

interface Timed {
  readonly indicator: TimedIndicator;
  readonly seenBy: SeenBy;
  readonly measures: Measures;
  readonly family: MetricFamily;
}

function fastRule({ indicator, seenBy, measures, family }: Timed, unless = ''): RecordingRule {
  const buckets = measures.rate({ family, part: 'bucket', bound: 'finite' });
  return {
    record: FAST,
    expr: `${buckets}\nand on (${BOUND}) ${bounds(objectivesOn(indicator))}${unless}`,
    labels: { indicator, seen_by: seenBy },
  };
}

interface Counts {
  readonly all: string;
  readonly bad: string;
}

/**
 * @param by what the objectives and both figures have in common, besides the bound
 * @param all of those that have the bound, as many as there are, by bound
 * @param fast those that took no longer, by bound
 */
function counted(objectives: string, by: string, all: string, fast: string): Counts {
  const bound = `${by}, le`;
  const ofEach = (of: string) =>
    `sum by (${SLO_LABELS}) (\n  ${bounds(objectives)}\n  * on (${bound}) group_left ()\n  ${of}\n)`;
  return { all: ofEach(all), bad: ofEach(`clamp_min(${all} - on (${bound}) ${fast}, 0)`) };
}

/** Of replicas that have the bound: those without it are on neither side, as nobody knows how many of theirs were slow. */
function ofModels(indicator: TimedIndicator, sources: readonly Timed[]): Counts {
  const fast = `sum by (${BOUND}) (${FAST}{indicator="${indicator}"})`;
  const seen = ({ seenBy, measures, family }: Timed) =>
    `(0 * ${FAST}{indicator="${indicator}", seen_by="${seenBy}"} + on (${REPLICA}) group_left () ${measures.rate({ family, part: 'count' })})`;
  const all = `sum by (${BOUND}) (${sources.map(seen).join(' or ')})`;
  return counted(objectivesOn(indicator), ID, all, fast);
}

/** At its gateways, whichever way in. They are always polled, and of one kind. */
function ofPipelines(): Counts {
  const { name } = METRICS.pipelineDuration;
  const by = 'cluster, namespace, pipeline';
  const gateway = `${by}, method, replica`;
  const buckets = `max by (${gateway}, le) (rate(${name}_bucket{le!="+Inf"}[${WINDOW}]))`;
  const last = `max by (${gateway}) (rate(${name}_count[${WINDOW}]))`;
  const all = `sum by (${by}, le) (0 * ${buckets} + on (${gateway}) group_left () ${last})`;
  const objectives = `group by (${SLO_LABELS}) (${INFO}{indicator="latency", pipeline!=""})`;
  return counted(objectives, by, all, `sum by (${by}, le) (${buckets})`);
}

function ofServers(indicator: TimedIndicator, family: MetricFamily): Timed {
  return { indicator, seenBy: 'server', measures: POLLED, family };
}

/** Where no server has the bound, the proxies before it: as for slow requests. */
export function latencyRules(): RecordingRule[] {
  const server = ofServers('latency', METRICS.inferenceDuration);
  const proxy: Timed = { ...server, seenBy: 'proxy', family: METRICS.inferenceRouteDuration };
  const unlessServer = `\nunless on (${BOUND}) ${FAST}{indicator="latency", seen_by="server"}`;
  const [models, pipelines] = [ofModels('latency', [server, proxy]), ofPipelines()];
  const both = (of: keyof Counts) => `${models[of]}\nor\n${pipelines[of]}`;
  return [fastRule(server), fastRule(proxy, unlessServer), ...countedRules('latency', both('all'), both('bad'))];
}

export function tokenRules(): RecordingRule[] {
  const first = ofServers('first_token', METRICS.inferenceTimeToFirstToken);
  const inter = ofServers('inter_token', METRICS.inferenceInterToken);
  return [first, inter].flatMap((timed) => {
    const { all, bad } = ofModels(timed.indicator, [timed]);
    return [fastRule(timed), ...countedRules(timed.indicator, all, bad)];
  });
}
