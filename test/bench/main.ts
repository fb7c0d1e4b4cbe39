/** `npm run bench [-- SUITE ...] [-- --json FILE]`: one table of figures. Tests never assert times; this prints them. */
import { writeFileSync } from 'node:fs';
import { bundles } from './bundles.bench';
import { events } from './events.bench';
import { exporter } from './exporter.bench';
import { fleet } from './fleet.bench';
import { asJson, asTable, type Figure } from './figures';
import { joins } from './joins.bench';
import { panel } from './panel.bench';
import { profile } from './profile.bench';
import { replicas } from './replicas.bench';
import { driftRules, rules } from './rules.bench';
import { servers } from './servers.bench';
import { sloRules } from './slo-rules.bench';
import { store } from './store.bench';
import { sync } from './sync.bench';

const SUITES = [
  exporter,
  store,
  sync,
  fleet,
  servers,
  profile,
  events,
  joins,
  replicas,
  rules,
  driftRules,
  sloRules,
  panel,
  bundles,
];

async function main(args: string[]): Promise<void> {
  const at = args.indexOf('--json');
  const json = at < 0 ? undefined : args.splice(at, 2)[1];
  if (at >= 0 && !json) throw new RangeError('--json: expected a file name');
  const unknown = args.filter((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new RangeError(`no suite ${unknown.join(', ')}: expected ${SUITES.map((suite) => suite.name).join(', ')}`);
  }
  const figures: Figure[] = [];
  for (const suite of SUITES.filter(({ name }) => args.length === 0 || args.includes(name))) {
    console.error(`measuring ${suite.name} ...`);
    figures.push(...(await suite.run()).map((figure) => ({ ...figure, suite: suite.name })));
  }
  console.log(asTable(figures));
  if (json) writeFileSync(json, asJson(figures));
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
);
