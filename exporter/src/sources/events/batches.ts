/** What is said of batches, as it is posted. */
import type { BatchRefusal, IngestReport } from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import type { EventRequest } from './format';
import { batchesIn, jsonLines, ownJson } from './own-json';
import { forEachWithPauses, readerOf, reportTo, type OnRefused, type Pause } from './report';

export interface BatchIntake {
  accepts(headers: EventRequest['headers']): boolean;
  /** Opens and closes the batches of a request, with pauses. @throws UnreadableRequest */
  take(request: EventRequest, pause: Pause): Promise<IngestReport>;
}

const EXPECTED: Record<BatchRefusal, string> = {
  batches_not_enabled: 'a model with batches in its settings',
  closed_batch: 'a new id, since this batch was closed',
  too_many_batches: 'no more open batches than are told apart: close some, or set batches.last',
};

export function createBatchIntake(book: Pick<EventBook, 'batch'>, onRefused: OnRefused): BatchIntake {
  const { accepts, read } = readerOf([jsonLines(batchesIn), ownJson('batches', batchesIn)]);
  return {
    accepts,
    async take(request, pause) {
      const { report, refuse } = reportTo(onRefused);
      await forEachWithPauses(read(request), pause, (one, index) => {
        if (one === 'waiting') return;
        if ('problem' in one) return refuse(index, 'malformed', one.problem);
        const { namespace, model, batch } = one.event;
        const answer = book.batch(one.event, request.nowSeconds);
        if (answer === undefined) report.accepted += 1;
        else if (answer === 'duplicate') report.duplicates += 1;
        else refuse(index, answer, `batch: expected ${EXPECTED[answer]}, got ${batch} of ${namespace}/${model}`);
      });
      return report;
    },
  };
}
