import { configSchema } from './config/schema';
import type { WebSettings } from './http/web/settings';
import { OPEN_WEB } from './http/web/settings';
import { warnOfOpenIngest } from './open-ingest';

const CERTIFIED = { clientAuth: 'require-and-verify' } as WebSettings['tls'];
const ANY = { clientAuth: 'require-any' } as WebSettings['tls'];

test.each([
  ['by default', {}, OPEN_WEB, 1],
  ['on one address', { web: { listenAddress: '10.0.0.7' } }, OPEN_WEB, 1],
  ['with a certificate that anybody may make', {}, { ...OPEN_WEB, tls: ANY }, 1],
  ['with users', {}, { ...OPEN_WEB, users: new Map([['prometheus', 'hash']]) }, 0],
  ['with certificates of ours', {}, { ...OPEN_WEB, tls: CERTIFIED }, 0],
  ['for this machine', { web: { listenAddress: '127.0.0.1' } }, OPEN_WEB, 0],
  ['without events', { events: { enabled: false } }, OPEN_WEB, 0],
])('%s it is said that anybody may post: %#', (_, config, settings, times) => {
  const warn = jest.fn();
  warnOfOpenIngest(configSchema.parse(config), settings, { warn });
  expect(warn).toHaveBeenCalledTimes(times);
});
