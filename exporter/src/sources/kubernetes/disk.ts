/** Secrets in files. */
import { readFile } from 'node:fs/promises';
import { ApiError } from './errors';

/** What the file holds, without the space around it. @throws ApiError with reason `credentials`, naming the file */
export async function readSecret(file: string, what: string): Promise<string> {
  let content: string;
  try {
    content = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ApiError('credentials', `${what} file ${file}: expected a readable file, got ${code}`);
  }
  if (content === '') throw new ApiError('credentials', `${what} file ${file}: expected a ${what}, the file is empty`);
  return content;
}
