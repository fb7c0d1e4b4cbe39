/**
 * The pipeline gateway of Seldon Core 2: port 9006 for its metrics, 9999 for the kubelet. Over REST it counts what went
 * well; what a step failed is answered with 400 and counted by nobody but Envoy.
 */
import type { TrafficMeter } from '../fleet/meter';
import { addUp } from '../fleet/meter';
import type { PipelinePlan } from '../fleet/plan';
import { GO, goFloat, header, histogramText, labelText, PYTHON_BUCKETS } from './exposition';
import { healthPort, textPort, type Process } from './process';

const METRICS_PORT = 9006;
const HEALTH_PORT = 9999;
const SERVER = 'pipeline-gateway';

export interface PipelineTraffic {
  readonly plan: PipelinePlan;
  readonly meter: TrafficMeter;
}

export function gatewayProcesses(pipelines: readonly PipelineTraffic[]): readonly Process[] {
  return [
    textPort(METRICS_PORT, '/metrics', (nowMs) => gatewayText(pipelines, nowMs)),
    healthPort(HEALTH_PORT, ['/startup', '/ready', '/live']),
  ];
}

function gatewayText(pipelines: readonly PipelineTraffic[], nowMs: number): string {
  const api = 'seldon_pipeline_infer_api_seconds';
  const [total, seconds] = ['seldon_pipeline_infer_total', 'seldon_pipeline_infer_seconds_total'];
  let histograms = header(api, 'histogram', 'A histogram of latencies for pipeline gateway');
  let counts = header(total, 'counter', 'A count of pipeline gateway calls');
  let sums = header(seconds, 'counter', 'A latency counter for pipeline gateway');
  const done = pipelines.map(({ plan, meter }) => ({
    pipeline: plan.name,
    durations: meter.durations('success', nowMs, PYTHON_BUCKETS),
  }));
  for (const { pipeline, durations } of done) {
    if (durations.count === 0) continue;
    const common = { pipeline, server: SERVER };
    histograms += histogramText(api, { code: '200', method: 'rest', ...common }, PYTHON_BUCKETS, durations, GO);
    const labels = labelText({ code: '200', method_type: 'rest', ...common });
    counts += `${total}${labels} ${goFloat(durations.count)}\n`;
    sums += `${seconds}${labels} ${goFloat(durations.sum)}\n`;
  }
  return histograms + counts + sums + aggregateText(addUp(done.map(({ durations }) => durations)));
}

function aggregateText({ count, sum }: { readonly count: number; readonly sum: number }): string {
  if (count === 0) return '';
  const [total, seconds] = ['seldon_pipeline_aggregate_infer_total', 'seldon_pipeline_aggregate_infer_seconds_total'];
  const labels = labelText({ method_type: 'rest', server: SERVER });
  return (
    `${header(total, 'counter', 'A count of pipeline gateway calls')}${total}${labels} ${goFloat(count)}\n` +
    `${header(seconds, 'counter', 'A latency counter for pipeline gateway')}${seconds}${labels} ${goFloat(sum)}\n`
  );
}
