import type { DataQueryRequest } from '@grafana/data';
import { PREDICTIONS_VALUE } from '@modelwatch/contract';
import { map, type Observable } from 'rxjs';
import { readSamples, type Sample } from '../frames/samples';
import { buildLabelValues } from '../query/labelValues';
import type { ResolvedFilters } from '../query/filters';
import type { VariableLabel } from '../query/types';
import { askPrometheus, type BaseRequest } from './prometheus';

const natural = new Intl.Collator('en', { numeric: true });

/** Features first, so that one of them is what a variable begins with. */
function inOrder(values: readonly string[]): string[] {
  const isLast = (value: string) => Number(value === PREDICTIONS_VALUE);
  return [...values].sort((a, b) => isLast(a) - isLast(b) || natural.compare(a, b));
}

const metricOf = ({ labels }: Sample): string => labels['metric'] ?? '';

/** Values of a label over the models that match, in natural order; predictions stand as one of the features. Fails with the words of Prometheus. */
export function labelValues(
  uid: string | undefined,
  base: BaseRequest | DataQueryRequest,
  label: VariableLabel,
  filters: ResolvedFilters
): Observable<string[]> {
  const questions = [{ name: 'values', expr: buildLabelValues(label, filters) }];
  return askPrometheus(uid, base, label, questions).pipe(
    map((answers) => {
      const answer = answers.get('values');
      if (!answer || 'error' in answer) throw new Error(answer?.error ?? 'Prometheus gave no answer');
      const samples = readSamples(answer.frames, 'values');
      // What is judged is what a variable begins with.
      if (label === 'metric') samples.sort((a, b) => b.value - a.value || natural.compare(metricOf(a), metricOf(b)));
      const values = samples.map(({ labels }) =>
        label === 'feature' && labels['subject'] === 'prediction' ? PREDICTIONS_VALUE : labels[label]
      );
      const known = values.flatMap((value) => value || []);
      return label === 'metric' ? known : inOrder(known);
    })
  );
}
