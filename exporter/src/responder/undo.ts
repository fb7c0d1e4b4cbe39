/** Takes back what a response changed, as its annotation tells; by a person, so no Lease and no policy is asked. */
import { ROLLED_BACK_KINDS, SCALED_KINDS, TRAFFIC_KINDS, type ChangedKind } from '@modelwatch/contract';
import type { Cluster } from './cluster';
import { markOf, patchOf, pathOf, type Figure, type Mark } from './patch';
import { shown, storageUri } from './rollback';
import { replicas } from './scale';
import { trafficOf } from './traffic';
import type { Target } from './types';

/** @returns what was done, in words. @throws Error with why it was not */
export async function undo(
  kind: ChangedKind,
  target: Pick<Target, 'namespace' | 'name'>,
  cluster: Cluster
): Promise<string> {
  const path = pathOf(kind, target);
  const title = `${kind} ${target.namespace}/${target.name}`;
  const live = await cluster.get(path);
  if (live.kind !== 'ok') throw new Error(live.kind === 'failed' ? live.outcome.text : live.text);
  const mark = markOf(live.object);
  const figure = mark && figureOf(kind, mark);
  if (!mark || !figure) {
    throw new Error(`${title}: expected the annotation of a response, got none: there is nothing to undo`);
  }
  const now = figure.read(live.object);
  if (now !== mark.after) {
    throw new Error(
      `${title}: expected ${shown(mark.after)} as ${figure.what}, as ${mark.policy} left it, got ${shown(now ?? 'none')}: somebody changed it since`
    );
  }
  const done = await cluster.patch(path, patchOf(live.object, figure, mark.before, undefined), false);
  if (done.kind === 'ok') {
    return `${title}: ${figure.what} from ${shown(mark.after)} back to ${shown(mark.before)}, as before ${mark.policy} (${mark.key})`;
  }
  throw new Error(done.kind === 'failed' ? done.outcome.text : done.text);
}

function figureOf(kind: ChangedKind, { traffic, before }: Mark): Figure | undefined {
  const rolledBack = ROLLED_BACK_KINDS.find((each) => each === kind);
  if (typeof before === 'string') return rolledBack && storageUri(rolledBack);
  const shifted = TRAFFIC_KINDS.find((each) => each === kind);
  if (traffic) return shifted && trafficOf(shifted, traffic.candidate);
  const scaled = SCALED_KINDS.find((each) => each === kind);
  return scaled && replicas(scaled);
}
