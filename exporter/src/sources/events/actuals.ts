/** Actuals as they are posted, and what is told of them. */
import type { ActualEvent, EventDropReason, IngestProblem, IngestReport } from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import type { EventRequest } from './format';
import { actualsIn, jsonLines, ownJson } from './own-json';

const MOST_PROBLEMS = 100;
const PAUSE_EVERY = 32;

/** What became of an actual, as far as whoever sent it is concerned. */
export type ActualAnswer = 'accepted' | 'duplicate' | 'waiting';

export interface ActualIntake {
  accepts(headers: EventRequest['headers']): boolean;
  /** Reads the actuals of a request, with pauses; then they are joined. @throws UnreadableRequest */
  take(
    request: EventRequest,
    pause: () => Promise<void> | undefined
  ): Promise<{ readonly answer: Promise<IngestReport> }>;
}

export interface ActualListener {
  /** One answer for each, when they are on disk. */
  readonly join: (actuals: readonly ActualEvent[]) => Promise<readonly ActualAnswer[]>;
  /** Told of each that is refused, without its values. */
  readonly onRefused: (reason: 'wrong_type' | 'unknown_model', detail: string) => void;
}

export function createActualIntake(book: Pick<EventBook, 'admit'>, { join, onRefused }: ActualListener): ActualIntake {
  const formats = [jsonLines(actualsIn), ownJson('actuals', actualsIn)];
  const formatOf = (headers: EventRequest['headers']) => formats.find(({ matches }) => matches(headers));
  return {
    accepts: (headers) => formatOf(headers) !== undefined,
    async take(request, pause) {
      const actuals: ActualEvent[] = [];
      const problems: IngestProblem[] = [];
      let index = 0;
      let refused = 0;
      const refuse = (reason: EventDropReason, message: string) => {
        refused += 1;
        onRefused(reason === 'unknown_model' ? reason : 'wrong_type', message.split(', got ')[0] ?? '');
        if (problems.length < MOST_PROBLEMS) problems.push({ index, reason, message });
      };
      for (const read of formatOf(request.headers)?.read(request) ?? []) {
        if (read === 'waiting') continue;
        if ('problem' in read) refuse('malformed', read.problem);
        else if (book.admit(read.event.namespace, read.event.model)) actuals.push(read.event);
        else {
          const { namespace, model } = read.event;
          refuse('unknown_model', `model: expected one with a reference or in the fleet, got ${namespace}/${model}`);
        }
        index += 1;
        if (index % PAUSE_EVERY === 0) await pause();
      }
      return { answer: join(actuals).then((answers) => reportOf(answers, refused, problems)) };
    },
  };
}

function reportOf(answers: readonly ActualAnswer[], refused: number, problems: readonly IngestProblem[]): IngestReport {
  const count = (answer: ActualAnswer) => answers.filter((each) => each === answer).length;
  return {
    accepted: count('accepted'),
    duplicates: count('duplicate'),
    waiting: count('waiting'),
    refused,
    problems,
  };
}
