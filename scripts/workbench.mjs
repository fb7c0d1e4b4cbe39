/**
 * `npm run workbench`: the panel in a browser without Grafana. `-- --port N` (8790; 0 takes any free port).
 * `?fixture=NAME&theme=light` shows one fixture, `?live=http://localhost:9090` the data of a local Prometheus.
 */
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { build } from 'esbuild';
import { CACHE, ensurePackages, ROOT } from './lib/setup.mjs';
import { giveUp, note, step } from './lib/say.mjs';

const OUT = join(CACHE, 'workbench');
const ICONS = join(ROOT, 'node_modules/@grafana/ui/dist/public');
const TYPES = { '.js': 'text/javascript', '.map': 'application/json', '.css': 'text/css', '.svg': 'image/svg+xml' };
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
    alias: { '@modelwatch/contract': join(ROOT, 'contract/src/index.ts') },
    logLevel: 'error',
  });
}

function refuse(response, status, text) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ status: 'error', error: text }));
}

async function passOn(url, response) {
  const wanted = url.searchParams.get('target') ?? '';
  const target = URL.canParse(wanted) ? new URL(wanted) : undefined;
  if (!target || target.protocol !== 'http:' || !LOOPBACK.includes(target.hostname)) {
    return refuse(response, 400, `live: expected the address of a Prometheus on this machine, got "${wanted}"`);
  }
  url.searchParams.delete('target');
  const asked = new URL(`${url.pathname.slice('/live'.length)}?${url.searchParams}`, target);
  try {
    const answer = await fetch(asked, { signal: AbortSignal.timeout(LIVE_TIMEOUT_MS) });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  } catch (error) {
    refuse(response, 502, `${target.origin} does not answer: ${error.cause?.message ?? error.message}`);
  }
}

function sendFile(path, response) {
  if (!existsSync(path) || !(extname(path) in TYPES)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(path)] });
  createReadStream(path).pipe(response);
}

function answer(request, response) {
  const url = new URL(request.url ?? '/', 'http://workbench');
  if (LIVE_PATHS.includes(url.pathname)) return void passOn(url, response);
  if (url.pathname === '/') return void response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  const path = normalize(decodeURIComponent(url.pathname));
  const icons = /^(\/public(?:\/build)?)(\/img\/icons\/.*)$/.exec(path);
  return sendFile(icons ? join(ICONS, icons[2]) : join(OUT, path), response);
}

function portOf(args) {
  const at = args.indexOf('--port');
  if (at < 0) return 8790;
  const port = Number(args[at + 1]);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    giveUp(`--port: expected a number from 0 to 65535, got ${args[at + 1] ?? 'nothing'}`);
  }
  return port;
}

const port = portOf(process.argv.slice(2));
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
  note(`Live, while npm start runs: ${url}/?live=http://localhost:9090`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
