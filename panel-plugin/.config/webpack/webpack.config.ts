/** Build conventions of `@grafana/create-plugin`; both plugins share one configuration. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pluginWebpackConfig } from '../../../scripts/plugin-webpack.mjs';

const pluginDir = join(dirname(fileURLToPath(import.meta.url)), '../..');

export default (env: { production?: boolean }) =>
  pluginWebpackConfig({ pluginDir, production: Boolean(env.production) });
