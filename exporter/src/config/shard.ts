import type { Config } from './schema';

type Place = Pick<Config, 'totalShards'> & { readonly shard: number };

/**
 * Which shard this exporter is: as configured, else the ordinal that a StatefulSet puts at the end of the names of its pods.
 *
 * @throws Error with what to set, when neither tells.
 */
export function placeOf({ shard, totalShards }: Pick<Config, 'shard' | 'totalShards'>, hostname: string): Place {
  if (shard !== undefined || totalShards === 1) return { shard: shard ?? 0, totalShards };
  const told = /-(\d{1,9})$/.exec(hostname.split('.')[0] ?? '')?.[1];
  if (told === undefined) {
    throw new Error(
      `shard: expected a number from 0 to ${totalShards - 1}, or a host name that ends in one, got host name ${JSON.stringify(hostname)}; set --shard or MODELWATCH_SHARD`
    );
  }
  if (Number(told) >= totalShards) {
    throw new Error(
      `totalShards: expected more than ${told}, the number at the end of the host name ${JSON.stringify(hostname)}, got ${totalShards}`
    );
  }
  return { shard: Number(told), totalShards };
}
