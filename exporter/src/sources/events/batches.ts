/** What is said of batches, as it is posted. */
import type { BatchRefusal, IngestProblem, IngestReport } from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import type { IntakeListener } from '.';
import type { EventRequest } from './format';
import { batchesIn, jsonLines, ownJson } from './own-json';

const MOST_PROBLEMS = 100;
const PAUSE_EVERY = 32;

export interface BatchIntake {
  accepts(headers: EventRequest['headers']): boolean;
  /** Opens and closes the batches of a request, with pauses. @throws UnreadableRequest */
  take(request: EventRequest, pause: () => Promise<void> | undefined): Promise<IngestReport>;
}

const EXPECTED: Record<BatchRefusal, string> = {
  batches_not_enabled: 'a model with batches in its settings',
  closed_batch: 'a new id, since this batch was closed',
  too_many_batches: 'no more open batches than are told apart: close some, or set batches.last',
};

export function createBatchIntake(
  book: Pick<EventBook, 'batch'>,
  { onRefused }: Pick<IntakeListener, 'onRefused'>
): BatchIntake {
  const formats = [jsonLines(batchesIn), ownJson('batches', batchesIn)];
  const formatOf = (headers: EventRequest['headers']) => formats.find(({ matches }) => matches(headers));
  return {
    accepts: (headers) => formatOf(headers) !== undefined,
    async take(request, pause) {
      const report = { accepted: 0, duplicates: 0, waiting: 0, refused: 0, problems: [] as IngestProblem[] };
      const refuse = (index: number, reason: IngestProblem['reason'], message: string) => {
        report.refused += 1;
        onRefused('wrong_type', message.split(', got ')[0] ?? '');
        if (report.problems.length < MOST_PROBLEMS) report.problems.push({ index, reason, message });
      };
      let index = 0;
      for (const read of formatOf(request.headers)?.read(request) ?? []) {
        if (read === 'waiting') continue;
        if ('problem' in read) refuse(index, 'malformed', read.problem);
        else {
          const { namespace, model, batch } = read.event;
          const answer = book.batch(read.event, request.nowSeconds);
          if (answer === undefined) report.accepted += 1;
          else if (answer === 'duplicate') report.duplicates += 1;
          else refuse(index, answer, `batch: expected ${EXPECTED[answer]}, got ${batch} of ${namespace}/${model}`);
        }
        index += 1;
        if (index % PAUSE_EVERY === 0) await pause();
      }
      return report;
    },
  };
}
