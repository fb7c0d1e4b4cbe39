/**
 * `GRAFANA_HOME=FOLDER npm run test:grafana`: both plugins and every provisioned panel in a real Grafana, over the stack
 * of `npm start` on ports of its own, and one started as docs/drift.md says. Apart from `npm test`, because Grafana is in no package registry.
 */
import { spawn, spawnSync } from 'node:child_process';
import { checkDocumentedGrafana } from './lib/grafana-doc.mjs';
import { giveUp } from './lib/say.mjs';
import { checkNode, ensurePackages, ensurePrograms, ROOT } from './lib/setup.mjs';
import { answers } from './lib/stack.mjs';

checkNode();
if (!process.env.GRAFANA_HOME)
  giveUp('GRAFANA_HOME is not set: expected the folder of an unpacked Grafana 12.4 or later');
ensurePackages();
const { missing } = ensurePrograms(['prometheus', 'prometheus-alertmanager', 'chromium']);
if (missing.length > 0) giveUp(`The test needs ${missing.join(', ')}: see above.`);

const env = {
  ...process.env,
  MODELWATCH_PORT: '18780',
  MODELWATCH_DEMO_API_PORT: '18781',
  MODELWATCH_DEMO_CONTROL_PORT: '18782',
  MODELWATCH_PROMETHEUS_PORT: '19090',
  MODELWATCH_ALERTMANAGER_PORT: '19093',
  MODELWATCH_GRAFANA_PORT: '13000',
  MODELWATCH_EXTRA: '1',
};
const stack = spawn(process.execPath, ['scripts/start.mjs'], {
  cwd: ROOT,
  env,
  stdio: ['ignore', 'inherit', 'inherit'],
});
const ended = new Promise((resolve) => stack.once('exit', resolve));
let status = 1;
try {
  await Promise.race([
    answers('http://127.0.0.1:13000/api/health', { patienceMs: 240_000 }),
    ended.then((code) => Promise.reject(new Error(`npm start ended with ${code}`))),
  ]);
  await checkDocumentedGrafana({ grafana: 13001, prometheus: 19090, exporter: 18780, alertmanager: 19093 });
  const jest = spawnSync('npx', ['jest', '--runInBand', 'test/extra/grafana'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  status = jest.status ?? 1;
} catch (error) {
  console.error(error.message);
} finally {
  stack.kill('SIGTERM');
  await ended;
}
process.exit(status);
