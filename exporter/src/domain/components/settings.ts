/** Seldon's settings: SeldonRuntime, SeldonConfig, ServerConfig; who uses them, and which Kafka they name. */
import { conditionViews } from '../conditions';
import { defined } from '../described';
import { plainKey } from '../ref';
import type {
  ComponentOverride,
  KafkaHost,
  SeldonConfig,
  SeldonRuntime,
  SeldonServer,
  SeldonServerConfig,
  TemplateContainer,
} from '../resources';
import type { EntityView } from '../views';
import type { Component } from './known';

/** A SeldonRuntime, SeldonConfig or ServerConfig. */
export interface SettingView {
  readonly key: string;
  readonly kind: 'SeldonRuntime' | 'SeldonConfig' | 'SeldonServerConfig';
  readonly namespace: string;
  readonly name: string;
  readonly conditions: EntityView['conditions'];
  readonly seldonConfig?: string;
  readonly settings?: SeldonConfig['settings'];
  readonly overrides?: readonly ComponentOverride[];
  readonly containers?: readonly TemplateContainer[];
  /** Servers that name it. */
  readonly servers?: number;
}

export type Setting = SeldonRuntime | SeldonConfig | SeldonServerConfig;

const keyOf = (kind: Setting['kind'], key: string) => `${kind}/${key}`;

export class SettingsBook {
  private readonly held = new Map<string, Setting>();
  private readonly serversOf = new Map<string, number>();
  private readonly marked = new Set<string>();
  private pending = new Map<string, SettingView | undefined>();
  private readonly views = new Map<string, SettingView>();

  /** @param shows whether the settings of a namespace are ours to show; those of others are only used. */
  constructor(private readonly shows: (namespace: string) => boolean) {}

  /** @returns whether pipelines may use another Kafka now. */
  apply(setting: Setting): boolean {
    const key = keyOf(setting.kind, plainKey(setting.meta.namespace, setting.meta.name));
    this.held.set(key, setting);
    this.marked.add(key);
    return setting.kind !== 'SeldonServerConfig';
  }

  /** @param key `namespace/name` */
  remove(kind: Setting['kind'], key: string): void {
    this.held.delete(keyOf(kind, key));
    this.marked.add(keyOf(kind, key));
  }

  /** A Server came, went, or changed. */
  serverMoved(previous: SeldonServer | undefined, next: SeldonServer | undefined): void {
    const before = previous?.serverConfig;
    const after = next?.serverConfig;
    if (before === after) return;
    for (const [name, step] of [
      [before, -1],
      [after, 1],
    ] as const) {
      if (name === undefined) continue;
      this.serversOf.set(name, (this.serversOf.get(name) ?? 0) + step);
      if (this.serversOf.get(name) === 0) this.serversOf.delete(name);
      // Configurations are few: one per kind of model server.
      for (const [key, { kind, meta }] of this.held) {
        if (kind === 'SeldonServerConfig' && meta.name === name) this.marked.add(key);
      }
    }
  }

  /** Whether the runtime of a namespace has its Kafka there, by the addresses that its configuration names. */
  usesKafka(namespace: string, kafka: Component): boolean {
    if (kafka.declared) return true;
    return this.kafkaOf(namespace).some(
      (host) =>
        (host.namespace ?? namespace) === kafka.namespace &&
        (host.service === kafka.name || host.service.startsWith(`${kafka.name}-`))
    );
  }

  derive(): void {
    for (const key of this.marked) {
      const setting = this.held.get(key);
      const view = setting && this.shows(setting.meta.namespace) ? this.viewOf(key, setting) : undefined;
      if (view) this.views.set(key, view);
      else if (!this.views.delete(key)) continue;
      this.pending.set(key, view);
    }
    this.marked.clear();
  }

  publish(): ReadonlyMap<string, SettingView | undefined> {
    const change = this.pending;
    if (change.size > 0) this.pending = new Map();
    return change;
  }

  get all(): ReadonlyMap<string, SettingView> {
    return this.views;
  }

  private viewOf(key: string, setting: Setting): SettingView {
    const { kind, meta, status } = setting;
    return {
      key,
      kind,
      namespace: meta.namespace,
      name: meta.name,
      conditions: conditionViews(status),
      ...defined({
        seldonConfig: kind === 'SeldonRuntime' ? setting.seldonConfig : undefined,
        overrides: kind === 'SeldonRuntime' ? setting.overrides : undefined,
        containers: kind === 'SeldonServerConfig' ? setting.containers : undefined,
        settings: kind === 'SeldonConfig' ? setting.settings : undefined,
        servers: kind === 'SeldonServerConfig' ? (this.serversOf.get(meta.name) ?? 0) : undefined,
      }),
    };
  }

  /** A runtime's own word comes before that of the SeldonConfig that it names, which stands with the operator. */
  private kafkaOf(namespace: string): readonly KafkaHost[] {
    for (const setting of this.held.values()) {
      if (setting.kind !== 'SeldonRuntime' || setting.meta.namespace !== namespace) continue;
      if (setting.kafka.length > 0) return setting.kafka;
      return this.configNamed(setting.seldonConfig, namespace)?.kafka ?? [];
    }
    return [];
  }

  /** The operator looks in its own namespace, which nobody tells us: the only one of that name, or the one that is near. */
  private configNamed(name: string | undefined, namespace: string): SeldonConfig | undefined {
    const named = [...this.held.values()].filter(
      (setting): setting is SeldonConfig => setting.kind === 'SeldonConfig' && setting.meta.name === name
    );
    const near = named.find(({ meta }) => meta.namespace === namespace);
    return near ?? (named.length === 1 ? named[0] : undefined);
  }
}
