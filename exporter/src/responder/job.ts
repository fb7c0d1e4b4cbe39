/**
 * `job`: a Job (batch/v1) or an Argo Workflow (argoproj.io/v1alpha1) from a template, whose name follows from the alert
 * and the policy, so that a second one is refused by the API server itself. Labels of an alert stand in it as whole
 * values and only where nothing runs them: `value` of a variable or a parameter, labels and annotations. Pure.
 */
import { isObject, preview, type CreatedKind } from '@modelwatch/contract';
import { parse } from 'yaml';
import { TEMPLATE_LABELS } from './evidence';
import { at, MARK } from './patch';
import type { Intent } from './types';

export interface Template {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly apiVersion: string;
  readonly kind: CreatedKind;
}

const KINDS: Readonly<Record<CreatedKind, { readonly apiVersion: string; readonly plural: string }>> = {
  Job: { apiVersion: 'batch/v1', plural: 'jobs' },
  Workflow: { apiVersion: 'argoproj.io/v1alpha1', plural: 'workflows' },
};
const WHOLE = /^\$([a-z_]+)$/;
/** In words of a shell it would be run. */
const PART = new RegExp(`\\$\\{?(${TEMPLATE_LABELS.join('|')})(?![A-Za-z0-9_])`);
/** What is a label of Kubernetes, and nothing that anybody could take for a command. */
const SAFE = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
/** A name of a Job is a label of its pods, too: 63 characters with a dash and the key. */
const MOST_OF_POLICY = 42;

export function folderOf(kind: CreatedKind, namespace: string): string {
  const { apiVersion, plural } = KINDS[kind];
  return `/apis/${apiVersion}/namespaces/${namespace}/${plural}`;
}

/** The same for the same alert and policy. */
export function jobName({ key, policy }: Pick<Intent, 'key' | 'policy'>): string {
  return `${policy.name.slice(0, MOST_OF_POLICY).replace(/-+$/, '')}-${key}`;
}

/** @throws Error naming the place, what was expected and what was found */
export function parseTemplate(text: string, kind: CreatedKind): Template {
  const document: unknown = parse(text);
  const { apiVersion } = KINDS[kind];
  const refuse = (place: string, expected: string, got: unknown) => {
    throw new Error(`${place}: expected ${expected}, got ${got === undefined ? 'nothing' : preview(got)}`);
  };
  if (!isObject(document)) return refuse('template', `a ${kind} as YAML or JSON`, document) as never;
  if (document['apiVersion'] !== apiVersion) refuse('apiVersion', apiVersion, document['apiVersion']);
  if (document['kind'] !== kind) refuse('kind', kind, document['kind']);
  const { metadata = {}, spec } = document;
  if (!isObject(metadata)) return refuse('metadata', 'an object', metadata) as never;
  for (const key of ['name', 'generateName', 'namespace']) {
    if (metadata[key] !== undefined) refuse(`metadata.${key}`, 'none: it follows from the alert', metadata[key]);
  }
  if (!isObject(spec)) return refuse('spec', 'an object', spec) as never;
  const template = { apiVersion, kind, metadata, spec };
  visit(template, [], (value, path) => {
    const [, label] = WHOLE.exec(value) ?? [];
    if (mayStandAt(path)) {
      if (label !== undefined && !isLabel(label)) refuse(path.join('.'), 'the name of a label that may be used', value);
      if (label === undefined && PART.test(value)) refuse(path.join('.'), 'a label as the whole value', value);
    } else if (PART.test(value)) {
      refuse(path.join('.'), 'labels of alerts only in env, parameters, labels and annotations', value);
    }
    return value;
  });
  return template;
}

/** @throws Error for a label that the alert lacks, or whose value is not made of letters, digits, `.`, `_` and `-` */
export function jobOf(template: Template, intent: Intent, nowSeconds: number): object {
  const { key, policy, alert, target } = intent;
  const filled = visit(template, [], (value, path) => {
    const [, label] = WHOLE.exec(value) ?? [];
    if (label === undefined || !mayStandAt(path)) return value;
    const found = alert.labels[label];
    if (found !== undefined && SAFE.test(found)) return found;
    const expected = 'up to 63 letters, digits, dots, dashes and underscores';
    throw new Error(`label ${label}: expected ${expected}, got ${found === undefined ? 'nothing' : preview(found)}`);
  }) as Template;
  const { metadata } = filled;
  const part = (name: string) => (isObject(metadata[name]) ? metadata[name] : {});
  return {
    ...filled,
    metadata: {
      ...metadata,
      ...{ name: jobName(intent), namespace: target.namespace },
      labels: { ...part('labels'), 'app.kubernetes.io/managed-by': 'modelwatch-responder' },
      annotations: {
        ...part('annotations'),
        [MARK]: JSON.stringify({ key, policy: policy.name, atSeconds: nowSeconds }),
      },
    },
  };
}

/** Whether an object of that name is the one that this alert asked for. */
export function isOurs(object: unknown, { key }: Pick<Intent, 'key'>): boolean {
  const text = at(object, ['metadata', 'annotations', MARK]);
  if (typeof text !== 'string') return false;
  try {
    return at(JSON.parse(text), ['key']) === key;
  } catch {
    return false;
  }
}

function mayStandAt(path: readonly (string | number)[]): boolean {
  const [parent, last] = path.slice(-2);
  return last === 'value' || parent === 'labels' || parent === 'annotations';
}

function isLabel(name: string): boolean {
  return (TEMPLATE_LABELS as readonly string[]).includes(name);
}

type Path = readonly (string | number)[];

function visit(value: unknown, path: Path, text: (value: string, path: Path) => string): unknown {
  if (typeof value === 'string') return text(value, path);
  if (Array.isArray(value)) return value.map((entry, index) => visit(entry, [...path, index], text));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, visit(entry, [...path, key], text)]));
}
