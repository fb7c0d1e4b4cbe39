/**
 * How the plugin is built: the conventions of @grafana/create-plugin, written once for both plugins of the repository
 * (scripts/plugin-webpack.mjs). `npm run build` at the top of the repository uses the same configuration.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Configuration } from 'webpack';
import { pluginWebpackConfig } from '../../../scripts/plugin-webpack.mjs';

export default function config(env: { production?: boolean }): Configuration {
  const pluginDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  return pluginWebpackConfig({ pluginDir, production: env.production ?? false });
}
