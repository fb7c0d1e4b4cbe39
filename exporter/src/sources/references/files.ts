/** References in files, read again when one changes. */
import { readFileSync, statSync } from 'node:fs';
import { watchFiles } from '../../file-watch';
import { MAX_REFERENCE_BYTES } from './document';

/** What was found at a place. */
export type Found = { readonly text: string } | { readonly problem: string };

/** @param told called at once with what is in each file, and again with each that changed. A missing one may appear */
export function watchReferenceFiles(
  files: readonly string[],
  told: (file: string, found: Found) => void,
  lookEveryMs?: number
): { stop(): void } {
  const read = (file: string) => told(file, readText(file));
  files.forEach(read);
  const watches = files.map((file) =>
    watchFiles(
      () => [file],
      () => read(file),
      lookEveryMs
    )
  );
  return { stop: () => watches.forEach((watch) => watch.stop()) };
}

/** A file of at most so many bytes, or in words why there is none. */
export function readText(file: string): Found {
  try {
    const { size } = statSync(file);
    if (size > MAX_REFERENCE_BYTES) return { problem: `expected at most ${MAX_REFERENCE_BYTES} bytes, got ${size}` };
    return { text: readFileSync(file, 'utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'an error';
    return { problem: `expected a file that can be read, got ${code === 'ENOENT' ? 'no such file' : code}` };
  }
}
