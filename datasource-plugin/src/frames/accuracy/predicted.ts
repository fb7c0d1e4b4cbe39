/** Predicted beside what came true, over time: means of a regression, shares of classes, or scores and positives. */
import type { AccuracyDetailSubject } from '@modelwatch/contract';
import type { Counted } from '../../query/accuracyDetail';
import { modelIdKey, modelIdOf } from '../identity';
import type { Line } from '../lines';
import { everyStep } from '../runs';
import type { Series } from '../samples';
import { inOrder } from './detail';

type Values = ReadonlyMap<number, number>;

export interface PredictedActual {
  readonly timesMs: readonly number[];
  readonly lines: readonly Line[];
  readonly isShare: boolean;
}

/** Sums by time of the series that match. */
function added(series: readonly Series[], counted: Counted, labels: Readonly<Record<string, string>> = {}): Values {
  const total = new Map<number, number>();
  for (const one of series) {
    if (one.labels['counted'] !== counted) continue;
    if (Object.entries(labels).some(([label, value]) => (one.labels[label] ?? '') !== value)) continue;
    one.timesMs.forEach((timeMs, index) => {
      const value = one.values[index] ?? null;
      if (value !== null) total.set(timeMs, (total.get(timeMs) ?? 0) + value);
    });
  }
  return total;
}

/** Where there are enough pairs, and nowhere else. */
function shares(of: (timeMs: number) => number, pairs: Values, needed: number): Values {
  return new Map(
    [...pairs].flatMap(([timeMs, count]): Array<[number, number]> =>
      count > 0 && count >= needed ? [[timeMs, of(timeMs) / count]] : []
    )
  );
}

/** @param series of all models of the name */
export function predictedActual(
  subject: AccuracyDetailSubject,
  series: readonly Series[],
  range: { readonly fromMs: number; readonly toMs: number }
): PredictedActual {
  const { task, positiveClass, cluster, namespace, model } = subject;
  const own = series.filter(({ labels }) => {
    const id = modelIdOf(labels);
    return id !== undefined && modelIdKey(id) === modelIdKey(subject);
  });
  const needed = subject.pairsNeeded ?? 0;
  const line = (side: 'predicted' | 'actual', name: string, values: Values): Line => ({
    labels: { cluster, namespace, model, class: name, side },
    title: name === '' ? side : `${side}, ${name}`,
    values,
  });
  const timesMs = everyStep(
    own.flatMap(({ timesMs: times }) => times),
    range.fromMs,
    range.toMs
  );
  const at = (values: Values) => (timeMs: number) => values.get(timeMs) ?? 0;
  if (task === 'regression') {
    const net = (counted: 'actual' | 'error') => {
      const [over, under] = [at(added(own, counted, { sign: 'over' })), at(added(own, counted, { sign: 'under' }))];
      return (timeMs: number) => over(timeMs) - under(timeMs);
    };
    const [actual, error] = [net('actual'), net('error')];
    const pairs = added(own, 'pairs');
    const lines = [
      line(
        'predicted',
        '',
        shares((timeMs) => actual(timeMs) + error(timeMs), pairs, needed)
      ),
      line('actual', '', shares(actual, pairs, needed)),
    ];
    return { timesMs, lines, isShare: false };
  }
  const scored = added(own, 'score_outcomes');
  if (positiveClass && [...scored.values()].some((count) => count > 0)) {
    const lines = [
      line('predicted', positiveClass, shares(at(added(own, 'score_sum')), scored, needed)),
      line('actual', positiveClass, shares(at(added(own, 'score_outcomes', { actual: '1' })), scored, needed)),
    ];
    return { timesMs, lines, isShare: true };
  }
  const all = added(own, 'outcomes');
  const lines = inOrder(classesIn(own), positiveClass).flatMap((name) =>
    (['predicted', 'actual'] as const).map((side) =>
      line(side, name, shares(at(added(own, 'outcomes', { [side]: name })), all, needed))
    )
  );
  return { timesMs, lines, isShare: true };
}

/** Classes that anything was predicted to be, or was. */
function classesIn(series: readonly Series[]): Set<string> {
  const found = series.filter(({ labels, values }) => labels['counted'] === 'outcomes' && values.some((one) => one));
  return new Set(found.flatMap(({ labels }) => [labels['predicted'] ?? '', labels['actual'] ?? '']));
}
