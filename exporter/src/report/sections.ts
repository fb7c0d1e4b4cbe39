/** What Prometheus recorded of one model over a period, section by section. What is not there is said to be missing, never left out. */
import { RECORDED } from '@modelwatch/contract';
import { changesOf, keyOf, STATE_SUBJECTS, timelines, type RawSeries } from '../log/events/transitions';
import type { Sample } from '../sources/prometheus/query';
import type { StoredSeries } from '../sources/prometheus/samples';
import type { Period, Section } from './types';

export interface Reader {
  readonly query: (promql: string, atSeconds: number) => Promise<readonly Sample[]>;
  readonly samples: (promql: string, atSeconds: number) => Promise<readonly StoredSeries[]>;
}

const DAY_SECONDS = 86_400;
const MOST_ROWS = 50;

type Make = (reader: Reader, period: Period) => Promise<Omit<Section, 'title'>>;

export const SECTIONS: readonly { readonly title: string; readonly make: Make }[] = [
  { title: 'Health', make: health },
  { title: 'Objectives', make: objectives },
  { title: 'Alerts', make: alerts },
  { title: 'Drift', make: drift },
  { title: 'Accuracy', make: accuracy },
  { title: 'Versions', make: versions },
  { title: 'Coverage of data', make: coverage },
];

export function matchers({ namespace, model, cluster }: Period, ...more: string[]): string {
  const own = [`namespace=${JSON.stringify(namespace)}`, `model=${JSON.stringify(model)}`];
  return `{${[...(cluster === undefined ? [] : [`cluster=${JSON.stringify(cluster)}`]), ...own, ...more].join(', ')}}`;
}

export function span({ fromSeconds, toSeconds }: Period): string {
  return `${Math.round(toSeconds - fromSeconds)}s`;
}

/** Steps in which something is looked at again: at most 2,000, a minute at the least. */
function stepSeconds({ fromSeconds, toSeconds }: Period): number {
  return Math.max(60, Math.ceil((toSeconds - fromSeconds) / 2_000));
}

/** Shares of the time by a label, largest first, with the share of the period of which anything is known. */
async function sharesBy(reader: Reader, period: Period, series: string, label: string) {
  const step = stepSeconds(period);
  const steps = (period.toSeconds - period.fromSeconds) / step;
  const held = `max by (${label}) (${series})[${span(period)}:${step}s]`;
  const found = await reader.query(`count_over_time(${held})`, period.toSeconds);
  const known = found.reduce((sum, { value }) => sum + value, 0);
  const shares = found.map(({ labels, value }) => ({
    name: labels[label] ?? '',
    share: value / known,
    known: value / steps,
  }));
  return { shares: shares.sort((a, b) => b.share - a.share), known: Math.min(1, known / steps) };
}

/** Shares of the period, by a label, in which there is one of `series`. */
async function knownBy(reader: Reader, period: Period, series: string, label: string): Promise<Map<string, number>> {
  const { shares } = await sharesBy(reader, period, series, label);
  return new Map(shares.map(({ name, known }) => [name, Math.min(1, known)]));
}

/** Less is missing than a restart of Prometheus leaves out. */
const WHOLE_RATIO = 0.995;

function gapOf(known: number): string | undefined {
  return known > WHOLE_RATIO
    ? undefined
    : `Nothing is recorded for ${percent(1 - known)} of the period; shares are of the rest.`;
}

async function health(reader: Reader, period: Period) {
  const series = `${RECORDED.modelHealth.name}${matchers(period)} == 1`;
  const { shares, known } = await sharesBy(reader, period, series, 'health');
  return {
    columns: ['health', 'share of the time'],
    rows: shares.map(({ name, share }) => [name, percent(share)]),
    missing:
      shares.length === 0
        ? 'No health was recorded: are the rules loaded, and is this the name of a model?'
        : gapOf(known),
  };
}

async function objectives(reader: Reader, period: Period) {
  const at = period.toSeconds;
  const read = async (promql: string) =>
    new Map((await reader.query(promql, at)).map(({ labels, value }) => [labels['slo'] ?? '', { labels, value }]));
  const over = (name: string, how: string) => `${how}(${name}${matchers(period)}[${span(period)}])`;
  const objective = await read(over(RECORDED.sloObjective.name, 'last_over_time'));
  // Mean rates: how often they are recorded is for whoever makes the rules to say.
  const events = await read(over(RECORDED.sloEventsCoarseRate.name, 'avg_over_time'));
  const bad = await read(over(RECORDED.sloBadEventsCoarseRate.name, 'avg_over_time'));
  const left = await read(`${RECORDED.sloBudgetLeft.name}${matchers(period)}`);
  const info = await read(over(RECORDED.sloInfo.name, 'last_over_time'));
  const counted = await knownBy(reader, period, `${RECORDED.sloEventsRate.name}${matchers(period)}`, 'slo');
  const rows = [...objective].map(([name, { value: wanted }]) => {
    const seconds = (counted.get(name) ?? 0) * (period.toSeconds - period.fromSeconds);
    const remaining = left.get(name)?.value;
    const window = info.get(name)?.labels['window'] ?? 'its window';
    return [
      name,
      percent(wanted),
      ...attainedCells(wanted, seconds, events.get(name)?.value, bad.get(name)?.value),
      remaining === undefined ? 'missing' : `${percent(remaining)} of ${window}`,
    ];
  });
  return {
    columns: [
      'objective',
      'promised',
      'attained',
      'met',
      'budget of the period spent',
      'events',
      'budget left at the end',
    ],
    rows,
    missing: rows.length === 0 ? 'No objective was declared for this model.' : gapsOf([...events.keys()], counted),
  };
}

/** Of objectives that are judged by a part of the period. */
function gapsOf(names: readonly string[], counted: ReadonlyMap<string, number>): string | undefined {
  const gaps = names.flatMap((name) => {
    const known = counted.get(name) ?? 0;
    return known > WHOLE_RATIO ? [] : [`${name} ${percent(1 - known)}`];
  });
  return gaps.length === 0
    ? undefined
    : `Nothing is counted for a part of the period, and what is said is of the rest: ${gaps.join(', ')}.`;
}

/**
 * Attained, met, budget spent, events.
 *
 * @param seconds in which they were counted
 * @param all mean rate of events, `bad` of those of them that were
 */
function attainedCells(wanted: number, seconds: number, all = 0, bad: number | undefined): string[] {
  if (all === 0 || bad === undefined) return ['missing: no events', 'missing', 'missing', '0'];
  const attained = 1 - bad / all;
  const count = all * seconds;
  const spent = wanted < 1 ? percent(bad / all / (1 - wanted)) : '';
  return [percent(attained), isMet(attained, wanted, count), spent, String(Math.round(count))];
}

/** Where one bad event would spend the budget, that there was none says nothing. */
function isMet(attained: number, wanted: number, events: number): string {
  if (attained < wanted) return 'no';
  return wanted < 1 && events * (1 - wanted) < 1 ? 'too little data' : 'yes';
}

async function alerts(reader: Reader, period: Period) {
  const step = stepSeconds(period);
  const firing = `max by (alertname, severity) (ALERTS${matchers(period, 'alertstate="firing"')})[${span(period)}:${step}s]`;
  const found = await reader.query(`count_over_time(${firing})`, period.toSeconds);
  const rows = [...found]
    .sort((a, b) => b.value - a.value)
    .map(({ labels, value }) => [labels['alertname'] ?? '', labels['severity'] ?? '', duration(value * step)]);
  return {
    columns: ['alert', 'severity', 'fired for'],
    rows,
    missing: await alertsMissing(reader, period, rows.length),
  };
}

/** That nothing fired says something of the time in which rules were evaluated, and of no other. */
async function alertsMissing(reader: Reader, period: Period, fired: number): Promise<string | undefined> {
  const { known } = await sharesBy(reader, period, `${RECORDED.modelHealth.name}${matchers(period)} == 1`, 'health');
  if (known === 0) return 'Not known: no rule judged this model in the period.';
  const said = [
    ...(fired === 0 ? ['No alert of this model was recorded as firing.'] : []),
    ...(known > WHOLE_RATIO ? [] : [`No rule judged this model for ${percent(1 - known)} of the period.`]),
  ];
  return said.length === 0 ? undefined : said.join(' ');
}

async function drift(reader: Reader, period: Period) {
  const subject = STATE_SUBJECTS.find(({ kind }) => kind === 'drift');
  if (!subject) return { columns: [], rows: [] };
  // A day at a time: samples of a month in one answer are more than one should ask for.
  const stored: RawSeries[] = [];
  for (let to = period.toSeconds; to > period.fromSeconds; to -= DAY_SECONDS) {
    const seconds = Math.round(Math.min(DAY_SECONDS, to - period.fromSeconds));
    stored.push(...(await reader.samples(`${subject.series.name}${matchers(period)}[${seconds}s]`, to)));
  }
  const labels = new Map(stored.map((one) => [keyOf(subject, one.labels), one.labels]));
  const begun = [...timelines(subject, stored)]
    .flatMap(([key, steps]) => {
      const { events } = changesOf(subject, labels.get(key) ?? {}, steps, undefined);
      return events.flatMap((event, index) => {
        if (event.type !== 'start') return [];
        return [{ event, end: events.slice(index).find(({ type }) => type === 'end') }];
      });
    })
    .sort((a, b) => b.event.atSeconds - a.event.atSeconds);
  const verdicts = [...(subject.bad ?? []), subject.good];
  const isJudged = stored.some(
    ({ labels: { state }, samples }) => verdicts.includes(state) && samples.some(({ value }) => value === 1)
  );
  return {
    columns: ['began', 'feature', 'state', 'ended'],
    rows: begun
      .slice(0, MOST_ROWS)
      .map(({ event, end }) => [
        time(event.atSeconds),
        event.subject ?? '',
        event.to ?? '',
        end ? time(end.atSeconds) : 'not in the period',
      ]),
    missing: stored.length === 0 || isJudged ? driftMissing(stored.length, begun.length) : NOT_JUDGED,
  };
}

const NOT_JUDGED = 'No verdict on drift was recorded: there were too little data, or none that were fresh.';

function driftMissing(series: number, begun: number): string | undefined {
  if (series === 0) return 'No verdict on drift was recorded: the model has no reference, or none of its data arrived.';
  if (begun === 0) return 'Drift was judged, and did not begin.';
  return begun > MOST_ROWS ? `${begun - MOST_ROWS} earlier ones are left out.` : undefined;
}

async function accuracy(reader: Reader, period: Period) {
  const read = (promql: string) => reader.query(promql, period.toSeconds);
  const over = (how: string, name: string) => `${how}(${name}${matchers(period)}[${span(period)}])`;
  const [settings] = await read(over('last_over_time', RECORDED.accuracySettings.name));
  const window = settings?.labels['window'];
  const ofWindow = (samples: readonly Sample[]) => samples.filter(({ labels }) => labels['window'] === window);
  const mean = ofWindow(await read(over('avg_over_time', RECORDED.accuracyScore.name)));
  const last = ofWindow(await read(over('last_over_time', RECORDED.accuracyScore.name)));
  const baseline = await read(over('last_over_time', RECORDED.accuracyBaseline.name));
  const valueOf = (samples: readonly Sample[], metric: string | undefined) => {
    const value = samples.find(({ labels }) => labels['metric'] === metric)?.value;
    return value === undefined ? 'missing' : String(Number(value.toPrecision(4)));
  };
  return {
    columns: ['metric', `mean over the period (each over ${window ?? '?'})`, 'last', 'baseline'],
    rows: mean.map(({ labels: { metric = '' } }) => [
      metric,
      ...[mean, last, baseline].map((samples) => valueOf(samples, metric)),
    ]),
    missing: mean.length === 0 ? 'No score was recorded: no actuals arrived, or too few of them.' : undefined,
  };
}

async function versions(reader: Reader, period: Period) {
  const series = `${RECORDED.modelInfo.name}${matchers(period)}`;
  const { shares } = await sharesBy(reader, period, series, 'version');
  return {
    columns: ['version', 'share of the period'],
    rows: shares.map(({ name, known }) => [name === '' ? '(not told)' : name, percent(Math.min(1, known))]),
    missing: shares.length === 0 ? 'No version was recorded.' : undefined,
  };
}

async function coverage(reader: Reader, period: Period) {
  const series = `${RECORDED.modelCoverage.name}${matchers(period)}`;
  const { shares, known } = await sharesBy(reader, period, series, 'state');
  return {
    columns: ['how much of what the model predicts is seen', 'share of the time'],
    rows: shares.map(({ name, share }) => [name, percent(share)]),
    missing: shares.length === 0 ? 'Not recorded: no predictions of this model arrived as events.' : gapOf(known),
  };
}

/** As many digits as tell 99.95 % from 100 %. */
export function percent(share: number): string {
  const value = share * 100;
  const digits = value > 99 && value < 100 ? 3 : value < 1 ? 2 : 1;
  return `${Number(value.toFixed(digits))} %`;
}

export function time(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
