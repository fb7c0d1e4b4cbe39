/**
 * `npm test`: set-up, build, types, lint, every test. Arguments after `--` go to jest: `npm test -- exporter/src/domain`
 * then runs only those tests (set-up and build as always).
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkNode, compile, ensurePackages, ensurePrograms, ROOT, run } from './lib/setup.mjs';
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

const lint = startLint();
run('node', ['scripts/build.mjs']);
step('Checking types');
compile();
step('Linting');
const { ok, said } = await lint;
if (!ok) giveUp(`npm run lint failed:\n${said}`);
step('Testing');
process.exitCode = runTests(process.argv.slice(2)) ? 0 : 1;
console.log(`\nnpm test took ${Math.round((Date.now() - started) / 1000)} s`);

/** Neither needs what the other makes: it runs beside the build, on another core, and is heard after it. */
function startLint() {
  const child = spawn('npm', ['run', '--silent', 'lint'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ ok: false, said: message }));
    child.once('close', (code) => resolve({ ok: code === 0, said }));
  });
}

/** Whether all is green. What the user named runs as named; else everything, the hungriest after all others. */
function runTests(named) {
  if (named.length > 0) return jest(['--maxWorkers=2', ...named]).success;
  const alone = ['test/provisioning/live-rules.test.ts', 'test/provisioning/live-dashboards.test.ts'];
  const runs = [jest(['--maxWorkers=2'], alone), jest(['--runInBand', ...alone])];
  const sum = (count) => runs.reduce((total, run) => total + run[count], 0);
  console.log(`\n${sum('numPassedTests')} passed, ${sum('numFailedTests') + sum('numRuntimeErrorTestSuites')} failed`);
  return runs.every(({ success }) => success);
}

/** One run of jest, and its counts; a run that never came to its counts has failed. */
function jest(args, leftOut = []) {
  const counts = join(mkdtempSync(join(tmpdir(), 'modelwatch-test-')), 'counts.json');
  const { status } = spawnSync('npx', ['jest', ...args, '--json', `--outputFile=${counts}`], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TESTS_LEFT_OUT: leftOut.join(',') },
  });
  const found = existsSync(counts) ? JSON.parse(readFileSync(counts, 'utf8')) : {};
  rmSync(dirname(counts), { recursive: true, force: true });
  const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0, success = false } = found;
  return { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, success: success && status === 0 };
}
