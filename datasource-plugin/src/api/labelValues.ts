import type { DataQueryRequest } from '@grafana/data';
import { map, type Observable } from 'rxjs';
import { readSamples } from '../frames/samples';
import { buildLabelValues } from '../query/build';
import type { ResolvedFilters } from '../query/filters';
import type { VariableLabel } from '../query/types';
import { askPrometheus, type BaseRequest } from './prometheus';

const natural = new Intl.Collator('en', { numeric: true });

/** Values of a label over the models that match, in natural order. Fails with the words of Prometheus. */
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
      const values = readSamples(answer.frames, 'values').map(({ labels }) => labels[label]);
      return values.filter((value) => value !== undefined).sort((a, b) => natural.compare(a, b));
    })
  );
}
