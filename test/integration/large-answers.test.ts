/** A server that sends far too much is refused, again and again, and memory does not grow with it. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, deflateRawSync } from 'node:zlib';
import { buildSync } from 'esbuild';

const MB = 1_048_576;
const TIMES = 16;
/**
 * Half of what it would be if nothing were freed: the limit is 16 MB for each, and V8 frees what is
 * held outside of its heap when it has grown by 64 MB, some answers later on a busy machine.
 */
const AT_MOST_MB = (TIMES * 16) / 2;

const lines = Buffer.from(
  '# a line of a page of metrics that never ends, as a label without bounds makes one\n'.repeat(800)
);

let folder: string;
let server: Server;
let base: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'large-'));
  buildSync({
    entryPoints: [join(__dirname, '..', 'support', 'large-answers.child.ts')],
    outfile: join(folder, 'child.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  server = createServer((request, response) => {
    if (request.url === '/plain') return pour(response, 50 * MB);
    if (request.url === '/announced') return pour(response.setHeader('content-length', 50 * MB), 50 * MB);
    if (request.url === '/bomb') return void response.setHeader('content-encoding', 'gzip').end(bomb());
    response.end('up 1\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** No faster than it is read. */
function pour(response: ServerResponse, bytes: number): void {
  let sent = 0;
  const more = (): void => {
    while (sent < bytes && !response.destroyed) {
      sent += lines.length;
      if (!response.write(lines)) return void response.once('drain', more);
    }
    response.end();
  };
  response.on('error', () => undefined);
  more();
}

/** 1 GB of zeros in about 1 MB: one deflated stretch, again and again. */
function bomb(): Buffer {
  const stretch = deflateRawSync(Buffer.alloc(16 * MB), { finishFlush: constants.Z_FULL_FLUSH });
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  return Buffer.concat([
    header,
    ...Array.from({ length: 64 }, () => stretch),
    Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  ]);
}

interface Report {
  readonly causes: readonly string[];
  readonly grownMB: number;
}

/** In a process of its own: the memory of this one is that of the test runner. */
function askFor(...paths: string[]): Promise<Report> {
  const child = fork(join(folder, 'child.cjs'), [base, ...paths], { execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the child ended with ${code}`)));
    child.once('message', (report) => resolve(report as Report));
  });
}

it('a small page of the same server is read', async () => {
  expect((await askFor('/small')).causes).toEqual(['200']);
});

it.each([
  ['50 MB without an announced length', '/plain'],
  ['50 MB with an announced length', '/announced'],
  ['1 MB that unpacks to 1 GB', '/bomb'],
])('%s is refused each time, and memory stays bounded', async (_, path) => {
  const { causes, grownMB } = await askFor(...Array<string>(TIMES).fill(path));
  expect(causes).toEqual(Array(TIMES).fill('too_large'));
  expect(grownMB).toBeLessThan(AT_MOST_MB);
});
