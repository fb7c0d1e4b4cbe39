/** Ports of `npm start`, and who sits on one that is taken. */
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

/** Each can be moved by its environment variable. */
export const PORTS = {
  exporter: { variable: 'MODELWATCH_PORT', fallback: 8780 },
  demoApi: { variable: 'MODELWATCH_DEMO_API_PORT', fallback: 8781 },
  demoControl: { variable: 'MODELWATCH_DEMO_CONTROL_PORT', fallback: 8782 },
  prometheus: { variable: 'MODELWATCH_PROMETHEUS_PORT', fallback: 9090 },
  alertmanager: { variable: 'MODELWATCH_ALERTMANAGER_PORT', fallback: 9093 },
  grafana: { variable: 'MODELWATCH_GRAFANA_PORT', fallback: 3000 },
};

/** @throws RangeError naming the variable when it holds no port. */
export function portOf(name, env = process.env) {
  const { variable, fallback } = PORTS[name];
  const text = env[variable];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new RangeError(`${variable}: expected a port from 1 to 65535, got ${JSON.stringify(text)}`);
  }
  return port;
}

export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Name and number of the process that listens on the port, where the system tells. */
export function ownerOf(port) {
  const listing = spawnSync('ss', ['-ltnpH', `sport = :${port}`], { encoding: 'utf8' });
  const found = /users:\(\("([^"]+)",pid=(\d+)/.exec(listing.stdout ?? '');
  return found ? `${found[1]}, process ${found[2]}` : 'another process';
}
