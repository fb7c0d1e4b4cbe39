/** What a policy of the responder does: one shape for all types, so that each refusal names its key. */
import {
  RESPONDER_KINDS,
  RESPONSE_ACTIONS,
  CREATED_KINDS,
  ROLLED_BACK_KINDS,
  SCALED_KINDS,
  TRAFFIC_KINDS,
  type ResponseAction,
} from '@modelwatch/contract';
import { z } from 'zod';
import { TARGET_LABELS } from '../responder/decide';
import { unknownPlaceholders } from '../responder/evidence';
import type { Action } from '../responder/types';
import { urlWithoutSecrets } from './text';

const objectName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/)
  .meta({ expected: 'the name of an object of Kubernetes' });

const shape = z.strictObject({
  type: z.enum(RESPONSE_ACTIONS),
  kind: z.enum(RESPONDER_KINDS).optional(),
  /** Of the object, where no label of the alert has it. */
  name: objectName.optional(),
  /** The label of the alert that holds the name of the object. */
  nameLabel: z.enum(TARGET_LABELS).optional(),
  candidate: objectName.optional(),
  step: z.number().int().min(-100).max(100).optional(),
  to: z.number().int().min(0).max(10_000).optional(),
  min: z.number().int().min(0).max(10_000).optional(),
  max: z.number().int().min(0).max(10_000).optional(),
  maxStep: z.number().int().min(1).max(10_000).optional(),
  templateFile: z.string().min(1).optional(),
  url: urlWithoutSecrets.optional(),
  tokenFile: z.string().min(1).optional(),
  timeoutSeconds: z.number().int().min(1).max(30).optional(),
  body: z.record(z.string(), z.unknown()).optional(),
});
type Given = z.infer<typeof shape>;
type Problem = readonly [key: keyof Given, expected: string];

const KEYS: Readonly<Record<ResponseAction, readonly (keyof Given)[]>> = {
  scale: ['kind', 'nameLabel', 'step', 'to', 'min', 'max', 'maxStep'],
  traffic: ['kind', 'name', 'nameLabel', 'candidate', 'to', 'maxStep'],
  rollback: ['kind', 'nameLabel'],
  job: ['kind', 'templateFile'],
  call: ['url', 'tokenFile', 'timeoutSeconds', 'body'],
};
const PROBLEMS: Readonly<Record<ResponseAction, (given: Given) => Problem[]>> = {
  scale: scaleProblems,
  traffic: trafficProblems,
  rollback: (given) => kindProblems(ROLLED_BACK_KINDS, given),
  job: jobProblems,
  call: callProblems,
};
const MAKE: Readonly<Record<ResponseAction, (given: Given) => Action>> = {
  scale: (given) => ({
    type: 'scale',
    kind: oneOf(SCALED_KINDS, given.kind) ?? 'Model',
    nameLabel: given.nameLabel ?? (given.kind === 'Server' ? 'server' : 'model'),
    ...{ step: given.step, to: given.to, min: given.min ?? 1, max: given.max ?? 1, maxStep: given.maxStep ?? 1 },
  }),
  traffic: (given) => ({
    type: 'traffic',
    kind: oneOf(TRAFFIC_KINDS, given.kind) ?? 'Experiment',
    nameLabel: given.nameLabel ?? (given.kind === 'InferenceService' ? 'model' : 'experiment'),
    // What goes wrong is to be stopped, not to go on in steps.
    ...{ name: given.name, candidate: given.candidate, to: given.to ?? 0, maxStep: given.maxStep ?? 10_000 },
  }),
  rollback: ({ kind, nameLabel }) => ({
    type: 'rollback',
    kind: oneOf(ROLLED_BACK_KINDS, kind) ?? 'Model',
    nameLabel: nameLabel ?? 'model',
  }),
  job: ({ kind, templateFile }) => ({
    type: 'job',
    kind: oneOf(CREATED_KINDS, kind) ?? 'Job',
    templateFile: templateFile ?? '',
  }),
  call: (given) => ({
    type: 'call',
    url: given.url ?? '',
    ...{ tokenFile: given.tokenFile, timeoutSeconds: given.timeoutSeconds ?? 10, body: given.body },
  }),
};

export const responderAction = shape
  .superRefine((given, context) => {
    const own: readonly string[] = KEYS[given.type];
    const alien = Object.keys(given).filter((key) => key !== 'type' && !own.includes(key));
    const problems = [
      ...alien.map((key) => [key, `none with type ${given.type}`] as const),
      ...PROBLEMS[given.type](given),
    ];
    for (const [key, message] of problems) context.addIssue({ code: 'custom', path: [key], message });
  })
  .transform((given): Action => MAKE[given.type](given));

export const unknownLabel = (name: string) => `the name of a label that may be used, which $${name} is not`;

function kindProblems(kinds: readonly string[], { type, kind }: Given): Problem[] {
  if (kind !== undefined && kinds.includes(kind)) return [];
  return [['kind', `one of ${kinds.join(', ')}, with type ${type}`]];
}

function scaleProblems(given: Given): Problem[] {
  const { kind, nameLabel, step, to, min = 1, max } = given;
  const problems = kindProblems(SCALED_KINDS, given);
  if (kind === 'HorizontalPodAutoscaler' && nameLabel === undefined) {
    problems.push(['nameLabel', `one of ${TARGET_LABELS.join(', ')}, with kind HorizontalPodAutoscaler`]);
  }
  if ((step === undefined) === (to === undefined)) problems.push(['step', 'a number here or in to, not both']);
  if (step === 0) problems.push(['step', 'a number other than 0']);
  if (max === undefined) problems.push(['max', 'the most that there may be, with type scale']);
  if (max !== undefined && max < min) problems.push(['max', `at least min, which is ${min}`]);
  return problems;
}

function trafficProblems(given: Given): Problem[] {
  const { kind, name, nameLabel, to = 0 } = given;
  const problems = kindProblems(TRAFFIC_KINDS, given);
  if (name !== undefined && nameLabel !== undefined) problems.push(['nameLabel', 'none beside name']);
  if (kind === 'InferenceService' && to > 99) problems.push(['to', 'at most 99 percent']);
  return problems;
}

function jobProblems(given: Given): Problem[] {
  const problems = kindProblems(CREATED_KINDS, given);
  if (given.templateFile === undefined) problems.push(['templateFile', 'a file with the template, with type job']);
  return problems;
}

function callProblems({ url, body = {} }: Given): Problem[] {
  const problems: Problem[] = unknownPlaceholders(JSON.stringify(body)).map((name) => ['body', unknownLabel(name)]);
  if (url === undefined) problems.push(['url', 'the address that is called, with type call']);
  return problems;
}

function oneOf<const Value extends string>(values: readonly Value[], value: string | undefined): Value | undefined {
  return values.find((each) => each === value);
}
