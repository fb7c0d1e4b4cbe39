/** Mappings as kinds that the Kubernetes source can watch, and which of their paths led nowhere so far. */
import type { CustomKind } from '../../../domain/resources';
import type { Path } from '../../../mapping/path';
import type { Mapping } from '../../../mapping/schema';
import { constantOf, parseTemplate } from '../../../mapping/template';
import { decodeStatus } from '../decoders/meta';
import { sourceName, type Kind } from '../kinds';
import { compile, type CompiledMapping } from './compiled';
import { customConditions } from './conditions';
import { pathsOf, placeOf } from './paths';
import { readCustom } from './read';

export interface UnmatchedPaths {
  /** Name of the source: `kubernetes/rayservices.ray.io`. */
  readonly source: string;
  readonly mapping: string;
  /** Each with its place in the mapping: `models.version: spec.imge.tag`. Empty before the first object. */
  readonly paths: readonly string[];
}

export interface CustomKinds {
  readonly kinds: readonly Kind[];
  /** Selectors of the pods that mappings name; the constant labels are selected by value, the others by their key. */
  readonly podSelectors: readonly string[];
  /** Keys of the labels of each mapping's pods, for the domain to know these pods by. */
  readonly podLabelKeys: readonly (readonly string[])[];
  /** Paths that led nowhere in any object so far: a typo, or a field that nobody wrote yet. */
  unmatched(): readonly UnmatchedPaths[];
}

export function createCustomKinds(mappings: readonly Mapping[]): CustomKinds {
  const readers = mappings.map((mapping) => new MappedKind(compile(mapping)));
  const labels = mappings.flatMap(({ pods }) => (pods ? [pods.labels] : []));
  return {
    kinds: readers.map(({ kind }) => kind),
    podSelectors: [...new Set(labels.map(selectorOf))],
    podLabelKeys: [
      ...new Map(labels.map((each) => [Object.keys(each).sort().join(), Object.keys(each).sort()])).values(),
    ],
    unmatched: () => readers.map((reader) => reader.unmatched()),
  };
}

function selectorOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, text]) => {
      const constant = constantOf(parseTemplate(text));
      return constant === undefined ? key : `${key}=${constant}`;
    })
    .sort()
    .join(',');
}

class MappedKind {
  readonly kind: Kind;
  private seen = false;
  private sawEntries = false;
  /** Paths that led nowhere so far, each with its place. */
  private readonly open: Set<string>;

  constructor(private readonly compiled: CompiledMapping) {
    const { name, group, versions, plural, kind: title } = compiled.mapping;
    const [first = '', ...others] = versions;
    const resource: CustomKind = `custom:${name}`;
    this.open = pathsOf(compiled);
    this.kind = {
      group,
      versions: [first, ...others],
      plural,
      title,
      resource,
      required: true,
      decode: (object, meta) => {
        // Before a controller wrote a status, most paths lead nowhere: that says nothing of the mapping.
        this.seen ||= object.has('status');
        const drop = object.drop;
        const subject = `${title} ${meta.namespace}/${meta.name}`;
        const found = (path: Path, place: string) => {
          this.open.delete(placeOf(path, place));
          this.sawEntries ||= place.startsWith('models.each');
        };
        return {
          kind: resource,
          meta,
          mapping: name,
          ...customConditions(decodeStatus(object), compiled.mapping.conditions),
          ...readCustom(compiled, object.json, { subject, drop, found }),
        };
      },
    };
  }

  /** Without the paths of entries while no object has any: it is `each` that leads nowhere then. */
  private told(): string[] {
    const { each = [] } = this.compiled.models ?? {};
    const open = [...this.open];
    if (each.length === 0 || this.sawEntries) return open;
    return open.filter((place) => !place.startsWith('models.') || place.startsWith('models.each'));
  }

  unmatched(): UnmatchedPaths {
    return {
      source: sourceName(this.kind),
      mapping: this.compiled.mapping.name,
      paths: this.seen ? this.told() : [],
    };
  }
}
