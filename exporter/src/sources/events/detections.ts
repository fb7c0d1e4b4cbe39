/** Answers of detectors that others run, as they are posted: by themselves, or by KServe's logger beside the detector. */
import { preview, type IngestReport } from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import type { DetectionEvent, FeatureNames } from './detection';
import { contentType, headerOf, UnreadableRequest, type EventFormat, type EventRequest } from './format';
import { parseJson } from './json-text';
import { detectionsIn, jsonLines, ownJson } from './own-json';
import { forEachWithPauses, NO_ROOM, readerOf, reportTo, type OnRefused, type Pause } from './report';

const REQUEST_SUFFIX = '.inference.request';

export interface DetectionIntake {
  accepts(headers: EventRequest['headers']): boolean;
  /** Counts the answers of a request, with pauses. @throws UnreadableRequest */
  take(request: EventRequest, pause: Pause): Promise<IngestReport>;
}

export function createDetectionIntake(book: Pick<EventBook, 'detect' | 'find'>, onRefused: OnRefused): DetectionIntake {
  const featureNames: FeatureNames = (namespace, model) =>
    book.find(namespace, model)?.plans[0]?.reference.features.map(({ name }) => name);
  const readOne = detectionsIn(featureNames);
  const { accepts, read } = readerOf([cloudEvents(readOne), jsonLines(readOne), ownJson('detections', readOne)]);
  return {
    accepts,
    async take(request, pause) {
      const { report, refuse } = reportTo(onRefused);
      await forEachWithPauses(read(request), pause, (one, index) => {
        if (one === 'waiting') return void (report.waiting += 1);
        if ('problem' in one) return refuse(index, 'malformed', one.problem);
        const { namespace, model, id, ...detection } = one.event;
        const reason = book.detect({ namespace, model, id }, detection, request.nowSeconds);
        if (reason === undefined) report.accepted += 1;
        else if (reason === 'duplicate') report.duplicates += 1;
        else if (reason === 'no_room')
          refuse(index, reason, `detector: ${NO_ROOM}, got ${preview(detection.detector)} of ${namespace}/${model}`);
        else refuse(index, reason, `model: expected one with a reference or in the fleet, got ${namespace}/${model}`);
      });
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
