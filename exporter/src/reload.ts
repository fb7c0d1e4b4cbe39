/** A configuration that is read again: checked as a whole, and in force as a whole or not at all. */
import { ConfigError, hashOf, type LoadedConfig } from './config/load';
import type { Config } from './config/schema';
import type { ConfigMetrics } from './http/config-metrics';
import type { ReloadOutcome } from './http/lifecycle';
import type { Log } from './log/log';
import type { NextWatch } from './watches';

/** What is decided once, when the process starts. */
const FIXED = [
  'web.listenAddress',
  'web.port',
  'log.format',
  'demo.url',
  'shard',
  'totalShards',
  'shardPeers',
  'events.maxSeriesPerModel',
  'events.maxSeries',
  'events.maxUndeclaredModels',
  'events.rememberedIds',
] as const;

export interface ReloadDeps {
  readonly load: () => LoadedConfig;
  /** The one in force at the start. */
  readonly first: Config;
  /** Reads the web configuration file again. @returns what was wrong with it */
  readonly reloadWeb: (file: string | undefined) => readonly string[];
  readonly watches: {
    replace(next: NextWatch): void;
    cancel(): Promise<void>;
  };
  readonly startWatch: (config: Config) => NextWatch['start'];
  /** What was read cannot come into force, for so many reasons; the log has them. */
  readonly onRefused?: (problems: number) => void;
  /** Puts into force what needs no new watch. */
  readonly apply: (config: Config) => void;
  readonly metrics: ConfigMetrics;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  readonly nowSeconds: () => number;
}

export interface Reloader {
  reload(): ReloadOutcome;
}

export function createReloader(deps: ReloadDeps): Reloader {
  const { metrics, log, nowSeconds } = deps;
  let inForce = deps.first;
  let pending: string | undefined;
  /** What was read last was refused: that one before it takes over later is no success of the reading. */
  let lastRefused = false;

  function settle(): void {
    pending = undefined;
    metrics.pending(false);
  }

  function refused(problems: readonly string[], text: string): ReloadOutcome {
    lastRefused = true;
    metrics.reloaded('exporter', false, nowSeconds());
    deps.onRefused?.(problems.length);
    log.error({ problems, ...(pending === undefined ? {} : { stillWaits: pending }) }, text);
    return { result: 'refused', problems };
  }

  function takeInForce(next: Config): void {
    settle();
    inForce = next;
    deps.apply(next);
    const hash = hashOf(next);
    metrics.inForce(hash, nowSeconds());
    if (!lastRefused) metrics.reloaded('exporter', true, nowSeconds());
    log.info({ configHash: hash }, 'A new configuration is in force');
  }

  function build(next: Config): void {
    pending = hashOf(next);
    metrics.pending(true);
    log.info({ configHash: pending }, 'A new configuration waits for its sources; the one before answers until then');
    deps.watches.replace({
      start: deps.startWatch(next),
      settleSeconds: next.servers.probeIntervalSeconds,
      onTakeOver: () => takeInForce(next),
      onGivenUp: (notSynced) => {
        settle();
        deps.reloadWeb(inForce.web.configFile);
        refused(notSynced, 'The sources of the new configuration did not sync; the one before is in force');
      },
    });
  }

  return {
    reload() {
      let loaded: LoadedConfig;
      try {
        loaded = deps.load();
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return refused(error.problems, 'The new configuration was refused; the one before is in force');
      }
      const webProblems = deps.reloadWeb(loaded.config.web.configFile);
      if (webProblems.length > 0) return { result: 'refused', problems: webProblems };
      const { next, needsRestart } = withFixed(loaded.config, inForce);
      if (needsRestart.length > 0) log.warn({ needsRestart }, 'These keys keep their value until a restart');
      lastRefused = false;
      if (pending !== undefined && pending === hashOf(next)) return { result: 'pending', needsRestart };
      void deps.watches.cancel();
      settle();
      if (hashOf(next) === hashOf(inForce)) {
        metrics.reloaded('exporter', true, nowSeconds());
        return needsRestart.length === 0 ? { result: 'unchanged' } : { result: 'in-force', needsRestart };
      }
      if (watchPart(next) !== watchPart(inForce)) {
        build(next);
        return { result: 'pending', needsRestart };
      }
      takeInForce(next);
      return { result: 'in-force', needsRestart };
    },
  };
}

/** All that sources and fleet are made of: whatever is not known to be of no concern to them. */
function watchPart(config: Config): string {
  const { web: _web, log: _log, prometheus: _prometheus, grafana: _grafana, demo: _demo, ...rest } = config;
  const { monitoring: _monitoring, events: _events, responder: _responder, ...others } = rest;
  const { slos: _slos, sloFiles: _sloFiles, eventLog: _eventLog, ...watched } = others;
  return JSON.stringify(watched);
}

/** `next` with the fixed keys as they are in force. */
function withFixed(next: Config, inForce: Config): { next: Config; needsRestart: readonly string[] } {
  const merged = structuredClone(next) as Tree;
  const needsRestart = FIXED.filter((path) => {
    const [wanted, current] = [at(next, path), at(inForce, path)];
    if (wanted === current) return false;
    put(merged, path, current);
    return true;
  });
  return { next: merged as Config, needsRestart };
}

type Tree = Record<string, unknown>;

function at(config: Config, path: string): unknown {
  return path.split('.').reduce<unknown>((value, part) => (value as Tree | undefined)?.[part], config);
}

function put(tree: Tree, path: string, value: unknown): void {
  const parts = path.split('.');
  const leaf = parts.pop() ?? '';
  const section = parts.reduce<Tree>((value, part) => value[part] as Tree, tree);
  if (value === undefined) delete section[leaf];
  else section[leaf] = value;
}
