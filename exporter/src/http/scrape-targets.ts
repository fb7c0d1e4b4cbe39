/**
 * GET /sd: the servers whose metrics Prometheus reads itself, as its `http_sd_configs` take them
 * (https://prometheus.io/docs/prometheus/latest/http_sd/). The exporter knows their real ports and paths, and leaves none
 * out and none in that it polls.
 */
import type { RequestHandler } from 'express';
import type { ScrapedServer } from '../domain/probe-target';
import type { AppDeps } from './deps';
import { HttpError } from './errors';

/** One entry for each server: each has labels of its own. */
interface TargetGroup {
  readonly targets: readonly [string];
  readonly labels: Readonly<Record<string, string>>;
}

/** Anything but 200 leaves Prometheus with the list that it has; a list with holes would end series. */
export function scrapeTargets({ snapshot, scraped }: Pick<AppDeps, 'snapshot' | 'scraped'>): RequestHandler {
  return (_request, response) => {
    const servers = snapshot().synced ? scraped() : undefined;
    if (!servers) {
      throw new HttpError(503, 'not_ready', 'Not every server is known yet; /readyz says what is waited for.');
    }
    response.json(servers.map(targetGroup));
  };
}

/** `replica` as in modelwatch_endpoint_model_ready; `modelwatch_server` chooses the rules that translate. */
function targetGroup({ endpoint, kind, url }: ScrapedServer): TargetGroup {
  const { host, protocol, pathname, searchParams } = new URL(url);
  const port = protocol === 'https:' ? ':443' : ':80';
  return {
    targets: [/:\d+$/.test(host) ? host : `${host}${port}`],
    labels: {
      __scheme__: protocol.slice(0, -1),
      __metrics_path__: pathname,
      ...Object.fromEntries([...searchParams].map(([name, value]) => [`__param_${name}`, value])),
      namespace: endpoint.namespace,
      replica: endpoint.replica,
      modelwatch_server: kind,
    },
  };
}
