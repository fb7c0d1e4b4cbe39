/** An ordered store of texts on disk. It is closed when it fails: what is on disk then is what was written before. */
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JoinStoreError } from '@modelwatch/contract';

export type Change =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** Of keys: the first is in it, the end is not. */
export interface KeyRange {
  readonly from: string;
  readonly before: string;
}

export interface Store {
  /** In the order of the keys; undefined for one that is not there. */
  read(keys: readonly string[]): Promise<(string | undefined)[]>;
  /** All or nothing. Resolves when the operating system has it, which outlives this process. */
  write(changes: readonly Change[]): Promise<void>;
  keys(range: KeyRange, atMost: number): Promise<string[]>;
  entries(range: KeyRange): AsyncIterable<[string, string]>;
  close(): Promise<void>;
}

/** A store that cannot be used, and why; `message` names the directory and what would help. */
export class StoreError extends Error {
  constructor(
    readonly reason: JoinStoreError,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}

/** Below the directory that was configured, so that nobody's files are in the way. */
export type StoreName = 'open-predictions' | 'outbox';

/** Whether it was ever opened. */
export function hasStore(directory: string, name: StoreName): Promise<boolean> {
  return access(join(directory, name)).then(
    () => true,
    () => false
  );
}

/** @throws StoreError */
export async function openStore(directory: string, name: StoreName = 'open-predictions'): Promise<Store> {
  const path = join(directory, name);
  const failed = (error: unknown): never => {
    throw storeError(error, directory);
  };
  // Only here: an exporter without joins does without a native module.
  const { ClassicLevel } = await import('classic-level').catch(failed);
  const db = new ClassicLevel<string, string>(path, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
  await mkdir(path, { recursive: true }).catch(failed);
  await db.open().catch(failed);
  return {
    read: (keys) => db.getMany([...keys]).catch(failed),
    write: (changes) => db.batch([...changes]).catch(failed),
    keys: ({ from, before }, atMost) => db.keys({ gte: from, lt: before, limit: atMost }).all().catch(failed),
    entries: ({ from, before }) => db.iterator({ gte: from, lt: before }),
    close: () => db.close(),
  };
}

function storeError(error: unknown, directory: string): StoreError {
  const texts = messages(error);
  const text = texts.join(': ');
  const reason = reasonOf(text);
  return new StoreError(reason, `${directory}: ${EXPECTED[reason]}, got: ${texts.at(-1) ?? 'no reason'}`, {
    cause: error,
  });
}

const EXPECTED: Readonly<Record<JoinStoreError, string>> = {
  disk_full: 'expected room on the disk',
  locked: 'expected a directory that no other process has open',
  no_access: 'expected a directory that can be read and written',
  corrupt: 'expected open predictions as they were written; delete the directory to begin anew',
  other: 'expected a directory on a disk of this machine',
};

/** LevelDB has no codes for what the system said; its texts are those of strerror. */
function reasonOf(text: string): JoinStoreError {
  if (/no space left|ENOSPC|disk quota|EDQUOT/i.test(text)) return 'disk_full';
  if (/LEVEL_LOCKED/.test(text)) return 'locked';
  if (/permission denied|EACCES|EPERM|read-only|EROFS|not a directory|ENOTDIR|EEXIST|is a directory/i.test(text))
    return 'no_access';
  if (/corrupt|bad magic|does not exist|missing files|checksum/i.test(text)) return 'corrupt';
  return 'other';
}

/** By shape: errors of a native module are not always of our own class Error. */
function messages(error: unknown): string[] {
  const texts: string[] = [];
  for (let at = error as ErrorShape | undefined; typeof at?.message === 'string'; at = at.cause) {
    texts.push(at.code === undefined ? at.message : `${String(at.code)} ${at.message}`);
  }
  return texts;
}

interface ErrorShape {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: ErrorShape;
}
