/** Feedback on answers, as it is posted. */
import { preview, type FeedbackEvent, type FeedbackVerdict, type IngestReport } from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import { keyOf } from '../../joins/layout';
import type { EventRequest } from './format';
import { feedbackIn, jsonLines, ownJson } from './own-json';
import { forEachWithPauses, NO_ROOM, OWNER_REFUSED, readerOf, reportTo, type OnRefused, type Pause } from './report';

export interface FeedbackIntake {
  accepts(headers: EventRequest['headers']): boolean;
  /** Counts the feedback of a request, with pauses; then what other replicas count of it is told. @throws UnreadableRequest */
  take(request: EventRequest, pause: Pause): Promise<{ readonly answer: Promise<IngestReport> }>;
}

/** Of feedback on the same prediction the first one counts, so it goes to one replica. */
export interface FeedbackOwners {
  /** Undefined where it is this replica. */
  otherOwner(key: string): number | undefined;
  /** One answer for each. */
  send(
    owner: number,
    items: readonly { readonly key: string; readonly feedback: { version: string; verdict: FeedbackVerdict } }[]
  ): Promise<readonly string[]>;
}

export function createFeedbackIntake(
  book: Pick<EventBook, 'feedback'>,
  onRefused: OnRefused,
  owners?: FeedbackOwners
): FeedbackIntake {
  const { accepts, read } = readerOf([jsonLines(feedbackIn), ownJson('feedback', feedbackIn)]);
  return {
    accepts,
    async take(request, pause) {
      const { report, refuse } = reportTo(onRefused);
      const told = (index: number, answer: string | undefined, place: string, version: string) => {
        if (answer === 'duplicate') report.duplicates += 1;
        else if (answer === 'stored') report.waiting += 1;
        else if (answer === undefined || answer === 'accepted') report.accepted += 1;
        else if (answer === 'no_room')
          refuse(index, answer, `version: ${NO_ROOM}, got ${preview(version)} of ${place}`);
        else if (answer !== 'unknown_model') refuse(index, 'malformed', OWNER_REFUSED);
        else refuse(index, 'unknown_model', `model: expected one with a reference or in the fleet, got ${place}`);
      };
      const elsewhere = new Map<number, Passed[]>();
      await forEachWithPauses(read(request), pause, (one, index) => {
        if (one === 'waiting') return;
        if ('problem' in one) return refuse(index, 'malformed', one.problem);
        const { namespace, model, id, version = '', verdict } = one.event;
        const feedback = { version, verdict };
        const { key, owner } = placeOf(one.event, owners);
        if (key === undefined || owner === undefined) {
          const reason = book.feedback({ namespace, model, id: key ?? id }, feedback, request.nowSeconds);
          told(index, reason, `${namespace}/${model}`, version);
        } else passOn(elsewhere, owner, { index, place: `${namespace}/${model}`, item: { key, feedback } });
      });
      const passed = [...elsewhere].map(async ([owner, list]) => {
        const answers = await owners?.send(
          owner,
          list.map(({ item }) => item)
        );
        for (const [at, { index: place, place: model, item }] of list.entries())
          told(place, answers?.[at], model, item.feedback.version);
      });
      return { answer: Promise.all(passed).then(() => report) };
    },
  };
}

/** Among replicas feedback is known by the key of its prediction. */
function placeOf({ id, ...model }: FeedbackEvent, owners: FeedbackOwners | undefined) {
  if (!owners || id === undefined) return {};
  const key = keyOf({ ...model, id });
  return { key, owner: owners.otherOwner(key) };
}

function passOn(elsewhere: Map<number, Passed[]>, owner: number, passed: Passed): void {
  const list = elsewhere.get(owner) ?? [];
  list.push(passed);
  elsewhere.set(owner, list);
}

interface Passed {
  /** In the request. */
  readonly index: number;
  readonly place: string;
  readonly item: Parameters<FeedbackOwners['send']>[1][number];
}
