/** The rule groups that we ship. */
import type { DriftWindow } from '@modelwatch/contract';
import { accuracyGroups } from './accuracy';
import { inferenceAggregateRules, quantileAggregateRules, resourceAggregateRules } from './aggregates';
import { componentAlert, exporterAlerts, modelAlerts, serverAlert } from './alerts';
import { channelRules } from './channels';
import { coverageGroups } from './coverage';
import { customGroups, queriedGroups, type QueriedMetric } from './custom';
import { driftGroups } from './drift';
import { inferenceDayRules, inferenceRules } from './inference';
import { latencyRules } from './latency';
import { llmRules } from './llm';
import { pipelineRules } from './pipelines';
import { POLLED } from './polled';
import { quantileRules } from './quantiles';
import { modelResourceRules, podResourceRules } from './resources';
import { signalGroups } from './signals';
import { sloGroups } from './slo';
import { queriedSloGroups, type QueriedSlo } from './slo/queried';
import { stateRules } from './state';
import { errorsAlert, errorsChannel, latencyAlert, latencyChannel } from './traffic';
import { uptimeRules } from './uptime';
import { usageRules } from './usage';
import {
  OPTIONAL_PARTS,
  resolveOptions,
  type OptionalPart,
  type ResolvedOptions,
  type RuleGroup,
  type RuleOptions,
} from './types';
import { versionRules } from './versions';

/**
 * State, channels, health and the alerts on it stand in one group: groups run beside each other, and only within one does
 * each rule see what the rule above it recorded in the same evaluation. The channels of errors and latency stand with the
 * figures that they judge: health reads them at its next evaluation.
 *
 * @throws RangeError when an option is out of its range.
 */
export function buildRules(options: RuleOptions): RuleGroup[] {
  const resolved = resolveOptions(options);
  const { intervalSeconds, slowIntervalSeconds } = resolved;
  const unalerted = unalertedInterval(resolved);
  return [
    {
      name: 'modelwatch-health',
      intervalSeconds,
      recordings: [...stateRules(resolved), ...channelRules(resolved)],
      // Alertmanager is to know of a server before it hears of the models whose alerts this one keeps back.
      alerts: [serverAlert(resolved), ...modelAlerts(resolved)],
    },
    { name: 'modelwatch-uptime', intervalSeconds, recordings: uptimeRules(), alerts: [] },
    {
      name: 'modelwatch-inference',
      intervalSeconds,
      recordings: [...inferenceRules(POLLED, resolved), errorsChannel(resolved)],
      alerts: [errorsAlert()],
    },
    {
      name: 'modelwatch-inference-latency',
      intervalSeconds,
      recordings: [...latencyRules(POLLED, resolved), latencyChannel(resolved)],
      alerts: [latencyAlert()],
    },
    {
      name: 'modelwatch-inference-quantiles',
      intervalSeconds: unalerted,
      recordings: quantileRules(POLLED),
      alerts: [],
    },
    { name: 'modelwatch-inference-versions', intervalSeconds, recordings: versionRules(POLLED), alerts: [] },
    { name: 'modelwatch-pipelines', intervalSeconds, recordings: pipelineRules(), alerts: [] },
    { name: 'modelwatch-llm', intervalSeconds: unalerted, recordings: llmRules(POLLED), alerts: [] },
    {
      name: 'modelwatch-inference-day',
      intervalSeconds: slowIntervalSeconds,
      recordings: inferenceDayRules(),
      alerts: [],
    },
    ...optionalGroups(resolved, options.without ?? []),
    ...coverageGroups(resolved),
    ...signalGroups(resolved, options.without ?? []),
    {
      name: 'modelwatch-components',
      intervalSeconds,
      recordings: [],
      alerts: [componentAlert()],
    },
    { name: 'modelwatch-exporter', intervalSeconds, recordings: [], alerts: exporterAlerts(resolved) },
  ];
}

/** Of what costs much and calls nobody. */
function unalertedInterval({ intervalSeconds, slowIntervalSeconds }: ResolvedOptions): number {
  return Math.min(2 * intervalSeconds, slowIntervalSeconds);
}

/**
 * The groups of drift alone. Without the hour among `windows` they are an addition to rules that have it.
 *
 * @throws RangeError when an option is out of its range.
 */
export function buildDriftRules(options: RuleOptions, windows = SHIPPED_WINDOWS): RuleGroup[] {
  return driftGroups(resolveOptions(options), windows);
}

/** The same for accuracy. */
export function buildAccuracyRules(options: RuleOptions, windows = SHIPPED_WINDOWS): RuleGroup[] {
  return accuracyGroups(resolveOptions(options), windows);
}

/** The groups of objectives alone. */
export function buildSloRules(options: RuleOptions): RuleGroup[] {
  return sloGroups(resolveOptions(options));
}

/** Rules for objectives whose indicator is PromQL of their owner: beside those for all. */
export function buildQueriedSloRules(options: RuleOptions, slos: readonly QueriedSlo[]): RuleGroup[] {
  return queriedSloGroups(slos, resolveOptions(options));
}

/** Rules that read custom metrics from queries of users. */
export function buildQueriedRules(options: RuleOptions, metrics: readonly QueriedMetric[]): RuleGroup[] {
  return queriedGroups(metrics, resolveOptions(options));
}

/** Others are asked for by `modelwatch rules drift --window`, and `accuracy`. */
const SHIPPED_WINDOWS: readonly DriftWindow[] = ['1h', '1d'];

/**
 * Parts that users can leave out. What reads every container of the cluster, and sums up what changes slowly, is evaluated
 * less often than the others.
 */
function optionalGroups(resolved: ResolvedOptions, without: readonly OptionalPart[]): RuleGroup[] {
  const { slowIntervalSeconds } = resolved;
  const group = { intervalSeconds: unalertedInterval(resolved), alerts: [] };
  const parts: Record<OptionalPart, readonly RuleGroup[]> = {
    resources: [
      { ...group, name: 'modelwatch-resources', recordings: podResourceRules(POLLED) },
      { ...group, name: 'modelwatch-resources-models', recordings: modelResourceRules() },
    ],
    aggregates: [
      { ...group, name: 'modelwatch-aggregates', recordings: inferenceAggregateRules(POLLED) },
      {
        ...group,
        name: 'modelwatch-aggregates-latency',
        intervalSeconds: slowIntervalSeconds,
        recordings: quantileAggregateRules(),
      },
      { ...group, name: 'modelwatch-aggregates-resources', recordings: resourceAggregateRules() },
    ],
    usage: [
      { ...group, name: 'modelwatch-usage', intervalSeconds: slowIntervalSeconds, recordings: usageRules(resolved) },
    ],
    drift: driftGroups(resolved, SHIPPED_WINDOWS),
    accuracy: accuracyGroups(resolved, SHIPPED_WINDOWS),
    custom: customGroups(resolved),
    slo: sloGroups(resolved),
  };
  return OPTIONAL_PARTS.filter((part) => !without.includes(part)).flatMap((part) => parts[part]);
}
