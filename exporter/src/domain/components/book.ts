/** The components as they are: their pods and workloads, the views made of them, and which of them are down. */
import type { PlatformRole } from '@modelwatch/contract';
import { defined, type SourceFreshness } from '../described';
import { isGateway } from '../gateway-targets';
import { isCurrent } from '../pods';
import { MultiMap, plainKey } from '../ref';
import type { Pod, ResourceKind, Workload } from '../resources';
import {
  componentOf,
  type Component,
  type ComponentPlatform,
  type ComponentView,
  type DeclaredComponent,
} from './known';

export type Member = Pod | Workload;

/** `kind/namespace/name`. */
const memberKey = (kind: ResourceKind, key: string) => `${kind}/${key}`;

/** In place of a namespace, for a component that works for all of them. */
const SHARED = '*';
const jobOf = (platform: ComponentPlatform, role: PlatformRole, namespace: string) =>
  `${platform}/${role}/${namespace}`;

export class ComponentBook {
  private readonly declared: DeclaredComponent[] = [];
  private readonly components = new Map<string, Component>();
  private readonly members = new Map<string, Member>();
  private readonly componentOfMember = new Map<string, string>();
  private readonly membersOf = new MultiMap();
  private readonly views = new Map<string, ComponentView>();
  private readonly byJob = new MultiMap();
  private readonly downNow = new Set<string>();
  private readonly marked = new Set<string>();
  private readonly shown = new Map<string, ComponentView>();
  /** Names that the configuration gave to what is probed. */
  private readonly probed = new Set<string>();
  private pending = new Map<string, ComponentView | undefined>();

  /** @param shows whether the components of a namespace are ours to show; those of others are only waited for. */
  constructor(private readonly shows: (namespace: string) => boolean) {}

  /** From the configuration, before anything is watched. It is shown even while it has no pod. */
  declare(component: DeclaredComponent): void {
    const { labels: _labels, ...rest } = component;
    const key = plainKey(component.namespace, component.name);
    this.declared.push(component);
    this.keep(key, { ...rest, shared: true, declared: true });
    this.marked.add(key);
  }

  /** Shown as it is: what it does to models is not for this book to say. */
  showProbed(view: ComponentView): void {
    this.probed.add(view.key);
    if (this.shows(view.namespace)) this.show(view.key, view);
  }

  /** @returns whether it is a part of a component; then it is nothing else. */
  apply(member: Member): boolean {
    const { namespace, name } = member.meta;
    const key = memberKey(member.kind, plainKey(namespace, name));
    const component = componentOf(member.meta, this.declared);
    const before = this.componentOfMember.get(key);
    const after = component && plainKey(component.namespace, component.name);
    if (before !== undefined && before !== after) this.forget(key, before);
    if (!component || after === undefined) return false;
    this.keep(after, component);
    this.members.set(key, member);
    this.componentOfMember.set(key, after);
    this.membersOf.add(after, key);
    this.marked.add(after);
    return true;
  }

  /** The component that a pod is a part of, by its `namespace/name`. */
  ofPod(key: string): Component | undefined {
    return this.components.get(this.componentOfMember.get(memberKey('Pod', key)) ?? '');
  }

  /** One that we show: others do so with the rest. */
  gateway(key: string): Component | undefined {
    const component = this.components.get(key);
    return component && isGateway(component) && this.shows(component.namespace) ? component : undefined;
  }

  podsOf(key: string): readonly Pod[] {
    return this.membersIn(key)
      .filter((member): member is Pod => member.kind === 'Pod')
      .filter(isCurrent);
  }

  /** @param key `namespace/name` */
  remove(kind: ResourceKind, key: string): void {
    const member = memberKey(kind, key);
    const component = this.componentOfMember.get(member);
    if (component !== undefined) this.forget(member, component);
  }

  /** Every component rests on the same sources. */
  markAll(): void {
    for (const key of this.components.keys()) this.marked.add(key);
  }

  /** Derives what is marked. @returns those that went down or came up: what waits for them has to be judged again. */
  derive(source: SourceFreshness): readonly Component[] {
    const flipped: Component[] = [];
    for (const key of this.marked) {
      const component = this.components.get(key);
      if (!component) continue;
      const before = this.views.get(key);
      const after = this.isThere(key, component) ? this.describe(key, component, source) : undefined;
      if (after) this.views.set(key, after);
      else this.drop(key, component);
      const shownKey = (after ?? before)?.key;
      if (shownKey !== undefined && this.shows(component.namespace)) this.show(shownKey, after);
      if ((before?.up === false) === (after?.up === false)) continue;
      flipped.push(component);
      if (after?.up === false) this.downNow.add(key);
      else this.downNow.delete(key);
    }
    this.marked.clear();
    return flipped;
  }

  publish(): ReadonlyMap<string, ComponentView | undefined> {
    const change = this.pending;
    if (change.size > 0) this.pending = new Map();
    return change;
  }

  get all(): ReadonlyMap<string, ComponentView> {
    return this.shown;
  }

  private show(key: string, view: ComponentView | undefined): void {
    this.pending.set(key, view);
    if (view) this.shown.set(key, view);
    else this.shown.delete(key);
  }

  /**
   * The component that does the job for a namespace and is down; of several that may do it none is up. One of the
   * namespace itself comes before one that is shared. Nothing is said of a job that nobody was seen doing.
   */
  down(platform: ComponentPlatform, role: PlatformRole, namespace: string, uses?: Uses): ComponentView | undefined {
    // Asked for each entity that is derived; almost always all is well.
    if (this.downNow.size === 0) return undefined;
    const own = [...this.byJob.get(jobOf(platform, role, namespace))];
    const keys = own.length > 0 ? own : [...this.byJob.get(jobOf(platform, role, SHARED))];
    const views = keys.flatMap((key) => {
      const component = this.components.get(key);
      return component && (!uses || uses(component)) ? (this.views.get(key) ?? []) : [];
    });
    return views.length > 0 && views.every((view) => view.up === false) ? views[0] : undefined;
  }

  private keep(key: string, component: Component): void {
    const { platform, role, namespace, shared } = component;
    this.components.set(key, component);
    this.byJob.add(jobOf(platform, role, namespace), key);
    if (shared) this.byJob.add(jobOf(platform, role, SHARED), key);
  }

  private drop(key: string, { platform, role, namespace }: Component): void {
    this.views.delete(key);
    this.components.delete(key);
    this.byJob.remove(jobOf(platform, role, namespace), key);
    this.byJob.remove(jobOf(platform, role, SHARED), key);
  }

  private isThere(key: string, { namespace, name }: Component): boolean {
    return (
      this.membersOf.size(key) > 0 || this.declared.some((each) => each.namespace === namespace && each.name === name)
    );
  }

  private forget(member: string, component: string): void {
    this.members.delete(member);
    this.componentOfMember.delete(member);
    this.membersOf.remove(component, member);
    this.marked.add(component);
  }

  private membersIn(key: string): readonly Member[] {
    return [...this.membersOf.get(key)].sort().flatMap((member) => this.members.get(member) ?? []);
  }

  private describe(key: string, component: Component, source: SourceFreshness): ComponentView {
    const workloads = this.membersIn(key).filter((member): member is Workload => member.kind !== 'Pod');
    const pods = this.podsOf(key);
    const available =
      workloads.length > 0
        ? sum(workloads.map((workload) => workload.readyReplicas))
        : pods.filter((pod) => pod.ready).length;
    // As with models: of two of one name one has it, the same on every exporter and after every restart.
    const name = this.probed.has(key) ? `${component.name}@${component.platform}` : component.name;
    return {
      ...component,
      key: plainKey(component.namespace, name),
      name,
      replicas: defined({
        desired: workloads.length > 0 ? sum(workloads.map((workload) => workload.desiredReplicas)) : undefined,
        available: source.fresh ? available : undefined,
      }),
      ...defined({
        version: versionOf(workloads[0] ?? pods[0]),
        // What a dead watch last said proves nothing.
        up: source.fresh ? available > 0 : undefined,
        restarts: pods.length > 0 ? sum(pods.map(restartsOf)) : undefined,
        lastObservedSeconds: source.lastContactSeconds,
      }),
    };
  }
}

/** Whether this namespace uses a component that is shared. */
export type Uses = (component: Component) => boolean;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function restartsOf(pod: Pod): number {
  return sum(pod.containerStates.map((state) => state.restarts));
}

const BESIDE = ['kube-rbac-proxy', 'istio-proxy', 'linkerd-proxy'];

/** Tag of the image of the first container that is no proxy: `docker.io/seldonio/seldon-scheduler:2.9.1` -> `2.9.1`. */
function versionOf(member: Member | undefined): string | undefined {
  const image = member?.containers.find((container) => !BESIDE.includes(container.name))?.image;
  return /:([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/.exec(image?.replace(/@.*$/, '') ?? '')?.[1];
}
