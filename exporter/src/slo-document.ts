/** Objectives of one text, in short form or as OpenSLO; whole or not at all. */
import { unboundedProblem, isCircular } from './config/bounded-text';
import { ConfigError } from './config/refusals';
import type { GivenSlo } from './config/slo';
import { checkTranslated, checkTranslatedQuery, readSlos } from './config/slo-document';
import { readYaml } from './config/yaml-file';
import { isPerMinute, type DeclaredSlo, type SloSpec } from './domain/slo/spec';
import { SloRefusal, yamlDocuments, type YamlNode } from './sources/slo/node';
import { objectivesOf, type OpenSloObjective } from './sources/slo/openslo';
import { checkCondition, checkPolicy, checkTarget } from './sources/slo/openslo-alerts';
import { checkDataSource, checkIndicator } from './sources/slo/openslo-indicator';
import { checkService, kindOf, objectsOf } from './sources/slo/openslo-objects';

const MAX_LENGTH = 262_144;
const MAX_PROBLEMS = 5;

/**
 * @param name of the text, for messages: `slo.yaml`, `configmap payments/slo risk.yaml`
 * @param boundTo it speaks for this namespace only
 * @throws ConfigError
 */
export function readSloText(text: string, name: string, boundTo?: string): readonly DeclaredSlo[] {
  const unbounded = unboundedProblem(text, MAX_LENGTH);
  if (unbounded !== undefined) throw new ConfigError([`${name}: ${unbounded}`]);
  const found = ofRefusals(() => (isOpenSlo(text) ? readOpenSlo(text, name) : readShort(text, name)));
  return found.map((declared) => (boundTo === undefined ? declared : bound(declared, boundTo)));
}

/** Those of the configuration. */
export function configuredSlos(given: readonly GivenSlo[]): DeclaredSlo[] {
  return given.map((each, index) => ({ spec: specOf(each), place: `config slos[${index}]`, warnings: [] }));
}

function isOpenSlo(text: string): boolean {
  return /^apiVersion\s*:/m.test(text) || /^\s*\{\s*"?apiVersion/.test(text);
}

function readShort(text: string, name: string): DeclaredSlo[] {
  const yaml = readYaml(name, text);
  if (yaml.problems.length > 0) throw new ConfigError(yaml.problems);
  if (isCircular(yaml.value))
    throw new ConfigError([`${name}: expected objectives, got an alias of what it stands in`]);
  return readSlos(yaml, name).map((given, index) => ({
    spec: specOf(given),
    place: yaml.placeOf(['slos', index]) ?? name,
    warnings: [],
  }));
}

function readOpenSlo(text: string, name: string): DeclaredSlo[] {
  const documents = yamlDocuments(name, text);
  const objects = objectsOf(documents);
  const problems: string[] = [];
  const declared = documents.flatMap((document) => {
    try {
      return declaredBy(document, objects);
    } catch (error) {
      if (error instanceof SloRefusal) problems.push(error.message);
      else if (error instanceof ConfigError) problems.push(...error.problems);
      else throw error;
      return [];
    }
  });
  if (problems.length > 0) throw new ConfigError([...new Set(problems)].slice(0, MAX_PROBLEMS));
  return declared;
}

/** What an object promises; one that promises nothing by itself is checked, used or not. */
function declaredBy(document: YamlNode, objects: ReadonlyMap<string, YamlNode>): DeclaredSlo[] {
  switch (kindOf(document)) {
    case 'SLO':
      return objectivesOf(document, objects).map(translated);
    case 'AlertCondition':
      checkCondition(document);
      return [];
    case 'AlertNotificationTarget':
      checkTarget(document);
      return [];
    case 'DataSource':
      checkDataSource(document);
      return [];
    case 'AlertPolicy':
      checkPolicy(document, objects);
      return [];
    case 'SLI':
      checkIndicator(document, objects);
      return [];
    default:
      checkService(document);
      return [];
  }
}

function translated(objective: OpenSloObjective): DeclaredSlo {
  const { query, place, warnings } = objective;
  if (!query) return { spec: specOf(checkTranslated(objective)), place, warnings };
  const { indicator: _, ...given } = objective.given;
  const checked = checkTranslatedQuery({ ...objective, given });
  const spec: SloSpec = { ...aimed(checked), indicator: 'query', query };
  // What is judged each minute has no events but minutes, of which each counts alike.
  const isOccurrences = spec.method === 'occurrences' && isPerMinute(spec);
  return { spec: isOccurrences ? { ...spec, method: 'ratio_timeslices' } : spec, place, warnings };
}

/** Whoever writes in a namespace speaks for its models, and for no rule that everybody's Prometheus evaluates. */
function bound(declared: DeclaredSlo, boundTo: string): DeclaredSlo {
  const { spec, place } = declared;
  const { namespaces = [] } = spec.selector;
  const other = namespaces.find((one) => one !== boundTo && one !== '*');
  if (other !== undefined) {
    const text = `expected ${boundTo}, since a ConfigMap speaks for models of its namespace, got ${JSON.stringify(other)}`;
    throw new ConfigError([`${spec.subject}.namespaces: ${text} (${place})`]);
  }
  if (spec.query) {
    const text =
      'expected an indicator of ours, got a query, which would become a rule of everybody: put it into sloFiles';
    throw new ConfigError([`indicator: ${text} (${place})`]);
  }
  return { ...declared, boundTo };
}

/** In the words of the domain. */
function specOf(given: GivenSlo): SloSpec {
  const { metric, atLeast, atMost, currency, ...common } = given;
  const threshold =
    atLeast !== undefined
      ? ({ op: 'gte', value: atLeast } as const)
      : atMost !== undefined
        ? ({ op: 'lte', value: atMost } as const)
        : undefined;
  return {
    ...aimed(common),
    ...(metric === undefined ? {} : { score: metric }),
    ...(currency === undefined ? {} : { currency }),
    ...(threshold ? { threshold } : {}),
  };
}

function aimed<Given extends Pick<GivenSlo, 'models' | 'pipelines'>>({ models, pipelines, ...rest }: Given) {
  return {
    ...rest,
    subject: pipelines ? ('pipelines' as const) : ('models' as const),
    selector: pipelines ?? models ?? {},
  };
}

function ofRefusals<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SloRefusal) throw new ConfigError([error.message]);
    throw error;
  }
}
