import type { Observation } from '../../domain/observation';
import { createSharding } from '../../domain/shards';
import { NO_TELEMETRY } from '../../domain/telemetry';
import { KINDS, type Kind } from './kinds';
import { createStore } from './store';

const kindOf = (plural: string): Kind => {
  const kind = KINDS.find((each) => each.plural === plural);
  if (!kind) throw new Error(`${plural}: no such kind`);
  return kind;
};

/** Of three shards, `payments` belongs to 0, `growth` to 1, `support` to 2. */
function storeOfShard(shard: number, plural = 'models') {
  const told: string[] = [];
  const drops: string[] = [];
  let foreign = 0;
  const store = createStore(
    kindOf(plural),
    (observation: Observation) => {
      if (observation.kind === 'resource-applied') told.push(`+${observation.resource.meta.namespace}`);
      if (observation.kind === 'resource-deleted') told.push(`-${observation.namespace}`);
    },
    {
      ...NO_TELEMETRY,
      foreign: () => void (foreign += 1),
      dropped: (_, reason) => void drops.push(reason),
    },
    createSharding({ shard, totalShards: 3 })
  );
  return { view: store.view('v1'), store, told, drops, foreign: () => foreign };
}

const object = (namespace: string, part: object = {}) => ({
  metadata: { namespace, name: 'm', uid: namespace, resourceVersion: '1' },
  spec: { storageUri: 'gs://m' },
  ...part,
});

describe('the store of one shard', () => {
  it('tells what it owns, and counts the rest apart from what is wrong', () => {
    const { view, store, told, drops, foreign } = storeOfShard(1);
    for (const namespace of ['payments', 'growth', 'support']) view.applied(object(namespace));
    // Foreign objects are not even looked at.
    view.applied(object('support', { spec: 'broken' }));
    view.deleted(object('payments'));
    view.deleted(object('growth'));
    expect(told).toEqual(['+growth', '-growth']);
    expect(foreign()).toBe(4);
    expect(drops).toEqual([]);
    expect(store.size).toBe(0);
  });

  it('drops what has no readable namespace, as everybody does', () => {
    const { view, told, drops, foreign } = storeOfShard(1);
    view.applied({ metadata: { name: 'm' } });
    view.applied('nothing');
    expect([told, foreign()]).toEqual([[], 0]);
    expect(drops).toHaveLength(2);
  });

  it('keeps what has no namespace: every shard needs it', () => {
    const { view, told } = storeOfShard(2, 'clusterservingruntimes');
    view.applied({ metadata: { name: 'mlserver', uid: 'u', resourceVersion: '1' }, spec: { containers: [] } });
    expect(told).toHaveLength(1);
  });
});
