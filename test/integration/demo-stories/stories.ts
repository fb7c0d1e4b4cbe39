/** What each scenario that happens to data is to show, and where: the table that `demo-stories-slow.test.ts` goes through. */
import type { AlertName, HealthState } from '@modelwatch/contract';
import { joinAccuracy } from '../../../datasource-plugin/src/frames/accuracy/scores';
import { batchRows } from '../../../datasource-plugin/src/frames/batches/batches';
import { joinCoverage } from '../../../datasource-plugin/src/frames/coverage/join';
import { joinCustom } from '../../../datasource-plugin/src/frames/custom/join';
import { joinChallengers } from '../../../datasource-plugin/src/frames/challengers/join';
import { joinDrift } from '../../../datasource-plugin/src/frames/drift/subjects';
import { joinFairness } from '../../../datasource-plugin/src/frames/fairness/join';
import type { Sample } from '../../../datasource-plugin/src/frames/samples';
import type { PartName } from '../../../datasource-plugin/src/query/parts';
import type { ModelwatchQuery } from '../../../datasource-plugin/src/query/types';
import type { DataScenarioName } from '../../../demo/src/types';

type Answers = Readonly<Partial<Record<PartName, readonly Sample[]>>>;

export interface Row {
  readonly query: ModelwatchQuery;
  /** Whether the rows that the plugin makes of the answers have what the scenario does. */
  readonly isThere: (answers: Answers) => boolean;
}

export interface Story {
  readonly scenario: DataScenarioName;
  /** Finds something once a counter of the exporter has moved. */
  readonly counter: string;
  /** The recorded verdict; finds something while the scenario shows. */
  readonly state: string;
  /** `too_little_data` leaves the health of a model alone, and calls nobody before a day is over. */
  readonly channel: readonly [channel: string, status: string];
  readonly alert?: AlertName;
  /** Several where another scenario of the same model may be on. */
  readonly health: readonly HealthState[];
  /** In the words of the health view, where the scenario is the only one of its model. */
  readonly reason?: RegExp;
  readonly row?: Row;
}

export const CHARGEBACK = 'namespace="payments", model="chargeback-risk"';
export const CHURN = 'namespace="growth", model="churn-v2"';
export const DEMAND = 'namespace="logistics", model="demand-forecast"';
export const OFFERS = 'namespace="growth", model="next-best-offer"';
export const CHAT = 'namespace="standalone", model="kb-answers"';

/** A bin of the feature has `times` the share of rows that it has in the reference, and is no rarity. */
function moved(model: string, feature: string, times = 2): string {
  const of = `{${model}, feature="${feature}"}`;
  const rows = `increase(modelwatch_feature_observations_total${of}[1m])`;
  return `(sum by (bin) (${rows}) / on () group_left () sum(${rows})) > on (bin) ${times} * max by (bin) (modelwatch_feature_reference_ratio${of}) > 0.03`;
}

const driftState = (model: string, feature: string, state: string) =>
  `modelwatch:drift_state{${model}, feature="${feature}", window="10m", state="${state}"}`;
const accuracyState = (model: string, metric: string, state: string) =>
  `modelwatch:accuracy_state{${model}, metric="${metric}", window="10m", state="${state}"}`;

const driftRow = (feature: string, state: string): Row => ({
  query: { refId: 'A', kind: 'drift' },
  isThere: ({ now = [] }) => joinDrift({ now }).rows.some((row) => row.feature === feature && row.state === state),
});
const accuracyRow = (metric: string, state: string): Row => ({
  query: { refId: 'A', kind: 'accuracy' },
  isThere: ({ now = [] }) => joinAccuracy({ now }).rows.some((row) => row.metric === metric && row.state === state),
});

/** Drift of a feature that is important enough. */
function drifts(scenario: DataScenarioName, model: string, feature: string): Story {
  return {
    scenario,
    counter: moved(model, feature),
    state: driftState(model, feature, 'critical'),
    channel: ['drift', 'critical'],
    alert: 'ModelwatchModelDrift',
    health: ['degraded'],
    row: driftRow(feature, 'critical'),
  };
}

const VERDICTS = `increase(modelwatch_challenger_verdicts_total{${CHARGEBACK}, challenger="fewer-features"}[1m])`;
const rightOf = (role: 'champion' | 'candidate') => VERDICTS.replace('}', `, ${role}="right"}`);
const FAVOURABLE = `(sum by (value) (increase(modelwatch_segment_decisions_total{${CHURN}, decision="favourable"}[3m])) / sum by (value) (increase(modelwatch_segment_decisions_total{${CHURN}}[3m])))`;
const OUTCOMES = `increase(modelwatch_outcomes_total{${CHARGEBACK}}[1m])`;

export const STORIES: Readonly<Record<DataScenarioName, Story>> = {
  'sudden-shift': drifts('sudden-shift', CHARGEBACK, 'merchant_country'),
  'gradual-shift': { ...drifts('gradual-shift', CHURN, 'tenure_months'), counter: moved(CHURN, 'tenure_months', 1.3) },
  'missing-column': { ...drifts('missing-column', DEMAND, 'temperature_c'), reason: /^temperature_c drifted/ },
  'prompt-shift': { ...drifts('prompt-shift', CHAT, 'prompt_language'), reason: /^prompt_\w+ drifted/ },
  refusals: { ...drifts('refusals', CHAT, 'completion_refusal'), reason: / drifted/ },
  'new-category': {
    ...drifts('new-category', CHARGEBACK, 'email_domain'),
    channel: ['drift', 'warning'],
    // Not of drift, for the feature is unimportant.
    alert: 'ModelwatchDataQuality',
  },
  'too-little-traffic': {
    scenario: 'too-little-traffic',
    counter: `sum(increase(modelwatch_predictions_total{${DEMAND}}[1m])) < 20`,
    state: driftState(DEMAND, 'depot', 'too_little_data'),
    channel: ['drift', 'too_little_data'],
    // Few rows say nothing of the model. Degraded where a column was missing within the hour.
    health: ['healthy', 'degraded'],
    row: driftRow('depot', 'too_little_data'),
  },
  'events-stop': {
    scenario: 'events-stop',
    counter: `sum(increase(modelwatch_predictions_total{${CHARGEBACK}}[1m])) == 0`,
    state: driftState(CHARGEBACK, 'merchant_country', 'too_little_data'),
    channel: ['drift', 'stale'],
    alert: 'ModelwatchDriftStale',
    health: ['stale', 'degraded'],
    row: driftRow('merchant_country', 'too_little_data'),
  },
  'malformed-events': {
    scenario: 'malformed-events',
    counter: `sum(increase(modelwatch_events_dropped_total{${CHARGEBACK}, reason="malformed"}[1m])) > 100`,
    state: `modelwatch:coverage_ratio:1h{${CHARGEBACK}, part="dropped"} >= 0.05`,
    channel: ['coverage', 'warning'],
    alert: 'ModelwatchEventsDropped',
    // The others of the model are on.
    health: ['healthy', 'degraded'],
    row: {
      query: { refId: 'A', kind: 'coverage' },
      isThere: ({ now = [], counts = [] }) => {
        const { rows, reasons } = joinCoverage([...now, ...counts]);
        const isTold = reasons.some(
          ({ of, reason, count }) => of === 'dropped' && reason === 'malformed' && count > 100
        );
        return isTold && rows.some(({ state }) => state === 'partial');
      },
    },
  },
  'bad-batch': {
    scenario: 'bad-batch',
    counter: `sum by (batch) (modelwatch_batch_observations_total{${OFFERS}, feature="balance_eur", bin="above"}) > 300`,
    state: `count(modelwatch:batch_state{${OFFERS}, state="critical"}) >= 2`,
    channel: ['batches', 'critical'],
    alert: 'ModelwatchModelBatches',
    health: ['degraded'],
    // Its features drift in the window of the model, too, and are named.
    reason: /(?:days_since_contact|balance_eur|Predictions) drifted|batch/i,
    row: {
      query: { refId: 'A', kind: 'batches' },
      isThere: ({ now = [], rows = [], pairs = [] }) =>
        batchRows({ now, scores: rows, pairs }).rows.filter(({ state }) => state === 'critical').length >= 2,
    },
  },
  'label-flip': {
    scenario: 'label-flip',
    counter: `sum(${OUTCOMES.replace('}', ', predicted="false", actual="true"}')}) / sum(${OUTCOMES}) > 0.25`,
    state: accuracyState(CHARGEBACK, 'auc', 'critical'),
    channel: ['accuracy', 'critical'],
    alert: 'ModelwatchModelAccuracy',
    health: ['degraded'],
    row: accuracyRow('auc', 'critical'),
  },
  'late-actuals': {
    scenario: 'late-actuals',
    counter: `sum(increase(modelwatch_accuracy_pairs_total{${CHURN}}[1m])) < 20`,
    state: accuracyState(CHURN, 'auc', 'too_little_data'),
    channel: ['accuracy', 'too_little_data'],
    health: ['healthy', 'degraded'],
    row: accuracyRow('auc', 'too_little_data'),
  },
  'challenger-ahead': {
    scenario: 'challenger-ahead',
    counter: `sum(${rightOf('candidate')}) > 1.02 * sum(${rightOf('champion')})`,
    state: `modelwatch:challenger_state{${CHARGEBACK}, challenger="fewer-features", metric="accuracy", window="10m", state="ahead"}`,
    // Of the champion, who is worse than it was, and not so much that anybody is called.
    channel: ['accuracy', 'warning'],
    health: ['degraded'],
    row: {
      query: { refId: 'A', kind: 'challengers' },
      isThere: ({ now = [], serving = [] }) =>
        joinChallengers(now, serving, undefined).candidates.some(
          ({ challenger, state }) => challenger === 'fewer-features' && state === 'ahead'
        ),
    },
  },
  'review-backlog': {
    scenario: 'review-backlog',
    counter: `modelwatch_custom_metric_last_value{${CHARGEBACK}, metric="reviews_waiting"} > 100`,
    state: `modelwatch:custom_metric_state{${CHARGEBACK}, metric="reviews_waiting", state="critical"}`,
    channel: ['custom:reviews_waiting', 'critical'],
    alert: 'ModelwatchCustomMetric',
    health: ['degraded'],
    row: {
      query: { refId: 'A', kind: 'custom-metric' },
      isThere: ({ now = [] }) =>
        joinCustom(now).rows.some(({ metric, state }) => metric === 'reviews_waiting' && state === 'critical'),
    },
  },
  'unfair-group': {
    scenario: 'unfair-group',
    counter: `min(${FAVOURABLE}) / max(${FAVOURABLE}) < 0.8`,
    state: `modelwatch:fairness_state{${CHURN}, metric="disparate_impact", window="10m", state="critical"}`,
    channel: ['fairness', 'critical'],
    alert: 'ModelwatchModelFairness',
    health: ['degraded'],
    row: {
      query: { refId: 'A', kind: 'fairness' },
      isThere: ({ now = [] }) =>
        joinFairness(now).rows.some(
          ({ metric, group, state }) => metric === 'disparate_impact' && group === '55+' && state === 'critical'
        ),
    },
  },
};
