/** The last batches of models, and what events amount to in each. */
import { METRICS, OTHER_CLASSES, BATCH_REFUSALS } from '@modelwatch/contract';
import type { AccuracyPlan } from '../domain/accuracy/settings';
import type { Batch } from '../domain/batches/counts';
import type { ModelEvents } from '../domain/events/model-events';
import { CLASS_SUMS, PAIR_SUMS } from '../domain/segments/counts';
import type { Row } from './row';
import { escapeLabel, known, row } from './text';

/** A batch of a model. Each series is 0 in the first scrape that has it. */
export interface BatchView {
  readonly namespace: string;
  readonly model: string;
  readonly batch: Batch;
  readonly accuracy: AccuracyPlan | undefined;
}

const idOf = ({ namespace, model, batch }: BatchView) => ({ namespace, model, batch: batch.id });
const isShown = ({ batch }: BatchView) => batch.life !== 'forgotten';
const sum = ({ batch }: BatchView, at: number) => (batch.seen ? (batch.pairs?.[at] ?? 0) : 0);
const isRegression = ({ batch, accuracy }: BatchView) => batch.pairs !== undefined && accuracy?.task === 'regression';

export const batchRows: readonly Row<BatchView>[] = [
  row(METRICS.batchInfo, (view: BatchView) => [
    { labels: { ...idOf(view), name: view.batch.name ?? '', state: view.batch.life }, value: 1 },
  ]),
  row(METRICS.batchOpened, (view: BatchView) =>
    known(idOf(view), isShown(view) ? view.batch.openedSeconds : undefined)
  ),
  row(METRICS.batchClosed, (view: BatchView) => known(idOf(view), view.batch.closedSeconds)),
  row(METRICS.batchPredictions, (view: BatchView) =>
    known(idOf(view), isShown(view) ? (view.batch.seen ? view.batch.rows : 0) : undefined)
  ),
  row(METRICS.batchExpectedRows, (view: BatchView) => known(idOf(view), view.batch.expectedRows)),
  row(METRICS.batchPairs, (view: BatchView) =>
    known(idOf(view), view.batch.pairs ? sum(view, PAIR_SUMS.pairs) : undefined)
  ),
  row(METRICS.batchClassPairs, (view: BatchView) => {
    if (!view.batch.pairs || view.accuracy?.task !== 'classification') return [];
    return [...view.accuracy.classes, OTHER_CLASSES].flatMap((name, index) =>
      Object.entries(CLASS_SUMS).map(([counted, at]) => ({
        labels: { ...idOf(view), class: name, counted },
        value: sum(view, 3 * index + at),
      }))
    );
  }),
  row(METRICS.batchSquaredErrorSum, (view: BatchView) =>
    known(idOf(view), isRegression(view) ? sum(view, PAIR_SUMS.squaredError) : undefined)
  ),
  row(METRICS.batchErrorSum, (view: BatchView) =>
    isRegression(view)
      ? (['over', 'under'] as const).map((sign) => ({
          labels: { ...idOf(view), sign },
          value: sum(view, PAIR_SUMS[sign]),
        }))
      : []
  ),
  { family: METRICS.batchObservations, render: binLines },
];

/** These are most of all lines, so what those of a column have in common is written once. */
function binLines({ namespace, model, batch: { id, bins } }: BatchView): string {
  if (!bins) return '';
  const { plan, counts, seen } = bins;
  const start =
    `${METRICS.batchObservations.name}{namespace="${escapeLabel(namespace)}",model="${escapeLabel(model)}",` +
    `reference="${plan.reference.id}",batch="${escapeLabel(id)}",subject="`;
  return plan.columns
    .map(({ subject, feature, labels, offset }) => {
      const line = `${start}${subject}",feature="${escapeLabel(feature)}",bin="`;
      return labels.map((label, bin) => `${line}${label}"} ${seen ? (counts[offset + bin] ?? 0) : 0}\n`).join('');
    })
    .join('');
}

export const batchCountRows: readonly Row<ModelEvents>[] = [
  row(METRICS.batchRowsRefused, ({ namespace, model, batches }: ModelEvents) =>
    batches.isTold
      ? BATCH_REFUSALS.map((reason) => ({
          labels: { namespace, model, reason },
          value: batches.seen ? batches.rowsRefused[reason] : 0,
        }))
      : []
  ),
  row(METRICS.batchesEvicted, ({ namespace, model, batches }: ModelEvents) =>
    known({ namespace, model }, batches.plan ? (batches.seen ? batches.evicted : 0) : undefined)
  ),
];

export const batchSettingRows: readonly Row<ModelEvents>[] = [
  row(METRICS.batchSettings, ({ namespace, model, batches: { plan } }: ModelEvents) =>
    plan ? [{ labels: { namespace, model, last: String(plan.last) }, value: 1 }] : []
  ),
  row(METRICS.batchFailing, ({ namespace, model, batches: { plan } }: ModelEvents) =>
    known({ namespace, model }, plan?.failing)
  ),
  row(METRICS.batchSeriesRefused, ({ namespace, model, batches }: ModelEvents) =>
    known({ namespace, model }, batches.plan ? batches.seriesRefused : undefined)
  ),
];
