/**
 * How both Grafana plugins are built: the conventions of `@grafana/create-plugin` (AMD module, externals that Grafana
 * provides, files beside the module, placeholders), written once for the two plugins of this repository.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import CopyWebpackPlugin from 'copy-webpack-plugin';
import TerserPlugin from 'terser-webpack-plugin';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What Grafana 12.4 and 13 hand to a plugin at run time; everything else is bundled. */
const EXTERNALS = [
  { 'amd-module': 'module' },
  'lodash',
  'jquery',
  'moment',
  'slate',
  'emotion',
  '@emotion/react',
  '@emotion/css',
  'prismjs',
  'slate-plain-serializer',
  '@grafana/slate-react',
  'react',
  'react/jsx-runtime',
  'react/jsx-dev-runtime',
  'react-dom',
  'react-redux',
  'redux',
  'rxjs',
  'i18next',
  'react-router',
  'd3',
  'angular',
  /^@grafana\/ui/i,
  /^@grafana\/runtime/i,
  /^@grafana\/data/i,
];

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** The AMD loader tells where the module came from, so that Grafana may serve it under a sub-path or from a CDN. */
function publicPathModule(id) {
  const code = [
    "import amdModule from 'amd-module';",
    'const uri = amdModule && amdModule.uri;',
    `__webpack_public_path__ = uri ? uri.slice(0, uri.lastIndexOf('/') + 1) : 'public/plugins/${id}/';`,
  ].join('\n');
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** The validator compares every source in the map with the repository, where the public path module has no file. */
function sourceName({ resource, resourcePath, namespace }) {
  const path = resource.startsWith('data:') ? 'webpack/public-path' : resourcePath;
  return `webpack://${namespace}/${path}`;
}

function copyPatterns(pluginDir, replace) {
  const transform = (content) => replace(content.toString());
  const optional = { noErrorOnMissing: true };
  const readme = existsSync(join(pluginDir, 'src/README.md')) ? 'src/README.md' : 'README.md';
  return [
    { from: join(pluginDir, 'src/plugin.json'), to: '.', transform },
    { from: join(pluginDir, readme), to: 'README.md', transform, ...optional },
    { from: join(ROOT, 'LICENSE'), to: 'LICENSE', toType: 'file' },
    { from: join(pluginDir, 'CHANGELOG.md'), to: '.', ...optional },
    { from: join(pluginDir, 'src/img'), to: 'img', ...optional },
    { from: join(pluginDir, 'src/query_help.md'), to: '.', ...optional },
    {
      from: '**/*.json',
      to: '.',
      context: join(pluginDir, 'src'),
      globOptions: { ignore: ['**/plugin.json'] },
      ...optional,
    },
  ];
}

/**
 * Webpack configuration of one plugin.
 * @param {{pluginDir: string, production: boolean}} options pluginDir: absolute folder with package.json and src/
 * @returns {import('webpack').Configuration}
 */
export function pluginWebpackConfig({ pluginDir, production }) {
  const id = readJson(join(pluginDir, 'src/plugin.json')).id;
  const { version } = readJson(join(pluginDir, 'package.json'));
  const today = new Date().toISOString().slice(0, 10);
  const replace = (text) =>
    text.replaceAll('%VERSION%', version).replaceAll('%TODAY%', today).replaceAll('%PLUGIN_ID%', id);
  const entry = existsSync(join(pluginDir, 'src/module.tsx')) ? './module.tsx' : './module.ts';
  return {
    context: join(pluginDir, 'src'),
    mode: production ? 'production' : 'development',
    devtool: production ? 'source-map' : 'eval-source-map',
    target: 'web',
    entry: { module: [publicPathModule(id), entry] },
    externals: EXTERNALS,
    output: {
      path: join(pluginDir, 'dist'),
      filename: '[name].js',
      devtoolModuleFilenameTemplate: sourceName,
      chunkFilename: production ? '[name].js?_cache=[contenthash]' : '[name].js',
      clean: true,
      library: { type: 'amd' },
      publicPath: `public/plugins/${id}/`,
      uniqueName: id,
      crossOriginLoading: 'anonymous',
    },
    resolve: {
      extensions: ['.ts', '.tsx', '.js', '.jsx'],
      alias: { '@modelwatch/contract': join(ROOT, 'contract/src/index.ts') },
    },
    module: {
      rules: [
        {
          test: /\.[tj]sx?$/,
          exclude: /node_modules/,
          use: {
            loader: 'swc-loader',
            options: {
              jsc: {
                target: 'es2020',
                loose: false,
                parser: { syntax: 'typescript', tsx: true },
                transform: { react: { runtime: 'classic' } },
              },
            },
          },
        },
        { test: /\.(png|jpe?g|gif|svg)$/, type: 'asset/resource', generator: { filename: 'img/[hash][ext]' } },
      ],
    },
    optimization: {
      minimize: production,
      // What two views need is loaded once, by a name that stays; so do the views themselves (webpackChunkName).
      splitChunks: { cacheGroups: { shared: { name: 'shared', chunks: 'async', minChunks: 2, minSize: 0 } } },
      minimizer: [
        new TerserPlugin({ extractComments: false, terserOptions: { format: { comments: /@license|@preserve/i } } }),
      ],
    },
    // The budget of each file is in build-plugins.mjs.
    performance: { hints: false },
    plugins: [new CopyWebpackPlugin({ patterns: copyPatterns(pluginDir, replace) })],
    stats: 'errors-warnings',
  };
}
