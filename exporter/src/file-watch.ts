/**
 * Sees that files change, however it is done: written in place, replaced by another, or behind a link that is turned,
 * as Kubernetes does with the files of a ConfigMap or Secret (`..data`). Looking now and then is all that works on every
 * file system.
 */
import { statSync } from 'node:fs';

export interface FileWatch {
  stop(): void;
}

export const LOOK_EVERY_MS = 2_000;

/**
 * @param files that were read; asked again after each change. A file that is not there may appear
 * @param onChange called once a change is over, that is, when two looks in a row saw the same
 */
export function watchFiles(
  files: () => readonly string[],
  onChange: () => void,
  everyMs: number = LOOK_EVERY_MS
): FileWatch {
  const seen = new Map<string, { acted: string; last: string }>();

  /** Files that were read just now; what changes from here on is a change. */
  function begin(): void {
    const names = files();
    for (const name of [...seen.keys()]) if (!names.includes(name)) seen.delete(name);
    for (const name of names) {
      const print = fingerprint(name);
      if (!seen.has(name)) seen.set(name, { acted: print, last: print });
    }
  }

  function look(): void {
    let changed = false;
    for (const [name, known] of seen) {
      const print = fingerprint(name);
      if (print !== known.acted && print === known.last) {
        known.acted = print;
        changed = true;
      }
      known.last = print;
    }
    if (changed) onChange();
    begin();
  }

  begin();
  const timer = setInterval(look, everyMs).unref();
  return { stop: () => clearInterval(timer) };
}

function fingerprint(file: string): string {
  try {
    const { dev, ino, size, mtimeNs } = statSync(file, { bigint: true });
    return [dev, ino, size, mtimeNs].join(' ');
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
