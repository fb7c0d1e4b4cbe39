/**
 * What is usual elsewhere, to compare with: each objective has rules of its own, one for each window over the counters, the
 * mean of its ratios of five minutes for the window of its budget, what is promised of it as series, and two alerts.
 */
import { METRICS } from '@modelwatch/contract';
import type { RuleGroup } from '../../../exporter/src/rules';
import { modelLabels, text, THRESHOLD, WINDOW } from './slo-page';

export const RATIO_5M = 'one:error_ratio_5m';
const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
const INTERVAL_SECONDS = 60;

interface RatioSlo {
  readonly id: string;
  readonly objective: number;
  readonly bad: (window: string) => string;
  readonly total: (window: string) => string;
}

/** Two for each model: of requests that are answered, and that are fast. */
export function ratioSlos(models: number): RatioSlo[] {
  return Array.from({ length: models }, (_, at): RatioSlo[] => {
    const model = modelLabels(at);
    const rate = (name: string, window: string, more = {}) =>
      `sum(rate(${name}{${text({ ...model, ...more })}}[${window}]))`;
    const requests = METRICS.inferenceRequests.name;
    const duration = METRICS.inferenceDuration.name;
    const durations = (window: string) => rate(`${duration}_count`, window);
    return [
      {
        id: `model-${at}-answered`,
        objective: 0.999,
        bad: (window) => rate(requests, window, { outcome: 'server_error' }),
        total: (window) => rate(requests, window),
      },
      {
        id: `model-${at}-fast`,
        objective: 0.99,
        bad: (window) => `${durations(window)} - ${rate(`${duration}_bucket`, window, { le: THRESHOLD })}`,
        total: durations,
      },
    ];
  }).flat();
}

function rulesOf({ id, objective, bad, total }: RatioSlo): RuleGroup['recordings'] {
  const budget = 1 - objective;
  const own = `{objective="${id}"}`;
  const record = (name: string, expr: string, more = {}) => ({
    record: `one:${name}`,
    expr,
    labels: { objective: id, ...more },
  });
  const ratio = (window: string) => `one:error_ratio_${window}${own}`;
  const burns = ([long, short]: readonly [string, string], times: number) =>
    `(max without (window) (${ratio(short)} > ${times * budget}) and max without (window) (${ratio(long)} > ${times * budget}))`;
  const burn = (window: string) => `${ratio(window)} / on (objective) group_left () one:error_budget${own}`;
  return [
    ...WINDOWS.map((window) => record(`error_ratio_${window}`, `(${bad(window)}) / (${total(window)})`, { window })),
    record(
      `error_ratio_${WINDOW}`,
      `sum_over_time(${ratio('5m')}[${WINDOW}]) / ignoring (window) count_over_time(${ratio('5m')}[${WINDOW}])`,
      { window: WINDOW }
    ),
    record('objective', `vector(${objective})`),
    record('error_budget', `vector(${budget})`),
    record('period_days', 'vector(30)'),
    record('burn_rate', burn('5m')),
    record('period_burn_rate', burn(WINDOW)),
    record('budget_left', `1 - one:period_burn_rate${own}`),
    record('info', 'vector(1)'),
    record('page', `${burns(['1h', '5m'], 14.4)} or ${burns(['6h', '30m'], 6)}`),
    record('ticket', `${burns(['1d', '2h'], 3)} or ${burns(['3d', '6h'], 1)}`),
  ];
}

/** A group for each objective. */
export function layoutGroups(models: number): RuleGroup[] {
  return ratioSlos(models).map((slo) => ({
    name: slo.id,
    intervalSeconds: INTERVAL_SECONDS,
    recordings: rulesOf(slo),
    alerts: [],
  }));
}
