/**
 * The shape of a mapping: how a custom resource of others becomes models and servers of ours. A part of the configuration
 * schema, so its refusals are told in the same way; docs/custom-resources.md explains each key.
 */
import { z } from 'zod';
import { parsePath, PathError } from './path';
import { PatternError } from './pattern';
import { meaningProblem } from './states';
import { parseNumberField, parseTemplate } from './template';

/** A text that `parse` must be able to read; its message is what was expected. */
export function parsed(parse: (text: string) => unknown) {
  return z.string().superRefine((text, context) => {
    try {
      parse(text);
    } catch (error) {
      if (!(error instanceof PathError || error instanceof PatternError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });
}

/** Words that stand for no path of the object. */
export const READY_PODS = '@readyPods';

const path = parsed(parsePath);
const template = parsed(parseTemplate);
const numberField = parsed((text) => {
  if (parseNumberField(text).path.from === 'key') throw new PathError('a path to a number');
});
const availableField = parsed((text) => (text === READY_PODS ? undefined : parseNumberField(text)));
const meaning = z.string().superRefine((text, context) => {
  const expected = meaningProblem(text);
  if (expected !== undefined) context.addIssue({ code: 'custom', message: expected });
});
/** Of a value that nobody foresaw it must not follow that all is well. */
const meaningOfOthers = meaning.refine((text) => text !== 'ready', {
  error: 'any state but ready: a value that nobody foresaw proves nothing good',
});
/** As Kubernetes allows names of groups, versions and resources. */
const apiName = z
  .string()
  .max(253)
  .superRefine((text, context) => {
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text)) {
      context.addIssue({ code: 'custom', message: 'a name of small letters, digits, "-" and "."' });
    }
  });

const OWN_GROUPS: readonly string[] = ['apps', 'mlops.seldon.io', 'serving.kserve.io'];

const rule = z.strictObject({
  path,
  /** Value -> meaning. */
  values: z.record(z.string(), meaning),
  others: meaningOfOthers.optional(),
  detail: template.optional(),
});

const entity = {
  name: template.default('${metadata.name}'),
  runtime: template.optional(),
  version: template.optional(),
  owner: template.optional(),
  replicas: z.strictObject({ desired: numberField.optional(), available: availableField.optional() }).optional(),
  observedGeneration: path.optional(),
  state: z.array(rule).min(1),
};

export const mappingSchema = z
  .strictObject({
    name: apiName,
    group: apiName.refine((group) => !OWN_GROUPS.includes(group), {
      error: `a group of others: ${OWN_GROUPS.join(', ')} are read without a mapping`,
    }),
    versions: z.array(apiName).min(1),
    plural: apiName,
    kind: z.string().min(1).max(253),
    conditions: z.record(z.string(), z.enum(['good', 'bad'])).default({}),
    pods: z.strictObject({ labels: z.record(z.string(), template) }).optional(),
    server: z.strictObject(entity).optional(),
    models: z
      .strictObject({ ...entity, each: z.array(path).min(1).optional(), server: template.optional() })
      .optional(),
  })
  .refine(({ server, models }) => server !== undefined || models !== undefined, {
    path: ['models'],
    error: 'models or server: a mapping without either shows nothing',
  })
  .refine(({ pods }) => !pods || Object.values(pods.labels).some((text) => text.includes('${')), {
    path: ['pods', 'labels'],
    error: 'at least one label whose value has a path: else every object gets all the pods',
  });

/** All mappings of a configuration; two of one name, or of one kind, could not be told apart. */
export const mappingsSchema = z.array(mappingSchema).superRefine((mappings, context) => {
  mappings.forEach(({ name, plural, group }, index) => {
    const before = mappings.slice(0, index);
    if (before.some((other) => other.name === name)) {
      context.addIssue({ code: 'custom', path: [index, 'name'], message: 'a name that no other mapping has' });
    }
    if (before.some((other) => other.plural === plural && other.group === group)) {
      context.addIssue({ code: 'custom', path: [index, 'plural'], message: 'a kind that no other mapping reads' });
    }
  });
});

export type Mapping = z.infer<typeof mappingSchema>;
export type EntityMapping = NonNullable<Mapping['server']>;
export type ModelMapping = NonNullable<Mapping['models']>;
