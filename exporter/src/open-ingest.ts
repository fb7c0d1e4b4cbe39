/** Whether anybody may say what models did. */
import type { Config } from './config/schema';
import type { WebSettings } from './http/web/settings';
import type { Log } from './log/log';

const OWN_HOST = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** At the start: events are taken in by default, and what guards them is left to whoever runs the exporter. */
export function warnOfOpenIngest(
  { events, web }: Pick<Config, 'web'> & { readonly events: Pick<Config['events'], 'enabled'> },
  { users, tls }: Pick<WebSettings, 'users' | 'tls'>,
  log: Pick<Log, 'warn'>
): void {
  const isGuarded = users.size > 0 || tls?.clientAuth === 'require-and-verify';
  if (!events.enabled || isGuarded || OWN_HOST.test(web.listenAddress)) return;
  log.warn(
    { listenAddress: web.listenAddress },
    'Anybody who reaches the port may post events and delete them: web.configFile has no users; events.enabled: false takes none'
  );
}
