/** A mapping with its paths read, once at the start. */
import type { EntityMapping, Mapping, ModelMapping } from '../../../mapping/schema';
import { READY_PODS } from '../../../mapping/schema';
import { parsePath, type Path } from '../../../mapping/path';
import { parseMeaning, type Meaning } from '../../../mapping/states';
import { parseNumberField, parseTemplate, type NumberField, type Template } from '../../../mapping/template';

export interface CompiledRule {
  readonly path: Path;
  readonly values: ReadonlyMap<string, Meaning>;
  readonly others?: Meaning;
  readonly detail?: Template;
  /** Where it stands in the mapping: `models.state[0]`. */
  readonly place: string;
}

export interface CompiledEntity {
  readonly place: 'server' | 'models';
  readonly texts: Readonly<Partial<Record<'name' | 'runtime' | 'version' | 'owner' | 'server', Template>>>;
  readonly desired?: NumberField;
  readonly available?: NumberField;
  readonly readyPodsAreReplicas: boolean;
  readonly observedGeneration?: Path;
  readonly rules: readonly CompiledRule[];
}

export interface CompiledMapping {
  readonly mapping: Mapping;
  readonly podLabels?: ReadonlyMap<string, Template>;
  readonly server?: CompiledEntity;
  readonly models?: CompiledEntity & { readonly each?: readonly Path[] };
}

/** @param mapping that the schema has nothing against */
export function compile(mapping: Mapping): CompiledMapping {
  const { server, models, pods } = mapping;
  return {
    mapping,
    ...(pods
      ? { podLabels: new Map(Object.entries(pods.labels).map(([key, text]) => [key, parseTemplate(text)])) }
      : {}),
    ...(server ? { server: entity(server, 'server') } : {}),
    ...(models
      ? { models: { ...entity(models, 'models'), ...(models.each ? { each: models.each.map(parsePath) } : {}) } }
      : {}),
  };
}

function entity(given: EntityMapping | ModelMapping, place: CompiledEntity['place']): CompiledEntity {
  const { replicas, observedGeneration, state } = given;
  const texts = {
    name: given.name,
    runtime: given.runtime,
    version: given.version,
    owner: given.owner,
    server: 'server' in given ? given.server : undefined,
  };
  const templates = Object.entries(texts).flatMap(([key, text]) =>
    text === undefined ? [] : [[key, parseTemplate(text)] as const]
  );
  const byPods = replicas?.available === READY_PODS;
  return {
    place,
    texts: Object.fromEntries(templates),
    ...(replicas?.desired === undefined ? {} : { desired: parseNumberField(replicas.desired) }),
    ...(replicas?.available === undefined || byPods ? {} : { available: parseNumberField(replicas.available) }),
    readyPodsAreReplicas: byPods,
    ...(observedGeneration === undefined ? {} : { observedGeneration: parsePath(observedGeneration) }),
    rules: state.map((rule, index) => ({
      path: parsePath(rule.path),
      values: new Map(Object.entries(rule.values).map(([value, text]) => [plainValue(value), parseMeaning(text)])),
      ...(rule.others === undefined ? {} : { others: parseMeaning(rule.others) }),
      ...(rule.detail === undefined ? {} : { detail: parseTemplate(rule.detail) }),
      place: `${place}.state[${index}]`,
    })),
  };
}

/** YAML reads `True` as a truth value, and a status may hold either the word or the truth value: both are `true`. */
export function plainValue(value: string | number | boolean): string {
  const text = String(value);
  return /^(true|false)$/i.test(text) ? text.toLowerCase() : text;
}
