/**
 * What the topics of a cluster hold. Names of Seldon Core 2 are <prefix>.<namespace>.<model|pipeline>.<name>.<inputs|outputs>:
 * scheduler/pkg/kafka/topics.go of SeldonIO/seldon-core.
 */
import type { EventDefaults } from '@modelwatch/contract';
import { glob } from '../../domain/glob';
import type { MessageKind } from './inference-message';

export interface TopicOptions {
  /** `*` stands for anything. */
  readonly topic: string;
  readonly format: 'json' | 'cloudevents' | 'inference' | 'seldon';
  readonly responseTopic?: string | undefined;
  readonly namespace?: string | undefined;
  readonly model?: string | undefined;
}

export interface Route {
  readonly format: 'json' | 'cloudevents' | 'inference';
  readonly defaults: EventDefaults;
  /** With format inference: which half of an exchange the topic holds. */
  readonly kind?: MessageKind;
  /** The same for topics whose records are joined with each other. */
  readonly together?: string;
}

const HALVES: readonly (readonly [suffix: string, kind: MessageKind])[] = [
  ['.inputs', 'request'],
  ['.outputs', 'response'],
];
const SELDON_NAME = /^.+?\.([^.]+)\.(?:model|pipeline)\.(.+)$/;

/** By topic; the first of the configuration that fits a name counts. Topics that do not exist have none. */
export function routesOf(configured: readonly TopicOptions[], existing: readonly string[]): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>();
  for (const options of configured) {
    const fits = glob(options.topic);
    for (const topic of existing) {
      const route = routes.has(topic) ? undefined : routeOf(options, fits, topic);
      if (route) routes.set(topic, route);
    }
  }
  return routes;
}

type Fits = (name: string) => boolean;

function routeOf(options: TopicOptions, fits: Fits, topic: string): Route | undefined {
  const { format, responseTopic } = options;
  const defaults = given(options);
  if (format === 'inference') {
    const kind = topic === options.topic ? 'request' : topic === responseTopic ? 'response' : undefined;
    return kind && { format, defaults, kind, together: options.topic };
  }
  if (format === 'seldon') return seldonRoute(options, fits, topic);
  if (!fits(topic)) return undefined;
  return format === 'cloudevents' ? { format, defaults, together: topic } : { format, defaults };
}

function seldonRoute(options: TopicOptions, fits: Fits, topic: string): Route | undefined {
  const [suffix, kind] = HALVES.find(([end]) => topic.endsWith(end)) ?? [];
  if (!suffix || !kind) return undefined;
  const base = topic.slice(0, -suffix.length);
  if (!fits(base)) return undefined;
  const [, namespace, model] = SELDON_NAME.exec(base) ?? [];
  if (namespace === undefined || model === undefined) return undefined;
  return { format: 'inference', defaults: { namespace, model, ...given(options) }, kind, together: base };
}

function given({ namespace, model }: TopicOptions): EventDefaults {
  return { ...(namespace === undefined ? {} : { namespace }), ...(model === undefined ? {} : { model }) };
}

/** Of what was asked for, that there is no topic for. */
export function withoutTopic(configured: readonly TopicOptions[], existing: readonly string[]): string[] {
  return configured
    .filter((options) => {
      const fits = glob(options.topic);
      return !existing.some((topic) => routeOf(options, fits, topic));
    })
    .map(({ topic }) => topic);
}
