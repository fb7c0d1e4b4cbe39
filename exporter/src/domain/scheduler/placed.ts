/** Descriptions of models and servers of Seldon with what their scheduler says, while one is heard. */
import { defined, joined, type Described, type ModelFields, type ServerFields } from '../described';
import type { Given } from '../given';
import { parseRefId, refId, type RefId } from '../ref';
import { modelWith } from './merge';
import { podsByIndex } from './replicas';

export function placedModel(
  described: Described<ModelFields>,
  id: RefId,
  { world, scheduler }: Pick<Given, 'world' | 'scheduler'>
): Described<ModelFields> {
  const { namespace, name } = parseRefId(id);
  const word = scheduler.model(namespace, name);
  if (!word) return described;
  const { server } = word;
  if (server === undefined) return modelWith(described, word, () => undefined);
  const pods = world.podsOf(refId('seldon', namespace, server)).map(({ meta }) => meta.name);
  const named = podsByIndex(server, pods);
  return modelWith(described, word, (index) => named.get(index));
}

export function connectedServer(
  described: Described<ServerFields>,
  id: RefId,
  { scheduler }: Pick<Given, 'scheduler'>
): Described<ServerFields> {
  const { namespace, name } = parseRefId(id);
  const connected = defined({ connectedReplicas: scheduler.server(namespace, name)?.connectedReplicas });
  return joined(described, { fields: joined(described.fields, connected) });
}
