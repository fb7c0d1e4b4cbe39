/** The load of the store's benchmark: objects of ten families, a line each of five labels and about 163 bytes. */
export const FAMILIES = 10;
const NAMESPACES = 50;
const NODES = 700;

export const families = Array.from({ length: FAMILIES }, (_, index) => ({
  name: `modelwatch_bench_family_${index}`,
  type: 'gauge' as const,
  help: `Family ${index} of the benchmark.`,
}));

/** The same pseudo-random numbers in every run (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Names of pods end in what is random in a cluster too; without that the text would compress three times as well. */
export function labelsOf(object: number): Record<string, string> {
  const random = createRandom(object);
  const part = (length: number) =>
    Array.from({ length }, () => 'bcdfghjklmnpqrstvwxz2456789'[Math.floor(random() * 27)]).join('');
  return {
    namespace: `team-${object % NAMESPACES}`,
    model: `scorer-${part(8)}`,
    pod: `scorer-${part(8)}-${part(10)}-${part(5)}`,
    node: `ip-10-0-${Math.floor(object / 256) % 256}-${object % NODES}.compute.internal`,
    state: 'serving',
  };
}

export function lineOf(family: number, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${text}"`);
  return `${families[family]?.name}{${pairs.join(',')}} ${value}\n`;
}

/** One text per family; `values[family]`, else 1. */
export function textsOf(object: number, values: readonly number[] = []): string[] {
  const labels = labelsOf(object);
  // Joined, not added: an added string keeps its parts alive.
  return families.map((_, family) => [lineOf(family, labels, values[family] ?? 1), ''].join(''));
}
