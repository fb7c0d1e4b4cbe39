/** Identity of what we watch. One way to build a key and one way to read it back, so that no two parts disagree. */

declare const modelKeyBrand: unique symbol;
/** `namespace/name` of a model, server, pipeline or experiment. Neither part can hold a slash. */
export type EntityKey = string & { readonly [modelKeyBrand]: true };

export interface EntityId {
  readonly namespace: string;
  readonly name: string;
}

/** @throws RangeError when a part is empty or holds a slash: such a key could not be read back. */
export function entityKey(id: EntityId): EntityKey {
  if (!id.namespace || !id.name || id.namespace.includes('/') || id.name.includes('/')) {
    throw new RangeError(
      `identity needs a namespace and a name without "/": got ${JSON.stringify(id.namespace)} and ${JSON.stringify(id.name)}`
    );
  }
  return `${id.namespace}/${id.name}` as EntityKey;
}

export function parseEntityKey(key: EntityKey): EntityId {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
