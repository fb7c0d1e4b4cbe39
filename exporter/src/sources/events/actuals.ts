/** Actuals as they are posted, and what is told of them. */
import type { ActualEvent, IngestReport } from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import type { EventRequest } from './format';
import { actualsIn, jsonLines, ownJson } from './own-json';
import { forEachWithPauses, OWNER_REFUSED, readerOf, reportTo, type OnRefused, type Pause } from './report';

/** What became of an actual, as far as whoever sent it is concerned. `refused`: the replica that owns the id could not take it. */
export type ActualAnswer = 'accepted' | 'duplicate' | 'waiting' | 'refused';

export interface ActualIntake {
  accepts(headers: EventRequest['headers']): boolean;
  /** Reads the actuals of a request, with pauses; then they are joined. @throws UnreadableRequest */
  take(request: EventRequest, pause: Pause): Promise<{ readonly answer: Promise<IngestReport> }>;
}

export interface ActualListener {
  /** One answer for each, when they are on disk. */
  readonly join: (actuals: readonly ActualEvent[]) => Promise<readonly ActualAnswer[]>;
  readonly onRefused: OnRefused;
}

export function createActualIntake(book: Pick<EventBook, 'admit'>, { join, onRefused }: ActualListener): ActualIntake {
  const { accepts, read } = readerOf([jsonLines(actualsIn), ownJson('actuals', actualsIn)]);
  return {
    accepts,
    async take(request, pause) {
      const actuals: ActualEvent[] = [];
      const places: number[] = [];
      const { report, refuse } = reportTo(onRefused);
      await forEachWithPauses(read(request), pause, (one, index) => {
        if (one === 'waiting') return;
        if ('problem' in one) return refuse(index, 'malformed', one.problem);
        const { namespace, model } = one.event;
        if (book.admit(namespace, model)) {
          actuals.push(one.event);
          places.push(index);
        } else {
          refuse(
            index,
            'unknown_model',
            `model: expected one with a reference or in the fleet, got ${namespace}/${model}`
          );
        }
      });
      const told = (answers: readonly ActualAnswer[]) => {
        for (const [at, answer] of answers.entries()) {
          if (answer === 'refused') refuse(places[at] ?? at, 'malformed', OWNER_REFUSED);
        }
        return withAnswers(report, answers);
      };
      return { answer: join(actuals).then(told) };
    },
  };
}

function withAnswers(report: IngestReport, answers: readonly ActualAnswer[]): IngestReport {
  const count = (answer: ActualAnswer) => answers.filter((each) => each === answer).length;
  return { ...report, accepted: count('accepted'), duplicates: count('duplicate'), waiting: count('waiting') };
}
