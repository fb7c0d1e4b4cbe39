/** Request metrics, per model, replica and version, as the sources translated them. Never summed over replicas. */
import {
  INFERENCE_CAPABILITIES,
  INFERENCE_HISTOGRAMS,
  INFERENCE_NUMBERS,
  METRICS,
  type InferenceHistogram,
  type InferenceNumber,
  type MetricFamily,
} from '@modelwatch/contract';
import type { InferenceSample } from '../domain/observation';
import { durationBounds } from '../domain/request-bounds';
import type { EndpointView, ModelView } from '../domain/views';
import type { Row, Sample } from './row';
import { formatLe, histogramRow, known, row } from './text';

interface Measured {
  readonly labels: Record<'namespace' | 'model' | 'replica' | 'version', string>;
  readonly sample: InferenceSample;
}

function measured(view: ModelView): Measured[] {
  const polled = view.endpoints.map(({ replica, inference }) => ({ replica, samples: inference ?? [] }));
  return [...polled, ...(view.routes ?? [])].flatMap(({ replica, samples }) =>
    samples.map((sample) => ({
      labels: { namespace: view.namespace, model: view.name, replica, version: sample.version },
      sample,
    }))
  );
}

/** A row of one sample for each entry of a set. */
function setOf<Key extends string>(
  family: MetricFamily,
  label: string,
  pick: (sample: InferenceSample) => Readonly<Partial<Record<Key, number>>>
): Row<ModelView> {
  return row<ModelView, string>(family, (view) =>
    measured(view).flatMap(({ labels, sample }) =>
      Object.entries<number | undefined>(pick(sample)).flatMap(([key, value]) =>
        known<string>({ ...labels, [label]: key }, value)
      )
    )
  );
}

const histogramRows = (Object.keys(INFERENCE_HISTOGRAMS) as InferenceHistogram[]).map((measure) =>
  histogramRow(INFERENCE_HISTOGRAMS[measure], (view: ModelView) =>
    measured(view).flatMap(({ labels, sample }) => {
      const histogram = sample.histograms[measure];
      return histogram ? [{ labels, ...histogram }] : [];
    })
  )
);

const numberRows = (Object.keys(INFERENCE_NUMBERS) as InferenceNumber[]).map((name) =>
  row(INFERENCE_NUMBERS[name], (view: ModelView) =>
    measured(view).flatMap(({ labels, sample }) => known(labels, sample.numbers[name]))
  )
);

export const inferenceRows: readonly Row<ModelView>[] = [
  setOf(METRICS.inferenceRequests, 'outcome', ({ requests }) => requests),
  setOf(METRICS.inferenceResponses, 'code', ({ responses }) => responses),
  ...histogramRows,
  ...numberRows,
  setOf(METRICS.inferenceTokens, 'direction', ({ tokens }) => tokens),
  setOf(METRICS.inferenceFinished, 'reason', ({ finished }) => finished),
  row(METRICS.modelSlowThreshold, (view: ModelView) => slowThreshold(view)),
  row(METRICS.inferenceAdapter, (view: ModelView) =>
    measured(view).flatMap(({ labels, sample }) =>
      sample.adapters.map(({ name, phase }) => ({ labels: { ...labels, adapter: name, phase }, value: 1 }))
    )
  ),
];

/** The bound at which slow requests can be counted: the lowest that is not below the threshold. */
function slowThreshold(view: ModelView): Sample<'namespace' | 'model' | 'le'>[] {
  const { slowSeconds, namespace, name: model } = view;
  if (slowSeconds === undefined) return [];
  const bound = durationBounds(view).find((le) => le >= slowSeconds);
  return [{ labels: { namespace, model, le: bound === undefined ? '' : formatLe(bound) }, value: slowSeconds }];
}

/** What an endpoint can say, and what it cannot: once per endpoint, not per model. */
export const capabilityRow: Row<EndpointView> = row(METRICS.inferenceCapability, (view: EndpointView) => {
  const { namespace, server, replica, capabilities, unknownCapabilities = [] } = view;
  if (!capabilities) return [];
  const known = INFERENCE_CAPABILITIES.filter((capability) => !unknownCapabilities.includes(capability));
  return known.map((capability) => ({
    labels: { namespace, server, replica, capability },
    value: Number(capabilities.includes(capability)),
  }));
});
