/** Feedback on answers, as it is posted. */
import type { EventDropReason, IngestProblem, IngestReport } from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import type { IntakeListener } from '.';
import type { EventRequest } from './format';
import { feedbackIn, jsonLines, ownJson } from './own-json';

const MOST_PROBLEMS = 100;
const PAUSE_EVERY = 32;

export interface FeedbackIntake {
  accepts(headers: EventRequest['headers']): boolean;
  /** Counts the feedback of a request, with pauses. @throws UnreadableRequest */
  take(request: EventRequest, pause: () => Promise<void> | undefined): Promise<IngestReport>;
}

export function createFeedbackIntake(
  book: Pick<EventBook, 'feedback'>,
  { onRefused }: Pick<IntakeListener, 'onRefused'>
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
      let index = 0;
      for (const read of formatOf(request.headers)?.read(request) ?? []) {
        if (read === 'waiting') continue;
        if ('problem' in read) refuse(index, 'malformed', read.problem);
        else {
          const { namespace, model, id, version = '', verdict } = read.event;
          const reason = book.feedback({ namespace, model, id }, { version, verdict });
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
