/** Requests of a model, and how they ended. */
import {
  METRICS,
  RECORDED,
  type InferenceCapability,
  type MetricFamily,
  type RequestOutcome,
} from '@modelwatch/contract';
import { quotient, total, type Measures } from './measures';
import { ID, KNOWN, labelled, ON_REPLICA } from './promql';
import type { RecordingRule, ResolvedOptions } from './types';

const RATE = RECORDED.inferenceRequestsRate.name;
const VERSION_RATE = RECORDED.inferenceVersionRequestsRate.name;
const CAPABILITY = RECORDED.inferenceCapability.name;

/** As long as one lost scrape of the exporter takes nothing away. */
export function presentWindow({ intervalSeconds }: ResolvedOptions): string {
  return `${Math.ceil(2.5 * intervalSeconds)}s`;
}

/** Prometheus reads the list of targets now and then, and a target once an interval. */
const SCRAPES_UNTIL_LATE = 5;

/** Replicas that Prometheus should scrape, by /sd, and does not: their requests are nowhere. */
export function unscraped(options: ResolvedOptions): string {
  const window = presentWindow(options);
  const target = METRICS.endpointScrapeTarget.name;
  const listed = (offset: string) => `group by (${ON_REPLICA}) (last_over_time(${target}[${window}]${offset}))`;
  return `(
  ${listed('')}
  and ${listed(` offset ${SCRAPES_UNTIL_LATE * options.intervalSeconds}s`)}
  unless on (${ON_REPLICA}) (max_over_time(up{modelwatch_server!=""}[${window}]) == 1)
)`;
}

/**
 * What only some replicas of a model can say, nobody can say of the model: that takes 1. At 0 it is settled that none can;
 * a replica that should be scraped and is not settles neither. Of whom it is not known now is not asked.
 */
function capabilities(measures: Measures, options: ResolvedOptions): string {
  const window = presentWindow(options);
  const one = (capability: InferenceCapability) => {
    const told = `(
  0.5 * ${unscraped(options)}
  or
  max by (${ON_REPLICA}) (last_over_time(${METRICS.inferenceCapability.name}{capability="${capability}"}[${window}]))
)`;
    const ofModel = `avg by (${ID}) (${measures.present(window)} * on (${ON_REPLICA}) group_left () ${told})`;
    return labelled(ofModel, 'capability', capability);
  };
  return `${one('outcomes')}\nor\n${one('error_sides')}`;
}

export function can(capability: InferenceCapability): string {
  return `and on (${ID}) (${CAPABILITY}{capability="${capability}"} == 1)`;
}

/** Share of the requests that ended so. A model that never failed has no series of failures: it has 0, not nothing. */
export function outcomeRatio(rate: string, by: string, outcomes: readonly RequestOutcome[]): string {
  const whole = `sum by (${by}) (${rate})`;
  const matcher = outcomes.length === 1 ? `outcome="${outcomes[0]}"` : `outcome=~"${outcomes.join('|')}"`;
  return quotient(`(sum by (${by}) (${rate}{${matcher}}) or 0 * ${whole})`, whole);
}

/**
 * Failures that may be the server's. Where nobody can tell whose fault one was, it counts: an error that is the client's
 * after all is a false alarm, one that is not counted is a green light over a broken model.
 */
export const ERRORS: readonly RequestOutcome[] = ['server_error', 'unknown'];

function outcomeRule(
  series: { readonly name: string },
  outcomes: readonly RequestOutcome[],
  needs: InferenceCapability
) {
  return { record: series.name, expr: `(${outcomeRatio(RATE, ID, outcomes)})\n${can(needs)}` };
}

/** A window as short as counters allow: the answer is late by at most its length. */
function lastRequest(measures: Measures, options: ResolvedOptions): string {
  const window = `${Math.max(60, 4 * options.intervalSeconds)}s`;
  const answered = measures.rate({ family: METRICS.inferenceRequests, keep: ['outcome'], window, answered: true });
  return `(0 * group by (${ID}) (${answered} > 0) + time())
or
(${RECORDED.inferenceLastRequest.name} and on (${ID}) ${KNOWN})`;
}

function hitRatio(measures: Measures, hits: MetricFamily, misses: MetricFamily): string {
  const [hit, missed] = [total(measures, { family: hits }), total(measures, { family: misses })];
  return quotient(hit, `(${hit} + ${missed})`);
}

export function inferenceRules(measures: Measures, options: ResolvedOptions): RecordingRule[] {
  const keep = ['outcome'];
  const rate = total(measures, { family: METRICS.inferenceRequests, keep }, ['version', ...keep]);
  const sum = (family: MetricFamily) => `sum by (${ID}) (${measures.value(family)})`;
  return [
    { record: VERSION_RATE, expr: rate },
    { record: RATE, expr: `sum by (${ID}, outcome) (${VERSION_RATE})` },
    { record: CAPABILITY, expr: capabilities(measures, options) },
    outcomeRule(RECORDED.inferenceErrorsRatio, ERRORS, 'outcomes'),
    outcomeRule(RECORDED.inferenceServerErrorsRatio, ['server_error'], 'error_sides'),
    outcomeRule(RECORDED.inferenceClientErrorsRatio, ['client_error'], 'error_sides'),
    outcomeRule(RECORDED.inferenceUnknownErrorsRatio, ['unknown'], 'outcomes'),
    { record: RECORDED.inferenceLastRequest.name, expr: lastRequest(measures, options) },
    { record: RECORDED.inferenceRunning.name, expr: sum(METRICS.inferenceRunning) },
    { record: RECORDED.inferenceWaiting.name, expr: sum(METRICS.inferenceWaiting) },
    {
      record: RECORDED.inferenceResponseCacheHitRatio.name,
      expr: hitRatio(measures, METRICS.inferenceResponseCacheHits, METRICS.inferenceResponseCacheMisses),
    },
  ];
}

/**
 * What looks back long. Requests are the integral of the rate over the day, in steps of a minute: that counts what was
 * really seen, where a mean times a day would invent requests for a model that is an hour old. The peak of the day is
 * that of the peaks of its hours, so that it need not read a day of rates.
 */
export function inferenceDayRules(): RecordingRule[] {
  const peak = RECORDED.inferenceRequestsRatePeakPerHour.name;
  return [
    {
      record: RECORDED.inferenceRequestsPerDay.name,
      expr: `60 * sum by (${ID}) (sum_over_time(${RATE}[1d:1m]))`,
    },
    { record: peak, expr: `max_over_time(sum by (${ID}) (${RATE})[1h:1m])` },
    { record: RECORDED.inferenceRequestsRatePeakPerDay.name, expr: `max_over_time(${peak}[23h])` },
  ];
}
