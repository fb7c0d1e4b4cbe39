/** Feedback on answers, as it is posted. */
import type {
  EventDropReason,
  FeedbackEvent,
  FeedbackVerdict,
  IngestProblem,
  IngestReport,
} from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import { keyOf } from '../../joins/layout';
import type { IntakeListener } from '.';
import type { EventRequest } from './format';
import { feedbackIn, jsonLines, ownJson } from './own-json';

const MOST_PROBLEMS = 100;
const PAUSE_EVERY = 32;

export interface FeedbackIntake {
  accepts(headers: EventRequest['headers']): boolean;
  /** Counts the feedback of a request, with pauses; then what other replicas count of it is told. @throws UnreadableRequest */
  take(
    request: EventRequest,
    pause: () => Promise<void> | undefined
  ): Promise<{ readonly answer: Promise<IngestReport> }>;
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
  { onRefused, owners }: Pick<IntakeListener, 'onRefused'> & { readonly owners?: FeedbackOwners | undefined }
): FeedbackIntake {
  const formats = [jsonLines(feedbackIn), ownJson('feedback', feedbackIn)];
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
      const told = (index: number, answer: string | undefined, place: string) => {
        if (answer === 'duplicate') report.duplicates += 1;
        else if (answer === 'stored') report.waiting += 1;
        else if (answer === undefined || answer === 'accepted') report.accepted += 1;
        else refuse(index, 'unknown_model', `model: expected one with a reference or in the fleet, got ${place}`);
      };
      const elsewhere = new Map<number, Passed[]>();
      let index = 0;
      for (const read of formatOf(request.headers)?.read(request) ?? []) {
        if (read === 'waiting') continue;
        if ('problem' in read) refuse(index, 'malformed', read.problem);
        else {
          const { namespace, model, id, version = '', verdict } = read.event;
          const feedback = { version, verdict };
          const { key, owner } = placeOf(read.event, owners);
          if (key === undefined || owner === undefined) {
            const reason = book.feedback({ namespace, model, id: key ?? id }, feedback, request.nowSeconds);
            told(index, reason, `${namespace}/${model}`);
          } else passOn(elsewhere, owner, { index, place: `${namespace}/${model}`, item: { key, feedback } });
        }
        index += 1;
        if (index % PAUSE_EVERY === 0) await pause();
      }
      const passed = [...elsewhere].map(async ([owner, list]) => {
        const answers = await owners?.send(
          owner,
          list.map(({ item }) => item)
        );
        for (const [at, { index: place, place: model }] of list.entries()) told(place, answers?.[at], model);
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
