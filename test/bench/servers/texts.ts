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
  return repeated(recorded('triton/metrics-after.txt'), 'model="double"', models, (at) => `model="model-${at}"`);
}

/** A page of the Envoy of Seldon Core 2 with the lines of one of its clusters for so many versions of models. */
export function envoyWith(clusters: number): string {
  const one = 'envoy_cluster_name="fraud_2_http"';
  return repeated(recorded('seldon/envoy.txt'), one, clusters, (at) => `envoy_cluster_name="model-${at}_1_http"`);
}

/** The lines with the label of one, so many times with another, family by family. */
function repeated(page: string, label: string, times: number, labelOf: (at: number) => string): string {
  const families = new Map<string, string[]>();
  for (const line of page.split('\n')) {
    const family = /^(\w+)\{/.exec(line)?.[1];
    if (family && line.includes(label)) families.set(family, [...(families.get(family) ?? []), line]);
  }
  const pages = [...families].map(([family, lines]) => {
    const all = Array.from({ length: times }, (_, at) =>
      lines.map((line) => line.replace(label, labelOf(at))).join('\n')
    );
    return `# TYPE ${family} counter\n${all.join('\n')}\n`;
  });
  return pages.join('');
}
