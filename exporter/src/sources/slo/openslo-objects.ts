/** Objects of OpenSLO v1 in one text: what all kinds have in common, and how they refer to each other. */
import { SLO_NAME } from '@modelwatch/contract';
import type { YamlNode } from './node';

const OPENSLO_VERSION = 'openslo/v1';
const OPENSLO_KINDS = [
  ...['SLO', 'SLI', 'Service', 'DataSource', 'AlertPolicy', 'AlertCondition'],
  'AlertNotificationTarget',
] as const;

/** By kind and name. */
export type Objects = ReadonlyMap<string, YamlNode>;

/** What is written about an object. */
export interface Named {
  readonly name: string;
  readonly annotations: readonly (readonly [string, YamlNode])[];
  readonly spec: YamlNode;
}

/** @throws SloRefusal */
export function kindOf(object: YamlNode): string {
  const { apiVersion, kind } = object.keys(['apiVersion', 'kind', 'metadata', 'spec']);
  if (!apiVersion) return object.refuse(`apiVersion ${OPENSLO_VERSION}`);
  if (apiVersion.string() !== OPENSLO_VERSION) apiVersion.refuse(OPENSLO_VERSION);
  return kind ? kind.oneOf(OPENSLO_KINDS) : object.refuse(`a kind, one of ${OPENSLO_KINDS.join(', ')}`);
}

/** Of an object, or of one that stands inline. @throws SloRefusal */
export function named(object: YamlNode): Named {
  const { metadata, spec } = object.keys(['apiVersion', 'kind', 'metadata', 'spec']);
  if (!metadata) return object.refuse('metadata with a name');
  const { name, annotations, displayName } = metadata.keys(['name', 'displayName', 'labels', 'annotations']);
  displayName?.string();
  if (!name) return metadata.refuse('a name');
  if (!SLO_NAME.test(name.string())) name.refuse('at most 63 characters: a to z, 0 to 9 and - between them');
  return { name: name.string(), annotations: annotations?.entries() ?? [], spec: spec ?? object.refuse('a spec') };
}

/** @throws SloRefusal */
export function checkService(object: YamlNode): void {
  named(object).spec.keys(['description']).description?.string();
}

/** @throws SloRefusal for two of one kind and name */
export function objectsOf(documents: readonly YamlNode[]): Objects {
  const objects = new Map<string, YamlNode>();
  for (const document of documents) {
    const key = `${kindOf(document)} ${named(document).name}`;
    const other = objects.get(key);
    if (other) document.refuse(`one ${key}, and there is another in ${other.place}`, 'metadata.name');
    objects.set(key, document);
  }
  return objects;
}

/** @throws SloRefusal where there is none */
export function referred(kind: (typeof OPENSLO_KINDS)[number], reference: YamlNode, objects: Objects): YamlNode {
  const found = objects.get(`${kind} ${reference.string()}`);
  return found ?? reference.refuse(`the name of a ${kind} that stands beside it`);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** A whole number and a unit. Months, quarters and years have no length. @throws SloRefusal */
export function durationSeconds(node: YamlNode): number {
  const match = /^(\d{1,6})([mhdwMQY])$/.exec(node.string());
  const unit = match?.[2] ?? '';
  if (/[MQY]/.test(unit))
    node.refuse('minutes, hours, days or weeks (m, h, d, w): a month, quarter or year has no fixed length');
  const seconds = Number(match?.[1]) * (UNIT_SECONDS[unit] ?? NaN);
  return seconds > 0 ? seconds : node.refuse('a duration as 30d or 4w');
}
