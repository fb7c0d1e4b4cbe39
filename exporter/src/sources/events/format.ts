/** What a decoder of events gets and gives. */
import type { EventDefaults, PredictionEvent, Reference } from '@modelwatch/contract';

/** A request with events, whole and no longer compressed. */
export interface EventRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Reads the body where it need not be JSON. @throws DecodeError, UnreadableRequest */
  readonly content?: (body: Buffer) => unknown;
  /** What the path says. */
  readonly defaults: EventDefaults;
  readonly nowSeconds: number;
  /**
   * Takes half of an exchange, if its id belongs to another replica: the other half may come anywhere.
   * @param key of joins/layout.ts @param half a CloudEvent in structured mode, with what the request says for all
   */
  readonly elsewhere?: ((key: string, half: Readonly<Record<string, unknown>>) => boolean) | undefined;
}

/** Takes what was read, one after the other. */
export type Read<Event = PredictionEvent> =
  | { readonly event: Event }
  /** `model`: of an event that tells it, and cannot be used all the same. */
  | { readonly problem: string; readonly model?: EventDefaults }
  /** Half of an event, whose other half is to come. */
  | 'waiting';

/** The whole request cannot be read; its message is for whoever sent it. */
export class UnreadableRequest extends Error {}

export interface EventFormat<Event = PredictionEvent> {
  readonly matches: (headers: EventRequest['headers']) => boolean;
  /** Lazily, so that whoever counts can make a pause. @throws UnreadableRequest */
  readonly read: (request: EventRequest) => Iterable<Read<Event>>;
}

/** The reference that a version of a model is compared with: names of features that come by their place only. */
export type FindReference = (namespace: string, model: string, version: string) => Reference | undefined;

export function headerOf(headers: EventRequest['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The type without its parameters, in lower case. */
export function contentType(headers: EventRequest['headers']): string {
  return (headerOf(headers, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
