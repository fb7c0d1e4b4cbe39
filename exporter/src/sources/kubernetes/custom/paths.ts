/** Every path of a mapping that should lead somewhere, with its place. */
import type { Path } from '../../../mapping/path';
import type { Template } from '../../../mapping/template';
import type { CompiledEntity, CompiledMapping } from './compiled';

/** `models.version: spec.image.tag` */
export function placeOf(path: Path, place: string): string {
  return `${place}: ${path.text}`;
}

/** Those that may be absent everywhere (`?`, or with a number that stands for them) are left out. */
export function pathsOf({ podLabels, server, models }: CompiledMapping): Set<string> {
  const places = new Set<string>();
  const add = (path: Path, place: string) => {
    if (!path.rare) places.add(placeOf(path, place));
  };
  for (const [key, template] of podLabels ?? []) eachPath(template, (path) => add(path, `pods.labels["${key}"]`));
  for (const entity of [server, models]) if (entity) addEntity(entity, add);
  models?.each?.forEach((path, index) => add(path, `models.each[${index}]`));
  return places;
}

function addEntity(entity: CompiledEntity, add: (path: Path, place: string) => void): void {
  const { place, texts, desired, available, observedGeneration, rules } = entity;
  for (const [key, template] of Object.entries(texts)) eachPath(template, (path) => add(path, `${place}.${key}`));
  if (desired && desired.otherwise === undefined) add(desired.path, `${place}.replicas.desired`);
  if (available && available.otherwise === undefined) add(available.path, `${place}.replicas.available`);
  if (observedGeneration) add(observedGeneration, `${place}.observedGeneration`);
  for (const rule of rules) {
    add(rule.path, `${rule.place}.path`);
    eachPath(rule.detail ?? [], (path) => add(path, `${rule.place}.detail`));
  }
}

function eachPath(template: Template, act: (path: Path) => void): void {
  for (const part of template) if (typeof part !== 'string') act(part);
}
