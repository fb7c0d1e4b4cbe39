/** Containers of a pod template that others fill in: what they are and where they come from, nothing of how they are set up. */
import type { TemplateContainer } from '../../../domain/resources';
import { present, type Fields } from './fields';

/** @param spec a pod spec; of containers of one name, which the API server would refuse, the first counts */
export function decodeTemplate(spec: Fields): readonly TemplateContainer[] {
  const found = new Map<string, TemplateContainer>();
  for (const container of spec.children('containers')) {
    const name = container.needed('name');
    if (name === undefined || found.has(name)) continue;
    found.set(name, { name, ...present({ image: container.label('image') }) });
  }
  return [...found.values()];
}
