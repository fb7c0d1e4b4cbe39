/** Wires the responder: webhooks -> queue -> decision -> action, in a process of its own. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EventLogConfig } from './config/event-log';
import { ConfigError, hashOf, type LoadedConfig } from './config/load';
import type { Config } from './config/schema';
import { startEventLog } from './event-log';
import { watchFiles } from './file-watch';
import { createResponderApp, RESPONDER_ROUTES } from './http/responder/app';
import { createResponderMetrics } from './http/responder/metrics';
import { startServer, type RunningServer } from './http/server';
import { guard } from './http/web/guard';
import { WEB_LIMITS } from './http/web/limits';
import { createPasswords, createThreadCompare } from './http/web/passwords';
import type { Log } from './log/log';
import { createProcessEvents } from './process-events';
import type { Post } from './responder/call';
import { createCluster, type Cluster } from './responder/cluster';
import type { Query } from './responder/evidence';
import { createIntake } from './responder/intake';
import { createLease } from './responder/lease';
import { run } from './responder/run';
import type { Settings } from './responder/types';
import { createResponses } from './responses';
import { SYSTEM_CLOCK } from './sources/clock';
import { createApi } from './sources/kubernetes/api';
import { createBudget } from './sources/kubernetes/budget';
import { createCredentials } from './sources/kubernetes/credentials';
import { readSecret } from './sources/kubernetes/disk';
import { prometheusQuery } from './sources/prometheus/query';
import { VERSION } from './version';
import { createWeb } from './web';

export interface ResponderOverrides {
  readonly log: Log;
  /** Reads the configuration anew, and the file that it comes from. */
  readonly source: { readonly load: () => LoadedConfig; readonly file?: string | undefined };
  readonly lookEveryMs?: number;
  /** How long the Lease lasts without news, and how often it is looked at. */
  readonly lease?: { readonly durationSeconds: number; readonly retrySeconds: number };
}

export interface RunningResponder {
  readonly url: string;
  reload(): void;
  stop(): Promise<void>;
}

const LEASE = { durationSeconds: 60, retrySeconds: 1 };
const GRACE_SECONDS = 2;
const EVENTS_GRACE_MS = 1_000;
const ASKED_WITHIN_MS = 15_000;
/** Of what is decided once, when the process starts. */
const FIXED = ['kubernetes', 'web'] as const;

const { nowSeconds, monotonicSeconds, after } = SYSTEM_CLOCK;

/** The API server, as the responder and `modelwatch responder undo` reach it. */
export function clusterOf(config: Config): { readonly cluster: Cluster; readonly close: () => Promise<void> } {
  const budget = createBudget(config.kubernetes.requestsPerSecond, SYSTEM_CLOCK, () => undefined);
  const api = createApi(createCredentials(config.kubernetes), 'modelwatch-responder', budget);
  return { cluster: createCluster(api.request), close: api.close };
}

/** @throws Error with what to do, when it cannot listen */
export async function startResponder(
  config: Config,
  { log, source, lookEveryMs, lease: times = LEASE }: ResponderOverrides
): Promise<RunningResponder> {
  const metrics = createResponderMetrics(VERSION);
  let live = config;
  let server: RunningServer | undefined;
  const web = createWeb(config.web.configFile, {
    ...{ metrics, log, nowSeconds },
    onChange: ({ tls }) => server?.change({ maxConnections: live.web.maxConnections, tls }),
  });
  metrics.config.started('exporter', nowSeconds());
  const { cluster, close } = clusterOf(config);
  const settings = (): Settings => settingsOf(live);
  const eventLog = startEventLog(eventLogOf(config), {
    ...{ metrics: metrics.eventLog, log, version: VERSION, host: hostname(), nowSeconds },
  });
  const itself = createProcessEvents(eventLog, { role: 'responder', host: hostname() }, nowSeconds);
  const responses = createResponses(eventLog, { metrics, log });
  const lease = createLease(
    { ...config.responder.lease, ...times, identity: `${hostname()}-${randomUUID().slice(0, 8)}` },
    {
      cluster,
      nowSeconds,
      monotonicSeconds,
      sleep: (seconds) => new Promise((resolve) => void after(seconds, resolve)),
    }
  );
  const onAnnounced = (problem: string | undefined) => {
    metrics.announced(problem === undefined);
    if (problem !== undefined) log.warn({ problem }, 'An Event of Kubernetes about a response could not be written');
  };
  const intake = createIntake({
    settings,
    limit: () => live.responder.maxQueuedAlerts,
    run: (intent) => {
      const io = {
        cluster,
        lease,
        query: queryOf(live),
        post,
        readToken,
        readTemplate,
        settings,
        nowSeconds,
        onAnnounced,
      };
      return run(intent, io).catch((error: unknown) => {
        log.error({ err: error, key: intent.key }, 'A response failed');
        return {
          result: 'failed',
          reason: 'unavailable',
          text: 'a fault of the responder; its log has the cause',
        } as const;
      });
    },
    onRecord: responses.record,
    onUnmatched: ({ labels, status }) => {
      metrics.unmatched();
      log.debug({ alertname: labels['alertname'], status }, 'No policy fits');
    },
    nowSeconds,
    after,
  });
  const reload = () => {
    const next = loaded(source.load, live, { log, onRefused: itself.refused });
    metrics.config.reloaded('exporter', next !== undefined, nowSeconds());
    if (!next) return;
    eventLog.change(eventLogOf(next));
    if (!isDeepStrictEqual(next, live)) itself.changed(live, next);
    live = next;
  };
  const state = () => {
    const { mode, paused } = settings();
    return {
      waiting: intake.waiting(),
      limit: live.responder.maxQueuedAlerts,
      dryRun: mode === 'dry-run',
      mode,
      paused,
    };
  };
  const app = createResponderApp({
    settings: () => live.responder,
    ...{ intake, metrics, state, log, nowSeconds, version: VERSION },
    responses: responses.list,
    readSecret: (file) => readSecret(file, 'secret'),
  });
  const passwords = createThreadCompare();
  const guarded = guard(app, {
    ...{ limits: WEB_LIMITS, settings: web.settings, rateLimit: web.rateLimit, routes: RESPONDER_ROUTES },
    openHealth: () => live.web.openHealth,
    passwords: createPasswords(passwords.compare),
    ...{ telemetry: metrics.web, nowSeconds, log },
  });
  const watches = [
    watchFiles(() => (source.file === undefined ? [] : [source.file]), reload, lookEveryMs),
    watchFiles(web.files, web.again, lookEveryMs),
  ];
  let ended: Promise<void> | undefined;
  const end = async () => {
    for (const watch of watches) watch.stop();
    await server?.stop(GRACE_SECONDS);
    await intake.stop();
    itself.stopped();
    await eventLog.stop(EVENTS_GRACE_MS);
    await close();
    await passwords.stop();
  };
  try {
    const { listenAddress, maxConnections } = config.web;
    const { port } = config.responder;
    server = await startServer(guarded, {
      ...{ listenAddress, port, maxConnections, tls: web.settings().tls, telemetry: metrics.web },
    });
  } catch (error) {
    await end();
    throw error;
  }
  itself.started(hashOf(config));
  const { mode, paused } = settings();
  log.info({ url: server.url, version: VERSION, mode, paused }, 'Listening');
  return { url: server.url, reload, stop: () => (ended ??= end()) };
}

function settingsOf({ responder }: Config): Settings {
  const { pauseFile } = responder;
  return { ...responder, paused: responder.paused || (pauseFile !== undefined && existsSync(pauseFile)) };
}

/** Queues on disk belong to one process, and an exporter may read the same configuration. */
function eventLogOf({ eventLog }: Config): EventLogConfig {
  const elasticsearch = eventLog.elasticsearch.map((receiver) => ({
    ...receiver,
    queueDirectory: join(receiver.queueDirectory, 'responder'),
  }));
  return { ...eventLog, elasticsearch };
}

/** Refused as a whole or taken as a whole, but for what is decided once. */
function loaded(
  load: () => LoadedConfig,
  live: Config,
  { log, onRefused }: { readonly log: Log; readonly onRefused: (problems: number) => void }
): Config | undefined {
  try {
    const { config } = load();
    const { port, lease } = live.responder;
    const next = {
      ...config,
      kubernetes: live.kubernetes,
      web: live.web,
      responder: { ...config.responder, port, lease },
    };
    const needsRestart = FIXED.filter((key) => !isDeepStrictEqual(config[key], live[key])) as string[];
    if (!isDeepStrictEqual(next.responder, config.responder)) needsRestart.push('responder.port', 'responder.lease');
    if (needsRestart.length > 0) log.warn({ needsRestart }, 'These keys keep their value until a restart');
    const { mode, paused, policies } = next.responder;
    log.level = next.log.level;
    log.info({ mode, paused, policies: policies.length }, 'A new configuration is in force');
    return next;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    log.error({ problems: error.problems }, 'The new configuration was refused; the one before is in force');
    onRefused(error.problems.length);
    return undefined;
  }
}

function queryOf({ prometheus }: Config): Query | undefined {
  if (prometheus.url === undefined) return undefined;
  const url = new URL(prometheus.url);
  const login = Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString(
    'base64'
  );
  const headers: Record<string, string> = url.username === '' ? {} : { authorization: `Basic ${login}` };
  url.username = url.password = '';
  const query = prometheusQuery(url.href, headers, ASKED_WITHIN_MS);
  return async (promql) => {
    const { samples, warnings } = await query(promql, nowSeconds());
    // A part of the data may be missing, and with it what speaks against it.
    if (warnings.length > 0) throw new Error(warnings.join('; ').slice(0, 300));
    return samples.map(({ value }) => value);
  };
}

const readToken = (file: string) => readSecret(file, 'token');
const readTemplate = (file: string) => readFile(file, 'utf8');

const post: Post = async (url, { body, headers, timeoutSeconds }) => {
  try {
    const signal = AbortSignal.timeout(timeoutSeconds * 1_000);
    const response = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'manual' });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    const { cause, message } = error as { cause?: { code?: string }; message: string };
    throw new Error(`no answer (${cause?.code ?? message})`, { cause: error });
  }
};
