/** Where the gateways of Seldon Core 2 answer. */
import type { PlatformRole, ServerKind } from '@modelwatch/contract';
import type { Component } from './components/known';
import type { Pod } from './resources';
import { baseUrl } from './targets';
import type { ProbeTarget } from './probe-target';

interface Gateway {
  readonly kind: ServerKind;
  /** Name and usual number of the port for its health. */
  readonly health: readonly [name: string, port: number];
  /** Where its metrics have a port of their own. */
  readonly metrics?: readonly [name: string, port: number];
}

const GATEWAYS: Readonly<Partial<Record<PlatformRole, Gateway>>> = {
  pipeline_gateway: { kind: 'seldon_pipelinegateway', health: ['health', 9999], metrics: ['metrics', 9006] },
  ingress: { kind: 'seldon_envoy', health: ['envoy-stats', 9003] },
};

/** A component that users declare may be anything: only those that Seldon itself installs are understood. */
export function isGateway({ platform, role, declared }: Component): boolean {
  return platform === 'seldon' && GATEWAYS[role] !== undefined && declared !== true;
}

export function gatewayTargets({ name, role }: Component, pods: readonly Pod[]): readonly ProbeTarget[] {
  const gateway = GATEWAYS[role];
  if (!gateway) return [];
  return pods.flatMap((pod) => {
    const { ip, meta } = pod;
    if (ip === undefined) return [];
    const at = ([portName, usual]: readonly [string, number]) => baseUrl(ip, portOf(pod, portName) ?? usual);
    return [
      {
        endpoint: { namespace: meta.namespace, server: name, replica: meta.name },
        url: at(gateway.health),
        ...(gateway.metrics ? { metricsUrl: `${at(gateway.metrics)}/metrics` } : {}),
        pod: { namespace: meta.namespace, name: meta.name },
        kindHint: gateway.kind,
        models: [],
        versionSuffix: true,
      },
    ];
  });
}

function portOf({ containers }: Pod, name: string): number | undefined {
  return containers.flatMap(({ ports }) => ports).find((port) => port.name === name)?.port;
}
