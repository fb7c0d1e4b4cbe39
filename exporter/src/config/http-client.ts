/** How a server is reached that wants more than an address, as `http_client_config` of Prometheus has it. */
import { z } from 'zod';

const file = z.string().min(1);

/** What HTTP itself, or another key, says. */
const RESERVED = /^(authorization|host|content-.*|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect)$/i;

export const tlsConfig = z
  .strictObject({
    caFile: file.optional(),
    certFile: file.optional(),
    keyFile: file.optional(),
    /** Name that the certificate must hold, where it is not the one in the address. */
    serverName: z.string().min(1).max(253).optional(),
    /** The certificate is not looked at: anyone on the way can answer in place of the server, and read what is sent. */
    insecureSkipVerify: z.boolean().default(false),
  })
  .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
    path: ['keyFile'],
    error: 'certFile and keyFile together',
  });

export const httpClient = {
  tlsConfig: tlsConfig.optional(),
  basicAuth: z
    .strictObject({
      username: z
        .string()
        .min(1)
        .max(253)
        .regex(/^[^:]+$/, 'must not hold ":"'),
      passwordFile: file,
    })
    .optional(),
  authorization: z
    .strictObject({
      type: z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9-]*$/)
        .refine((type) => type.toLowerCase() !== 'basic', 'another type than Basic, which is basicAuth')
        .default('Bearer'),
      credentialsFile: file,
    })
    .optional(),
  /** Further headers, by name; the values are what the files hold. */
  httpHeaders: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z0-9-]{1,100}$/)
        .refine((name) => !RESERVED.test(name), 'a header that no other key and not HTTP itself sets'),
      z.strictObject({ files: z.array(file).min(1).max(10) })
    )
    .optional(),
};

/** For a refine of the object that holds the keys. */
export const oneWhoWeAre = {
  test: ({ basicAuth, authorization }: { basicAuth?: unknown; authorization?: unknown }) =>
    basicAuth === undefined || authorization === undefined,
  refusal: { path: ['authorization'], error: 'basicAuth or authorization, not both' },
};
