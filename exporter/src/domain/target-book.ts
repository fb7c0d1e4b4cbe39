/** The probe targets, kept per server; only what changed is given. */
import { gatewayTargets } from './gateway-targets';
import { kserveTargets, llmTargets, partTargets, seldonTargets, standaloneTargets } from './targets';
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import { parseRefId, plainKey, type RefId } from './ref';
import type { EndpointRef } from './observation';
import type { ProbeTarget, TargetChange } from './probe-target';
import { withModules, type PodModule } from './pod-modules';
import { partOfId } from './kserve-parts';
import type { World } from './world';

const MOST_AT_ONCE = 200;

export class TargetBook {
  private readonly byServer = new Map<RefId, readonly ProbeTarget[]>();

  constructor(
    private readonly world: World,
    private readonly modules: readonly PodModule[]
  ) {}

  /** Takes servers that may have changed out of `marked`, so many at most: the first list marks all there are. */
  take(marked: Set<RefId>): TargetChange {
    const change: { set: ProbeTarget[]; gone: EndpointRef[] } = { set: [], gone: [] };
    let left = MOST_AT_ONCE;
    for (const server of marked) {
      if (left-- <= 0) break;
      marked.delete(server);
      this.renew(server, change);
    }
    return change;
  }

  private renew(server: RefId, change: { set: ProbeTarget[]; gone: EndpointRef[] }): void {
    const before = this.byServer.get(server) ?? [];
    const after = this.targetsOf(server);
    if (before.length + after.length === 0) return;
    const told = new Map(before.map((target) => [target.endpoint.replica, target]));
    for (const target of after) {
      const known = told.get(target.endpoint.replica);
      told.delete(target.endpoint.replica);
      if (!known || JSON.stringify(known) !== JSON.stringify(target)) change.set.push(target);
    }
    for (const { endpoint } of told.values()) change.gone.push(endpoint);
    if (after.length > 0) this.byServer.set(server, after);
    else this.byServer.delete(server);
  }

  private targetsOf(server: RefId): readonly ProbeTarget[] {
    const { platform, namespace, name } = parseRefId(server);
    const { world } = this;
    if (platform === 'seldon') {
      const models = [...world.modelsOn(server)].map((model) => parseRefId(model).name).sort();
      const key = plainKey(namespace, name);
      const gateway = world.components.gateway(key);
      return [
        ...seldonTargets(name, world.podsOf(server), models),
        ...(gateway ? gatewayTargets(gateway, world.components.podsOf(key)) : []),
      ];
    }
    if (platform === 'kserve') {
      const part = partOfId(server);
      if (part?.of === 'llm') {
        const serves = part.component === 'predictor' || part.component === 'prefill';
        return serves && world.llms.has(plainKey(namespace, part.owner)) ? llmTargets(part, world.podsOf(server)) : [];
      }
      const service = part?.of === 'service' ? world.services.get(plainKey(namespace, part.owner)) : undefined;
      if (!part || !service) return [];
      const pods = world.podsOf(server);
      if (part.component !== 'predictor') return partTargets(part, pods);
      return withModules(service, pods, kserveTargets(service, pods), this.modules);
    }
    return namespace === STANDALONE_NAMESPACE
      ? standaloneTargets(name, world.standalone.modelsOn(name), world.standalone.listing.get(name))
      : [];
  }
}
