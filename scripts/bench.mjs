/** `npm run bench`: builds what is measured, then measures. Arguments go on to test/bench/main.ts. */
import { spawnSync } from 'node:child_process';
import { ensurePrograms, ROOT, run } from './lib/setup.mjs';
import { giveUp } from './lib/say.mjs';

run('node', ['scripts/build.mjs']);
const { missing } = ensurePrograms(['chromium']);
if (missing.length > 0) giveUp('The panel is measured in Chromium: see above.');
const bench = spawnSync('npx', ['tsx', 'test/bench/main.ts', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ['ignore', 'inherit', 'inherit'],
});
process.exit(bench.status ?? 1);
