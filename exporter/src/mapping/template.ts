/** Texts with paths in them: `${metadata.name}-${@key}`. Pure. */
import { parsePath, PathError, type Path } from './path';

/** Texts and paths in their order. */
export type Template = readonly (string | Path)[];

/** @throws PathError */
export function parseTemplate(text: string): Template {
  const parts: (string | Path)[] = [];
  let rest = text;
  while (rest !== '') {
    const start = rest.indexOf('${');
    const end = start < 0 ? -1 : rest.indexOf('}', start);
    if (start >= 0 && end < 0) throw new PathError('a text in which each ${ ends with a }');
    if (start < 0) {
      parts.push(rest);
      break;
    }
    if (start > 0) parts.push(rest.slice(0, start));
    const path = parsePath(rest.slice(start + 2, end));
    if (path.many) throw new PathError('a text whose paths give one value each, without "*"');
    parts.push(path);
    rest = rest.slice(end + 1);
  }
  return parts;
}

/** The text of a template without any path; undefined where it has one. */
export function constantOf(template: Template): string | undefined {
  return template.every((part) => typeof part === 'string') ? template.join('') : undefined;
}

/** `spec.replicas`, or `spec.replicas or 1`: what stands for a field that was left out. */
export interface NumberField {
  readonly path: Path;
  readonly otherwise?: number;
}

/** @throws PathError */
export function parseNumberField(text: string): NumberField {
  const found = /^(.*\S)\s+or\s+(\d{1,9})$/.exec(text);
  if (!found?.[1] || found[2] === undefined) return { path: parsePath(text) };
  return { path: parsePath(found[1]), otherwise: Number(found[2]) };
}
