/** Proposed objectives as a file to paste: words in comments, and the short form below them. */
import { suggestionsOf, type ModelPast, type Nothing, type Proposal, type Suggestion } from './suggest';
import { percent } from './tiers';
import { secondsWords } from './words';

export interface SuggestedFile {
  readonly lines: readonly string[];
  readonly proposals: number;
}

/** @param days that were asked for */
export function suggestedFile(models: readonly ModelPast[], days: number): SuggestedFile {
  const each = models.map((past) => ({ past, suggestions: suggestionsOf(past) }));
  const proposals = each.flatMap(({ suggestions }) => suggestions.filter(isProposal)).length;
  const body = each.flatMap(({ past, suggestions }) => [
    '',
    `# ${past.namespace}/${past.model}`,
    ...suggestions.map((one) => `#   ${isProposal(one) ? proposedWords(one, days) : nothingWords(one, days)}`),
    ...suggestions.filter(isProposal).flatMap((one) => entry(past, one)),
  ]);
  // Of a Prometheus that was started in this hour, too.
  const none =
    models.length > 0 ? '# No objectives.' : '# No objectives: before the last full hour no model is recorded.';
  return { lines: [proposals > 0 ? 'slos:' : none, ...body.slice(proposals > 0 ? 1 : 0)], proposals };
}

function isProposal(one: Suggestion): one is Proposal {
  return one.kind === 'proposal';
}

/** `availability 99.9 %: 99.97 % of 1,000,000 requests answered, which spends 30 % of the budget; met on 28 of 30 days (93 %)`. */
function proposedWords(one: Proposal, asked: number): string {
  const { name, objective, events, bad, days, daysMet } = one;
  const spent = share(bad / (events * (1 - objective)));
  const seen = days < asked ? `, of ${asked} asked for` : '';
  return `${name}: ${percent(objective)} of ${eventsOf(one)} ${promised(one)}. ${reached(bad, events)} of ${english(events)} were: ${spent} of the budget spent; met on ${daysMet} of ${days} days with data (${share(daysMet / days)}${seen})`;
}

function promised({ indicator, thresholdSeconds = 0 }: Suggestion): string {
  if (indicator === 'availability') return 'answered';
  if (indicator === 'drift') return 'without drift';
  if (indicator === 'latency') return `within ${secondsWords(thresholdSeconds)}`;
  return `with a prediction of the last ${secondsWords(thresholdSeconds)}`;
}

function nothingWords(one: Nothing, asked: number): string {
  const { name, why, days, events, bad, needed = 0, objective = 0 } = one;
  const nothing = `${name}: nothing proposed`;
  if (why === 'untold') return `${nothing}: ${UNTOLD[one.indicator]}`;
  if (why === 'few_days') return `${nothing}: too little data, ${days} of ${asked} days, at least ${needed} are needed`;
  if (why === 'few_events') {
    return `${nothing}: too little data, ${english(events)} ${eventsOf(one)} in ${days} days, at least ${english(needed)} are needed`;
  }
  return `${nothing}: ${reached(bad, events)} of ${english(events)} ${eventsOf(one)} ${promised(one)}, too few for ${percent(objective)}`;
}

const UNTOLD: Readonly<Record<Suggestion['indicator'], string>> = {
  availability: 'nobody can tell how its requests ended',
  latency: 'nobody has a histogram with bounds of it',
  freshness: 'no predictions of it arrive as events',
  drift: 'no verdict on drift was recorded',
};

function eventsOf({ indicator }: Suggestion): string {
  return indicator === 'freshness' || indicator === 'drift' ? 'minutes' : 'requests';
}

/** Never 100 % while anything was bad. */
function reached(bad: number, events: number): string {
  const good = (1 - bad / events) * 100;
  return `${bad > 0 ? Math.floor(good * 1_000) / 1_000 : good} %`;
}

function share(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

function english(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function entry({ namespace, model }: ModelPast, { name, indicator, thresholdSeconds, objective }: Proposal): string[] {
  // Names may be what YAML takes for numbers.
  const models = `{ namespaces: [${JSON.stringify(namespace)}], names: [${JSON.stringify(model)}] }`;
  return [
    `  - name: ${name}`,
    `    models: ${models}`,
    `    indicator: ${indicator}`,
    ...(thresholdSeconds === undefined ? [] : [`    thresholdSeconds: ${thresholdSeconds}`]),
    `    objective: ${objective}`,
  ];
}
