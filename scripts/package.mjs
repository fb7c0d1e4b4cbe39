/**
 * `npm run package`: what is published, in artifacts/. The two plugins as zips in the layout that Grafana's catalogue
 * and its plugin validator ask for, the exporter as an npm tarball in which the private workspaces are bundled.
 * `-- --no-build` packs what npm run build has left.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkNode, ensurePackages, ROOT, run } from './lib/setup.mjs';
import { giveUp, note, step } from './lib/say.mjs';

const ARTIFACTS = join(ROOT, 'artifacts');
const PLUGINS = ['panel-plugin', 'datasource-plugin'];

const args = process.argv.slice(2);
const unknown = args.find((arg) => arg !== '--no-build');
if (unknown) giveUp(`package: unknown argument ${unknown}; expected nothing or --no-build`);

checkNode();
ensurePackages();
if (args.length === 0) run('node', ['scripts/build.mjs']);
// Loaded late: on a fresh clone their packages are installed first.
const { packExporter } = await import('./lib/exporter-package.mjs');
const { packPlugin } = await import('./lib/plugin-package.mjs');
rmSync(ARTIFACTS, { recursive: true, force: true });
mkdirSync(ARTIFACTS, { recursive: true });
try {
  for (const plugin of PLUGINS) {
    step(`Packing ${plugin}`);
    told(await packPlugin(join(ROOT, plugin), ARTIFACTS));
  }
  step('Packing the exporter');
  told(await packExporter(ARTIFACTS));
} catch (error) {
  giveUp(error.message);
}

function told(path) {
  note(`${relative(ROOT, path)}  ${(statSync(path).size / 1000).toFixed(0)} kB`);
}
