/** Mappings and modules in files of their own: read into the tree, so that one schema and one form of refusal serve both. */
import { isObject } from '@modelwatch/contract';
import type { YamlFile } from './yaml-file';

type Tree = Record<string, unknown>;

/** A list of the configuration, and the key beside it that names files with one more entry each. */
interface Listed {
  readonly section: string;
  readonly list: string;
  readonly files: string;
}

const LISTS: readonly Listed[] = [
  { section: 'kubernetes', list: 'customResources', files: 'customResourceFiles' },
  { section: 'servers', list: 'modules', files: 'moduleFiles' },
];

/**
 * Puts what is in the files behind what is in the lists.
 * @param read undefined for a file that cannot be read; the reader tells why
 * @returns where each key was written, those of the files included
 */
export function withMappingFiles(
  tree: Tree,
  main: YamlFile | undefined,
  read: (path: string) => YamlFile | undefined
): YamlFile | undefined {
  return LISTS.reduce((yaml, listed) => withFiles(tree, yaml, read, listed), main);
}

function withFiles(
  tree: Tree,
  main: YamlFile | undefined,
  read: (path: string) => YamlFile | undefined,
  listed: Listed
): YamlFile | undefined {
  const section = tree[listed.section];
  const paths = isObject(section) ? section[listed.files] : undefined;
  if (!isObject(section) || !Array.isArray(paths)) return main;
  const inline = section[listed.list] ?? [];
  // What is no list is left as it is: the schema refuses it.
  if (!Array.isArray(inline)) return main;
  const files = paths.flatMap((path: unknown) => {
    const yaml = typeof path === 'string' && path !== '' ? read(path) : undefined;
    return yaml ? [{ name: String(path), yaml }] : [];
  });
  tree[listed.section] = {
    ...section,
    [listed.list]: [...(inline as unknown[]), ...files.map(({ yaml }) => yaml.value)],
  };
  return {
    value: tree,
    problems: [],
    placeOf: (path) => {
      const [first, key, index] = path;
      const isEntry = first === listed.section && key === listed.list && typeof index === 'number';
      const file = isEntry ? files[index - inline.length] : undefined;
      return file ? (file.yaml.placeOf(path.slice(3)) ?? file.name) : main?.placeOf(path);
    },
  };
}
