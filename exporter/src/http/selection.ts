/**
 * What a scrape asks for, in the parameters that users of node_exporter know: `collect[]` and `exclude[]` with names of
 * families or of groups, and `namespace[]`. What is unknown is refused, since a typo would widen or empty a scrape.
 */
import { preview } from '@modelwatch/contract';
import type { FamilyGroup, Selection } from '../exposition/store';
import { HttpError } from './errors';

/** The group of the exporter's own metrics, which are not in the store. */
const OWN_GROUP = 'exporter';
const PREFIX = 'modelwatch_';
const PARAMETERS = ['collect[]', 'exclude[]', 'namespace[]'] as const;

export interface Catalogue {
  readonly groups: readonly FamilyGroup[];
  /** Families of the exporter itself. */
  readonly own: readonly string[];
}

export interface ScrapeSelection extends Selection {
  readonly ownFamilies: ReadonlySet<string>;
}

/** Why a scrape was refused; closed, since it is a label. */
export type RefusalReason = 'unknown_parameter' | 'unknown_name' | 'collect_and_exclude';

export class ScrapeRefusal extends HttpError {
  constructor(
    readonly reason: RefusalReason,
    message: string
  ) {
    super(400, 'bad_query', message);
  }
}

/** @throws ScrapeRefusal with what was expected. */
export function readSelection(originalUrl: string, catalogue: Catalogue): ScrapeSelection {
  const question = originalUrl.indexOf('?');
  const query = new URLSearchParams(question < 0 ? '' : originalUrl.slice(question + 1));
  for (const name of query.keys()) {
    if (PARAMETERS.some((known) => known === name)) continue;
    const expected = `expected one of ${PARAMETERS.join(', ')}`;
    throw new ScrapeRefusal('unknown_parameter', `query ${preview(name)}: ${expected}`);
  }
  const [collect, exclude, namespaces] = PARAMETERS.map((name) => query.getAll(name));
  const inNamespaces = namespaces?.length ? { namespaces: new Set(namespaces) } : {};
  return { ...families(collect ?? [], exclude ?? [], catalogue), ...inNamespaces };
}

function families(collect: readonly string[], exclude: readonly string[], catalogue: Catalogue): ScrapeSelection {
  if (collect.length > 0 && exclude.length > 0) {
    throw new ScrapeRefusal('collect_and_exclude', 'query: expected collect[] or exclude[], got both');
  }
  const own = new Set(catalogue.own);
  if (collect.length === 0 && exclude.length === 0) return { ownFamilies: own };
  const names = namesOf(catalogue);
  const named = new Set([...collect, ...exclude].flatMap((name) => resolve(name, names, catalogue)));
  const isWanted = (family: string) => named.has(family) === collect.length > 0;
  const all = catalogue.groups.flatMap((group) => group.families.map(({ name }) => name));
  return { families: new Set(all.filter(isWanted)), ownFamilies: new Set([...own].filter(isWanted)) };
}

function resolve(
  name: string,
  names: ReadonlyMap<string, readonly string[]>,
  { groups }: Catalogue
): readonly string[] {
  const found = names.get(name) ?? names.get(`${PREFIX}${name}`);
  if (found) return found;
  const groupNames = [...new Set(groups.map(titleOf)), OWN_GROUP];
  const familyNames = groups.flatMap((group) => group.families.map((family) => family.name));
  throw new ScrapeRefusal(
    'unknown_name',
    `query collect[] or exclude[]: expected a group (${groupNames.join(', ')}) or a family ` +
      `(${familyNames.join(', ')}), got ${preview(name)}`
  );
}

/** Families by each name that stands for them: of the group, of the family, of a histogram's samples. */
function namesOf({ groups, own }: Catalogue): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>(own.map((name) => [name, [name]]));
  for (const { families: members } of groups) {
    for (const { name, type } of members) {
      names.set(name, [name]);
      if (type === 'histogram') for (const part of ['bucket', 'sum', 'count']) names.set(`${name}_${part}`, [name]);
    }
  }
  const byGroup = new Map<string, readonly string[]>([[OWN_GROUP, own]]);
  for (const group of groups) {
    const title = titleOf(group);
    byGroup.set(title, [...(byGroup.get(title) ?? []), ...group.families.map(({ name }) => name)]);
  }
  return new Map([...names, ...byGroup]);
}

function titleOf({ name, chosenBy }: FamilyGroup): string {
  return chosenBy ?? name;
}
