/**
 * `npm run workbench`: the panel in a browser without Grafana. `-- --port N` (8790; 0 takes any free port),
 * `-- --prometheus URL` (that of npm start). `?fixture=NAME&theme=light` shows one fixture, `?live=1` the data of that
 * Prometheus, `?live=URL` those of another one on this machine.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { portOf } from './lib/ports.mjs';
import { CACHE, ensurePackages, ROOT } from './lib/setup.mjs';
import { giveUp, note, step } from './lib/say.mjs';

const OUT = join(CACHE, 'workbench');
const ICONS = join(ROOT, 'node_modules/@grafana/ui/dist/public');
/** Grafana's fonts are in no npm package: without an unpacked Grafana the system's font stands in. */
const FONTS = process.env.GRAFANA_HOME && join(process.env.GRAFANA_HOME, 'public');
const TYPES = {
  '.js': 'text/javascript',
  '.map': 'application/json',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const LIVE_PATHS = ['/live/api/v1/query', '/live/api/v1/query_range'];
/** The workbench passes queries on to this machine only: it is no way into the network around it. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const LIVE_TIMEOUT_MS = 20_000;

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Modelwatch workbench</title>
<meta name="viewport" content="width=device-width"></head><body><div id="root"></div><script src="/main.js"></script></body></html>`;

/** Grafana's UI package brings a code editor that the panel never opens: left out, it makes the bundle half as large. */
const withoutEditor = {
  name: 'without-editor',
  setup(building) {
    building.onResolve({ filter: /^monaco-editor/ }, ({ path }) => ({ path, namespace: 'empty' }));
    building.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
  },
};

async function bundle() {
  // Loaded late: on a fresh clone it is installed first.
  const { build } = await import('esbuild');
  await build({
    entryPoints: [join(ROOT, 'panel-plugin/src/workbench/main.tsx')],
    outdir: OUT,
    bundle: true,
    sourcemap: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'transform',
    loader: { '.svg': 'dataurl', '.png': 'dataurl', '.ttf': 'empty' },
    plugins: [withoutEditor],
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    alias: {
      '@grafana/runtime': join(ROOT, 'panel-plugin/src/workbench/runtime.ts'),
      '@modelwatch/contract': join(ROOT, 'contract/src/index.ts'),
    },
    logLevel: 'error',
  });
}

function refuse(response, status, text) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ status: 'error', error: text }));
}

/** The Prometheus that is asked: the one given at the start, or another one on this machine. */
function targetOf(wanted) {
  if (wanted === '1') return prometheus;
  const target = URL.canParse(wanted) ? new URL(wanted) : undefined;
  return target?.protocol === 'http:' && LOOPBACK.includes(target.hostname) ? target : undefined;
}

async function passOn(url, response) {
  const wanted = url.searchParams.get('target') ?? '';
  const target = targetOf(wanted);
  if (!target) {
    return refuse(response, 400, `live: expected the address of a Prometheus on this machine, or 1, got "${wanted}"`);
  }
  url.searchParams.delete('target');
  const base = target.href.replace(/\/+$/, '');
  const asked = `${base}${url.pathname.slice('/live'.length)}?${url.searchParams}`;
  try {
    const answer = await fetch(asked, { signal: AbortSignal.timeout(LIVE_TIMEOUT_MS) });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  } catch (error) {
    refuse(response, 502, `${target.origin} does not answer: ${error.cause?.message ?? error.message}`);
  }
}

function sendFile(path, request, response) {
  if (!existsSync(path) || !(extname(path) in TYPES)) {
    // With a body, so that a link of the panel ends on a page that a browser can show.
    response.writeHead(404, { 'content-type': 'text/plain' }).end('The workbench has no such page; Grafana may.\n');
    return;
  }
  // What did not change is neither sent nor compiled again; what was built anew is.
  const { mtimeMs, size } = statSync(path);
  const etag = `"${mtimeMs}-${size}"`;
  const isKnown = request.headers['if-none-match'] === etag;
  response.writeHead(isKnown ? 304 : 200, { 'content-type': TYPES[extname(path)], 'cache-control': 'no-cache', etag });
  if (isKnown) response.end();
  else createReadStream(path).pipe(response);
}

function answer(request, response) {
  const url = new URL(request.url ?? '/', 'http://workbench');
  if (LIVE_PATHS.includes(url.pathname)) return void passOn(url, response);
  if (url.pathname === '/') return void response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  const icon = /^\/public(?:\/build)?(\/img\/icons\/.*)$/.exec(url.pathname);
  if (icon) return sendFile(join(ICONS, icon[1]), request, response);
  const font = /^\/public(\/fonts\/.*)$/.exec(url.pathname);
  return sendFile(font && FONTS ? join(FONTS, font[1]) : join(OUT, url.pathname), request, response);
}

/** @returns {{port: number, prometheus: URL}} */
function settings(args) {
  const given = { '--port': '8790', '--prometheus': `http://127.0.0.1:${portOf('prometheus')}` };
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at];
    if (!(name in given)) giveUp(`workbench: unknown argument ${name}; expected ${Object.keys(given).join(' or ')}`);
    given[name] = args[at + 1] ?? '';
  }
  const port = Number(given['--port'] || Number.NaN);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    giveUp(`--port: expected a number from 0 to 65535, got "${given['--port']}"`);
  }
  const url = given['--prometheus'];
  if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol)) {
    giveUp(`--prometheus: expected an address as http://127.0.0.1:9090, got "${url}"`);
  }
  return { port, prometheus: new URL(url) };
}

const { port, prometheus } = settings(process.argv.slice(2));
ensurePackages();
step('Bundling the panel');
await bundle();
const server = createServer(answer);
server.on('error', (error) =>
  giveUp(
    error.code === 'EADDRINUSE' ? `Port ${port} is in use: npm run workbench -- --port ${port + 1}` : error.message
  )
);
server.listen(port, '127.0.0.1', () => {
  const url = `http://localhost:${server.address().port}`;
  step(`Workbench on ${url}/`);
  note(`Both themes: ${url}/?theme=light`);
  note(`Live, while npm start runs: ${url}/?live=1 (${prometheus.origin})`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
