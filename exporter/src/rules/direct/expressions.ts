/** PromQL that reads a server's own series, as Prometheus scraped them (docs/direct-scraping.md says with which labels). */
import type { ByLabel, ServerKind, ServerTranslation } from '@modelwatch/contract';
import { labelled, ON_REPLICA } from '../promql';
import type { Output, Term } from './terms';

export interface Source {
  readonly kind: ServerKind;
  readonly table: ServerTranslation;
}

/** What a model is called by its server, on one replica, and the model that it is for us. */
export const SERVER_MODEL = 'modelwatch:server_model';
const RAW = 'server_model, version';

const text = (value: string) => JSON.stringify(value);
/** As part of a regular expression of Prometheus. */
const literally = (value: string) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
export const anyOf = (values: readonly string[]) => text(values.map(literally).join('|'));

export function copied(expr: string, to: string, from: string, pattern = '(.*)', value = '$1'): string {
  return `label_replace(${expr}, "${to}", ${text(value)}, "${from}", ${text(pattern)})`;
}

/** Selects samples of servers of the kind; `more` are further matchers. */
export function rawSelector({ kind }: Source, names: readonly string[], more: readonly string[] = []): string {
  const name = names.length === 1 ? `__name__=${text(names[0] ?? '')}` : `__name__=~${anyOf(names)}`;
  return `{${[name, `modelwatch_server="${kind}"`, ...more].join(', ')}}`;
}

/** Gives raw series `server_model` and `version`; what the scrape itself calls `version` is not meant. */
export function named({ table }: Source, selector: string): string {
  const { modelLabels, versionLabels, noVersion } = table;
  const models = [...modelLabels]
    .reverse()
    .reduce((expr, label) => copied(expr, 'server_model', label, '(.+)'), selector);
  const cleared = versionLabels.includes('version') ? models : labelled(models, 'version', '');
  const versions = [...versionLabels]
    .reverse()
    .filter((label) => label !== 'version')
    .reduce((expr, label) => copied(expr, 'version', label, '(.+)'), cleared);
  return noVersion === undefined ? versions : copied(versions, 'version', 'version', literally(noVersion), '');
}

/** Sums of raw series by what they are for us, with the name that the server has for the model. */
export function summed(source: Source, { terms, combine, keep }: Output): string {
  const by = [ON_REPLICA, RAW, ...(keep === undefined ? [] : [keep])].join(', ');
  // Terms with the same labels would hide each other.
  const parts = terms.map((term, at) => {
    const expr = termExpression(source, term);
    return terms.length === 1 ? expr : labelled(expr, 'modelwatch_term', String(at));
  });
  return `${combine} by (${by}) (
  ${parts.join('\n  or\n  ')}
)`;
}

/** The sums, laid to our models. */
export function ofModels(sums: string, combine: Output['combine'], keep?: string): string {
  const by = ['cluster, namespace, model, replica, version', ...(keep === undefined ? [] : [keep])].join(', ');
  return `${combine} by (${by}) (
${sums}
* on (${ON_REPLICA}, server_model) group_left (model) ${SERVER_MODEL}
)`;
}

function termExpression(source: Source, { sample, family, scale, label }: Term): string {
  const choice = label && typeof label.value !== 'string' ? label.value : undefined;
  const matchers = [
    ...Object.entries(family.where ?? {}).map(([name, values]) => `${name}=~${anyOf(values)}`),
    ...Object.entries(family.except ?? {}).map(([name, values]) => `${name}!~${anyOf(values)}`),
    ...(choice && choice.otherwise === undefined ? [`${choice.label}=~${text(listed(choice))}`] : []),
  ];
  const older = newerThan(source.table, family.family);
  const selector = rawSelector(source, [sample], matchers);
  const current =
    older.length === 0 ? selector : `(${selector} unless on (${ON_REPLICA}) ${rawSelector(source, older)})`;
  const whose = named(source, current);
  const ours =
    label === undefined
      ? whose
      : typeof label.value === 'string'
        ? labelled(whose, label.name, label.value)
        : chosen(whose, label.name, label.value);
  return scale === 1 ? ours : `${ours} * ${scale}`;
}

/** Names of samples whose presence says that the family is not to be read. */
function newerThan({ families, engines = [] }: ServerTranslation, family: string): string[] {
  const all = [...families, ...engines.flatMap((engine) => engine.families)];
  const newer = all.filter(({ replaces }) => replaces?.includes(family)).map((one) => one.family);
  return [...new Set(newer.flatMap((name) => [name, `${name}_count`]))];
}

const CLASS = (digit: string) => `${digit}[0-9][0-9]`;

function listed({ values, classes = {} }: ByLabel<string>): string {
  return [...Object.keys(values).map(literally), ...Object.keys(classes).map(CLASS)].join('|');
}

/** What the value of one label says, as the value of another; the most particular word is the last. */
function chosen(expr: string, name: string, { label, values, classes = {}, otherwise }: ByLabel<string>): string {
  const patterns = new Map<string, string[]>();
  for (const [value, ours] of Object.entries(values)) {
    patterns.set(ours, [...(patterns.get(ours) ?? []), literally(value)]);
  }
  const start = otherwise === undefined ? expr : labelled(expr, name, otherwise);
  const byClass = Object.entries(classes).reduce(
    (all, [digit, ours]) => copied(all, name, label, CLASS(digit), ours),
    start
  );
  return [...patterns].reduce((all, [ours, each]) => copied(all, name, label, each.join('|'), ours), byClass);
}
