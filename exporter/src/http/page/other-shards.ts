/** What the other shards say of their models, for the landing page. */
import { API_PATHS, decodeModelList, type ModelList, type ModelSummary } from '@modelwatch/contract';
import { askShards, type MissingShard } from '../api/together';
import type { Peers } from '../peers';

export interface OtherShards {
  readonly models: readonly ModelSummary[];
  readonly missing: readonly MissingShard[];
}

export const NO_OTHER_SHARDS: OtherShards = { models: [], missing: [] };

/** Never rejects: a shard that does not answer is one that is missing. */
export async function otherShards(peers: Peers | undefined, authorization: string | undefined): Promise<OtherShards> {
  if (!peers) return NO_OTHER_SHARDS;
  // Our own models are shown from their views.
  const own = (): ModelList => ({ items: [], partial: false, generatedAtSeconds: 0 });
  const asked = { query: new Map<string, string>(), path: {}, url: API_PATHS.models, authorization };
  const { answers, missing } = await askShards(peers, own, decodeModelList, asked);
  return { models: answers.flatMap(({ items }) => items), missing };
}
