/**
 * One server, asked once because somebody asked for it by HTTP. Whoever asks chooses the target, so it must be one that
 * the configuration allows: its name is resolved once, what it leads to is checked, and that address is connected to.
 */
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { STANDALONE_NAMESPACE, type ServerKind } from '@modelwatch/contract';
import type { ProbeResult } from '../../domain/observation';
import type { Telemetry } from '../../domain/telemetry';
import type { ProbeTarget } from '../../domain/probe-target';
import { isAllowed, mayBeAllowed, type AllowedTarget } from '../../mapping/probe-targets';
import { GRPC_KIND_EXPECTATION, isAskable, isServerUrl, SERVER_URL_EXPECTATION } from '../../mapping/server-url';
import { Differences } from './differences';
import { metricsPages, probeEndpoint, readPage, type Measured, type ServerModules } from './endpoint';
import type { Drop } from './probe';
import { PROBES } from './probes';
import { SOURCE } from './slot';
import { createTransport } from './transport';

export interface OneShotOptions {
  readonly allowed: readonly AllowedTarget[];
  readonly modules: ServerModules;
  readonly maxBodyBytes: number;
  readonly telemetry: Telemetry;
  /** Addresses that a name leads to; replaced by tests. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

export interface OneShotRequest {
  /** `host:port`, an http:// or https:// URL, or grpc://host:port or grpcs://host:port; without credentials. */
  readonly target: string;
  /** A kind of server, or a module of the configuration. Absent: the probe finds out. */
  readonly module: string | undefined;
  /** Names of models to ask for, where the server lists none. */
  readonly models: readonly string[];
  readonly timeoutSeconds: number;
}

export interface OneShot {
  readonly target: ProbeTarget;
  readonly result: ProbeResult;
  /** Of each page of metrics that could be read. */
  readonly measured: readonly Measured[];
  readonly durationSeconds: number;
}

/** `query`: it cannot be asked so. `target`: it may not be asked. The message is for whoever asked, and names no address. */
class OneShotRefusal extends Error {
  constructor(
    readonly reason: 'query' | 'target',
    message: string
  ) {
    super(message);
    this.name = 'OneShotRefusal';
  }
}

/** @throws OneShotRefusal; a probe that fails is a result */
export async function probeOnce(request: OneShotRequest, options: OneShotOptions): Promise<OneShot> {
  const startedMs = performance.now();
  const deadline = AbortSignal.timeout(request.timeoutSeconds * 1_000);
  const target = targetOf(request, options);
  const address = await allowedAddress(new URL(target.url), options, deadline);
  const pinned: LookupFunction = (_host, { all }, answer) => {
    const family = address.includes(':') ? 6 : 4;
    if (all) answer(null, [{ address, family }]);
    else answer(null, address, family);
  };
  const transport = createTransport({ maxBodyBytes: options.maxBodyBytes, lookup: pinned });
  const drop: Drop = (reason, detail) => options.telemetry.dropped(SOURCE, reason, detail);
  try {
    const result = await probeEndpoint(transport, target, deadline, drop, options.modules);
    const asked = { models: result.models, differences: new Differences() };
    const measured: Measured[] = [];
    for (const page of result.error ? [] : metricsPages(target, result, options.modules)) {
      const read = await readPage(transport, target, page, asked, deadline, drop).catch(() => undefined);
      if (read) measured.push(read);
    }
    return { target, result, measured, durationSeconds: (performance.now() - startedMs) / 1_000 };
  } finally {
    await transport.close();
  }
}

function targetOf({ target: text, module, models }: OneShotRequest, { modules }: OneShotOptions): ProbeTarget {
  const url = urlOf(text);
  const itsModule = module === undefined ? undefined : modules.get(module);
  const isModule = itsModule !== undefined;
  const expected = itsModule?.misaddressed?.(url.toString());
  if (expected !== undefined) throw new OneShotRefusal('query', `target: expected ${expected}`);
  if (module !== undefined && !isModule && !Object.hasOwn(PROBES, module)) {
    const known = [...Object.keys(PROBES), ...modules.keys()].join(', ');
    throw new OneShotRefusal('query', `module: expected one of ${known}`);
  }
  const kindHint = isModule ? undefined : (module as ServerKind | undefined);
  if (!isAskable(url.toString(), kindHint)) {
    throw new OneShotRefusal('query', `module: expected ${GRPC_KIND_EXPECTATION}`);
  }
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return {
    endpoint: { namespace: STANDALONE_NAMESPACE, server: url.hostname, replica: `${url.hostname}:${port}` },
    url: url.toString().replace(/\/+$/, ''),
    ...(isModule ? { module: String(module) } : {}),
    ...(kindHint === undefined ? {} : { kindHint }),
    models,
    versionSuffix: false,
  };
}

function urlOf(text: string): URL {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  const isPlain = url && isServerUrl(full) && !url.username && !url.password && !url.search && !url.hash;
  if (!isPlain || text.length > 500) {
    throw new OneShotRefusal('query', `target: expected host:port, ${SERVER_URL_EXPECTATION}, without credentials`);
  }
  return url;
}

async function allowedAddress(url: URL, options: OneShotOptions, deadline: AbortSignal): Promise<string> {
  const { allowed, resolve = resolveByDns } = options;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (allowed.length === 0) {
    throw new OneShotRefusal(
      'target',
      'target: none may be probed until web.probeTargets in the configuration lists it'
    );
  }
  // What cannot be allowed is not even resolved: a question to a name server can carry news out.
  const addresses = mayBeAllowed(allowed, host, port) ? await Promise.race([resolve(host), expiry(deadline)]) : [];
  const address = addresses.find((each) => isAllowed(allowed, host, port, each));
  if (address === undefined) {
    throw new OneShotRefusal(
      'target',
      'target: expected one that web.probeTargets in the configuration allows, and a name that resolves to such an address'
    );
  }
  return address;
}

function expiry(deadline: AbortSignal): Promise<readonly string[]> {
  return new Promise((done) => deadline.addEventListener('abort', () => done([]), { once: true }));
}

async function resolveByDns(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
