/** The table of formats that inference events come in, and the intake that counts what was read. */
import {
  preview,
  STANDALONE_NAMESPACE,
  type EventDefaults,
  type EventDropReason,
  type IngestReport,
} from '@modelwatch/contract';
import type { EventRole } from '../../domain/challengers/known';
import type { EventBook } from '../../domain/events/book';
import { cloudEvents } from './cloud-events';
import { headerOf, UnreadableRequest, type EventRequest, type FindReference, type Read } from './format';
import { jsonLines, ownJson, predictionsIn } from './own-json';
import { forEachWithPauses, readerOf, reportTo, type OnRefused, type Pause, type Refuse } from './report';
import { createTextReader, type ReadEvent } from './texts';

export { createActualIntake } from './actuals';
export { createBatchIntake } from './batches';
export { createDetectionIntake } from './detections';
export { createMetricIntake } from './metrics';
export { createFeedbackIntake } from './feedback';
export { UnreadableRequest, type EventRequest } from './format';
export type { ReadEvent } from './texts';

const SAMPLE_RATIO_HEADER = 'modelwatch-sample-ratio';

export interface EventIntake {
  /** Whether it reads events of this type. */
  accepts(headers: EventRequest['headers']): boolean;
  /** Counts the events of a request, with pauses. @throws UnreadableRequest when nothing of it can be read */
  take(request: EventRequest, pause: Pause): Promise<IngestReport>;
  /** Takes halves of exchanges that other replicas got, as `elsewhere` gave them away. */
  takeHalves(
    halves: readonly Readonly<Record<string, unknown>>[],
    nowSeconds: number,
    pause: Pause
  ): Promise<IngestReport>;
  /** Lets go of requests whose response did not come. */
  expire(nowSeconds: number): void;
}

export interface IntakeListener {
  readonly onRefused: OnRefused;
  /** Told of each that is counted, without its texts, to join it with its actual, and with what challengers answered. */
  readonly onPrediction?: (event: ReadEvent, role: EventRole) => void;
}

export function createEventIntake(book: EventBook, { onRefused, onPrediction }: IntakeListener): EventIntake {
  const findReference: FindReference = (namespace, model, version) => book.find(namespace, model)?.referenceOf(version);
  const predictions = predictionsIn(findReference);
  const pairs = cloudEvents(findReference, (model) => drop('unpaired', model));
  const { accepts, read: readAll } = readerOf([pairs, jsonLines(predictions), ownJson('predictions', predictions)]);
  const texts = createTextReader(book);

  function drop(reason: EventDropReason, { namespace = STANDALONE_NAMESPACE, model }: EventDefaults = {}): void {
    book.drop(reason, model === undefined ? undefined : { namespace, model });
  }

  async function countAll(reads: Iterable<Read>, nowSeconds: number, pause: Pause) {
    const { report, refuse } = reportTo(onRefused);
    await forEachWithPauses(reads, pause, (read, index) => {
      if (read === 'waiting') return void (report.waiting += 1);
      if ('problem' in read) {
        drop('malformed', read.model);
        return refuse(index, 'malformed', read.problem);
      }
      const countNow = () => count(read, index, report, nowSeconds, refuse);
      return texts.isReady(read.event) ? countNow() : texts.ready().then(countNow);
    });
    return report;
  }

  return {
    accepts,
    take: async (request, pause) => countAll(readAll(withSampleRatio(request)), request.nowSeconds, pause),
    takeHalves: (halves, nowSeconds, pause) =>
      countAll(
        readHalves(halves, (half) => pairs.half(half, nowSeconds)),
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
    refuse: Refuse
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
