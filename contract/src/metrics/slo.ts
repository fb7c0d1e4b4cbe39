/**
 * Objectives as they are declared, one series for each model or pipeline that one is of: the other of the two is empty.
 * Said alike by every exporter: read them through `max by`. Bad and all events are not counted here: our rules read them
 * from what is counted of requests, drift and accuracy.
 */
import { family } from './family';

/** What identifies an objective. */
export const SLO = ['namespace', 'model', 'pipeline', 'slo'] as const;
const BURN = [...SLO, 'severity', 'long', 'short'] as const;

export const SLO_METRICS = {
  sloInfo: family(
    'slo_info',
    'gauge',
    [...SLO, 'indicator', 'method', 'metric', 'window', 'owner'],
    'A declared objective. metric: of accuracy the score, of cost the currency. window: that of its budget. owner: as declared, empty where nobody said.'
  ),
  sloObjective: family('slo_objective_ratio', 'gauge', SLO, 'Share of events, or of minutes, that must be good.'),
  sloThresholdSeconds: family(
    'slo_threshold_seconds',
    'gauge',
    [...SLO, 'le'],
    'Duration up to which an event is good, or age up to which data are fresh. le: the bound of the histogram at which requests are counted, the highest that is not above the threshold; empty where no server has one, and for ages.'
  ),
  sloThreshold: family(
    'slo_threshold',
    'gauge',
    [...SLO, 'op'],
    'Value that a score must be at least (op gte), or that it or the cost of a prediction may be at most (op lte), for its minute to be good.'
  ),
  sloSliceTarget: family(
    'slo_slice_target_ratio',
    'gauge',
    SLO,
    'With the method timeslices: share of events of a slice that must be good for the slice to be.'
  ),
  sloBurnRateThreshold: family(
    'slo_burn_rate_threshold',
    'gauge',
    BURN,
    'Burn rate above which, over the long and over the short window, an alert of the severity holds. 1 spends the whole budget in just its window.'
  ),
  sloBurnMinEvents: family(
    'slo_burn_min_events',
    'gauge',
    BURN,
    'Events in the long window below which that alert cannot hold: no single failure is one.'
  ),
} as const;
