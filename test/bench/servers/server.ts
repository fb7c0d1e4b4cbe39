/**
 * Thousands of simulated MLServers in one process: it listens on all addresses of this machine, and each 127.x.y.z is one
 * of them. Those whose last number is 255 take the connection and never answer.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The first is named after the address. */
const modelsAt = (address: string) => [`m-${address.replaceAll('.', '-')}`, 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const FAMILIES = ['success_total', 'failure_total', 'duration_sum', 'duration_count'].map(
  (name) => `model_infer_request_${name}`
);
const OTHERS = Array.from(
  { length: 100 },
  (_, at) => `rest_server_request_duration_seconds_bucket{le="${at}"} ${at}\n`
);

function index(address: string): string {
  return JSON.stringify(modelsAt(address).map((name) => ({ name, version: 'v1', state: 'READY', reason: '' })));
}

let polls = 0;

function page(address: string): string {
  polls += 1;
  const lines = FAMILIES.flatMap((family) =>
    ['v1', 'None', 'v0'].flatMap((version) =>
      modelsAt(address).map((model) => `${family}{model="${model}",version="${version}"} ${polls}\n`)
    )
  );
  return `${lines.join('')}${OTHERS.join('')}`;
}

const server = createServer((request, response) => {
  const address = request.socket.localAddress ?? '';
  if (address.endsWith('.255')) return;
  if (request.url === '/metrics') return void response.end(page(address));
  if (request.url === '/v2') return void response.end('{"name":"mlserver","version":"1.7.1","extensions":[]}');
  response.end(request.url === '/v2/repository/index' ? index(address) : '');
});
server.listen(0, '0.0.0.0', 16_384, () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('disconnect', () => process.exit(0));
