/**
 * `npm test`: set-up, build, types, lint, every test. Arguments after `--` go to jest: `npm test -- exporter/src/domain`
 * then runs only those tests (set-up and build as always).
 */
import { spawnSync } from 'node:child_process';
import { checkNode, ensurePackages, ensurePrograms, ROOT, run } from './lib/setup.mjs';
import { giveUp, step } from './lib/say.mjs';

const started = Date.now();
checkNode();
ensurePackages();
const { missing } = ensurePrograms([
  'prometheus',
  'promtool',
  'prometheus-alertmanager',
  'amtool',
  'chromium',
  'python3-prometheus-client',
]);
if (missing.length > 0) giveUp(`The tests need ${missing.join(', ')}: see above.`);

run('node', ['scripts/build.mjs']);
step('Checking types');
run('npx', ['tsc', '-b']);
step('Linting');
run('npm', ['run', '--silent', 'lint']);
step('Testing');
const jest = spawnSync('npx', ['jest', '--maxWorkers=2', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ['ignore', 'inherit', 'inherit'],
});
console.log(`\nnpm test took ${Math.round((Date.now() - started) / 1000)} s`);
process.exit(jest.status ?? 1);
