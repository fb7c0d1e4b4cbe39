/** One report: its sections from Prometheus, and what was done automatically from files of the event log. */
import { isObject, RECORDED } from '@modelwatch/contract';
import type { Query } from '../sources/prometheus/query';
import { matchers, percent, SECTIONS, span, time, type Reader } from './sections';
import type { Period, Report, Section } from './types';

const MOST_ACTIONS = 50;
/** A quiet log may have nothing for as long. */
const DAY_SECONDS = 86_400;

/** Prometheus, as far as a report asks it. */
export interface Prometheus extends Pick<Reader, 'samples'> {
  readonly answer: Query;
}

/** @returns clusters that have the model: of several, a report on one is to be asked for. Rejects as Prometheus does */
export async function clustersOf({ answer }: Prometheus, period: Period): Promise<readonly string[]> {
  const recorded = `last_over_time(${RECORDED.modelHealth.name}${matchers(period)}[${span(period)}])`;
  const { samples } = await answer(`group by (cluster) (${recorded})`, period.toSeconds);
  return samples.map(({ labels }) => labels['cluster'] ?? '').sort();
}

/** @param eventLines of files of the event log; undefined: none was given */
export async function reportOn(
  period: Period,
  { answer, samples }: Prometheus,
  eventLines: readonly string[] | undefined,
  nowSeconds: number
): Promise<Report> {
  const sections: Section[] = [];
  const warnings = new Set<string>();
  const reader: Reader = {
    samples,
    query: async (promql, atSeconds) => {
      const answered = await answer(promql, atSeconds);
      for (const warning of answered.warnings) warnings.add(warning);
      return answered.samples;
    },
  };
  for (const { title, make } of SECTIONS) {
    sections.push({
      title,
      // One that cannot be read is said to be missing; the others stand.
      ...(await make(reader, period).catch((error: Error) => ({
        columns: [],
        rows: [],
        missing: `Not read: ${error.message}`,
      }))),
    });
  }
  const { namespace, model, fromSeconds, toSeconds, cluster } = period;
  return {
    title: `${namespace}/${model}`,
    facts: [
      `From ${time(fromSeconds)} to ${time(toSeconds)}${cluster === undefined ? '' : `, cluster ${cluster}`}.`,
      `Made ${time(nowSeconds)} from what Prometheus recorded. What is missing is said to be; it is not known to be good.`,
      ...[...warnings].map((warning) => `Prometheus warned, so that a part may be missing: ${warning.slice(0, 300)}`),
    ],
    sections: [...sections, actions(period, eventLines)],
  };
}

interface Action {
  readonly at: number;
  readonly row: readonly string[];
}

function actions(period: Period, lines: readonly string[] | undefined): Section {
  const columns = ['when', 'what', 'outcome', 'in words'];
  const title = 'Automated actions';
  if (lines === undefined) {
    return { title, columns, rows: [], missing: 'Not read: give the files of the event log with --events.' };
  }
  let unreadable = 0;
  let firstSeconds = Infinity;
  const found = lines.flatMap((line) => {
    const read = eventOf(line);
    if (!read) unreadable += 1;
    else firstSeconds = Math.min(firstSeconds, read.atSeconds);
    return (read && actionOf(read, period)) ?? [];
  });
  const rows = found
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST_ACTIONS)
    .map(({ row }) => row);
  const notes = [
    ...(rows.length === 0 ? ['The event log has none in this period.'] : []),
    // Nobody knows what was done before.
    ...(firstSeconds > period.fromSeconds + DAY_SECONDS
      ? [Number.isFinite(firstSeconds) ? `Its files begin ${time(firstSeconds)}.` : 'Its files hold no event.']
      : []),
    ...(found.length > MOST_ACTIONS ? [`${found.length - MOST_ACTIONS} earlier ones are left out.`] : []),
    ...(unreadable > 0 ? [`${unreadable} lines (${percent(unreadable / lines.length)}) could not be read.`] : []),
  ];
  return { title, columns, rows, missing: notes.length === 0 ? undefined : notes.join(' ') };
}

interface ReadEvent {
  readonly atSeconds: number;
  readonly document: Readonly<Record<string, unknown>>;
}

/** Undefined for a line that is no event. */
function eventOf(line: string): ReadEvent | undefined {
  try {
    const document: unknown = JSON.parse(line);
    const atSeconds = isObject(document) ? Date.parse(String(document['@timestamp'])) / 1_000 : NaN;
    return isObject(document) && Number.isFinite(atSeconds) ? { atSeconds, document } : undefined;
  } catch {
    return undefined;
  }
}

function actionOf(
  { atSeconds, document }: ReadEvent,
  { namespace, model, fromSeconds, toSeconds }: Period
): Action | undefined {
  const { modelwatch, event, message } = document;
  if (!isObject(modelwatch) || !isObject(event) || modelwatch['kind'] !== 'response') return undefined;
  if (modelwatch['namespace'] !== namespace || modelwatch['model'] !== model) return undefined;
  if (atSeconds < fromSeconds || atSeconds > toSeconds) return undefined;
  const row = [time(atSeconds), String(event['action']), String(event['outcome'] ?? ''), String(message ?? '')];
  return { at: atSeconds, row };
}
