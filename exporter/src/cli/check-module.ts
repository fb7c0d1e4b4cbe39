/** What a module makes of a server, or of a saved page of its metrics: the same questions, translation and text as in the exporter. */
import { readFileSync } from 'node:fs';
import { preview, STANDALONE_NAMESPACE } from '@modelwatch/contract';
import { loadConfig } from '../config/load';
import type { ProbeResult } from '../domain/observation';
import { replicaOf } from '../domain/targets';
import type { ProbeTarget } from '../domain/probe-target';
import { probeText } from '../http/probe';
import { isServerUrl, misaddressed, SERVER_URL_EXPECTATION } from '../mapping/server-url';
import type { Module } from '../mapping/module';
import { Differences } from '../sources/servers/differences';
import { metricsPages, probeEndpoint, readPage, type Measured } from '../sources/servers/endpoint';
import { serverModules } from '../sources/servers/generic';
import type { Drop } from '../sources/servers/probe';
import { createTransport, type HttpTransport } from '../sources/servers/transport';
import { UsageError } from './arguments';

export interface ModuleCheck {
  /** File with the module. */
  readonly file: string;
  /** One of the two: where a server answers, or a file with a page of its metrics. */
  readonly url?: string | undefined;
  readonly text?: string | undefined;
  /** Models that should be on it. */
  readonly models: readonly string[];
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 67_108_864;
/** Names of samples that belong to one family. */
const SUFFIX = /_(bucket|sum|count)$/;

/** @returns the exit code: 1 when the server is not well, or something could not be used. @throws ConfigError, UsageError */
export async function checkModule({ file, url, text, models }: ModuleCheck): Promise<number> {
  const { config } = loadConfig({ env: {}, flags: { 'servers.module-files': [file] } });
  const [module] = config.servers.modules;
  if (!module || (url === undefined) === (text === undefined)) {
    throw new UsageError('--module: expected --url with the address of a server, or --text with a page of its metrics');
  }
  const target = url === undefined ? ofSavedPage(module, models) : targetOf(url, module, models);
  const drops: string[] = [];
  const drop: Drop = (reason, detail) => void drops.push(`${reason}: ${detail}`);
  const server = text === undefined ? createTransport({ maxBodyBytes: MAX_BYTES }) : undefined;
  const transport = server ?? pageOf(String(text));
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const modules = serverModules([module]);
    const result = server ? await probeEndpoint(server, target, signal, drop, modules) : untold(module, models);
    if (server) showProbe(result);
    const measured: Measured[] = [];
    for (const page of result.error ? [] : metricsPages(target, result, modules)) {
      const asked = { models: result.models, differences: new Differences() };
      measured.push(await readPage(transport, target, page, asked, signal, drop));
      const unread = await namesNotRead(transport, target, page.url, page.metrics.names, signal);
      if (unread.length > 0) console.log(`not read of this page: ${unread.join(', ')}`);
    }
    for (const each of drops) console.log(`not used: ${each}`);
    const { durationSeconds } = result;
    const lines = probeText({ target, result, measured, durationSeconds }, Date.now() / 1_000).split('\n');
    const shown = lines.filter((line) => line.startsWith(text === undefined ? 'modelwatch_' : 'modelwatch_inference_'));
    console.log(shown.join('\n'));
    return result.live && drops.length === 0 && shown.length > 0 ? 0 : 1;
  } finally {
    await transport.close();
  }
}

function targetOf(url: string, module: Module, models: readonly string[]): ProbeTarget {
  const replica = replicaOf({ name: '', server: '', url });
  const expected = isServerUrl(url) ? misaddressed(url, module) : SERVER_URL_EXPECTATION;
  if (replica === undefined || expected !== undefined) {
    throw new UsageError(`--url: expected ${expected}, got ${preview(url)}`);
  }
  const endpoint = { namespace: STANDALONE_NAMESPACE, server: new URL(url).hostname, replica };
  return { endpoint, url: url.replace(/\/+$/, ''), module: module.name, models, versionSuffix: false };
}

function ofSavedPage({ name }: Module, models: readonly string[]): ProbeTarget {
  const endpoint = { namespace: STANDALONE_NAMESPACE, server: 'localhost', replica: 'localhost:80' };
  return { endpoint, url: 'http://localhost', module: name, models, versionSuffix: false };
}

function showProbe({ live, ready, serverName = '-', serverVersion = '-', models, error }: ProbeResult): void {
  console.log(`server ${serverName} ${serverVersion}: ${live ? 'live' : 'not live'}, ${ready ? 'ready' : 'not ready'}`);
  if (error) console.log(`  ${error.cause}: ${error.text}`);
  for (const { name, ready: isReady, state, version, reason } of models) {
    const words = [isReady ? 'ready' : 'not ready', state, version && `version ${version}`, reason].filter(Boolean);
    console.log(`model ${name}: ${words.join(', ')}`);
  }
}

/** Of a saved page nothing is known of the server; one whose series name no model has one. */
function untold(module: Module, models: readonly string[]): ProbeResult {
  const isNamed = (module.metrics?.modelLabels ?? []).length > 0;
  const names = models.length > 0 || isNamed ? models : [module.name];
  return {
    kind: 'generic',
    address: '',
    durationSeconds: 0,
    up: true,
    live: true,
    ready: true,
    models: names.map((name) => ({ name })),
  };
}

/** Answers every question with one page. */
function pageOf(file: string): HttpTransport {
  let body: Buffer;
  try {
    body = readFileSync(file);
  } catch {
    throw new UsageError(`--text: expected a readable file, got ${preview(file)}`);
  }
  return {
    send: () => Promise.resolve({ status: 200, contentType: 'text/plain', body, place: file }),
    close: () => Promise.resolve(),
  };
}

async function namesNotRead(
  transport: HttpTransport,
  target: ProbeTarget,
  url: string,
  read: ReadonlySet<string>,
  signal: AbortSignal
): Promise<string[]> {
  const { body } = await transport.send(target, 'GET', url, signal);
  const names = body.toString('utf8').matchAll(/^([a-zA-Z_:][a-zA-Z0-9_:]*)[ {]/gm);
  const unread = [...names].flatMap(([, name = '']) => (read.has(name) ? [] : [name.replace(SUFFIX, '')]));
  const ofRead = new Set([...read].map((name) => name.replace(SUFFIX, '')));
  return [...new Set(unread)].filter((name) => !ofRead.has(name));
}
