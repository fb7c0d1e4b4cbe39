/** Which exporter a command speaks with, and as whom. */
import { single, UsageError, type Flags } from './arguments';

const DEFAULT_URL = 'http://localhost:8780';
export const PASSWORD_ENV = 'MODELWATCH_PASSWORD';

/** Of the flags `url` and `user`. @throws UsageError */
export function exporterOf(flags: Flags, env: NodeJS.ProcessEnv) {
  const url = (single(flags, 'url') ?? DEFAULT_URL).replace(/\/+$/, '');
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new UsageError(`--url: expected an http:// or https:// URL, got ${JSON.stringify(url)}`);
  }
  return { url, headers: login(single(flags, 'user'), env) };
}

/** The password comes from the environment alone: flags are in the list of processes, for all to read. */
export function login(user: string | undefined, env: NodeJS.ProcessEnv): Record<string, string> {
  if (user === undefined) return {};
  const password = env[PASSWORD_ENV];
  if (!password) throw new UsageError(`--user: expected the password in ${PASSWORD_ENV}, it is not set`);
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
