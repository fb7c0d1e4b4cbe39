/** Pages of metrics as servers write them, large. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FIXTURES = join(__dirname, '..', '..', '..', 'exporter', 'src', 'sources', 'servers', 'fixtures');

/** A recorded page. */
export function recorded(path: string): string {
  return readFileSync(join(FIXTURES, path), 'utf8');
}

/** The recorded page of Triton with the lines of its model `double` for so many models. */
export function tritonWith(models: number): string {
  const families = new Map<string, string[]>();
  for (const line of recorded('triton/metrics-after.txt').split('\n')) {
    const family = /^(\w+)\{.*model="double"/.exec(line)?.[1];
    if (family) families.set(family, [...(families.get(family) ?? []), line]);
  }
  const pages = [...families].map(([family, lines]) => {
    const all = Array.from({ length: models }, (_, at) =>
      lines.map((line) => line.replace('"double"', `"model-${at}"`)).join('\n')
    );
    return `# TYPE ${family} counter\n${all.join('\n')}\n`;
  });
  return pages.join('');
}
