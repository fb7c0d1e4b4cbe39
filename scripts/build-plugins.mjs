/** Builds both Grafana plugins into their dist/. `-- --development` for a readable build, `-- panel-plugin` for one. */
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import webpack from 'webpack';
import { pluginWebpackConfig } from './plugin-webpack.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const PLUGINS = ['panel-plugin', 'datasource-plugin'];
/**
 * Before gzip, which leaves less than a third. Both hold decoders, names and helps of the contract. The panel's module is
 * what Grafana loads with every page that lists panels; a view comes with what the views share when one is shown. The data
 * source's holds what queries of all kinds need, and figures; other kinds come with the first query of theirs.
 */
const SIZE_BUDGET_BYTES = {
  'panel-plugin': {
    'module.js': 25_000,
    'shared.js': 40_000,
    'health.js': 140_000,
    'drift.js': 75_000,
    'slo.js': 60_000,
    'alerts.js': 20_000,
    'accuracy.js': 60_000,
  },
  'datasource-plugin': {
    'module.js': 140_000,
    'shared.js': 40_000,
    'accuracy.js': 15_000,
    'alerting.js': 10_000,
    'alerts.js': 10_000,
    'batches.js': 12_000,
    'challengers.js': 15_000,
    'check.js': 20_000,
    'coverage.js': 12_000,
    'custom.js': 12_000,
    'drift.js': 20_000,
    'editors.js': 18_000,
    'events.js': 8_000,
    'exploration.js': 12_000,
    'models.js': 20_000,
    'segments.js': 22_000,
    'slo.js': 20_000,
  },
};

/** @throws Error with webpack's own words when the build fails */
function build(config) {
  return new Promise((resolve, reject) => {
    const compiler = webpack(config);
    compiler.run((error, stats) => {
      compiler.close(() => {
        if (error) reject(error);
        else if (stats.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true, colors: false })));
        else resolve(stats);
      });
    });
  });
}

const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== '--development' && !PLUGINS.includes(arg));
if (unknown.length) {
  console.error(
    `build-plugins: unknown argument ${unknown[0]}; expected --development or one of ${PLUGINS.join(', ')}`
  );
  process.exit(2);
}
const chosen = PLUGINS.filter((name) => args.every((arg) => arg.startsWith('--')) || args.includes(name));
const production = !args.includes('--development');
for (const name of chosen) {
  const pluginDir = join(ROOT, name);
  try {
    await build(pluginWebpackConfig({ pluginDir, production }));
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    process.exit(1);
  }
  for (const file of readdirSync(join(pluginDir, 'dist')).filter((each) => each.endsWith('.js'))) {
    const { size } = statSync(join(pluginDir, 'dist', file));
    const budget = SIZE_BUDGET_BYTES[name][file];
    const over = production && !(size <= budget);
    const excess = budget === undefined ? ' (no budget for it)' : ` (over the budget of ${budget / 1000} kB)`;
    console.log(`${name}: ${file} ${(size / 1000).toFixed(1)} kB${over ? excess : ''}`);
  }
}
