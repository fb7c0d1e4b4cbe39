import type { Snapshot } from './domain/fleet-interface';
import type { Log } from './log/log';

/** One line when a source fails or falls silent, one when it is well again: the log is where one looks first. */
export function createSourceLog(log: Pick<Log, 'info' | 'warn'>): (sources: Snapshot['sources']) => void {
  const unwell = new Set<string>();
  const unmatched = new Set<string>();
  return (sources) => {
    for (const { source, state, message, unmatchedPaths } of sources) {
      // Once: the log names the paths, the metric shows whether they are still open.
      if (state === 'synced' && unmatchedPaths?.length && !unmatched.has(source)) {
        unmatched.add(source);
        log.warn({ source, paths: unmatchedPaths }, 'Paths of a mapping lead nowhere in any object');
      }
      const bad = state === 'failing' || state === 'silent';
      if (bad === unwell.has(source)) continue;
      if (bad) {
        unwell.add(source);
        log.warn({ source, state, problem: message }, 'A source does not deliver');
      } else {
        unwell.delete(source);
        log.info({ source, state }, 'A source delivers again');
      }
    }
  };
}
