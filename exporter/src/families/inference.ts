/** Request metrics, per model, replica and version, as the sources translated them. Never summed over replicas. */
import { METRICS, REQUEST_OUTCOMES } from '@modelwatch/contract';
import type { HistogramSample, InferenceSample } from '../domain/observation';
import type { ModelView } from '../domain/views';
import type { Row } from './row';
import { histogramRow, row } from './text';

interface Measured {
  readonly labels: Record<'namespace' | 'model' | 'replica' | 'version', string>;
  readonly sample: InferenceSample;
}

function measured(view: ModelView): Measured[] {
  return view.endpoints.flatMap(({ replica, inference }) =>
    (inference ?? []).map((sample) => ({
      labels: { namespace: view.namespace, model: view.name, replica, version: sample.version },
      sample,
    }))
  );
}

function histograms(view: ModelView, pick: (sample: InferenceSample) => HistogramSample | undefined) {
  return measured(view).flatMap(({ labels, sample }) => {
    const histogram = pick(sample);
    return histogram ? [{ labels, ...histogram }] : [];
  });
}

export const inferenceRows: readonly Row<ModelView>[] = [
  row(METRICS.inferenceRequests, (view: ModelView) =>
    measured(view).flatMap(({ labels, sample }) =>
      REQUEST_OUTCOMES.flatMap((outcome) => {
        const value = sample.requests[outcome];
        return value === undefined ? [] : [{ labels: { ...labels, outcome }, value }];
      })
    )
  ),
  histogramRow(METRICS.inferenceDuration, (view: ModelView) => histograms(view, (sample) => sample.durationSeconds)),
  histogramRow(METRICS.inferenceQueue, (view: ModelView) => histograms(view, (sample) => sample.queueSeconds)),
  histogramRow(METRICS.inferenceBatchSize, (view: ModelView) => histograms(view, (sample) => sample.batchSize)),
];
