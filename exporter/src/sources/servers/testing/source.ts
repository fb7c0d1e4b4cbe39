/** A real source of servers under test, with what it tells, drops and reports as errors. */
import type { Observation } from '../../../domain/observation';
import type { ProbeTarget } from '../../../domain/probe-target';
import { createServersSource, type ServersOptions, type ServersSource } from '../index';
import { closeServers, recorded } from './server';

const OPTIONS: ServersOptions = {
  probeIntervalSeconds: 0.2,
  probeTimeoutSeconds: 0.5,
  maxBodyBytes: 100_000,
  concurrency: 8,
  access: 'direct',
};

const sources: ServersSource[] = [];

/** Ends what a test started: for `afterEach`. */
export async function stopSources(): Promise<void> {
  await Promise.all(sources.splice(0).map((source) => source.stop()));
  await closeServers();
}

/** A server that is well, as recorded. */
export const MLSERVER = {
  'GET /v2/health/live': '',
  'GET /v2/health/ready': '',
  'GET /v2': recorded('mlserver/server-metadata.json'),
  'POST /v2/repository/index': recorded('mlserver/repository-index.json'),
  'GET /metrics': recorded('mlserver/metrics-after.txt'),
};

export function target(url: string, more: Partial<ProbeTarget> = {}): ProbeTarget {
  const endpoint = { namespace: 'ns', server: 's', replica: more.endpoint?.replica ?? new URL(url).host };
  return { url, metricsUrl: `${url}/metrics`, models: ['iris'], versionSuffix: false, ...more, endpoint };
}

/** A source and what it told; `until` resolves with the first observation that fits, told already or not. */
export function start(targets: ProbeTarget[], options: Partial<ServersOptions> = {}) {
  const told: Observation[] = [];
  const drops: string[] = [];
  const errors: string[] = [];
  let notify: () => void = () => undefined;
  const source = createServersSource(
    { ...OPTIONS, ...options },
    (observation) => {
      told.push(observation);
      notify();
    },
    {
      relist: () => undefined,
      events: () => undefined,
      waited: () => undefined,
      probeStarted: () => undefined,
      newcomersAsked: () => undefined,
      foreign: () => undefined,
      error: (_, reason) => errors.push(reason),
      dropped: (_, reason, detail) => drops.push(`${reason} ${detail}`),
    }
  );
  sources.push(source);
  source.change({ set: targets, gone: [] });
  async function until<T extends Observation>(fits: (observation: Observation) => observation is T): Promise<T> {
    for (;;) {
      const found = told.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => (notify = resolve));
    }
  }
  return { source, told, drops, errors, until };
}

export type Probed = Extract<Observation, { kind: 'endpoint-probed' }>;
export type Measured = Extract<Observation, { kind: 'endpoint-measured' }>;
export const probed = (observation: Observation): observation is Probed => observation.kind === 'endpoint-probed';
export const measured = (observation: Observation): observation is Measured => observation.kind === 'endpoint-measured';

/** The first result of a probe. */
export async function probeOnce(url: string, more: Partial<ProbeTarget> = {}, options: Partial<ServersOptions> = {}) {
  const { until } = start([target(url, more)], options);
  return (await until(probed)).result;
}

/** Resolves when it holds; fails when it does not within 15 s. */
export async function eventually(holds: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within 15 s: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
