/** `npm run sign`: signs the two built plugins, for whoever holds GRAFANA_ACCESS_POLICY_TOKEN. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/setup.mjs';
import { giveUp, note, step } from './lib/say.mjs';

const PLUGINS = ['panel-plugin', 'datasource-plugin'];

if (!process.env.GRAFANA_ACCESS_POLICY_TOKEN) {
  giveUp(
    'GRAFANA_ACCESS_POLICY_TOKEN is not set. Make a token with the scope "plugins:write" at grafana.com, My Account,\n' +
      'Access Policies, and start again: GRAFANA_ACCESS_POLICY_TOKEN=... npm run sign [-- --rootUrls https://grafana.example.org/]'
  );
}
for (const plugin of PLUGINS) {
  const dist = join(ROOT, plugin, 'dist');
  if (!existsSync(join(dist, 'module.js')))
    giveUp(`${plugin}/dist/module.js is missing. Build it first: npm run build`);
  step(`Signing ${plugin}`);
  const signed = spawnSync('npx', ['--yes', '@grafana/sign-plugin@3', '--distDir', dist, ...process.argv.slice(2)], {
    cwd: join(ROOT, plugin),
    stdio: 'inherit',
  });
  if (signed.status !== 0)
    giveUp(`${plugin} is not signed (exit code ${signed.status ?? 'none'}); see the lines above.`);
}
note('Now pack what is signed: npm run package -- --no-build');
