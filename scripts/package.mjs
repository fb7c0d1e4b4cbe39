/**
 * `npm run package`: the two plugin zips and the exporter's npm tarball, in artifacts/. A zip holds one folder named
 * after the plugin, as Grafana and its validator want it.
 */
import {
  createWriteStream,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { build } from 'esbuild';
import { ZipFile } from 'yazl';
import { CACHE, checkNode, ensurePackages, ROOT, run } from './lib/setup.mjs';
import { note, step } from './lib/say.mjs';

const OUT = join(ROOT, 'artifacts');
const PLUGINS = ['panel-plugin', 'datasource-plugin'];

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** The built plugin as `ID/...`; the same files give the same zip, so that a checksum means something. */
async function zipPlugin(folder) {
  const dist = join(ROOT, folder, 'dist');
  const { id, info } = readJson(join(dist, 'plugin.json'));
  const path = join(OUT, `${id}-${info.version}.zip`);
  const zip = new ZipFile();
  for (const file of filesIn(dist)) {
    zip.addFile(file, join(id, relative(dist, file)), { mtime: new Date(`${info.updated}T00:00:00Z`), mode: 0o100644 });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

/** The exporter as one file: contract and demo are private workspaces, so they go inside; npm installs the rest. */
async function packExporter() {
  const stage = join(CACHE, 'package', 'exporter');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(join(stage, 'dist'), { recursive: true });
  const manifest = readJson(join(ROOT, 'exporter/package.json'));
  await build({
    entryPoints: [join(ROOT, 'exporter/src/main.ts')],
    outfile: join(stage, 'dist/main.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: Object.keys(manifest.dependencies),
    alias: {
      '@modelwatch/contract': join(ROOT, 'contract/src/index.ts'),
      '@modelwatch/demo': join(ROOT, 'demo/src/index.ts'),
    },
    sourcemap: true,
    logLevel: 'error',
  });
  const { devDependencies: _, ...shipped } = manifest;
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(shipped, null, 2)}\n`);
  cpSync(join(ROOT, 'README.md'), join(stage, 'README.md'));
  cpSync(join(ROOT, 'LICENSE'), join(stage, 'LICENSE'));
  const packed = run('npm', ['pack', '--json', '--pack-destination', OUT], { cwd: stage, quiet: true });
  return join(OUT, JSON.parse(packed)[0].filename);
}

checkNode();
ensurePackages();
mkdirSync(OUT, { recursive: true });
step('Building the two Grafana plugins');
run('node', ['scripts/build-plugins.mjs']);
step('Packing');
const made = [];
for (const plugin of PLUGINS) made.push(await zipPlugin(plugin));
made.push(await packExporter());
for (const path of made) note(`${relative(ROOT, path)}  ${(statSync(path).size / 1000).toFixed(0)} kB`);
