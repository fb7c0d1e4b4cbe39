/** A built plugin as the zip that Grafana installs: one folder, named after the plugin's id. */
import { createWriteStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';

/** Without these Grafana or its validator refuses the plugin. */
const REQUIRED = ['module.js', 'module.js.map', 'plugin.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];
/** One time for every entry, so that the same build gives the same bytes. */
const ENTRY_TIME = new Date('2020-01-01T00:00:00Z');

/**
 * @param {string} pluginDir folder with dist/
 * @param {string} outDir where the zip goes
 * @returns {Promise<string>} path of `<id>-<version>.zip`
 * @throws Error naming the file that is missing or the placeholder that was left in plugin.json
 */
export async function packPlugin(pluginDir, outDir) {
  const dist = join(pluginDir, 'dist');
  const missing = REQUIRED.filter((file) => !existsSync(join(dist, file)));
  if (missing.length > 0) {
    throw new Error(`${dist}: missing ${missing.join(', ')}. Build it first: npm run build`);
  }
  const text = readFileSync(join(dist, 'plugin.json'), 'utf8');
  const placeholder = /%[A-Z_]+%/.exec(text);
  if (placeholder) throw new Error(`${dist}/plugin.json: ${placeholder[0]} was not replaced by the build`);
  const { id, info } = JSON.parse(text);

  const zip = new yazl.ZipFile();
  for (const file of filesIn(dist)) {
    const name = [id, ...relative(dist, file).split(sep)].join('/');
    zip.addFile(file, name, { mtime: ENTRY_TIME, mode: 0o100644 });
  }
  zip.end();
  const out = join(outDir, `${id}-${info.version}.zip`);
  await pipeline(zip.outputStream, createWriteStream(out));
  return out;
}

/** In a fixed order, whatever the file system says. */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
