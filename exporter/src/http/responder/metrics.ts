/** What the responder tells of itself: its families alone, so that nothing of it is taken for an exporter's. */
import {
  RESPONDER_SENDERS,
  METRICS,
  WEBHOOK_RESULTS,
  type MetricFamily,
  type ResponderSender,
  type ResponseRecord,
  type ResponseResult,
  type WebhookResult,
} from '@modelwatch/contract';
import { Counter, Gauge, Registry } from 'prom-client';
import type { ConfigMetrics } from '../config-metrics';
import { createEventLogMetrics, type EventLogMetrics } from '../event-log-metrics';
import { familyText } from '../family-text';
import type { WebMetrics } from '../web/telemetry';

export interface ResponderMetrics {
  webhook(sender: ResponderSender, result: WebhookResult): void;
  alerts(sender: ResponderSender, status: 'firing' | 'resolved'): void;
  truncated(sender: ResponderSender, count: number): void;
  decided(
    record: Pick<ResponseRecord, 'policy' | 'action' | 'result' | 'reason' | 'atSeconds'>,
    of: { readonly namespace?: string | undefined; readonly model?: string | undefined }
  ): void;
  unmatched(): void;
  /** An Event of Kubernetes about an action. */
  announced(isWritten: boolean): void;
  readonly config: ConfigMetrics;
  readonly eventLog: EventLogMetrics;
  readonly web: WebMetrics;
  /** Text of the exposition format 0.0.4. */
  render(now: ResponderState): Promise<string>;
}

export interface ResponderState {
  readonly waiting: number;
  readonly limit: number;
  readonly dryRun: boolean;
  readonly paused: boolean;
}

/** What a chart of the model should have a mark of; that nothing was done, or was needed, is counted alone. */
const MARKED: ReadonlySet<ResponseResult> = new Set(['acted', 'proposed', 'failed']);
/** Series by model: alerts name models, and whoever may send alerts could name any number of them. */
const MOST_ON_MODELS = 1_000;

/** A gauge that forgets the series that was set longest ago when there are too many. */
function latestOnly(gauge: Gauge): { set(labels: Readonly<Record<string, string>>, value: number): void } {
  const kept = new Map<string, Readonly<Record<string, string>>>();
  return {
    set(labels, value) {
      const key = JSON.stringify(Object.values(labels));
      kept.delete(key);
      kept.set(key, labels);
      gauge.set(labels, value);
      const [oldest] = kept;
      if (kept.size <= MOST_ON_MODELS || !oldest) return;
      kept.delete(oldest[0]);
      gauge.remove(oldest[1]);
    },
  };
}

export function createResponderMetrics(version: string): ResponderMetrics {
  const registry = new Registry();
  const options = ({ name, help, labels }: MetricFamily) => ({ name, help, labelNames: labels, registers: [registry] });
  const counter = (family: MetricFamily) => new Counter(options(family));
  const gauge = (family: MetricFamily) => new Gauge(options(family));
  gauge(METRICS.responderBuildInfo).set({ version, node_version: process.version }, 1);
  const webhooks = counter(METRICS.responderWebhooks);
  const alerts = counter(METRICS.responderAlerts);
  const truncated = counter(METRICS.responderAlertsTruncated);
  const decisions = counter(METRICS.responderDecisions);
  const announced = counter(METRICS.responderKubernetesEvents);
  const lastAction = gauge(METRICS.responderLastAction);
  const onModels = latestOnly(gauge(METRICS.responderModelResponse));
  const queue = gauge(METRICS.responderQueue);
  const limit = gauge(METRICS.responderQueueLimit);
  const dryRun = gauge(METRICS.responderDryRun);
  const paused = gauge(METRICS.responderPaused);
  const reloadSuccessful = gauge(METRICS.responderConfigReloadSuccessful);
  const refused = counter(METRICS.responderRefusedRequests);
  for (const sender of RESPONDER_SENDERS) {
    for (const result of WEBHOOK_RESULTS) webhooks.inc({ sender, result }, 0);
    truncated.inc({ sender }, 0);
  }
  for (const result of ['written', 'failed']) announced.inc({ result }, 0);
  decisions.inc({ policy: '', action: '', result: 'refused', reason: 'no_policy' }, 0);
  /** Of its own configuration, and of the file for TLS and users. */
  const inForce = { exporter: true, web: true };
  const told = (config: keyof typeof inForce, succeeded: boolean) => {
    inForce[config] = succeeded;
    reloadSuccessful.set(inForce.exporter && inForce.web ? 1 : 0);
  };
  return {
    webhook: (sender, result) => webhooks.inc({ sender, result }),
    alerts: (sender, status) => alerts.inc({ sender, status }),
    truncated: (sender, count) => truncated.inc({ sender }, count),
    decided: ({ policy, action, result, reason, atSeconds }, { namespace = '', model = '' }) => {
      decisions.inc({ policy, action, result, reason });
      if (result === 'acted') lastAction.set({ policy, action }, atSeconds);
      if (MARKED.has(result)) onModels.set({ namespace, model, policy, action, result }, atSeconds);
    },
    unmatched: () => decisions.inc({ policy: '', action: '', result: 'refused', reason: 'no_policy' }),
    announced: (isWritten) => announced.inc({ result: isWritten ? 'written' : 'failed' }),
    config: {
      inForce: () => undefined,
      started: (config) => told(config, true),
      reloaded: (config, succeeded) => told(config, succeeded),
      pending: () => undefined,
    },
    eventLog: createEventLogMetrics('responder', counter, gauge),
    web: {
      authFailed: (reason) => refused.inc({ reason }),
      refused: (reason) => refused.inc({ reason }),
      watchConnections: () => undefined,
      certificateExpires: () => undefined,
    },
    async render(now) {
      queue.set(now.waiting);
      limit.set(now.limit);
      dryRun.set(now.dryRun ? 1 : 0);
      paused.set(now.paused ? 1 : 0);
      const families = await Promise.all(
        registry.getMetricsAsArray().map(({ name }) => registry.getSingleMetric(name)?.get())
      );
      return families
        .map((family) => (family ? familyText({ ...family, type: String(family.type) }, 'prometheus') : ''))
        .join('');
    },
  };
}
