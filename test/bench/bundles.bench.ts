import { statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import type { Suite } from './figures';

const ROOT = join(__dirname, '..', '..');

/** Budgets of scripts/build-plugins.mjs, where their reasons are. */
const TARGETS_KB = [
  ['panel', 'module.js', 25],
  ['panel', 'shared.js', 40],
  ['panel', 'health.js', 140],
  ['panel', 'drift.js', 75],
  ['panel', 'accuracy.js', 60],
  ['panel', 'slo.js', 60],
  ['datasource', 'module.js', 140],
  ['datasource', 'shared.js', 40],
  ['datasource', 'editors.js', 18],
] as const;

/** Size of what Grafana loads of each plugin: externals are the host's, before gzip. */
export const bundles: Suite = {
  name: 'bundles',
  run: () =>
    Promise.resolve(
      TARGETS_KB.map(([plugin, name, target]) => {
        const file = join(ROOT, `${plugin}-plugin`, 'dist', name);
        return {
          name: `${plugin} plugin, ${name}`,
          value: statSync(file).size / 1000,
          unit: 'kB' as const,
          yardstick: { name: 'the same after gzip', value: gzipSync(readFileSync(file)).length / 1000 },
          target,
        };
      })
    ),
};
