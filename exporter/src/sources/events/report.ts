/** What all that takes in events does alike: it finds the format, goes through what is read with pauses, and reports. */
import type { IngestProblem, IngestReport } from '@modelwatch/contract';
import type { EventFormat, EventRequest, Read } from './format';

/** Of the refused, so many are told of. */
const MOST_PROBLEMS = 100;
/** Looks at the clock once for so many events. */
const PAUSE_EVERY = 32;

/** Replicas of one version understand each other. */
export const OWNER_REFUSED = 'expected the replica that owns the id to take it, got one of another version: come back';

/** Of a version or a detector that would have series of its own. */
export const NO_ROOM = 'expected one that has series, or room for it in events.maxSeriesPerModel and events.maxSeries';

export type Pause = () => Promise<void> | undefined;

/** @param formats the first that matches a request reads it */
export function readerOf<Event>(formats: readonly EventFormat<Event>[]) {
  const formatOf = (headers: EventRequest['headers']) => formats.find(({ matches }) => matches(headers));
  return {
    accepts: (headers: EventRequest['headers']): boolean => formatOf(headers) !== undefined,
    /** @throws UnreadableRequest, also while it is gone through */
    read: (request: EventRequest): Iterable<Read<Event>> => formatOf(request.headers)?.read(request) ?? [],
  };
}

/** @param work waited for only where it has something to wait for: most events are counted at once */
export async function forEachWithPauses<T>(
  all: Iterable<T>,
  pause: Pause,
  work: (one: T, index: number) => Promise<void> | void
): Promise<void> {
  let index = 0;
  for (const one of all) {
    const busy = work(one, index);
    if (busy) await busy;
    index += 1;
    if (index % PAUSE_EVERY === 0) await pause();
  }
}

/** Told of each event that is refused, without its values: they may be anybody's data. */
export type OnRefused = (reason: 'wrong_type' | 'unknown_model' | 'over_limit', detail: string) => void;

export type Refuse<Reason extends IngestProblem['reason'] = IngestProblem['reason']> = (
  index: number,
  reason: Reason,
  message: string
) => void;

/** A report that grows. @param tell told of each that is refused, by what is wrong without the value */
export function createReport(tell: (reason: IngestProblem['reason'], detail: string) => void) {
  const problems: IngestProblem[] = [];
  const report = { accepted: 0, duplicates: 0, waiting: 0, refused: 0, problems } satisfies IngestReport;
  const refuse: Refuse = (index, reason, message) => {
    report.refused += 1;
    tell(reason, message.split(', got ')[0] ?? '');
    if (problems.length < MOST_PROBLEMS) problems.push({ index, reason, message });
  };
  return { report, refuse };
}

/** Of what can only be of a wrong type, of a model that nobody knows, or more than there is room for. */
export function reportTo(onRefused: OnRefused) {
  return createReport((reason, detail) =>
    onRefused(reason === 'unknown_model' ? reason : reason === 'no_room' ? 'over_limit' : 'wrong_type', detail)
  );
}
