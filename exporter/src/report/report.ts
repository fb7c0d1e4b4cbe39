/** One report: its sections from Prometheus, and what was done automatically from files of the event log. */
import { isObject } from '@modelwatch/contract';
import { percent, SECTIONS, time, type Reader } from './sections';
import type { Period, Report, Section } from './types';

const MOST_ACTIONS = 50;

/** @param eventLines of files of the event log; undefined: none was given */
export async function reportOn(
  period: Period,
  reader: Reader,
  eventLines: readonly string[] | undefined,
  nowSeconds: number
): Promise<Report> {
  const sections: Section[] = [];
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
  const found = lines.flatMap((line) => {
    const action = actionOf(line, period);
    if (action === 'unreadable') unreadable += 1;
    return action === undefined || action === 'unreadable' ? [] : [action];
  });
  const rows = found
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST_ACTIONS)
    .map(({ row }) => row);
  const notes = [
    ...(rows.length === 0 ? ['The event log has none in this period.'] : []),
    ...(found.length > MOST_ACTIONS ? [`${found.length - MOST_ACTIONS} earlier ones are left out.`] : []),
    ...(unreadable > 0 ? [`${unreadable} lines (${percent(unreadable / lines.length)}) could not be read.`] : []),
  ];
  return { title, columns, rows, missing: notes.length === 0 ? undefined : notes.join(' ') };
}

function actionOf(
  line: string,
  { namespace, model, fromSeconds, toSeconds }: Period
): Action | 'unreadable' | undefined {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    return 'unreadable';
  }
  if (!isObject(document)) return 'unreadable';
  const { modelwatch, event, message } = document;
  if (!isObject(modelwatch) || !isObject(event) || modelwatch['kind'] !== 'response') return undefined;
  if (modelwatch['namespace'] !== namespace || modelwatch['model'] !== model) return undefined;
  const at = Date.parse(String(document['@timestamp'])) / 1_000;
  if (!(at >= fromSeconds && at <= toSeconds)) return undefined;
  return { at, row: [time(at), String(event['action']), String(event['outcome'] ?? ''), String(message ?? '')] };
}
