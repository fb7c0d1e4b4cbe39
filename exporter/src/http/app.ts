/** The express application: routes, security headers and errors. All state comes in through `deps`. */
import { API_PATHS, API_PREFIX } from '@modelwatch/contract';
import express, { type Express, type RequestHandler } from 'express';
import { openApi } from './api/openapi';
import { readQuery } from './api/query';
import { API_ROUTES, type ApiRoute } from './api/routes';
import type { AppDeps } from './deps';
import { errorHandler, HttpError } from './errors';
import { addIngest } from './ingest';
import { addLifecycle } from './lifecycle';
import { metricsHandler } from './metrics';
import { landingPage } from './page/landing';
import { FORWARDED_HEADER, SHARD_HEADER, shardText } from './peers';
import { probeHandler } from './probe';
import { livez, readyz } from './ready';
import { addRows } from './rows';
import { scrapeTargets } from './scrape-targets';
import { atMost } from './web/at-most';

export function createApp(deps: AppDeps): Express {
  const app = express();
  // An ETag would be a hash over each scrape, and nothing here may be cached.
  app.disable('etag');
  app.disable('x-powered-by');
  app.use(securityHeaders);
  // First: thousands a second pass through here, and each route before theirs is compared with each of them.
  if (deps.ingest) addIngest(app, deps.ingest);
  const refused = () => deps.selfMetrics.web.refused('scrapes');
  get(app, '/metrics', atMost(deps.maxConcurrentScrapes, refused, metricsHandler(deps)));
  const probeRefused = () => deps.selfMetrics.web.refused('probes');
  get(app, '/probe', atMost(deps.maxConcurrentProbes, probeRefused, probeHandler(deps), 'probes'));
  get(app, '/sd', scrapeTargets(deps));
  get(app, '/livez', livez);
  get(app, '/readyz', readyz(deps));
  for (const route of API_ROUTES) get(app, route.path.replace(/\{(\w+)\}/g, ':$1'), apiHandler(route, deps));
  addRows(app, deps, get);
  get(app, API_PATHS.openapi, (_request, response) => {
    response.json(openApi(deps.about.version));
  });
  get(app, '/', landingPage(deps));
  addLifecycle(app, deps.lifecycle);
  app.use((request) => {
    const where = request.path.startsWith(API_PREFIX) ? ` ${API_PATHS.openapi} lists what there is.` : '';
    throw new HttpError(404, 'not_found', `There is nothing at ${request.path.slice(0, 200)}.${where}`);
  });
  app.use(errorHandler(deps.log));
  return app;
}

/** Express answers HEAD by the GET handler; every other method is refused with what is allowed. */
function get(app: Express, path: string, handler: RequestHandler): void {
  app.get(path, handler);
  app.all(path, (request) => {
    throw new HttpError(405, 'method_not_allowed', `${request.method} is not possible here: use GET or HEAD.`, {
      Allow: 'GET, HEAD',
    });
  });
}

function apiHandler(route: ApiRoute, deps: AppDeps): RequestHandler {
  const { peers } = deps;
  return async (request, response) => {
    const query = readQuery(request.originalUrl, route.query);
    const path = request.params as Record<string, string>;
    const own = () => route.answer(deps, { query, path });
    if (peers) response.set(SHARD_HEADER, shardText(peers.sharding));
    if (!peers || !route.together || request.get(FORWARDED_HEADER) !== undefined) {
      response.json(own());
      return;
    }
    const { originalUrl: url } = request;
    response.json(await route.together(peers, own, { query, path, url, authorization: request.get('authorization') }));
  };
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    // The origin alone, so that the demo can send whoever flips a switch back to this page.
    'Referrer-Policy': 'strict-origin-when-cross-origin',
  });
  next();
};
