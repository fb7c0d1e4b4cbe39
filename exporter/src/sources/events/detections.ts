/** Answers of detectors that others run, as they are posted: by themselves, or by KServe's logger beside the detector. */
import type { EventDropReason, IngestProblem, IngestReport } from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import type { IntakeListener } from '.';
import type { DetectionEvent, FeatureNames } from './detection';
import { contentType, headerOf, UnreadableRequest, type EventFormat, type EventRequest } from './format';
import { parseJson } from './json-text';
import { detectionsIn, jsonLines, ownJson } from './own-json';

const MOST_PROBLEMS = 100;
const PAUSE_EVERY = 32;
const REQUEST_SUFFIX = '.inference.request';

export interface DetectionIntake {
  accepts(headers: EventRequest['headers']): boolean;
  /** Counts the answers of a request, with pauses. @throws UnreadableRequest */
  take(request: EventRequest, pause: () => Promise<void> | undefined): Promise<IngestReport>;
}

export function createDetectionIntake(
  book: Pick<EventBook, 'detect' | 'find'>,
  { onRefused }: Pick<IntakeListener, 'onRefused'>
): DetectionIntake {
  const featureNames: FeatureNames = (namespace, model) =>
    book.find(namespace, model)?.plans[0]?.reference.features.map(({ name }) => name);
  const readOne = detectionsIn(featureNames);
  const formats = [cloudEvents(readOne), jsonLines(readOne), ownJson('detections', readOne)];
  const formatOf = (headers: EventRequest['headers']) => formats.find(({ matches }) => matches(headers));
  return {
    accepts: (headers) => formatOf(headers) !== undefined,
    async take(request, pause) {
      const report = { accepted: 0, duplicates: 0, waiting: 0, refused: 0, problems: [] as IngestProblem[] };
      const refuse = (index: number, reason: EventDropReason, message: string) => {
        report.refused += 1;
        onRefused(reason === 'unknown_model' ? reason : 'wrong_type', message.split(', got ')[0] ?? '');
        if (report.problems.length < MOST_PROBLEMS) report.problems.push({ index, reason, message });
      };
      let index = 0;
      for (const read of formatOf(request.headers)?.read(request) ?? []) {
        if (read === 'waiting') report.waiting += 1;
        else if ('problem' in read) refuse(index, 'malformed', read.problem);
        else {
          const { namespace, model, id, ...detection } = read.event;
          const reason = book.detect({ namespace, model, id }, detection, request.nowSeconds);
          if (reason === undefined) report.accepted += 1;
          else if (reason === 'duplicate') report.duplicates += 1;
          else refuse(index, reason, `model: expected one with a reference or in the fleet, got ${namespace}/${model}`);
        }
        index += 1;
        if (index % PAUSE_EVERY === 0) await pause();
      }
      return report;
    },
  };
}

/** What goes into the detector says nothing, and is passed over: the logger sends both unless it is told otherwise. */
function cloudEvents(readOne: ReturnType<typeof detectionsIn>): EventFormat<DetectionEvent> {
  return {
    matches: (headers) =>
      headerOf(headers, 'ce-type') !== undefined || contentType(headers) === 'application/cloudevents+json',
    *read({ headers, body, defaults }) {
      const whole = parseJson(body.toString('utf8'));
      const isBinary = headerOf(headers, 'ce-type') !== undefined;
      const event = isBinary
        ? { type: headerOf(headers, 'ce-type'), id: headerOf(headers, 'ce-id'), data: whole }
        : whole;
      if (typeof event !== 'object' || event === null) throw new UnreadableRequest('body: expected a CloudEvent');
      const { type, id, data } = event as { type?: unknown; id?: unknown; data?: unknown };
      if (typeof type === 'string' && type.endsWith(REQUEST_SUFFIX)) return;
      const named = typeof data === 'object' && data !== null && typeof id === 'string' ? { ...data, id } : data;
      yield* readOne(named, isBinary ? '' : 'data', defaults);
    },
  };
}
