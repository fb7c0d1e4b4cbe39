/** The web configuration that is in force, and what becomes of it when its file changes. */
import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from './config/refusals';
import { readWebFile } from './config/web-file';
import type { SelfMetrics } from './http/self-metrics';
import { createRateLimit, type RateLimit } from './http/web/rate-limit';
import { OPEN_WEB, type WebSettings } from './http/web/settings';
import type { Log } from './log/log';

export interface Web {
  readonly settings: () => WebSettings;
  readonly rateLimit: () => RateLimit | undefined;
  /** Files whose change calls for `reload`. */
  readonly files: () => readonly string[];
  /**
   * Reads this file from now on. A refused one leaves what was there in force.
   * @returns what was wrong with it
   */
  reload(file: string | undefined): readonly string[];
  /** Reads the same file again. */
  again(): void;
}

interface Deps {
  readonly metrics: Pick<SelfMetrics, 'config' | 'web'>;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  readonly nowSeconds: () => number;
  /** Called with each that comes into force after the first. */
  readonly onChange: (settings: WebSettings) => void;
}

/** @throws ConfigError when the first file is refused */
export function createWeb(file: string | undefined, { metrics, log, nowSeconds, onChange }: Deps): Web {
  let files: readonly string[] = [];
  let settings = OPEN_WEB;
  let rateLimit: RateLimit | undefined;

  /** @returns whether anything is different */
  function take(path: string | undefined): boolean {
    const read = path === undefined ? undefined : readWebFile(path);
    const next: WebSettings = read ?? OPEN_WEB;
    const lost = protectionLost(settings, next);
    if (lost) throw new ConfigError([`${path ?? 'web.configFile'}: expected ${lost}`]);
    const changed = !isDeepStrictEqual(next, settings);
    const sameRate = JSON.stringify(next.rateLimit) === JSON.stringify(settings.rateLimit);
    if (!sameRate) rateLimit = next.rateLimit && createRateLimit(next.rateLimit.intervalSeconds, next.rateLimit.burst);
    settings = next;
    files = read?.files ?? [];
    if (!changed) return false;
    metrics.web.certificateExpires(settings.tls?.expiresAtSeconds);
    if (settings.users.size > 0 && !settings.tls) {
      log.warn('Passwords cross the network in the clear: basic_auth_users without tls_server_config');
    }
    return true;
  }

  let current = file;
  take(file);
  if (file !== undefined) metrics.config.started('web', nowSeconds());
  function reload(path: string | undefined): readonly string[] {
    if (path === undefined && settings === OPEN_WEB) return [];
    let changed: boolean;
    try {
      changed = take(path);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      files = [...new Set([...files, ...error.files])];
      metrics.config.reloaded('web', false, nowSeconds());
      log.error({ problems: error.problems }, 'The web configuration was refused; the one before is in force');
      return error.problems;
    }
    current = path;
    metrics.config.reloaded('web', true, nowSeconds());
    if (!changed) return [];
    log.info({ tls: settings.tls !== undefined, users: settings.users.size }, 'The web configuration was read again');
    onChange(settings);
    return [];
  }

  return {
    settings: () => settings,
    rateLimit: () => rateLimit,
    files: () => files,
    reload,
    again: () => void reload(current),
  };
}

/** A file that is cut off in the middle must not open what was closed: that takes a restart, on purpose. */
function protectionLost(before: WebSettings, after: WebSettings): string | undefined {
  if (before.tls && !after.tls) return 'tls_server_config as before, got none: TLS can be taken away by a restart only';
  if (before.tls && before.tls.clientAuth !== 'none' && after.tls?.clientAuth === 'none') {
    return 'client_auth_type as before, got NoClientCert: it can be taken away by a restart only';
  }
  if (before.users.size > 0 && after.users.size === 0) {
    return 'basic_auth_users as before, got none: the last user can be taken away by a restart only';
  }
  return undefined;
}
