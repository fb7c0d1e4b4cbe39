/** What can happen to the fleet, and to whom. Pure: a scenario is data; `state.ts` says what it makes of a model. */
import { DATA_SCENARIOS, type DataScenarioName, type ScenarioName } from '../types';
import { USUAL_PACE, type Pace } from './meter';

export interface Scenario {
  readonly namespace: string;
  readonly model: string;
  /** For a person in front of a switch: what happens, and what will be seen. */
  readonly description: string;
}

export const SCENARIO_TABLE = {
  outage: {
    namespace: 'payments',
    model: 'fraud-scorer',
    description:
      'All 3 pods of its server are killed for memory and crash-loop: ModelFailed, 0 of 3 replicas, connections refused.',
  },
  degraded: {
    namespace: 'payments',
    model: 'chargeback-risk',
    description: 'One of its 2 replicas fails to load: ModelFailed in Kubernetes, yet 1 replica goes on serving.',
  },
  slow: {
    namespace: 'growth',
    model: 'churn-v2',
    description: 'Every request takes ten times as long, nearly all of it waiting in the queue of Triton.',
  },
  stale: {
    namespace: 'logistics',
    model: 'demand-forecast',
    description:
      'Kubernetes goes silent on InferenceServices: watches say nothing, lists never end. ' +
      'All KServe models turn stale once the exporter has waited its staleAfterSeconds; Seldon models stay as they are.',
  },
  rollout: {
    namespace: 'growth',
    model: 'next-best-offer',
    description: 'Version 8 is rolled out: 2 of 4 replicas have it, 2 are loading it, version 7 goes on serving there.',
  },
  'scaled-to-zero': {
    namespace: 'support',
    model: 'translate-batch',
    description: 'Its owner scales it to zero on purpose: ModelScaledDown, no replicas, no requests, no alarm.',
  },
  errors: {
    namespace: 'payments',
    model: 'card-limit',
    description:
      'One request in five ends in an error of the server; replicas, readiness and latency stay as they are.',
  },
  'saturated-queue': {
    namespace: 'payments',
    model: 'kyc-documents',
    description:
      'More comes in than Triton can work off: within two minutes the queue grows from nothing to thirty times the ' +
      'usual duration of a request, and pending requests with it. The computation stays as fast as ever.',
  },
  'oom-restarts': {
    namespace: 'logistics',
    model: 'label-reader',
    description:
      'One of its 2 pods is killed for memory every minute and a half, is down for 25 seconds and starts again: ' +
      'restarts are counted, its counters begin at 0 each time.',
  },
  'kv-cache-full': {
    namespace: 'support',
    model: 'toxicity-filter',
    description:
      'The KV cache of vLLM is full: 99 % in use, requests are put back (preemptions) and wait, and the first token ' +
      'comes later from minute to minute. What is put back waits in main memory, which comes near its limit.',
  },
  'bad-deploy': {
    namespace: 'support',
    model: 'intent-router',
    description:
      'A new version is rolled out to 1 of 3 replicas and is bad: it fails 30 % of its requests and takes four times ' +
      'as long; the old version beside it is fine. The pipeline ticket-intake suffers with it.',
  },
  'dependency-down': {
    namespace: 'logistics',
    model: 'eta-courier',
    description:
      'The feature store that eta-courier and route-cost need says that it is not well: both serve and are degraded, ' +
      'and name it; an alert names it once.',
  },
  'slow-burn': {
    namespace: 'payments',
    model: 'payout-timing',
    description:
      'One request in twenty-five ends in an error of the server: too few for the alert on errors or for a page, and four ' +
      'times what its objective allows, so that a ticket is opened.',
  },
  'low-traffic': {
    namespace: 'growth',
    model: 'ltv-forecast',
    description:
      'A single request fails of a model that is asked once or twice a minute: a large share of few requests, and no ' +
      'reason for a page or a ticket.',
  },
  'refused-callers': {
    namespace: 'payments',
    model: 'iban-match',
    description:
      'Somebody without the right asks again and again: Envoy answers 403 to one request in three, which the model never ' +
      'sees; everybody else is answered as ever.',
  },
  'cpu-throttled': {
    namespace: 'growth',
    model: 'image-tags',
    description:
      'Its pods need more CPU than their limit allows: they are held back in half of the time, and requests take twice as ' +
      'long.',
  },
  'swapped-artifacts': {
    namespace: 'growth',
    model: 'email-ranker',
    description:
      'Somebody pushes another image under the same tag, which its pods take, and deletes the InferenceService and creates ' +
      'it again with another storageUri: no generation grows, and it serves as ever.',
  },
  'metrics-blocked': {
    namespace: 'logistics',
    model: 'damage-vision',
    description:
      'After a change of a NetworkPolicy nobody reaches the port with the metrics of its servers any more: it serves as ' +
      'ever, and nobody knows how its requests end.',
  },
  'sudden-shift': {
    namespace: 'payments',
    model: 'chargeback-risk',
    description:
      'A partner brings new customers from one minute to the next: younger accounts (account_age_days), merchants in ' +
      'Brazil and in countries that nobody trained on (merchant_country).',
  },
  'new-category': {
    namespace: 'payments',
    model: 'chargeback-risk',
    description:
      'One payment in seven comes with an email_domain that was not in the training data: an unimportant feature, so ' +
      'the model is a warning at most.',
  },
  'gradual-shift': {
    namespace: 'growth',
    model: 'churn-v2',
    description:
      'Over ten minutes its customers become newer (tenure_months), less active (logins_30d) and pay more ' +
      '(monthly_fee_eur): first a warning, then critical.',
  },
  'missing-column': {
    namespace: 'logistics',
    model: 'demand-forecast',
    description: 'After a change upstream nobody sends temperature_c any more: every row misses it, no request fails.',
  },
  'too-little-traffic': {
    namespace: 'logistics',
    model: 'demand-forecast',
    description: 'One row every twenty seconds: too few for a verdict, which must not look like a good one.',
  },
  'events-stop': {
    namespace: 'payments',
    model: 'chargeback-risk',
    description:
      'Whoever sends its predictions as events has stopped, and requests are answered as ever: after a few minutes nobody ' +
      'knows whether its data drifts.',
  },
  'malformed-events': {
    namespace: 'payments',
    model: 'chargeback-risk',
    description:
      'One of two loggers is a new one, which sends the features of a row as text in place of an object: half of its events ' +
      'are dropped, and what is said of its data is said of the rest.',
  },
  'bad-batch': {
    namespace: 'growth',
    model: 'next-best-offer',
    description:
      'The nightly run (a night is two minutes) reads an old table: other units in days_since_contact and balance_eur. ' +
      'Each batch from then on drifts, and with the second the model is critical.',
  },
  'label-flip': {
    namespace: 'payments',
    model: 'chargeback-risk',
    description:
      'One actual in three says the opposite of what came true, as after a mistake in a join upstream: the data and the ' +
      'predictions are as ever, and accuracy falls.',
  },
  'late-actuals': {
    namespace: 'growth',
    model: 'churn-v2',
    description: 'Actuals come a quarter of an hour after the prediction in place of half a minute: for as long, none.',
  },
  'challenger-ahead': {
    namespace: 'payments',
    model: 'chargeback-risk',
    description:
      'A new kind of fraud from desktops and tablets, which the challenger was trained on and the champion was not: the ' +
      'challenger, a little worse until then, is ahead, and the accuracy of the champion falls.',
  },
  'review-backlog': {
    namespace: 'payments',
    model: 'chargeback-risk',
    description:
      'Nobody works off the payments that wait for a manual review: its custom metric reviews_waiting grows from 15 to ' +
      '180 within two minutes, over its limits of 60 and 100; afterwards it falls within one.',
  },
  'unfair-group': {
    namespace: 'growth',
    model: 'churn-v2',
    description:
      'Customers of 55 and older get a lower probability than they should, so fewer of them get an offer to stay: ' +
      'disparate impact falls from 1 to about a half, and equal opportunity with it; what they do is as ever.',
  },
  'prompt-shift': {
    namespace: 'support',
    model: 'kb-answers',
    description:
      'After a campaign on Spanish television most questions are about vouchers, longer, and four in ten are in ' +
      'Spanish: prompt_language, prompt_keyword and the lengths move; each request is answered as ever.',
  },
  refusals: {
    namespace: 'support',
    model: 'kb-answers',
    description:
      'After a change of its instructions the model refuses three questions in ten: completions are shorter, and ' +
      'feedback turns negative; no request fails.',
  },
} as const satisfies Record<ScenarioName, Scenario>;

/** How long a shift that comes slowly takes until it is there, in seconds. */
const RAMP_SECONDS: Partial<Record<DataScenarioName, number>> = { 'gradual-shift': 600 };

/** How far a scenario that happens to data has gone after so long, 0 to 1. */
export function shiftAfter(scenario: DataScenarioName, seconds: number): number {
  const ramp = RAMP_SECONDS[scenario];
  return ramp === undefined ? 1 : Math.min(1, seconds / ramp);
}

export function isDataScenario(scenario: ScenarioName): scenario is DataScenarioName {
  return DATA_SCENARIOS.some((each) => each === scenario);
}

/** Scenarios that go on by themselves: how long each of their steps lasts, in seconds; the last goes on for good. */
const STEP_SECONDS: Partial<Record<ScenarioName, readonly number[]>> = {
  'saturated-queue': [20, 20, 20, 20, 20],
  'kv-cache-full': [20, 20, 20],
};

/** Requests that fail in the moment in which a scenario begins. */
export const FAILED_AT_ONCE: Partial<Record<ScenarioName, number>> = { 'low-traffic': 1 };

/** Of `oom-restarts`, again and again: how long a pod is up and how long it is down, in seconds. */
const OOM_UP_SECONDS = 65;
const OOM_DOWN_SECONDS = 25;

/** Seconds until the step after `step`; `undefined` if this one goes on until somebody ends the scenario. */
export function stepSeconds(incident: ScenarioName, step: number): number | undefined {
  if (incident === 'oom-restarts') return isOomDown(step) ? OOM_DOWN_SECONDS : OOM_UP_SECONDS;
  return STEP_SECONDS[incident]?.[step];
}

/** It begins with a kill, then is up and down in turn. */
export function isOomDown(step: number): boolean {
  return step % 2 === 0;
}

const QUEUE_WAITS = [0.5, 1.5, 4, 9, 18, 30];
const CACHE_STEPS: readonly Pace[] = [
  { computing: 1.2, waiting: 0.5, preemptions: 0.05 },
  { computing: 1.3, waiting: 2, preemptions: 0.15 },
  { computing: 1.4, waiting: 5, preemptions: 0.3 },
  { computing: 1.4, waiting: 9, preemptions: 0.35 },
];

/** How the replicas of a model work under a scenario. `isNew`: those that have the version of a rollout. */
export function paceUnder(incident: ScenarioName | undefined, step: number, isNew: boolean): Pace {
  switch (incident) {
    case 'slow':
      return { computing: 1, waiting: 9 };
    case 'errors':
      return { ...USUAL_PACE, serverErrorRatio: 0.2 };
    case 'slow-burn':
      return { ...USUAL_PACE, serverErrorRatio: 0.04 };
    case 'refused-callers':
      return { ...USUAL_PACE, refusedPerRequest: 0.5 };
    case 'cpu-throttled':
      return { computing: 2, waiting: 0, heldBackRatio: 0.5 };
    case 'saturated-queue':
      return { computing: 1, waiting: QUEUE_WAITS[step] ?? 30 };
    case 'kv-cache-full':
      return CACHE_STEPS[step] ?? USUAL_PACE;
    case 'bad-deploy':
      return isNew ? { computing: 4, waiting: 0, serverErrorRatio: 0.3 } : USUAL_PACE;
    default:
      return USUAL_PACE;
  }
}
