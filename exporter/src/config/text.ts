/** Names and addresses as several sections of the configuration have them. */
import { isIP } from 'node:net';
import { z } from 'zod';

/** Names become label values and API paths: no slash, no control characters. */
export const name = z
  .string()
  .min(1)
  .max(253)
  // eslint-disable-next-line no-control-regex -- refusing control characters is the point
  .regex(/^[^/\u0000-\u001f]+$/, 'must not hold "/" or control characters');

const HOST_NAME = /^(?![\d.]+$)(?!.*\.\.)[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})$/;

const LISTENABLE = 'an IP address or the name of a host, without a port';

/** What a socket can listen on; its port has a key of its own. */
export const listenAddress = z
  .string()
  .refine((text) => isIP(text) !== 0 || HOST_NAME.test(text), { error: LISTENABLE })
  .meta({ expected: LISTENABLE });

export const url = z.url({ protocol: /^https?$/ });

/** Addresses are shown. For a refine of an address. */
export const withoutSecrets = [
  (text: string) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '',
  'an address without user and password, which are basicAuth',
] as const;

export const urlWithoutSecrets = url.refine(...withoutSecrets);
