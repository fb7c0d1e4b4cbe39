/** What the rules of objectives read, of models with three each: settings, states and counters, as text with times. */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { burnTiers } from '../../../exporter/src/domain/slo/tiers';
import { REPLICAS } from './fleet-page';

export const WINDOW = '30d';
const SCORED = { method: 'occurrences', window: WINDOW };
export const INDICATORS = [
  { indicator: 'availability', slo: 'answered', objective: 0.999 },
  { indicator: 'latency', slo: 'fast', objective: 0.99 },
  { indicator: 'freshness', slo: 'fresh', objective: 0.99 },
] as const;
/** As an exporter has it, and so all of them are counted. */
export const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1.0', '2.5', '5.0', '10.0', '+Inf'];
export const THRESHOLD = '0.25';
const THRESHOLDS: Readonly<Record<string, string>> = {
  latency: `le="${THRESHOLD}"`,
  freshness: '',
};
const NAMESPACE = 50;

export type Labels = Readonly<Record<string, string>>;

export function modelLabels(at: number): Labels {
  return { namespace: `ns-${Math.floor(at / NAMESPACE)}`, model: `model-${at}` };
}

export function text(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');
}

function replicaLabels(at: number): string[] {
  const model = modelLabels(at);
  return Array.from({ length: REPLICAS }, (_, replica) =>
    text({ ...model, replica: `model-${at}-${replica}`, version: '1' })
  );
}

type Line = (family: { readonly name: string }, labels: string, value: number) => string;

function objectives(line: Line, at: number): string[] {
  return INDICATORS.flatMap(({ indicator, slo, objective }) => {
    const labels = { ...modelLabels(at), slo };
    const { tiers } = burnTiers({ objective, window: WINDOW, perMinute: indicator === 'freshness' });
    const threshold = THRESHOLDS[indicator];
    return [
      line(METRICS.sloInfo, text({ ...labels, indicator, ...SCORED }), 1),
      line(METRICS.sloObjective, text(labels), objective),
      ...(threshold === undefined
        ? []
        : [line(METRICS.sloThresholdSeconds, `${text(labels)},${threshold}`, Number(THRESHOLD))]),
      ...tiers.flatMap(({ severity, long, short, burnRate, minEvents }) => {
        const ofTier = text({ ...labels, severity, long, short });
        return [
          line(METRICS.sloBurnRateThreshold, ofTier, burnRate),
          line(METRICS.sloBurnMinEvents, ofTier, minEvents),
        ];
      }),
    ];
  });
}

/** Counters of a replica, which both layouts read. */
export function* counters(at: number): Generator<readonly [name: string, labels: string, perSecond: number]> {
  for (const replica of replicaLabels(at)) {
    yield [METRICS.inferenceRequests.name, `${replica},outcome="success"`, 10];
    yield [METRICS.inferenceRequests.name, `${replica},outcome="server_error"`, 0.005];
    for (const [bound, le] of BOUNDS.entries()) {
      yield [`${METRICS.inferenceDuration.name}_bucket`, `${replica},le="${le}"`, Math.min(10, 5 + bound)];
    }
    yield [`${METRICS.inferenceDuration.name}_count`, replica, 10];
  }
}

function modelLines(line: Line, at: number, seconds: number): string[] {
  const labels = text(modelLabels(at));
  return [
    line(RECORDED.modelInfo, `${labels},platform="kserve",server="model-${at}"`, 1),
    line(RECORDED.modelServing, `${labels},state="serving"`, 1),
    line(RECORDED.modelLastObserved, labels, seconds),
    line(RECORDED.modelLastPrediction, labels, seconds),
    line(RECORDED.inferenceCapability, `${labels},capability="outcomes"`, 1),
    line(RECORDED.inferenceRequestsRate, `${labels},outcome="success"`, 20),
    line(RECORDED.inferenceRequestsRate, `${labels},outcome="server_error"`, 0.01),
    ...objectives(line, at),
    ...[...counters(at)].map(([name, ofReplica, perSecond]) =>
      line({ name }, ofReplica, Math.floor(seconds * perSecond))
    ),
  ];
}

/** Lines of the models from `first` up to, without, `end`. */
export function* sloPage(first: number, end: number, seconds: number): Generator<string> {
  const at = Math.round(seconds * 1000);
  const line: Line = ({ name }, labels, value) => `${name}{${labels}} ${value} ${at}\n`;
  if (first === 0) yield `${METRICS.exporterSynced.name} 1 ${at}\n${METRICS.exporterTotalShards.name} 1 ${at}\n`;
  for (let model = first; model < end; model++) yield modelLines(line, model, seconds).join('');
}
