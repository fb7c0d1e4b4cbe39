/** Who answers at an endpoint. An address stays while what is behind it is replaced by another server or version. */
import type { ProbeResult } from './observation';

export type ServerIdentity = Pick<ProbeResult, 'kind' | 'serverName' | 'serverVersion'>;

/** Who answered; nothing when the probe failed, which says nothing of it. */
export function identityOf(result: ProbeResult): ServerIdentity | undefined {
  return result.up && !result.error ? result : undefined;
}

/**
 * Whether another server answers than before. One that does not say its name this time, or says it for the first time, is
 * no other: while a server starts, its metadata may be missing.
 */
export function isAnother(before: ServerIdentity, now: ServerIdentity): boolean {
  if (before.serverName === undefined && now.serverName === undefined) return before.kind !== now.kind;
  if (before.serverName === undefined || now.serverName === undefined) return false;
  if (before.serverName !== now.serverName) return true;
  const versions = [before.serverVersion, now.serverVersion];
  return !versions.includes(undefined) && before.serverVersion !== now.serverVersion;
}

/** The better known of the two: what a server said of itself stays when it says less. */
export function identityAfter(before: ServerIdentity | undefined, now: ServerIdentity): ServerIdentity {
  const { kind, serverName, serverVersion } = now;
  if (before && serverName === undefined && before.serverName !== undefined) return before;
  return {
    kind,
    ...(serverName === undefined ? {} : { serverName }),
    ...(serverVersion === undefined ? {} : { serverVersion }),
  };
}
