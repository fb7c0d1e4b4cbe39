/**
 * Custom resources of others, indexed: the models and servers that their mappings make of them by name, and the labels that
 * their pods have. Two resources that want one name both stay in sight: the second is called `name@mapping`.
 */
import { MultiMap, plainKey, refId, type RefId } from './ref';
import { resourceKey, type CustomEntity, type CustomKind, type CustomResource, type ObjectMeta } from './resources';

/** An entity with the resource that it is made of. */
export interface CustomHolding {
  readonly resource: CustomResource;
  readonly entity: CustomEntity;
  /** Server id of its pods; absent where the mapping does not say how to know them. */
  readonly pods?: RefId;
}

export type OnConflict = (text: string) => void;

/** The names of one kind of entity (models or servers). */
class Names {
  private readonly byName = new Map<string, CustomHolding[]>();
  private readonly byId = new Map<RefId, CustomHolding>();
  private readonly idsOf = new Map<string, RefId[]>();

  /** @param heldOf the ids of a kind, kept in step */
  constructor(private readonly heldOf: (kind: CustomKind) => Map<RefId, CustomHolding>) {}

  get(id: RefId): CustomHolding | undefined {
    return this.byId.get(id);
  }

  /** Gives the holding its name, or takes it back; marks every id whose holder may be another now. */
  change(holding: CustomHolding, isHeld: boolean, marked: Set<RefId>, onConflict: OnConflict): void {
    const { namespace } = holding.resource.meta;
    const key = plainKey(namespace, holding.entity.name);
    const before = this.byName.get(key) ?? [];
    const others = before.filter((other) => placeOf(other) !== placeOf(holding));
    const after = isHeld ? [...others, holding].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)) : others;
    if (after.length > 0) this.byName.set(key, after);
    else this.byName.delete(key);
    this.rename(key, namespace, after, marked);
    if (isHeld && after.length > 1 && after.length > before.length) onConflict(conflictText(after));
  }

  private rename(key: string, namespace: string, holders: readonly CustomHolding[], marked: Set<RefId>): void {
    for (const id of this.idsOf.get(key) ?? []) {
      const holder = this.byId.get(id);
      if (holder) this.heldOf(holder.resource.kind).delete(id);
      this.byId.delete(id);
      marked.add(id);
    }
    const ids: RefId[] = [];
    holders.forEach((holding, index) => {
      const { name } = holding.entity;
      const id = refId('custom', namespace, index === 0 ? name : `${name}@${holding.resource.mapping}`);
      // A third of one name, or one that is really called so: it is counted, and not shown over another.
      if (this.byId.has(id)) return;
      this.byId.set(id, holding);
      this.heldOf(holding.resource.kind).set(id, holding);
      ids.push(id);
      marked.add(id);
    });
    if (ids.length > 0) this.idsOf.set(key, ids);
    else this.idsOf.delete(key);
  }
}

/** Order of the holders of one name: the same in two exporters, whatever they saw first. */
function placeOf({ resource }: CustomHolding): string {
  return `${resource.mapping}/${resource.meta.name}`;
}

function conflictText(holders: readonly CustomHolding[]): string {
  const [first] = holders;
  const who = holders.map(placeOf).join(' and ');
  return `${first?.resource.meta.namespace}/${first?.entity.name} is made of ${who}: expected one, shown as name@mapping`;
}

/** Models and servers of one kind, by id. */
export interface CustomHeld {
  readonly models: Map<RefId, CustomHolding>;
  readonly servers: Map<RefId, CustomHolding>;
}

export interface CustomMarks {
  readonly models: Set<RefId>;
  readonly servers: Set<RefId>;
}

export class CustomBook {
  private readonly resources = new Map<string, CustomResource>();
  /** What is held of each kind that was ever seen. */
  readonly kinds = new Map<CustomKind, CustomHeld>();
  private readonly modelNames = new Names((kind) => this.held(kind).models);
  private readonly serverNames = new Names((kind) => this.held(kind).servers);
  /** Server id of pods -> keys of the resources that have them. */
  private readonly ofPods = new MultiMap();

  /**
   * @param podLabelKeys keys of the labels by which each mapping knows its pods: pods without them are none of ours
   */
  constructor(
    private readonly podLabelKeys: readonly (readonly string[])[],
    private readonly onConflict: OnConflict
  ) {}

  model(id: RefId): CustomHolding | undefined {
    return this.modelNames.get(id);
  }

  server(id: RefId): CustomHolding | undefined {
    return this.serverNames.get(id);
  }

  /** @returns the servers of pods that found or lost a resource that has them */
  apply(resource: CustomResource, marks: CustomMarks): readonly RefId[] {
    return this.change(resourceKey(resource.kind, resource.meta.namespace, resource.meta.name), resource, marks);
  }

  /** @returns as `apply` does */
  remove(kind: CustomKind, namespace: string, name: string, marks: CustomMarks): readonly RefId[] {
    return this.change(resourceKey(kind, namespace, name), undefined, marks);
  }

  /** The servers, in the sense of pods, that a pod with these labels belongs to. */
  podServersOf({ namespace, labels }: ObjectMeta): readonly RefId[] {
    return this.podLabelKeys.flatMap((keys) => {
      const has = keys.every((key) => labels[key] !== undefined);
      return has
        ? [
            podServer(
              namespace,
              keys.map((key) => [key, labels[key] ?? ''] as const)
            ),
          ]
        : [];
    });
  }

  /** Whether a resource has these pods; labels alone prove nothing. */
  hasPods(server: RefId): boolean {
    return this.ofPods.size(server) > 0;
  }

  /** Marks what is made of the resources that have these pods. */
  markPods(server: RefId, marks: CustomMarks): void {
    for (const key of this.ofPods.get(server)) {
      const resource = this.resources.get(key);
      if (resource) this.markResource(resource, marks);
    }
  }

  private held(kind: CustomKind): CustomHeld {
    const known = this.kinds.get(kind) ?? { models: new Map(), servers: new Map() };
    this.kinds.set(kind, known);
    return known;
  }

  private change(key: string, next: CustomResource | undefined, marks: CustomMarks): readonly RefId[] {
    const previous = this.resources.get(key);
    const before = previous && podsOfResource(previous);
    const after = next && podsOfResource(next);
    if (previous) this.changeNames(previous, false, marks, next);
    if (next) this.resources.set(key, next);
    else this.resources.delete(key);
    if (next) this.changeNames(next, true, marks);
    if (before === after) return [];
    if (before !== undefined) this.ofPods.remove(before, key);
    if (after !== undefined) this.ofPods.add(after, key);
    return [before, after].filter((server) => server !== undefined);
  }

  /** `kept`: the resource as it is next, whose names stay. */
  private changeNames(resource: CustomResource, isHeld: boolean, marks: CustomMarks, kept?: CustomResource): void {
    const pods = podsOfResource(resource);
    const names = new Set(kept?.models.map(({ name }) => name));
    const holding = (entity: CustomEntity): CustomHolding => ({
      resource,
      entity,
      ...(pods === undefined ? {} : { pods }),
    });
    for (const model of resource.models) {
      if (!names.has(model.name)) this.modelNames.change(holding(model), isHeld, marks.models, this.onConflict);
    }
    const { server } = resource;
    if (server && server.name !== kept?.server?.name) {
      this.serverNames.change(holding(server), isHeld, marks.servers, this.onConflict);
    }
  }

  private markResource(resource: CustomResource, marks: CustomMarks): void {
    const { namespace } = resource.meta;
    const ids = (name: string) => [
      refId('custom', namespace, name),
      refId('custom', namespace, `${name}@${resource.mapping}`),
    ];
    for (const model of resource.models) {
      for (const id of ids(model.name)) if (this.modelNames.get(id)?.resource === resource) marks.models.add(id);
    }
    if (!resource.server) return;
    for (const id of ids(resource.server.name))
      if (this.serverNames.get(id)?.resource === resource) marks.servers.add(id);
  }
}

function podsOfResource({ meta, podLabels }: CustomResource): RefId | undefined {
  return podLabels && podServer(meta.namespace, Object.entries(podLabels));
}

/** Stands for the pods of a namespace with these labels, as an id of a server. */
function podServer(namespace: string, labels: readonly (readonly [string, string])[]): RefId {
  const text = labels
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
  return refId('custom', namespace, text);
}
