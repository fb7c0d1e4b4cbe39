/** What is published, as whoever installs it finds it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATASOURCE_PLUGIN_ID, PANEL_PLUGIN_ID } from '@modelwatch/contract';

const ROOT = join(__dirname, '..', '..');
const ARTIFACTS = join(ROOT, 'artifacts');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const INSTALL_MS = 120_000;

describe('npm run package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-package-'));
  beforeAll(() => {
    const packed = run(process.execPath, [join(ROOT, 'scripts/package.mjs'), '--no-build']);
    expect(packed).toMatchObject({ code: 0 });
  }, INSTALL_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves the two plugins and the exporter, and nothing else', () => {
    expect(readdirSync(ARTIFACTS).sort()).toEqual([
      `modelwatch-${version}.tgz`,
      `${DATASOURCE_PLUGIN_ID}-${version}.zip`,
      `${PANEL_PLUGIN_ID}-${version}.zip`,
    ]);
  });

  it.each([PANEL_PLUGIN_ID, DATASOURCE_PLUGIN_ID])('packs %s in one folder with all that Grafana asks for', (id) => {
    const names = entriesOf(readFileSync(join(ARTIFACTS, `${id}-${version}.zip`)));
    expect(names).toEqual(
      expect.arrayContaining(
        ['CHANGELOG.md', 'LICENSE', 'README.md', 'img/logo.svg', 'module.js', 'module.js.map', 'plugin.json'].map(
          (name) => `${id}/${name}`
        )
      )
    );
    expect(names.filter((name) => !name.startsWith(`${id}/`))).toEqual([]);
  });

  it(
    'packs an exporter that runs where nothing else is',
    () => {
      writeFileSync(join(folder, 'package.json'), '{"private":true}');
      const npm = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
      expect(run('npm', [...npm, join(ARTIFACTS, `modelwatch-${version}.tgz`)], folder)).toMatchObject({ code: 0 });
      const modelwatch = join(folder, 'node_modules/.bin/modelwatch');
      expect(run(modelwatch, ['--version'])).toEqual({ code: 0, text: `${version}\n` });
      expect(run(modelwatch, ['demo', '--help']).text).toMatch(/modelwatch demo/);
      expect(run(modelwatch, ['rules', '--format', 'prometheus']).text).toMatch(/^groups:/m);
    },
    INSTALL_MS
  );
});

describe('npm run sign', () => {
  it('says what it needs when nobody holds a token', () => {
    const signed = run(process.execPath, [join(ROOT, 'scripts/sign.mjs')], ROOT, { GRAFANA_ACCESS_POLICY_TOKEN: '' });
    expect(signed.code).toBe(1);
    expect(signed.text).toMatch(/GRAFANA_ACCESS_POLICY_TOKEN is not set.*plugins:write/s);
  });
});

function run(command: string, args: string[], cwd = ROOT, env: NodeJS.ProcessEnv = {}) {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  // npm warns on stderr about the settings of whoever runs it.
  return { code: done.status, text: done.status === 0 ? done.stdout : `${done.stdout}${done.stderr}` };
}

/** Names in the central directory of a zip. */
function entriesOf(zip: Buffer): string[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    names.push(zip.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}
