/**
 * Knative's queue proxy (1.18) before the server of a revision: port 9091 `/metrics`, milliseconds. KServe's own build of
 * it, qpext, adds port 9088, where its text and that of the server stand together.
 */
import { OUTCOMES, type Outcome } from '../fleet/meter';
import type { ModelPlan } from '../fleet/plan';
import { revisionName } from '../fleet/pods';
import { replyOf } from './answer';
import { GO, goFloat, header, histogramText, labelText, type Labels } from './exposition';
import type { ModelServer } from './model-server';
import { textPort, type Process } from './process';

const USER_METRICS_PORT = 9091;
const AUTOSCALING_PORT = 9090;
const AGGREGATE_PORT = 9088;
const MILLISECONDS = [
  5, 10, 20, 40, 60, 80, 100, 150, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 900, 1_000, 2_000, 5_000, 10_000,
  20_000, 50_000, 100_000,
];
const SECONDS = MILLISECONDS.map((ms) => ms / 1_000);
const CODES: Readonly<Record<Outcome, string>> = { success: '200', clientError: '422', serverError: '500' };
/** What the proxy adds to the time of the server, in milliseconds. */
const PROXY_MILLISECONDS = 0.4;

export function queueProxyProcesses(model: ModelPlan, server: ModelServer): readonly Process[] {
  const own = (nowMs: number) => requestText(model, server, nowMs);
  return [
    textPort(USER_METRICS_PORT, '/metrics', own),
    textPort(AUTOSCALING_PORT, '/metrics', (nowMs) => autoscalingText(model, server, nowMs)),
    textPort(AGGREGATE_PORT, '/metrics', (nowMs) => own(nowMs) + serverText(server, nowMs)),
  ];
}

function serverText(server: ModelServer, nowMs: number): string {
  const reply = replyOf(server, server.ports.metrics, { method: 'GET', path: '/metrics', body: '' }, nowMs);
  return typeof reply === 'string' ? '' : reply.body;
}

function revisionLabels(model: ModelPlan, server: ModelServer, outcome: Outcome): Labels {
  const service = `${model.name}-predictor`;
  const code = CODES[outcome];
  return {
    configuration_name: service,
    container_name: 'queue-proxy',
    namespace_name: model.namespace,
    pod_name: server.hostname,
    response_code: code,
    response_code_class: `${code.charAt(0)}xx`,
    revision_name: revisionName(model),
    service_name: service,
  };
}

/** Before and behind its own queue: `revision_app_` is what the server made of a request. */
const FAMILIES = [
  ['revision_request', 'queue-proxy', PROXY_MILLISECONDS],
  ['revision_app_request', 'user-container', 0],
] as const;

function requestText(model: ModelPlan, server: ModelServer, nowMs: number): string {
  const traffic = server.models.map((each) => each.traffic.rest);
  let text = '';
  for (const [prefix, where, added] of FAMILIES) {
    let counts = header(`${prefix}_count`, 'counter', `The number of requests that are routed to ${where}`);
    let latencies = header(`${prefix}_latencies`, 'histogram', 'The response time in millisecond');
    for (const outcome of OUTCOMES) {
      for (const meter of traffic) {
        const { count, sum, within } = meter.durations(outcome, nowMs, SECONDS, 'ever');
        if (count === 0) continue;
        const labels = revisionLabels(model, server, outcome);
        counts += `${prefix}_count${labelText(labels)} ${goFloat(count)}\n`;
        const values = { count, within, sum: sum * 1_000 + count * added };
        latencies += histogramText(`${prefix}_latencies`, labels, MILLISECONDS, values, GO);
      }
    }
    text += counts + latencies;
  }
  return text;
}

function autoscalingText(model: ModelPlan, server: ModelServer, nowMs: number): string {
  const labels = labelText({
    destination_configuration: `${model.name}-predictor`,
    destination_namespace: model.namespace,
    destination_pod: server.hostname,
    destination_revision: revisionName(model),
  });
  const rate = server.models.reduce((sum, { traffic }) => sum + traffic.rest.rate(nowMs), 0);
  const busy = server.models.reduce((sum, { traffic }) => sum + traffic.rest.inFlight(nowMs).working, 0);
  const gauge = (name: string, help: string, value: number) =>
    `${header(name, 'gauge', help)}${name}${labels} ${goFloat(Number(value.toFixed(4)))}\n`;
  return (
    gauge('queue_requests_per_second', 'Number of requests per second', rate) +
    gauge('queue_average_concurrent_requests', 'Number of requests currently being handled by this pod', busy)
  );
}
