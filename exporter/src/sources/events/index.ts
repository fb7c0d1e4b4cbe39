/** The table of formats that inference events come in, and the intake that counts what was read. */
import {
  preview,
  STANDALONE_NAMESPACE,
  type EventDefaults,
  type EventDropReason,
  type IngestProblem,
  type IngestReport,
} from '@modelwatch/contract';
import type { EventRole } from '../../domain/challengers/known';
import type { EventBook } from '../../domain/events/book';
import { cloudEvents } from './cloud-events';
import { headerOf, UnreadableRequest, type EventRequest, type FindReference, type Read } from './format';
import { jsonLines, ownJson, predictionsIn } from './own-json';
import { createTextReader, type ReadEvent } from './texts';

export { createActualIntake } from './actuals';
export { createBatchIntake } from './batches';
export { createDetectionIntake } from './detections';
export { createMetricIntake } from './metrics';
export { createFeedbackIntake } from './feedback';
export { UnreadableRequest, type EventRequest } from './format';
export type { ReadEvent } from './texts';

/** Of the refused, so many are told of. */
const MOST_PROBLEMS = 100;
const SAMPLE_RATIO_HEADER = 'modelwatch-sample-ratio';
/** Looks at the clock once for so many events. */
const PAUSE_EVERY = 32;

export interface EventIntake {
  /** Whether it reads events of this type. */
  accepts(headers: EventRequest['headers']): boolean;
  /** Counts the events of a request, with pauses. @throws UnreadableRequest when nothing of it can be read */
  take(request: EventRequest, pause: () => Promise<void> | undefined): Promise<IngestReport>;
  /** Takes halves of exchanges that other replicas got, as `elsewhere` gave them away. @param bytes of all together */
  takeHalves(
    halves: readonly Readonly<Record<string, unknown>>[],
    bytes: number,
    nowSeconds: number,
    pause: () => Promise<void> | undefined
  ): Promise<IngestReport>;
  /** Lets go of requests whose response did not come. */
  expire(nowSeconds: number): void;
}

export interface IntakeListener {
  /** Told of each event that is refused, without its values: they may be anybody's data. */
  readonly onRefused: (reason: 'wrong_type' | 'unknown_model', detail: string) => void;
  /** Told of each that is counted, without its texts, to join it with its actual, and with what challengers answered. */
  readonly onPrediction?: (event: ReadEvent, role: EventRole) => void;
}

export function createEventIntake(book: EventBook, { onRefused, onPrediction }: IntakeListener): EventIntake {
  const findReference: FindReference = (namespace, model, version) => book.find(namespace, model)?.referenceOf(version);
  const predictions = predictionsIn(findReference);
  const pairs = cloudEvents(findReference, (model) => drop('unpaired', model));
  const formats = [pairs, jsonLines(predictions), ownJson('predictions', predictions)];
  const formatOf = (headers: EventRequest['headers']) => formats.find(({ matches }) => matches(headers));
  const texts = createTextReader(book);

  function drop(reason: EventDropReason, { namespace = STANDALONE_NAMESPACE, model }: EventDefaults = {}): void {
    book.drop(reason, model === undefined ? undefined : { namespace, model });
  }

  async function countAll(reads: Iterable<Read>, nowSeconds: number, pause: () => Promise<void> | undefined) {
    const report = { accepted: 0, duplicates: 0, waiting: 0, refused: 0, problems: [] as IngestProblem[] };
    const refuse = (index: number, reason: EventDropReason, message: string) => {
      report.refused += 1;
      onRefused(reason === 'unknown_model' ? reason : 'wrong_type', message.split(', got ')[0] ?? '');
      if (report.problems.length < MOST_PROBLEMS) report.problems.push({ index, reason, message });
    };
    let index = 0;
    for (const read of reads) {
      if (read === 'waiting') report.waiting += 1;
      else if ('problem' in read) {
        drop('malformed', read.model);
        refuse(index, 'malformed', read.problem);
      } else {
        if (!texts.isReady(read.event)) await texts.ready();
        count(read, index, report, nowSeconds, refuse);
      }
      index += 1;
      if (index % PAUSE_EVERY === 0) await pause();
    }
    return report;
  }

  return {
    accepts: (headers) => formatOf(headers) !== undefined,
    take: async (request, pause) =>
      countAll(formatOf(request.headers)?.read(withSampleRatio(request)) ?? [], request.nowSeconds, pause),
    takeHalves: (halves, bytes, nowSeconds, pause) =>
      countAll(
        readHalves(halves, (half) => pairs.half(half, bytes / halves.length, nowSeconds)),
        nowSeconds,
        pause
      ),
    expire: pairs.expire,
  };

  function count(
    { event }: Extract<Read, { event: unknown }>,
    index: number,
    report: { accepted: number; duplicates: number },
    nowSeconds: number,
    refuse: (index: number, reason: EventDropReason, message: string) => void
  ): void {
    const { namespace, model, id, version = '', timeSeconds, score, sampleRatio, candidate, batch } = event;
    const role = book.challengers.roleOf(event);
    if (!role) {
      drop('unknown_candidate', event);
      const names = book.challengers.of(event).map(({ name }) => name);
      const expected = names.length === 0 ? 'none, since the model has no challengers' : `one of ${names.join(', ')}`;
      return refuse(index, 'unknown_candidate', `candidate: expected ${expected}, got ${preview(candidate)}`);
    }
    const read = texts.read(event);
    const { features, prediction, generation, consumer } = read;
    const reason = role.isOwn
      ? book.count(
          { namespace, model, id },
          {
            ...{ version, timeSeconds, hasId: id !== undefined, features, prediction, score, generation, consumer },
            ...{ sampleRatio, sentFeatures: event.features, batch },
          },
          nowSeconds
        )
      : undefined;
    // One with an id that is counted as its own was told from a repetition already.
    const isKnown = reason === undefined && !(role.isOwn && id !== undefined) && !book.challenge(role.challenges, id);
    if (reason === 'duplicate' || (isKnown && id !== undefined)) report.duplicates += 1;
    else if (reason === undefined) {
      report.accepted += 1;
      onPrediction?.(read, role);
    } else refuse(index, reason, `model: expected one with a reference or in the fleet, got ${namespace}/${model}`);
  }
}

function* readHalves<Half>(halves: readonly Half[], read: (half: Half) => Iterable<Read>): Generator<Read> {
  for (const half of halves) yield* read(half);
}

/** A proxy or a filter that passes on a share of the requests says so in a header: formats of others have no place for it. */
function withSampleRatio(request: EventRequest): EventRequest {
  const told = headerOf(request.headers, SAMPLE_RATIO_HEADER);
  if (told === undefined) return request;
  const sampleRatio = told.trim() === '' ? NaN : Number(told);
  if (sampleRatio > 0 && sampleRatio <= 1) {
    return { ...request, defaults: { ...request.defaults, sampleRatio } };
  }
  throw new UnreadableRequest(`${SAMPLE_RATIO_HEADER}: expected a number above 0 to 1, got ${preview(told)}`);
}
