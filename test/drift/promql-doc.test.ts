/** Every query in the documentation is PromQL of series that exist, and mixes no clusters. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promqlProblems } from '../support/promql';

const DOCS = join(__dirname, '..', '..', 'docs');
/** These join with series of others: test/drift/migration-doc.test.ts and test/provisioning/joining-doc.test.ts run them. */
const WITH_OTHERS = ['coming-from-kube-state-metrics.md', 'joining.md'];
const FILES = ['.', 'runbooks'].flatMap((folder) =>
  readdirSync(join(DOCS, folder))
    .filter((name) => name.endsWith('.md') && !WITH_OTHERS.includes(name))
    .map((name) => join(folder, name))
);

/** Names labels and no values, or leaves a part out: that is how a family is written down, and no query. */
const SHORTHAND = /\{[\w, ]*\}|\.\.\.|<\w+>/;
/** How much is deployed and used is summed over clusters too: nothing is joined there. */
const isSum = (problem: string) => /^by \([^)]*\) must carry cluster$/.test(problem);
/** A lone name is no query either. */
const QUERY = /\bmodelwatch[:_][\w:]*.*[({=<>]|[({].*\bmodelwatch[:_]|\bmodelwatch:\S+ (?:unless|and|or) /;

function queriesOf(file: string): string[] {
  const text = readFileSync(join(DOCS, file), 'utf8');
  const blocks = [...text.matchAll(/^```promql\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => block.split(/\n\n+/));
  const prose = text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
  const inline = [...prose.matchAll(/`([^`\n]+)`/g)]
    .map(([, code = '']) => code.replaceAll('\\|', '|'))
    .filter((code) => QUERY.test(code) && !SHORTHAND.test(code) && !/^(?:curl|modelwatch) /.test(code));
  return [...blocks, ...inline].map((query) => query.trim()).filter((query) => query !== '');
}

const queries = FILES.flatMap((file) => queriesOf(file).map((query) => [file, query] as const));

it('finds queries in blocks, in prose and in runbooks', () => {
  const files = new Set(queries.map(([file]) => file));
  for (const file of ['challengers.md', 'drift.md', 'runbooks/ModelwatchModelDrift.md']) expect(files).toContain(file);
  expect(queries.length).toBeGreaterThan(100);
});

it.each(queries)('%s: %s', (file, query) => {
  const problems = promqlProblems(query).filter((problem) => !(file === 'usage.md' && isSum(problem)));
  expect(problems).toEqual([]);
});
