/** Databases, queues and the like that models need, and how each is probed. */
import { DEPENDENCY_ROLES } from '@modelwatch/contract';
import { z } from 'zod';
import { expectationSchema } from '../mapping/module';
import { httpClient, oneWhoWeAre, tlsConfig } from './http-client';
import { name, urlWithoutSecrets } from './text';

/** More often would be load, and a name that is probed is one that somebody wrote down. */
const MIN_INTERVAL_SECONDS = 1;
const MOST = 500;

const http = z
  .strictObject({
    url: urlWithoutSecrets,
    status: z.array(z.number().int().min(100).max(599)).min(1).default([200]),
    /** Of the body, as modules have it. */
    expect: z.array(expectationSchema).max(20).default([]),
    ...httpClient,
  })
  .refine(oneWhoWeAre.test, oneWhoWeAre.refusal);

const tcp = z.strictObject({
  address: z.string().refine(isHostAndPort, {
    error: 'a host and a port from 1 to 65535, as in db.internal:5432 or [fd00::1]:5432',
  }),
  /** There, even empty: the connection is one of TLS, and the certificate must hold. */
  tlsConfig: tlsConfig.optional(),
});

const dependency = z
  .strictObject({
    name,
    namespace: name,
    role: z.enum(DEPENDENCY_ROLES).default('other'),
    http: http.optional(),
    tcp: tcp.optional(),
    /** Default: servers.probeIntervalSeconds. */
    intervalSeconds: z.number().min(MIN_INTERVAL_SECONDS).max(86_400).optional(),
    /** Default: servers.probeTimeoutSeconds, or the interval where that is shorter. */
    timeoutSeconds: z.number().positive().max(300).optional(),
    /** Models that need it; `*` in a name stands for anything. */
    of: z
      .array(z.strictObject({ namespace: z.string().min(1).max(253), model: z.string().min(1).max(253) }))
      .max(1_000)
      .default([]),
  })
  .refine((one) => (one.http === undefined) !== (one.tcp === undefined), { error: 'either http or tcp' });

export const dependenciesSchema = z
  .array(dependency)
  .max(MOST)
  .superRefine((all, context) => {
    all.forEach((one, index) => {
      if (all.slice(0, index).some((other) => other.namespace === one.namespace && other.name === one.name)) {
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: 'a name that no other dependency of the namespace has',
        });
      }
    });
  });

export type DependencyConfig = z.infer<typeof dependency>;

interface Times {
  readonly probeIntervalSeconds: number;
  readonly probeTimeoutSeconds: number;
}

/** With the times that hold where it names none. */
export function dependencyTimes(one: DependencyConfig, { probeIntervalSeconds, probeTimeoutSeconds }: Times) {
  const intervalSeconds = one.intervalSeconds ?? probeIntervalSeconds;
  const timeoutSeconds = one.timeoutSeconds ?? Math.min(probeTimeoutSeconds, intervalSeconds);
  return { intervalSeconds, timeoutSeconds };
}

function isHostAndPort(text: string): boolean {
  const port = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:/@[\]]{1,253}):(\d{1,5})$/.exec(text)?.[1];
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
}
