/** Mappings of custom resources in files of their own: read into the tree, so that one schema and one form of refusal serve both. */
import { isObject } from '@modelwatch/contract';
import type { YamlFile } from './yaml-file';

type Tree = Record<string, unknown>;

/**
 * Puts the mappings of `kubernetes.customResourceFiles` behind those of `kubernetes.customResources`.
 * @param read undefined for a file that cannot be read; the reader tells why
 * @returns where each key was written, those of the files included
 */
export function withMappingFiles(
  tree: Tree,
  main: YamlFile | undefined,
  read: (path: string) => YamlFile | undefined
): YamlFile | undefined {
  const { kubernetes } = tree;
  const paths = isObject(kubernetes) ? kubernetes['customResourceFiles'] : undefined;
  if (!isObject(kubernetes) || !Array.isArray(paths)) return main;
  const inline = kubernetes['customResources'] ?? [];
  // What is no list is left as it is: the schema refuses it.
  if (!Array.isArray(inline)) return main;
  const files = paths.flatMap((path: unknown) => {
    const yaml = typeof path === 'string' && path !== '' ? read(path) : undefined;
    return yaml ? [{ name: String(path), yaml }] : [];
  });
  tree['kubernetes'] = {
    ...kubernetes,
    customResources: [...(inline as unknown[]), ...files.map(({ yaml }) => yaml.value)],
  };
  return {
    value: tree,
    problems: [],
    placeOf: (path) => {
      const [section, key, index] = path;
      const isMapping = section === 'kubernetes' && key === 'customResources' && typeof index === 'number';
      const file = isMapping ? files[index - inline.length] : undefined;
      return file ? (file.yaml.placeOf(path.slice(3)) ?? file.name) : main?.placeOf(path);
    },
  };
}
