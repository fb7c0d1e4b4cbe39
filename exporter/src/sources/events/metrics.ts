/** Samples of custom metrics as they are posted: counted at once, those that cannot be are told of. */
import type { CustomRefusal, IngestProblem, IngestReport, MetricSample } from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import type { EventRequest } from './format';
import { jsonLines, metricsIn, ownJson } from './own-json';

const MOST_PROBLEMS = 100;
const PAUSE_EVERY = 32;

export interface MetricIntake {
  accepts(headers: EventRequest['headers']): boolean;
  /** Counts the samples of a request, with pauses. @throws UnreadableRequest when nothing of it can be read */
  take(request: EventRequest, pause: () => Promise<void> | undefined): Promise<IngestReport>;
}

/** Told of each that is refused, without its value. */
export type OnRefusedSample = (reason: 'wrong_type' | 'unknown_value', detail: string) => void;

export function createMetricIntake(book: Pick<EventBook, 'push' | 'refuse'>, onRefused: OnRefusedSample): MetricIntake {
  const formats = [jsonLines(metricsIn), ownJson('metrics', metricsIn)];
  const formatOf = (headers: EventRequest['headers']) => formats.find(({ matches }) => matches(headers));
  return {
    accepts: (headers) => formatOf(headers) !== undefined,
    async take(request, pause) {
      const report = { accepted: 0, duplicates: 0, waiting: 0, refused: 0, problems: [] as IngestProblem[] };
      let index = 0;
      const refuse = (reason: CustomRefusal, message: string) => {
        report.refused += 1;
        onRefused(reason === 'unknown_metric' ? 'unknown_value' : 'wrong_type', message.split(', got ')[0] ?? '');
        if (report.problems.length < MOST_PROBLEMS) report.problems.push({ index, reason, message });
      };
      for (const read of formatOf(request.headers)?.read(request) ?? []) {
        if (read === 'waiting') continue;
        if ('problem' in read) {
          const { namespace, model } = read.model ?? {};
          book.refuse('malformed', namespace === undefined || model === undefined ? undefined : { namespace, model });
          refuse('malformed', read.problem);
        } else count(read.event, request.nowSeconds, report, refuse);
        index += 1;
        if (index % PAUSE_EVERY === 0) await pause();
      }
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
