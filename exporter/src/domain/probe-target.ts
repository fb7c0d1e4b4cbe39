/** What the fleet asks to be probed, and what Prometheus scrapes itself. */
import type { ServerKind, SidecarKind } from '@modelwatch/contract';
import type { EndpointRef } from './observation';

/** Probe targets that came, changed or went since they were last asked for. */
export interface TargetChange {
  readonly set: readonly ProbeTarget[];
  readonly gone: readonly EndpointRef[];
}

/** A server whose metrics Prometheus reads, not the exporter: rules translate what it says by what kind it is. */
export interface ScrapedServer {
  readonly endpoint: EndpointRef;
  readonly kind: ServerKind;
  /** Of its page of metrics. */
  readonly url: string;
}

/** An endpoint that the prober should ask, and what it should ask for. */
export interface ProbeTarget {
  readonly endpoint: EndpointRef;
  /** Where it answers, without path, e.g. `http://10.0.0.7:9000`. */
  readonly url: string;
  /** Where its Prometheus metrics are; absent: where servers of its kind have them. */
  readonly metricsUrl?: string;
  /**
   * It stands before or beside the server of a model and is written by whoever has it, so it may speak no protocol that we
   * know: nothing is told of it until it did once, and nothing ever of models.
   */
  readonly part?: 'transformer' | 'explainer';
  /** Its requests are those of other endpoints, too, which are measured: its metrics are not read. */
  readonly unmeasured?: true;
  /** Containers beside it that measure its requests. */
  readonly sidecars?: readonly { readonly kind: SidecarKind; readonly metricsUrl: string }[];
  /** Pod to go through when pods are reached by the API server's proxy; absent for a server outside Kubernetes. */
  readonly pod?: { readonly namespace: string; readonly name: string };
  /** What the pod spec or the configuration says the server is; the probe may find out better. */
  readonly kindHint?: ServerKind;
  /** The module of the configuration that says how it is asked; it counts before the kind. */
  readonly module?: string;
  /** Names of the models that should be on it, as users know them; empty: whatever its index lists. */
  readonly models: readonly string[];
  /** Seldon Core 2 calls a model `<model>_<version>` on its servers: the suffix is the version. */
  readonly versionSuffix: boolean;
}
