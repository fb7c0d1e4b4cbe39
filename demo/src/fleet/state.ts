/** What has become of each model: the plan, and what the scenarios made of it. */
import type { DataScenarioName, ScenarioName } from '../types';
import type { FleetPlan, ModelPlan, ServerPlan } from './plan';
import { hash32 } from '../random';
import { isDataScenario, isOomDown, SCENARIO_TABLE, shiftAfter, stepSeconds } from './scenarios';

/** Of one replica of a model on its server. `unloaded`: not there, and nobody wants it there. */
export type ReplicaState = 'serving' | 'loading' | 'load-failed' | 'server-down' | 'unloaded';

export interface ModelState {
  readonly incident?: ScenarioName;
  /** How far the incident has gone by itself, from 0. */
  readonly step: number;
  /** When that step began. */
  readonly stepMs: number;
  /** When the state last changed. */
  readonly sinceMs: number;
  readonly generation: number;
  /** The version that is being rolled out, or that serves. */
  readonly version: number;
  readonly desired: number;
  readonly replicas: readonly ReplicaState[];
  /** Replicas that can serve, with this version or the one before. */
  readonly available: number;
  /** Restarts that the pods of its own server have behind them. */
  readonly restarts: number;
}

export function modelKey(model: { readonly namespace: string; readonly name: string }): string {
  return `${model.namespace}/${model.name}`;
}

/** Before anything happened. */
function initialState(model: ModelPlan, startMs: number): ModelState {
  return {
    step: 0,
    stepMs: startMs,
    sinceMs: startMs - model.ageSeconds * 1_000 + 60_000,
    generation: 1,
    version: model.version,
    desired: model.replicas,
    replicas: Array<ReplicaState>(model.replicas).fill('serving'),
    available: model.replicas,
    restarts: 0,
  };
}

const CHANGES_SPEC: readonly (ScenarioName | undefined)[] = ['rollout', 'bad-deploy', 'scaled-to-zero'];

/** A new version is on some replicas, the old one on the others. */
export function isRollingOut(incident: ScenarioName | undefined): boolean {
  return incident === 'rollout' || incident === 'bad-deploy';
}

/** The state after a scenario begins (`incident`), goes on (`step`) or ends (`undefined`). */
function nextState(
  model: ModelPlan,
  before: ModelState,
  incident: ScenarioName | undefined,
  nowMs: number,
  step: number = 0
): ModelState {
  const replicas = replicasUnder(model, incident, step);
  const changesSpec = step === 0 && [incident, before.incident].some((name) => CHANGES_SPEC.includes(name));
  return {
    ...(incident === undefined ? {} : { incident }),
    step,
    stepMs: nowMs,
    // What concerns requests alone, Kubernetes does not notice.
    sinceMs: changesSpec || replicas.join() !== before.replicas.join() ? nowMs : before.sinceMs,
    generation: before.generation + (changesSpec ? 1 : 0),
    version: isRollingOut(incident) ? model.version + 1 : model.version,
    desired: incident === 'scaled-to-zero' ? 0 : model.replicas,
    replicas,
    available: replicas.filter((state) => state === 'serving').length,
    restarts: before.restarts + restartsOf(incident, step),
  };
}

function restartsOf(incident: ScenarioName | undefined, step: number): number {
  if (incident === 'outage') return 5;
  return incident === 'oom-restarts' && isOomDown(step) ? 1 : 0;
}

function replicasUnder(model: ModelPlan, incident: ScenarioName | undefined, step: number): readonly ReplicaState[] {
  const all = (state: ReplicaState) => Array<ReplicaState>(model.replicas).fill(state);
  switch (incident) {
    case 'outage':
      return all('server-down');
    case 'scaled-to-zero':
      return all('unloaded');
    case 'degraded':
      return [...all('serving').slice(1), 'load-failed'];
    case 'oom-restarts':
      return isOomDown(step) ? ['server-down', ...all('serving').slice(1)] : all('serving');
    case 'rollout':
    case 'bad-deploy': {
      const done = incident === 'rollout' ? Math.ceil(model.replicas / 2) : 1;
      return all('serving').map((state, i) => (i < done ? state : 'loading'));
    }
    default:
      return all('serving');
  }
}

/** The replica of the model that lives on this replica of the server; `undefined` if none does. */
export function modelReplicaOn(model: ModelPlan, server: ServerPlan, serverReplica: number): number | undefined {
  const index = (serverReplica - (hash32(model.name) % server.replicas) + server.replicas) % server.replicas;
  return index < model.replicas ? index : undefined;
}

/** Everything that happened so far; the single changing thing behind the objects and the model servers. */
export class FleetState {
  private readonly states = new Map<string, ModelState>();
  /** With the time that each began. */
  private readonly running = new Map<ScenarioName, number>();

  constructor(
    readonly plan: FleetPlan,
    startMs: number
  ) {
    for (const model of plan.models) this.states.set(modelKey(model), initialState(model, startMs));
  }

  of(model: { readonly namespace: string; readonly name: string }): ModelState {
    const state = this.states.get(modelKey(model));
    if (state === undefined) throw new Error(`model ${modelKey(model)}: expected one of the fleet`);
    return state;
  }

  isOn(scenario: ScenarioName): boolean {
    return this.running.has(scenario);
  }

  /** How far a scenario that happens to data has gone, 0 to 1. */
  shiftOf(scenario: DataScenarioName, nowMs: number): number {
    const sinceMs = this.running.get(scenario);
    return sinceMs === undefined ? 0 : shiftAfter(scenario, (nowMs - sinceMs) / 1_000);
  }

  /** The model that changed; `undefined` when the scenario was already so, or concerns data alone. */
  set(scenario: ScenarioName, on: boolean, nowMs: number): ModelPlan | undefined {
    const { namespace, model: name } = SCENARIO_TABLE[scenario];
    const model = this.modelOf(scenario);
    if (model === undefined) throw new Error(`scenario ${scenario}: expected model ${namespace}/${name} in the fleet`);
    if (this.running.has(scenario) === on) return undefined;
    if (on) this.running.set(scenario, nowMs);
    else this.running.delete(scenario);
    // Silence of the API happens to nobody's replicas.
    if (scenario === 'stale') return model;
    if (isDataScenario(scenario)) return undefined;
    this.states.set(modelKey(model), nextState(model, this.of(model), on ? scenario : undefined, nowMs));
    return model;
  }

  /** Takes the scenarios that go on by themselves to `nowMs`, step by step; each with the time that it was due. */
  *advance(nowMs: number): Generator<{ readonly model: ModelPlan; readonly atMs: number }> {
    for (const scenario of this.running.keys()) {
      const model = this.modelOf(scenario);
      if (model === undefined) continue;
      for (;;) {
        const state = this.of(model);
        const seconds = state.incident === undefined ? undefined : stepSeconds(state.incident, state.step);
        if (seconds === undefined) break;
        const atMs = state.stepMs + seconds * 1_000;
        if (atMs > nowMs) break;
        this.states.set(modelKey(model), nextState(model, state, state.incident, atMs, state.step + 1));
        yield { model, atMs };
      }
    }
  }

  /** The model that a scenario happens to; `undefined` in a fleet too small to have it. */
  modelOf(scenario: ScenarioName): ModelPlan | undefined {
    const { namespace, model: name } = SCENARIO_TABLE[scenario];
    return this.plan.models.find((each) => each.namespace === namespace && each.name === name);
  }

  /** True while the pods of the server are killed again and again. */
  serverIsDown(server: ServerPlan): boolean {
    return server.models.some((model) => this.of(model).replicas.includes('server-down'));
  }
}
