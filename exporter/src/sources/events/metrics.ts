/** Samples of custom metrics as they are posted: counted at once, those that cannot be are told of. */
import type { CustomRefusal, IngestReport, MetricSample } from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import type { EventRequest } from './format';
import { jsonLines, metricsIn, ownJson } from './own-json';
import { createReport, forEachWithPauses, readerOf, type Pause } from './report';

export interface MetricIntake {
  accepts(headers: EventRequest['headers']): boolean;
  /** Counts the samples of a request, with pauses. @throws UnreadableRequest when nothing of it can be read */
  take(request: EventRequest, pause: Pause): Promise<IngestReport>;
}

/** Told of each that is refused, without its value. */
export type OnRefusedSample = (reason: 'wrong_type' | 'unknown_value', detail: string) => void;

export function createMetricIntake(book: Pick<EventBook, 'push' | 'refuse'>, onRefused: OnRefusedSample): MetricIntake {
  const { accepts, read } = readerOf([jsonLines(metricsIn), ownJson('metrics', metricsIn)]);
  return {
    accepts,
    async take(request, pause) {
      const { report, refuse } = createReport((reason, detail) =>
        onRefused(reason === 'unknown_metric' ? 'unknown_value' : 'wrong_type', detail)
      );
      await forEachWithPauses(read(request), pause, (one, index) => {
        if (one === 'waiting') return;
        const refuseOne = (reason: CustomRefusal, message: string) => refuse(index, reason, message);
        if ('event' in one) return count(one.event, request.nowSeconds, report, refuseOne);
        const { namespace, model } = one.model ?? {};
        book.refuse('malformed', namespace === undefined || model === undefined ? undefined : { namespace, model });
        refuseOne('malformed', one.problem);
      });
      return report;
    },
  };

  function count(
    sample: MetricSample,
    nowSeconds: number,
    report: { accepted: number; duplicates: number },
    refuse: (reason: CustomRefusal, message: string) => void
  ): void {
    const refusal = book.push(sample, sample, nowSeconds);
    if (refusal === undefined) report.accepted += 1;
    else if (refusal.reason === 'duplicate') report.duplicates += 1;
    else {
      const { namespace, model, metric } = sample;
      const [place, got] =
        refusal.reason === 'unknown_metric'
          ? ['metric', `${metric.slice(0, 80)} of ${namespace}/${model}`]
          : [metric, typeof sample.value === 'number' ? String(sample.value) : `a ${typeof sample.value}`];
      refuse(refusal.reason, `${place}: expected ${refusal.expected}, got ${got}`);
    }
  }
}
