import { statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import type { Suite } from './figures';

const ROOT = join(__dirname, '..', '..');

/** Budgets of scripts/build-plugins.mjs, where their reasons are. */
const TARGET_KB = { panel: 220, datasource: 170 };

/** Size of each plugin's module as Grafana loads it: externals are the host's, before gzip. */
export const bundles: Suite = {
  name: 'bundles',
  run: () =>
    Promise.resolve(
      (['panel', 'datasource'] as const).map((plugin) => {
        const file = join(ROOT, `${plugin}-plugin`, 'dist', 'module.js');
        return {
          name: `${plugin} plugin, module.js`,
          value: statSync(file).size / 1000,
          unit: 'kB' as const,
          yardstick: { name: 'the same after gzip', value: gzipSync(readFileSync(file)).length / 1000 },
          target: TARGET_KB[plugin],
        };
      })
    ),
};
