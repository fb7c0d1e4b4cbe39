/** The list of probe targets, kept per server; a new list is given only when a target changed. */
import { seldonTargets, kserveTargets, standaloneTargets } from './targets';
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import { parseRefId, plainKey, type RefId } from './ref';
import type { ProbeTarget } from './views';
import { serviceOfPredictor, type World } from './world';

export class TargetBook {
  private readonly byServer = new Map<RefId, readonly ProbeTarget[]>();
  private list: readonly ProbeTarget[] = [];

  constructor(private readonly world: World) {}

  /** Takes the servers that may have changed out of `marked`. */
  targets(marked: Set<RefId>): readonly ProbeTarget[] {
    let changed = false;
    for (const server of marked) changed = this.renew(server) || changed;
    marked.clear();
    if (changed) this.list = [...this.byServer.values()].flat();
    return this.list;
  }

  private renew(server: RefId): boolean {
    const before = this.byServer.get(server) ?? [];
    const after = this.targetsOf(server);
    if (JSON.stringify(before) === JSON.stringify(after)) return false;
    if (after.length > 0) this.byServer.set(server, after);
    else this.byServer.delete(server);
    return true;
  }

  private targetsOf(server: RefId): readonly ProbeTarget[] {
    const { platform, namespace, name } = parseRefId(server);
    const { world } = this;
    if (platform === 'seldon') {
      const models = [...world.modelsOn(server)].map((model) => parseRefId(model).name).sort();
      return seldonTargets(name, world.podsOf(server), models);
    }
    if (platform === 'kserve') {
      const service = world.services.get(plainKey(namespace, serviceOfPredictor(name) ?? ''));
      return service ? kserveTargets(service, world.podsOf(server)) : [];
    }
    return namespace === STANDALONE_NAMESPACE ? standaloneTargets(name, world.declaredOn(name)) : [];
  }
}
