/** Versions that are told apart, so that their number is bounded. */

/** Of one model; the others are counted together. */
const LIVE_VERSIONS = 3;
export const OTHER_VERSIONS = 'other';
/** A version without an event for so long makes room for another. */
export const KEEP_VERSION_SECONDS = 86_400;

/** As what a version is counted beside those that are counted already. */
export function countedVersion(version: string, counted: Iterable<string>): string {
  let named = 0;
  for (const each of counted) {
    if (each === version) return version;
    if (each !== '' && each !== OTHER_VERSIONS) named += 1;
  }
  return version === '' || named < LIVE_VERSIONS ? version : OTHER_VERSIONS;
}
