/** A Grafana that is started by the very block of docs/drift.md, so that what is written there is what was seen to work. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';
import { answers } from './stack.mjs';

/** What the block takes from the checkout. */
const FROM_CHECKOUT = ['panel-plugin', 'datasource-plugin', 'provisioning'];
/** Grafana's own, as the page says. */
const AUTHORIZATION = `Basic ${Buffer.from('admin:admin').toString('base64')}`;
const PATIENCE_MS = 120_000;

/**
 * Copies, sets and starts as the page has it, in a folder of its own; then plugins and the dashboard must be there.
 *
 * @param ports Grafana's own, and what stands in place of the ports that the page names (9090, 8780, 9093)
 * @throws Error naming what was not there
 */
export async function checkDocumentedGrafana({ grafana, prometheus, exporter, alertmanager }) {
  const blocks = [...readFileSync(join(ROOT, 'docs', 'drift.md'), 'utf8').matchAll(/^```bash\n([\s\S]*?)^```/gm)];
  if (blocks.length !== 1) throw new Error(`docs/drift.md: expected one block of bash, got ${blocks.length}`);
  const script = blocks[0][1]
    .replace('localhost:9090', `127.0.0.1:${prometheus}`)
    .replace('localhost:8780', `127.0.0.1:${exporter}`)
    .replace('localhost:9093', `127.0.0.1:${alertmanager}`)
    .replace(/^"\$GRAFANA_HOME/m, 'exec "$GRAFANA_HOME');
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-grafana-doc-'));
  for (const name of FROM_CHECKOUT) symlinkSync(join(ROOT, name), join(folder, name));
  const env = { ...process.env, GF_SERVER_HTTP_ADDR: '127.0.0.1', GF_SERVER_HTTP_PORT: String(grafana) };
  const child = spawn('bash', ['-ec', script], { cwd: folder, env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${grafana}`;
  const has = async (path) => {
    const { status } = await fetch(`${url}${path}`, { headers: { authorization: AUTHORIZATION } });
    if (status !== 200)
      throw new Error(`docs/drift.md: ${path} of the Grafana that it starts: expected 200, got ${status}`);
  };
  try {
    await Promise.race([
      answers(`${url}/api/health`, { patienceMs: PATIENCE_MS }),
      ended.then((code) => Promise.reject(new Error(`docs/drift.md: its block of bash ended with ${code}`))),
    ]);
    await has('/api/plugins/modelwatch-models-panel/settings');
    await has('/api/plugins/modelwatch-models-datasource/settings');
    await has('/api/dashboards/uid/modelwatch-drift');
  } finally {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}
