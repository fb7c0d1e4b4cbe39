/** What became of each configuration that was read: counted, dated, and whether the last one is in force. */
import { CONFIGS, METRICS, type MetricFamily } from '@modelwatch/contract';
import type { Counter, Gauge } from 'prom-client';

/** `exporter`: its own configuration; `web`: the file for TLS, users and the like. */
export type ConfigName = (typeof CONFIGS)[number];

export interface ConfigMetrics {
  /** A configuration of the exporter came into force. */
  inForce(hash: string, atSeconds: number): void;
  /** A configuration was read at the start, and nothing was there before it. */
  started(config: ConfigName, atSeconds: number): void;
  /** A later one was read: it is in force now, or it was refused. */
  reloaded(config: ConfigName, succeeded: boolean, atSeconds: number): void;
  /** Whether one is accepted and waits for its sources. */
  pending(isPending: boolean): void;
}

export function createConfigMetrics(
  counter: (family: MetricFamily) => Counter,
  gauge: (family: MetricFamily) => Gauge
): ConfigMetrics {
  const info = gauge(METRICS.exporterConfigInfo);
  const loaded = gauge(METRICS.exporterConfigLoaded);
  const reloads = counter(METRICS.exporterConfigReloads);
  const failures = counter(METRICS.exporterConfigReloadFailures);
  const successful = gauge(METRICS.exporterConfigReloadSuccessful);
  const success = gauge(METRICS.exporterConfigReloadSuccess);
  const pending = gauge(METRICS.exporterConfigReloadPending);
  for (const config of CONFIGS) for (const each of [reloads, failures]) each.inc({ config }, 0);
  const succeeded = (config: ConfigName, atSeconds: number) => {
    successful.set({ config }, 1);
    success.set({ config }, atSeconds);
  };
  return {
    inForce: (hash, atSeconds) => {
      info.reset();
      info.set({ hash }, 1);
      loaded.set(atSeconds);
    },
    started: succeeded,
    reloaded: (config, isInForce, atSeconds) => {
      reloads.inc({ config });
      if (isInForce) return succeeded(config, atSeconds);
      failures.inc({ config });
      successful.set({ config }, 0);
    },
    pending: (isPending) => pending.set(isPending ? 1 : 0),
  };
}
