/** One order everywhere: worst state first, then severity, then the youngest, then the natural order of names. */
import { HEALTH_STATES, type HealthState } from '@modelwatch/contract';
import type { Fleet, ModelGroup, ModelView, TimeSpan } from './types';

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** States that ask somebody to act. */
export function needsHelp(health: HealthState): boolean {
  return health === 'failed' || health === 'degraded';
}

/** States without a verdict to rely on. */
export function lacksVerdict(health: HealthState): boolean {
  return health === 'stale' || health === 'unknown';
}

/** A model that cannot serve comes before one that serves badly. */
function cannotServe(model: ModelView): number {
  const critical = model.channels.some(({ channel, status }) => channel === 'serving' && status === 'critical');
  return critical || model.replicasAvailable === 0 ? 0 : 1;
}

export function compareModels(a: ModelView, b: ModelView): number {
  const byState = HEALTH_STATES.indexOf(a.health) - HEALTH_STATES.indexOf(b.health);
  if (byState !== 0) return byState;
  if (a.health !== 'healthy') {
    const bySeverity = cannotServe(a) - cannotServe(b);
    if (bySeverity !== 0) return bySeverity;
    const byAge = (b.sinceMs ?? -Infinity) - (a.sinceMs ?? -Infinity);
    if (byAge !== 0 && !Number.isNaN(byAge)) return byAge;
  }
  return natural.compare(a.name, b.name) || natural.compare(a.namespace, b.namespace) || natural.compare(a.key, b.key);
}

export function countHealth(models: readonly ModelView[]): Record<HealthState, number> {
  const counts = Object.fromEntries(HEALTH_STATES.map((state) => [state, 0])) as Record<HealthState, number>;
  for (const model of models) counts[model.health] += 1;
  return counts;
}

/** Groups take the place of their worst member; several clusters are named in the titles. */
function groupModels(sorted: readonly ModelView[]): ModelGroup[] {
  const manyClusters = new Set(sorted.map(({ cluster }) => cluster)).size > 1;
  const byTitle = new Map<string, ModelView[]>();
  for (const model of sorted) {
    const title = manyClusters && model.cluster ? `${model.cluster} / ${model.namespace}` : model.namespace;
    const group = byTitle.get(title) ?? [];
    group.push(model);
    byTitle.set(title, group);
  }
  const groups = [...byTitle].map(([title, models]) => ({
    title,
    models,
    needHelp: models.filter(({ health }) => needsHelp(health)).length,
  }));
  return groups.sort((a, b) => compareGroups(a, b));
}

function compareGroups(a: ModelGroup, b: ModelGroup): number {
  const [worstA, worstB] = [a.models[0], b.models[0]];
  const calm = worstA?.health === 'healthy' && worstB?.health === 'healthy';
  if (!worstA || !worstB || calm) return b.models.length - a.models.length || natural.compare(a.title, b.title);
  return compareModels(worstA, worstB);
}

/** Sorts, groups and counts. */
export function arrange(models: readonly ModelView[], range: TimeSpan, nowMs: number): Omit<Fleet, 'isPartial'> {
  const sorted = [...models].sort(compareModels);
  return { models: sorted, groups: groupModels(sorted), counts: countHealth(sorted), range, nowMs };
}
