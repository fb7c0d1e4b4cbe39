/** Synthetic inference: a recorded request that a model must answer as it did. */
import { readFileSync, statSync } from 'node:fs';
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import { z } from 'zod';
import { parsePath, PathError } from '../mapping/path';
import { isGrpc } from '../mapping/server-url';
import { urlWithoutSecrets } from './text';

/** An answer every ten seconds is no load for any model; more often would be. */
const MIN_INTERVAL_SECONDS = 10;
const MAX_BODY_BYTES = 1_048_576;

const path = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    try {
      parsePath(text);
    } catch (error) {
      if (!(error instanceof PathError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });

const valueExpectation = z
  .strictObject({
    /** Into the JSON of the answer, e.g. `outputs[0].data[0]`. */
    path,
    equals: z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]).optional(),
    /** Of a number that must be equal. */
    tolerance: z.number().min(0).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    /** Entries of a list. */
    length: z.number().int().min(0).optional(),
  })
  .refine(({ equals, min, max, length }) => [equals, min, max, length].some((one) => one !== undefined), {
    error: 'one of equals, min, max or length: a path alone expects nothing',
  });

export const syntheticSchema = z
  .strictObject({
    namespace: z.string().min(1).max(253),
    model: z.string().min(1).max(253),
    /** Tells several of one model apart. */
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'up to 63 of a-z, 0-9, _ and -')
      .default('default'),
    intervalSeconds: z.number().min(MIN_INTERVAL_SECONDS).max(86_400).default(60),
    timeoutSeconds: z.number().positive().max(300).default(5),
    request: z
      .strictObject({
        /** Below the address of a replica; {model} is the model as its server calls it. */
        path: z.string().startsWith('/').default('/v2/models/{model}/infer'),
        /** In place of a replica: where users ask, e.g. the ingress. */
        url: urlWithoutSecrets.optional(),
        headers: z
          .record(
            z.string().regex(/^[A-Za-z0-9-]+$/),
            z
              .string()
              .max(4_096)
              .regex(/^[\t\x20-\x7e]*$/, 'printable ASCII')
          )
          .default({}),
        body: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()), z.string()]).optional(),
        bodyFile: z.string().min(1).optional(),
      })
      .refine(({ body, bodyFile }) => (body === undefined) !== (bodyFile === undefined), {
        error: 'either body or bodyFile',
      }),
    expect: z
      .strictObject({
        status: z.array(z.number().int().min(100).max(599)).min(1).default([200]),
        values: z.array(valueExpectation).max(20).default([]),
      })
      .prefault({}),
  })
  .refine(({ intervalSeconds, timeoutSeconds }) => timeoutSeconds <= intervalSeconds, {
    path: ['timeoutSeconds'],
    error: 'at most intervalSeconds: one request at a time',
  });

export type SyntheticConfig = z.infer<typeof syntheticSchema>;

/** A declared server, as far as recorded requests need it. */
interface Server {
  readonly name: string;
  readonly url: string;
  readonly models: readonly { readonly name: string }[];
}

/** Why the request cannot be sent to the servers that should have the model: it is one of HTTP. Nothing where it can. */
export function unsendable(
  { namespace, model, request }: Pick<SyntheticConfig, 'namespace' | 'model' | 'request'>,
  servers: readonly Server[]
): string | undefined {
  if (namespace !== STANDALONE_NAMESPACE || request.url !== undefined) return undefined;
  const having = servers.filter(({ models }) => models.some(({ name }) => name === model));
  if (having.length === 0 || !having.every(({ url }) => isGrpc(url))) return undefined;
  const names = having.map(({ name }) => name).join(', ');
  return `a model on a server with an http:// or https:// URL, or request.url: requests are not sent over gRPC, which is all that ${names} has`;
}

/** Fills in the bodies that stand in files of their own; a file that cannot be read is a problem. */
export function withBodies(all: readonly SyntheticConfig[], problems: string[]): SyntheticConfig[] {
  return all.map((one, index) => {
    const { bodyFile, ...request } = one.request;
    if (bodyFile === undefined) return one;
    const place = `servers.synthetic[${index}].request.bodyFile`;
    try {
      const { size } = statSync(bodyFile);
      if (size > MAX_BODY_BYTES) {
        problems.push(`${place}: expected at most ${MAX_BODY_BYTES} bytes, got ${size} in ${bodyFile}`);
        return one;
      }
      return { ...one, request: { ...request, body: readFileSync(bodyFile, 'utf8') } };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'an error';
      problems.push(`${place}: expected a file that can be read, got ${code} from ${bodyFile}`);
      return one;
    }
  });
}
