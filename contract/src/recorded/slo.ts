/** Objectives: what was recorded of their events, budgets and burn rates. */
import { series, type RecordedSeries } from './series';

const SLO_ID = ['cluster', 'namespace', 'model', 'pipeline', 'slo'] as const;
/** What identifies an objective in a `by` or `on` of PromQL; of model and pipeline one is empty. */
export const SLO_LABELS = SLO_ID.join(', ');

function ofSlo(name: string, labels: readonly string[], help: string): RecordedSeries {
  return series(`slo_${name}`, [...SLO_ID, ...labels], help);
}

export const RECORDED_SLO = {
  sloInfo: ofSlo(
    'info',
    ['indicator', 'method', 'metric', 'window', 'owner'],
    'A declared objective, once however many exporters say it; stays while no exporter can tell.'
  ),
  sloObjective: ofSlo(
    'objective_ratio',
    [],
    'Share of events, or of minutes, that must be good; stays as the info does.'
  ),
  sloBurnRateThreshold: ofSlo(
    'burn_rate_threshold',
    ['severity', 'long', 'short'],
    'Burn rate above which an alert of the severity holds over both windows; stays as the info does.'
  ),
  sloBurnMinEvents: ofSlo(
    'burn_min_events',
    ['severity', 'long', 'short'],
    'Events in the long window below which that alert cannot hold; stays as the info does.'
  ),
  sloReplicaFastRate: series(
    'slo_replica_fast_rate:5m',
    ['cluster', 'namespace', 'model', 'replica', 'version', 'indicator', 'seen_by', 'le'],
    'Requests, or tokens, a second over 5 minutes that took no longer than the bound of an objective, of each replica that has it: of the server, else of the proxies before it (seen_by: server, proxy).'
  ),
  sloCountedRate: ofSlo(
    'counted_rate',
    ['indicator'],
    'What is counted for the indicator a second: requests or tokens over 5 minutes, or minutes that are judged. The method of the objective makes events of them.'
  ),
  sloBadCountedRate: ofSlo('bad_counted_rate', ['indicator'], 'Those of them that were bad.'),
  sloEventsRate: ofSlo(
    'events_rate',
    [],
    'Events a second, over 5 minutes, that count for the objective; a minute that is judged is an event. 0 while nobody asks, absent while nobody counts.'
  ),
  sloBadEventsRate: ofSlo('bad_events_rate', [], 'Those of them that were bad.'),
  sloEventsCoarseRate: ofSlo(
    'events_coarse_rate',
    ['window'],
    'The mean of the rate over 4 minutes, once in 4 minutes: what windows of days are made of. window: that of the budget.'
  ),
  sloBadEventsCoarseRate: ofSlo('bad_events_coarse_rate', ['window'], 'The same of bad events.'),
  sloEvents: ofSlo(
    'events',
    ['window'],
    'Events in the window: the long ones of alerts, and that of the budget. Less than there were while Prometheus did not evaluate.'
  ),
  sloBurnRate: ofSlo(
    'burn_rate',
    ['window'],
    'How many times as fast as its window allows the budget is spent, over a window of alerts or that of the budget: the ratio of the sums of bad and all events over what may be bad. Absent without events.'
  ),
  sloAttained: ofSlo('attained_ratio', [], 'Share of events of the window of the budget that were good.'),
  sloBudgetLeft: ofSlo(
    'budget_left_ratio',
    [],
    'Share of the budget that is left; negative when more was spent than there was.'
  ),
  sloExhaustion: ofSlo(
    'exhaustion_seconds',
    [],
    'Until the budget is spent if it burns on as in the last hour, at the least: old failures leave the window too. 0 when it is spent; absent while nothing burns.'
  ),
  sloBurning: ofSlo(
    'burning',
    ['severity', 'long', 'short'],
    'Burn rate over the long window, of alerts that hold; absent for the others.'
  ),
  sloState: ofSlo('state', ['state'], 'The state of the objective; only the one that holds, value 1.'),
} as const satisfies Record<string, RecordedSeries>;
