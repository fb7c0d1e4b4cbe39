/** The exporter as an npm package: one bundled file, since the workspaces it is made of are not published. */
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { cacheFolder, ROOT, run } from './setup.mjs';

const EXPORTER = join(ROOT, 'exporter');

/**
 * @param {string} outDir where the tarball goes
 * @returns {Promise<string>} path of `modelwatch-<version>.tgz`
 * @throws Error when the bundle would hold a package of somebody else, which must be a dependency instead
 */
export async function packExporter(outDir) {
  const stage = cacheFolder('package', 'exporter');
  rmSync(stage, { recursive: true, force: true });
  cacheFolder('package', 'exporter', 'dist');
  const manifest = JSON.parse(readFileSync(join(EXPORTER, 'package.json'), 'utf8'));
  await bundle(join(stage, 'dist', 'main.js'), Object.keys(manifest.dependencies));
  const { devDependencies: _, ...published } = manifest;
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  copyFileSync(join(ROOT, 'LICENSE'), join(stage, 'LICENSE'));
  copyFileSync(join(ROOT, 'README.md'), join(stage, 'README.md'));
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', outDir], { cwd: stage, quiet: true })
  );
  return join(outDir, packed.filename);
}

async function bundle(outfile, dependencies) {
  const { metafile } = await build({
    entryPoints: [join(EXPORTER, 'src/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: dependencies.flatMap((name) => [name, `${name}/*`]),
    alias: {
      '@modelwatch/contract': join(ROOT, 'contract/src/index.ts'),
      '@modelwatch/demo': join(ROOT, 'demo/src/index.ts'),
    },
    absWorkingDir: ROOT,
    metafile: true,
    logLevel: 'error',
  });
  const foreign = Object.keys(metafile.inputs).filter((input) => input.includes('node_modules/'));
  if (foreign.length > 0) {
    throw new Error(`the exporter imports ${foreign[0]}, which is not in the dependencies of exporter/package.json`);
  }
  chmodSync(outfile, 0o755);
}
