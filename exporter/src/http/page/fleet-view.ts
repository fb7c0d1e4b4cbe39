/** Pure: snapshot and health -> what the landing page says of the models. */
import { HEALTH_STATES, type HealthState, type ModelSummary } from '@modelwatch/contract';
import { servingOf, type ModelView } from '../../domain/views';
import type { Snapshot } from '../../domain/fleet-interface';
import { byAgeAndName, type MissingShard } from '../api/together';
import type { HealthReader, HealthStatus } from '../health';
import { NO_OTHER_SHARDS, type OtherShards } from './other-shards';
import { reasonText, sinceOf } from './reasons';
import { counted, lowerFirst, span } from './words';

export interface ModelRow {
  readonly namespace: string;
  readonly name: string;
  readonly platform: string;
  readonly health: HealthState;
  /** Worst reason in words. */
  readonly reason: string;
  readonly replicas: string;
  readonly sinceSeconds?: number;
  readonly lastObservedSeconds?: number;
}

export interface FleetSummary {
  /** All models, worst first. */
  readonly rows: readonly ModelRow[];
  readonly counts: ReadonlyMap<HealthState, number>;
  readonly health: HealthStatus;
  readonly missingShards: readonly MissingShard[];
}

export interface Verdict {
  readonly state: HealthState;
  /** In bold. */
  readonly subject: string;
  readonly rest: string;
}

export function summarize(
  snapshot: Snapshot,
  health: HealthReader,
  { models, missing }: OtherShards = NO_OTHER_SHARDS
): FleetSummary {
  const own = [...snapshot.models.values()].map((model) => rowOf(model, health));
  const shown = new Set(own.map(({ namespace, name }) => `${namespace}/${name}`));
  const others = models.filter(({ namespace, name }) => !shown.has(`${namespace}/${name}`)).map(rowOfSummary);
  const rows = [...own, ...others];
  rows.sort((a, b) => rank(a.health) - rank(b.health) || byAgeAndName(a, b));
  const counts = new Map(HEALTH_STATES.map((state) => [state, 0]));
  for (const row of rows) counts.set(row.health, (counts.get(row.health) ?? 0) + 1);
  return { rows, counts, health: health.status(), missingShards: missing };
}

function rank(state: HealthState): number {
  return HEALTH_STATES.indexOf(state);
}

function rowOf(model: ModelView, reader: HealthReader): ModelRow {
  const { health, channels } = reader.of(model.key, servingOf(model));
  const { desired, available } = model.replicas;
  return {
    namespace: model.namespace,
    name: model.name,
    platform: model.platform,
    health,
    reason: reasonText(model.verdict.reasons, health, model.verdict.state, channels),
    replicas: replicasText(desired, available),
    ...sinceOf(health, model.verdict.state, model.lastTransitionSeconds),
    ...(model.lastObservedSeconds === undefined ? {} : { lastObservedSeconds: model.lastObservedSeconds }),
  };
}

/** A model as another shard tells it. */
function rowOfSummary({
  namespace,
  name,
  platform,
  health,
  reasons,
  channels,
  replicas,
  ...model
}: ModelSummary): ModelRow {
  return {
    namespace,
    name,
    platform,
    health,
    reason: reasonText(reasons, health, model.serving, channels),
    replicas: replicasText(replicas.desired, replicas.available),
    ...sinceOf(health, model.serving, model.sinceSeconds),
    ...(model.lastObservedSeconds === undefined ? {} : { lastObservedSeconds: model.lastObservedSeconds }),
  };
}

function replicasText(desired: number | undefined, available: number | undefined): string {
  return desired === undefined ? 'unknown' : `${available ?? 0}\u00a0of\u00a0${desired}`;
}

/** Without health from Prometheus nobody may read that a model is healthy: it serves, more is not known. */
export function stateWord(state: HealthState, health: HealthStatus): string {
  return state === 'healthy' && health.source === 'serving-only' ? 'serving' : state;
}

/** The headline: the worst model, or one calm line. */
export function verdict(snapshot: Snapshot, fleet: FleetSummary, nowSeconds: number): Verdict {
  if (!snapshot.everSynced) {
    const waiting = snapshot.sources.filter(({ state }) => state !== 'synced' && state !== 'absent');
    const names = waiting.slice(0, 3).map(({ title, source }) => title || source);
    return {
      state: 'unknown',
      subject: 'Not synced yet',
      rest: names.length > 0 ? `: waiting for ${names.join(', ')}` : ': no source has reported',
    };
  }
  const worst = fleet.rows[0];
  if (!worst && fleet.missingShards.length === 0)
    return { state: 'unknown', subject: 'No models found', rest: ': the sources below are what was asked' };
  if (worst && rank(worst.health) < rank('progressing')) {
    const reason = worst.reason && `: ${lowerFirst(worst.reason)}`;
    return {
      state: worst.health,
      subject: `${worst.name} ${verb(worst.health)}`,
      rest: `${since(worst, nowSeconds)}${reason}`,
    };
  }
  const { missingShards } = fleet;
  if (missingShards.length > 0) {
    const which = missingShards.map(({ shard }) => shard).join(', ');
    const rest = `: ${missingShards.length === 1 ? 'shard' : 'shards'} ${which} did not answer`;
    return { state: 'unknown', subject: 'Only a part of the fleet is seen', rest };
  }
  const others = fleet.rows.length - (fleet.counts.get('healthy') ?? 0);
  const word = stateWord('healthy', fleet.health);
  const all =
    fleet.rows.length === 1 ? `The only model is ${word}` : `All ${counted(fleet.rows.length, 'model')} ${word}`;
  const subject = others === 0 ? all : `${counted(fleet.counts.get('healthy') ?? 0, 'model')} ${word}`;
  const rest = (['progressing', 'idle'] as const)
    .filter((state) => (fleet.counts.get(state) ?? 0) > 0)
    .map((state) => `, ${fleet.counts.get(state)} ${state}`)
    .join('');
  return { state: 'healthy', subject, rest };
}

function verb(health: HealthState): string {
  return health === 'failed' ? 'failed' : `is ${health}`;
}

/** ` 37 min ago` of what happened once, ` for 37 min` of what lasts. */
function since({ health, sinceSeconds }: ModelRow, nowSeconds: number): string {
  if (sinceSeconds === undefined) return '';
  const age = nowSeconds - sinceSeconds;
  if (health !== 'failed') return ` for ${span(age)}`;
  return age < 1 ? ' just now' : ` ${span(age)} ago`;
}

/** `5 of 24 models need help, 2 have no verdict.` Empty when there is nothing to say. */
export function needText(fleet: FleetSummary): string {
  const sum = (...states: HealthState[]) => states.reduce((total, state) => total + (fleet.counts.get(state) ?? 0), 0);
  const help = sum('failed', 'degraded');
  const noVerdict = sum('stale', 'unknown');
  const ofAll = `\u00a0of\u00a0${counted(fleet.rows.length, 'model')}`;
  const parts = [
    ...(help > 0 ? [`${help}${ofAll} ${help === 1 ? 'needs' : 'need'} help`] : []),
    ...(noVerdict > 0 ? [`${noVerdict}${help > 0 ? '' : ofAll} ${noVerdict === 1 ? 'has' : 'have'} no verdict`] : []),
  ];
  return parts.length > 0 ? `${parts.join(', ')}.` : '';
}

/** `2 failed, 3 degraded`, or the number of those that are fine. */
export function titleText(snapshot: Snapshot, fleet: FleetSummary): string {
  if (!snapshot.everSynced) return 'not synced yet';
  if (fleet.missingShards.length > 0) return 'only a part of the fleet';
  const parts = HEALTH_STATES.filter((state) => state !== 'healthy' && (fleet.counts.get(state) ?? 0) > 0)
    .slice(0, 3)
    .map((state) => `${fleet.counts.get(state)} ${state}`);
  if (parts.length > 0) return parts.join(', ');
  return `${fleet.rows.length} ${stateWord('healthy', fleet.health)}`;
}
