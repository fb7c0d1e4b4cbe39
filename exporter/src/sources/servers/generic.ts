/** A server that a module of the configuration describes: how it is asked, and what its answers mean. */
import { isObject, preview, type EndpointModelState } from '@modelwatch/contract';
import type { PodModule } from '../../domain/pod-modules';
import type { Expectation, Module, Question } from '../../mapping/module';
import { translationOf } from '../../mapping/module-metrics';
import { entriesAt, parsePath, select, type Scope } from '../../mapping/path';
import { parsePattern } from '../../mapping/pattern';
import { misaddressed } from '../../mapping/server-url';
import { parseTemplate, type Template } from '../../mapping/template';
import { isModelName } from './names';
import { askGrpcHealth } from './oip-grpc';
import {
  ProbeError,
  serverMetrics,
  unexpectedStatus,
  type Ask,
  type Drop,
  type ModelReport,
  type ServerIdentity,
  type ServerProbe,
} from './probe';

/** By name. */
export function serverModules(modules: readonly Module[]): ReadonlyMap<string, ServerProbe> {
  return new Map(modules.map((module) => [module.name, compileModule(module)]));
}

/** Made once per module. */
export function compileModule(module: Module): ServerProbe {
  const health = module.health && compileQuestion(module.health);
  const ready = module.ready && compileQuestion(module.ready);
  const identity = compileIdentity(module);
  const models = module.models && compileModels(module.models);
  const { metrics } = module;
  return {
    kind: 'generic',
    serverNames: [],
    misaddressed: (url) => misaddressed(url, module),
    identify: async (ask) => {
      if (module.grpcHealth) return { ...(await askGrpcHealth(ask, module.grpcHealth.service)), name: module.name };
      const live = (await health?.(ask)) ?? false;
      // Who is not well is not asked for more.
      if (!live) return { live, ready: false, name: module.name };
      return { live, ready: ready ? await ready(ask) : true, ...(await identity(ask)) };
    },
    models: (ask, target, drop, found) => {
      if (models) return models(ask, drop, found);
      return Promise.resolve(target.models.map((name) => ({ name, ready: found.live && found.ready })));
    },
    ...(metrics
      ? {
          metrics: serverMetrics(translationOf(metrics), {
            ...(metrics.port ? { port: metrics.port } : {}),
            path: metrics.path,
          }),
        }
      : {}),
  };
}

/** What a module says of pods, for the choice of targets. */
export function podModule({ name, port, match = {}, metrics }: Module): PodModule {
  const [image, container] = [match.image, match.container].map((each) => each && parsePattern(each));
  const labels = Object.entries(match.labels ?? {});
  const says = Boolean(image ?? container) || labels.length > 0;
  return {
    name,
    port,
    ...(metrics ? { metrics: { path: metrics.path, ...(metrics.port ? { port: metrics.port } : {}) } } : {}),
    fits: (given, ofPod) =>
      says &&
      (!image || image.matches(given.image ?? '')) &&
      (!container || container.matches(given.name)) &&
      labels.every(([key, value]) => ofPod[key] === value),
  };
}

/** "Not now", in HTTP. */
const UNAVAILABLE = 503;

/** @returns whether the answer is as expected. @throws ProbeError for one that is neither that nor "not now" */
function compileQuestion({ status, expect, ...request }: Question): (ask: Ask) => Promise<boolean> {
  const checks = expect.map(compileExpectation);
  return async (ask) => {
    const answer = await ask(request.method, request.path, request.body);
    if (!status.includes(answer.status)) {
      if (answer.status === UNAVAILABLE) return false;
      throw unexpectedStatus(answer, `status ${status.join(' or ')}`);
    }
    const text = answer.body.toString('utf8');
    for (const { holds, wanted } of checks) {
      // What the body says instead stays out of the message: it may be anything.
      if (!holds(text))
        throw new ProbeError('invalid_response', `${answer.place}: expected ${wanted}, got something else`);
    }
    return true;
  };
}

interface Check {
  readonly holds: (body: string) => boolean;
  readonly wanted: string;
}

export function compileExpectation({ path, equals, in: among, matches }: Expectation): Check {
  const pattern = matches === undefined ? undefined : parsePattern(matches);
  const allowed = among ?? [equals];
  const fits = (value: unknown) =>
    pattern ? typeof value === 'string' && pattern.matches(value) : allowed.includes(value);
  const what = pattern ? `what matches ${preview(matches)}` : allowed.map((each) => preview(each)).join(' or ');
  if (path === undefined) return { wanted: what, holds: (body) => fits(body) || fits(body.trim()) };
  const parsed = parsePath(path);
  return {
    wanted: `${what} at ${path}`,
    holds: (body) => {
      const values = select(parsed, scopeOf(parseJson(body)));
      return values.length > 0 && values.every(fits);
    },
  };
}

function compileIdentity({
  name: module,
  identity,
}: Module): (ask: Ask) => Promise<Pick<ServerIdentity, 'name' | 'version'>> {
  const name = parseTemplate(identity?.name ?? module);
  const version = identity?.version === undefined ? undefined : parseTemplate(identity.version);
  return async (ask) => {
    const path = identity?.path;
    const answer = path === undefined ? undefined : await ask(identity?.method ?? 'GET', path, identity?.body);
    const scope = scopeOf(answer?.status === 200 ? parseJson(answer.body.toString('utf8')) : undefined);
    const found = { name: fill(name, scope) ?? module, version: version && fill(version, scope) };
    return { name: cut(found.name), ...(found.version ? { version: cut(found.version) } : {}) };
  };
}

const MAX_MODELS = 10_000;
/** Of several words for one model (its versions) the best counts: it serves with that one. */
const BEST_FIRST: readonly EndpointModelState[] = ['ready', 'loading', 'unloading', 'unavailable', 'unknown'];

function compileModels({ each, name, version, reason, state, states = {}, ...request }: NonNullable<Module['models']>) {
  const paths = {
    each: each === undefined ? undefined : parsePath(each),
    state: state === undefined ? undefined : parsePath(state),
  };
  const templates = {
    name: parseTemplate(name),
    version: version && parseTemplate(version),
    reason: reason && parseTemplate(reason),
  };

  function read(scope: Scope, place: string, found: ServerIdentity, drop: Drop): ModelReport | undefined {
    const model = fill(templates.name, scope);
    if (!isModelName(model)) {
      drop('wrong_type', `${place} ${name}: expected the name of a model, got ${preview(model)}`);
      return undefined;
    }
    const [itsVersion, why] = [templates.version, templates.reason].map((each) => each && fill(each, scope));
    const said = paths.state ? stateAt(select(paths.state, scope), `${place} ${model} ${state}`, drop) : undefined;
    return {
      name: model,
      ready: paths.state ? said === 'ready' : found.ready,
      ...(said === undefined ? {} : { state: said }),
      ...(itsVersion ? { version: cut(itsVersion) } : {}),
      ...(why ? { reason: why.slice(0, 1_000) } : {}),
    };
  }

  function stateAt(values: readonly unknown[], place: string, drop: Drop): EndpointModelState {
    const known = values.map((value) => {
      const meaning = Object.hasOwn(states, String(value)) ? states[String(value)] : undefined;
      if (!meaning)
        drop('unknown_value', `${place}: expected one of ${Object.keys(states).join(', ')}, got ${preview(value)}`);
      return meaning ?? 'unknown';
    });
    return BEST_FIRST.find((each) => known.includes(each)) ?? 'unknown';
  }

  return async (ask: Ask, drop: Drop, found: ServerIdentity): Promise<ModelReport[]> => {
    if (!found.live) return [];
    const answer = await ask(request.method, request.path, request.body);
    if (answer.status !== 200) throw unexpectedStatus(answer);
    const document = parseJson(answer.body.toString('utf8'));
    if (document === undefined)
      throw new ProbeError('invalid_response', `${answer.place}: expected JSON, got something else`);
    const scope = scopeOf(document);
    const scopes = paths.each ? entriesAt(paths.each, scope).map((entry) => ({ ...entry, object: document })) : [scope];
    if (scopes.length > MAX_MODELS)
      drop('over_limit', `${answer.place}: expected at most ${MAX_MODELS} models, got ${scopes.length}`);
    const reports = new Map<string, ModelReport>();
    for (const each of scopes.slice(0, MAX_MODELS)) {
      const report = read(each, answer.place, found, drop);
      if (report) reports.set(report.name, report);
    }
    return [...reports.values()];
  };
}

/** `@` alone is the whole answer. */
function scopeOf(document: unknown): Scope {
  return { object: document, entry: document };
}

/** The text with the values at its paths; undefined where one of them leads nowhere, or to more than one word. */
function fill(template: Template, scope: Scope): string | undefined {
  const parts = template.map((part) => (typeof part === 'string' ? part : select(part, scope)[0]));
  const text = parts.every((part) => part !== undefined && !isObject(part) && !Array.isArray(part))
    ? parts.map(String).join('')
    : '';
  return text === '' ? undefined : text;
}

function cut(text: string): string {
  return text.slice(0, 100);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
