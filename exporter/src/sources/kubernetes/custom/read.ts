/**
 * Reading of one custom resource by its mapping. A path that leads nowhere is an absent field; a value of another type is
 * refused alone and counted; a value that the rules of the state do not know is counted and makes the state `unknown`.
 */
import { isObject, preview } from '@modelwatch/contract';
import type { CustomEntity, CustomResource, CustomState } from '../../../domain/resources';
import { entriesAt, select, type Path, type Scope } from '../../../mapping/path';
import { MAPPED_STATES, type Meaning } from '../../../mapping/states';
import type { NumberField, Template } from '../../../mapping/template';
import { MAX_TEXT, present, type Drop } from '../decoders/fields';
import { nameProblem } from '../decoders/meta';
import { plainValue, type CompiledEntity, type CompiledMapping, type CompiledRule } from './compiled';

/** Told of each path that led somewhere. */
export type Found = (path: Path, place: string) => void;

export interface ReadContext {
  /** How a person finds the object: `RayService ray/llm`. */
  readonly subject: string;
  readonly drop: Drop;
  readonly found: Found;
}

/** Models that one object may give: a status with thousands of entries is not a list of models. */
const MAX_ENTRIES = 500;

export type CustomParts = Pick<CustomResource, 'podLabels' | 'server' | 'models'>;

export function readCustom(compiled: CompiledMapping, object: unknown, context: ReadContext): CustomParts {
  const reader = new Reader(compiled.mapping.name, context);
  const scope: Scope = { object };
  const podLabels = compiled.podLabels && reader.labels(compiled.podLabels, scope);
  const server = compiled.server && reader.entity(compiled.server, scope);
  const models = compiled.models ? reader.models(compiled.models, scope) : [];
  return {
    ...(podLabels ? { podLabels } : {}),
    ...(server ? { server } : {}),
    // The server of a model is the one that the mapping makes, unless it names another.
    models: models.map((model) => (model.server === undefined && server ? { ...model, server: server.name } : model)),
  };
}

class Reader {
  constructor(
    private readonly mapping: string,
    private readonly context: ReadContext
  ) {}

  models(compiled: NonNullable<CompiledMapping['models']>, scope: Scope): CustomEntity[] {
    if (!compiled.each) return this.present(this.entity(compiled, scope));
    const named = new Map<string, CustomEntity>();
    for (const { key, entry } of this.entries(compiled.each, scope)) {
      const entity = this.entity(compiled, { ...scope, entry, key });
      if (!entity) continue;
      if (named.has(entity.name))
        this.say('name_conflict', 'models.name', entity.name, 'a name of its own for each entry');
      else named.set(entity.name, entity);
    }
    return [...named.values()];
  }

  entity(compiled: CompiledEntity, scope: Scope): CustomEntity | undefined {
    const { place, texts } = compiled;
    const text = (key: keyof typeof texts) => this.text(texts[key], scope, `${place}.${key}`);
    const name = text('name');
    const problem = nameProblem(name);
    if (name === undefined || problem !== undefined) {
      this.say('missing_field', `${place}.name`, name, problem ?? 'a name');
      return undefined;
    }
    return {
      name,
      ...this.state(compiled.rules, scope),
      readyPodsAreReplicas: compiled.readyPodsAreReplicas,
      runtime: text('runtime') ?? this.mapping,
      ...present({
        server: text('server'),
        version: text('version'),
        owner: text('owner'),
        desiredReplicas: this.count(compiled.desired, scope, `${place}.replicas.desired`),
        availableReplicas: this.count(compiled.available, scope, `${place}.replicas.available`),
        observedGeneration:
          compiled.observedGeneration &&
          this.count({ path: compiled.observedGeneration }, scope, `${place}.observedGeneration`),
      }),
    };
  }

  labels(templates: ReadonlyMap<string, Template>, scope: Scope): Record<string, string> | undefined {
    const labels: Record<string, string> = {};
    for (const [key, template] of templates) {
      const value = this.text(template, scope, `pods.labels["${key}"]`);
      if (value === undefined) return undefined;
      labels[key] = value;
    }
    return labels;
  }

  /** The entries at the first of the paths that leads to any. */
  private entries(paths: readonly Path[], scope: Scope) {
    for (const [index, path] of paths.entries()) {
      const found = entriesAt(path, scope);
      if (found.length === 0) continue;
      this.context.found(path, `models.each[${index}]`);
      if (found.length > MAX_ENTRIES)
        this.say('over_limit', `models.each[${index}]`, found.length, `at most ${MAX_ENTRIES} entries`);
      return found.slice(0, MAX_ENTRIES);
    }
    return [];
  }

  private state(rules: readonly CompiledRule[], scope: Scope): Pick<CustomEntity, 'state' | 'reason' | 'detail'> {
    for (const rule of rules) {
      const worst = this.worst(rule, scope);
      if (worst === undefined) continue;
      // Read even where the rule has nothing to say: a detail that leads nowhere is noticed before it is needed.
      const detail = this.text(rule.detail, scope, `${rule.place}.detail`);
      if (worst === 'skip') continue;
      if (worst !== 'unknown') {
        return { state: worst.state as CustomState, ...present({ reason: worst.reason, detail }) };
      }
      return {
        state: 'unknown',
        detail: `${rule.path.text} has a value that the mapping ${this.mapping} does not know`,
      };
    }
    return { state: 'absent' };
  }

  /** What the values at the path of a rule mean, the worst of them; undefined: there are none. */
  private worst(rule: CompiledRule, scope: Scope): Meaning | 'unknown' | 'skip' | undefined {
    const meanings = this.values(rule.path, scope, `${rule.place}.path`).map((value) => this.meaning(rule, value));
    const known = meanings.filter((meaning) => meaning !== 'unknown');
    const worst = known.reduce<Meaning | undefined>(
      (bad, next) => (bad && rank(bad) <= rank(next) ? bad : next),
      undefined
    );
    // A failure that is told is not hidden by a word that nobody knows; good news would be.
    if (meanings.includes('unknown') && worst?.state !== 'failed') return 'unknown';
    return worst?.state === 'skip' ? 'skip' : worst;
  }

  private meaning(rule: CompiledRule, value: unknown): Meaning | 'unknown' {
    const place = `${rule.place}.path (${rule.path.text})`;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      this.say('wrong_type', place, value, 'a text, number or truth value');
      return 'unknown';
    }
    const known = rule.values.get(plainValue(value)) ?? rule.others;
    if (known) return known;
    this.say('unknown_value', place, value, [...rule.values.keys()].join(' or '));
    return 'unknown';
  }

  private text(template: Template | undefined, scope: Scope, place: string): string | undefined {
    if (!template) return undefined;
    const parts = template.map((part) => (typeof part === 'string' ? part : this.textAt(part, scope, place)));
    // Half a text would be another text: without one of its parts there is none.
    if (parts.includes(undefined)) return undefined;
    const text = parts.join('');
    return text === '' ? undefined : text.slice(0, MAX_TEXT);
  }

  private textAt(path: Path, scope: Scope, place: string): string | undefined {
    const [value] = this.values(path, scope, place);
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.say('wrong_type', `${place} (${path.text})`, value, 'a text, number or truth value');
    return undefined;
  }

  /** The values added up, where the path gives several. */
  private count(field: NumberField | undefined, scope: Scope, place: string): number | undefined {
    if (!field) return undefined;
    const values = this.values(field.path, scope, place, field.otherwise !== undefined);
    if (values.length === 0) return this.leftOut(field, scope);
    let sum = 0;
    for (const value of values) {
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
        this.say('wrong_type', `${place} (${field.path.text})`, value, 'a whole number of at least 0');
        return undefined;
      }
      sum += value;
    }
    return sum;
  }

  /** A field of the status was left out only when somebody wrote a status at all. */
  private leftOut({ path, otherwise }: NumberField, { object }: Scope): number | undefined {
    const [first] = path.steps;
    const inStatus = first?.kind === 'key' && first.key === 'status';
    const status = isObject(object) ? object['status'] : undefined;
    return inStatus && !(isObject(status) && Object.keys(status).length > 0) ? undefined : otherwise;
  }

  private values(path: Path, scope: Scope, place: string, absenceIsTold = false): readonly unknown[] {
    const values = select(path, scope);
    if (values.length > 0 || absenceIsTold) this.context.found(path, place);
    return values;
  }

  private present(entity: CustomEntity | undefined): CustomEntity[] {
    return entity ? [entity] : [];
  }

  private say(reason: Parameters<Drop>[0], place: string, value: unknown, expected: string): void {
    const { subject, drop } = this.context;
    drop(reason, `${subject}, mapping ${this.mapping} ${place}: expected ${expected}, got ${preview(value)}`);
  }
}

function rank(meaning: Meaning): number {
  return MAPPED_STATES.indexOf(meaning.state);
}
