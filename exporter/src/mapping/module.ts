/**
 * The shape of a module: how a model server that we do not know is asked, and what its answers and metrics mean. A part
 * of the configuration schema, so its refusals are told in the same way; docs/add-a-server.md explains each key.
 */
import { ENDPOINT_MODEL_STATES } from '@modelwatch/contract';
import { z } from 'zod';
import { metricsSchema } from './module-metrics';
import { parsePath } from './path';
import { parsePattern } from './pattern';
import { parsed } from './schema';
import { parseTemplate } from './template';

const path = parsed(parsePath);
const template = parsed(parseTemplate);
const pattern = parsed(parsePattern);

/** Below the address of the server: a module must not lead anywhere else. */
const urlPath = z
  .string()
  .max(500)
  .refine((text) => /^\/(?!\/)[^\s#\\]*$/.test(text), { error: 'a path that begins with one "/", as in /health' });

const scalar = z.unknown().refine((value) => ['string', 'number', 'boolean'].includes(typeof value), {
  error: 'a text, a number, true or false',
});

const EXPECTED = ['equals', 'in', 'matches'] as const;

/** Of the whole body, or of what a path in it leads to. */
export const expectationSchema = z
  .strictObject({
    path: path.optional(),
    equals: scalar.optional(),
    in: z.array(scalar).min(1).optional(),
    matches: pattern.optional(),
  })
  .refine((given) => EXPECTED.filter((key) => given[key] !== undefined).length === 1, {
    error: 'exactly one of equals, in and matches',
  });

const request = {
  method: z.enum(['GET', 'POST']).default('GET'),
  path: urlPath,
  /** Sent as JSON. */
  body: z.string().max(65_536).optional(),
};
const question = z.strictObject({
  ...request,
  status: z.array(z.number().int().min(100).max(599)).min(1).default([200]),
  expect: z.array(expectationSchema).default([]),
});

/** With `grpcHealth` nothing else is asked of the server, and pods are asked over HTTP. */
const OVER_HTTP = ['ready', 'identity', 'models', 'match'] as const;

const moduleFields = z.strictObject({
  name: z
    .string()
    .max(63)
    .superRefine((text, context) => {
      if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)) {
        context.addIssue({ code: 'custom', message: 'a name of small letters, digits and "-"' });
      }
    }),
  /** Pods that are of this kind without saying so. */
  match: z
    .strictObject({
      image: pattern.optional(),
      container: pattern.optional(),
      labels: z.record(z.string().min(1), z.string()).optional(),
    })
    .refine((match) => Object.values(match).some((value) => value !== undefined), {
      error: 'at least one of image, container and labels: else every pod fits',
    })
    .optional(),
  /** Of a pod whose container names no port. */
  port: z.number().int().min(1).max(65_535).default(8080),
  health: question.optional(),
  /**
   * In place of `health`, for servers that listen on gRPC: its standard health service, as the probes of Kubernetes and
   * blackbox_exporter ask it (grpc.health.v1, method Check). An empty name is the server as a whole.
   */
  grpcHealth: z.strictObject({ service: z.string().max(253).default('') }).optional(),
  /** Absent: who is healthy is ready. */
  ready: question.optional(),
  identity: z
    .strictObject({ ...request, path: urlPath.optional(), name: template.optional(), version: template.optional() })
    .optional(),
  /** Absent: the server has the models that it should have, and they are as ready as it is. */
  models: z
    .strictObject({
      ...request,
      each: path.optional(),
      name: template,
      version: template.optional(),
      reason: template.optional(),
      state: path.optional(),
      states: z.record(z.string(), z.enum(ENDPOINT_MODEL_STATES)).optional(),
    })
    .refine(({ state, states }) => (state === undefined) === (states === undefined), {
      path: ['states'],
      error: 'state and states together: where the word is, and what each word means',
    })
    .optional(),
  metrics: metricsSchema.optional(),
});

export const moduleSchema = moduleFields.superRefine((module, context) => {
  if ((module.health === undefined) === (module.grpcHealth === undefined)) {
    context.addIssue({
      code: 'custom',
      path: ['health'],
      message: 'either health, or grpcHealth for a server on gRPC',
    });
  }
  if (!module.grpcHealth) return;
  for (const key of OVER_HTTP.filter((each) => module[each] !== undefined)) {
    context.addIssue({ code: 'custom', path: [key], message: 'nothing beside grpcHealth: it is for HTTP' });
  }
});

/** All modules of a configuration; two of one name could not be told apart. */
export const modulesSchema = z.array(moduleSchema).superRefine((modules, context) => {
  modules.forEach(({ name }, index) => {
    if (modules.slice(0, index).some((other) => other.name === name)) {
      context.addIssue({ code: 'custom', path: [index, 'name'], message: 'a name that no other module has' });
    }
  });
});

export type Module = z.infer<typeof moduleSchema>;
export type Question = z.infer<typeof question>;
export type Expectation = z.infer<typeof expectationSchema>;
