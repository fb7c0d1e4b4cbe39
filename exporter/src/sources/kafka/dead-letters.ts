/** Records that cannot be read, one JSON object a line: whoever wrote them can be found, and they can be sent again. */
import { appendFile, rename, stat } from 'node:fs/promises';
import type { KafkaRecord } from './client';

export interface DeadLetters {
  /** Resolves when it is on disk. @throws Error when it cannot be */
  put(record: KafkaRecord, problem: string, nowSeconds: number): Promise<void>;
}

/**
 * When the file has half of `maxBytes` it becomes `<file>.1`, in place of the one before: the newest are kept. Only the
 * owner may read it, since the records are anybody's data.
 */
export function createDeadLetters(file: string, maxBytes: number): DeadLetters {
  const most = Math.floor(maxBytes / 2);
  let size: number | undefined;
  return {
    async put(record, problem, nowSeconds) {
      const line = lineOf(record, problem, nowSeconds, most);
      size ??= await sizeOf(file);
      if (size > 0 && size + line.length > most) {
        await rename(file, `${file}.1`);
        size = 0;
      }
      try {
        await appendFile(file, line, { mode: 0o600 });
        size += line.length;
      } catch (error) {
        size = undefined;
        throw error;
      }
    },
  };
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** Without the content where that would not fit. */
function lineOf(
  { topic, partition, offset, key, value, headers }: KafkaRecord,
  problem: string,
  nowSeconds: number,
  most: number
) {
  const about = {
    time: new Date(nowSeconds * 1_000).toISOString(),
    ...{ topic, partition, offset: Number(offset), problem },
    bytes: value?.length ?? 0,
  };
  const content = { headers, key: key?.toString('base64'), value: value?.toString('base64') };
  const whole = Buffer.from(`${JSON.stringify({ ...about, ...content })}\n`);
  return whole.length <= most ? whole : Buffer.from(`${JSON.stringify(about)}\n`);
}
