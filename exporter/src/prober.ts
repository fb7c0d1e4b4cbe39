/** Between GET /probe and the prober: what the configuration in force allows. */
import type { Config } from './config/schema';
import type { Telemetry } from './domain/telemetry';
import type { Prober } from './http/probe';
import { parseAllowedTarget } from './mapping/probe-targets';
import { serverModules } from './sources/servers/generic';
import { probeOnce, type OneShotOptions } from './sources/servers/one-shot';

/** @param live the configuration in force; made use of anew when it is another one */
export function createProber(live: () => Config, telemetry: Telemetry): Prober {
  let made: { config: Config; options: OneShotOptions } | undefined;
  return (question) => {
    const config = live();
    if (made?.config !== config) made = { config, options: optionsOf(config, telemetry) };
    return probeOnce(question, made.options);
  };
}

function optionsOf({ web, servers }: Config, telemetry: Telemetry): OneShotOptions {
  return {
    allowed: web.probeTargets.flatMap((text) => parseAllowedTarget(text) ?? []),
    modules: serverModules(servers.modules),
    maxBodyBytes: servers.maxBodyBytes,
    telemetry,
  };
}
