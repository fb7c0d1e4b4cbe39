/** Starts the servers of the store's benchmark and the clients that scrape them, each a process of its own. */
import { execFile, fork, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import type { Answer, Command } from './store-server';

const ROOT = join(__dirname, '..', '..');
const BUNDLE = join(ROOT, '.cache', 'bench', 'store-server.cjs');
const run = promisify(execFile);

export interface StoreServer {
  readonly url: string;
  readonly ask: (command: Command) => Promise<Answer>;
  /** Highest resident memory so far, from the kernel. */
  readonly peakMB: () => number;
  readonly stop: () => Promise<void>;
}

/** Bundled and run by plain node, so that no compiler is in the memory that is measured. */
export function buildStoreServer(): void {
  buildSync({
    entryPoints: [join(__dirname, 'store-server.ts')],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
}

export async function startStoreServer(shape: 'segments' | 'strings' | 'prom-client'): Promise<StoreServer> {
  const profile = process.env.MODELWATCH_BENCH_PROFILE;
  const execArgv = ['--expose-gc', ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])];
  const child = fork(BUNDLE, [shape], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { port } = await message<{ port: number }>(child);
  return {
    url: `http://127.0.0.1:${port}/metrics`,
    ask: (command) => {
      const answer = message<Answer>(child);
      child.send(command);
      return answer;
    },
    peakMB: () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 976.5625,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await ended;
    },
  };
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`the server of the benchmark ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (value) => {
      child.off('exit', onExit);
      resolve(value as T);
    });
  });
}

/** Milliseconds from connect to the last byte, as curl measures it; the body is thrown away. */
export async function curlMs(url: string, ...args: string[]): Promise<number> {
  const format = '%{http_code} %{time_total}';
  const { stdout } = await run('curl', ['-sS', '-o', '/dev/null', '-w', format, ...args, url]);
  const [code, seconds] = stdout.split(' ');
  if (code !== '200') throw new Error(`${url}: answered ${code}`);
  return Number(seconds) * 1000;
}

/** Serves files with the kernel's sendfile: /NAME is the file NAME of the folder, NAME.gz as gzip-encoded text. */
const SENDFILE_SERVER = `
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *args): pass
    def do_GET(self):
        with open(os.path.join(sys.argv[1], os.path.basename(self.path)), 'rb') as file:
            self.send_response(200)
            self.send_header('Content-Type', 'application/openmetrics-text; version=1.0.0; charset=utf-8')
            if self.path.endswith('.gz'): self.send_header('Content-Encoding', 'gzip')
            self.send_header('Content-Length', str(os.fstat(file.fileno()).st_size))
            self.end_headers()
            self.wfile.flush()
            self.connection.sendfile(file)
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
`;

export async function startSendfile(folder: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const child = spawn('python3', ['-c', SENDFILE_SERVER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}
