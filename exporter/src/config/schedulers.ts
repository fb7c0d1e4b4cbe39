/** Schedulers of Seldon Core 2, and how each is reached. */
import { z } from 'zod';
import { isGrpc, isServerUrl } from '../mapping/server-url';
import { tlsConfig } from './http-client';
import { name, withoutSecrets } from './text';

const URL_EXPECTATION = 'grpc://host:port, or grpcs://host:port for TLS';

const scheduler = z.strictObject({
  /** Of the SeldonRuntime that it belongs to: of other namespaces it has nothing to say. */
  namespace: name,
  url: z
    .string(URL_EXPECTATION)
    .meta({ expected: URL_EXPECTATION })
    .refine((text) => isServerUrl(text) && isGrpc(text), { error: URL_EXPECTATION, abort: true })
    .refine(...withoutSecrets),
  tlsConfig: tlsConfig.optional(),
  /** Between two pings, after which the connection counts as broken when they are not answered. */
  checkIntervalSeconds: z.number().min(1).max(3_600).default(65),
});

export const schedulersSchema = z
  .array(scheduler)
  .max(500)
  .superRefine((all, context) => {
    all.forEach(({ namespace, url, tlsConfig: tls }, index) => {
      const refuse = (key: string, message: string) =>
        context.addIssue({ code: 'custom', path: [index, key], message });
      if (all.slice(0, index).some((other) => other.namespace === namespace)) {
        refuse('namespace', 'a namespace that no other scheduler has: there is one for each SeldonRuntime');
      }
      if (tls && !/^grpcs:/i.test(url)) refuse('tlsConfig', 'none with grpc://, which is without TLS');
    });
  });
