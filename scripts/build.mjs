/** `npm run build`: everything that is run or shipped. `-- --no-plugins` leaves the two Grafana plugins out. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, compile, ensurePackages, ROOT, run } from './lib/setup.mjs';
import { step } from './lib/say.mjs';

checkNode();
ensurePackages();
step('Compiling contract, demo and exporter');
compile('contract', 'demo', 'exporter');
chmodSync(join(ROOT, 'exporter/dist/main.js'), 0o755);
if (!process.argv.includes('--no-plugins')) {
  step('Building the two Grafana plugins');
  run('node', ['scripts/build-plugins.mjs']);
}
