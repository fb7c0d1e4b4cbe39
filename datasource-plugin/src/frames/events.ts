/** Events of the exporter as annotations, and as a table. */
import { createDataFrame, FieldType, type DataFrame } from '@grafana/data';
import type { EventView, RememberedEventKind } from '@modelwatch/contract';
import type { ResolvedFilters } from '../query/filters';
import type { FrameContext } from './inventoryFrame';

const TITLES: Readonly<Record<EventView['kind'], string>> = {
  health: 'Health',
  serving: 'Serving',
  alert: 'Alert',
  slo: 'Objective',
  drift: 'Drift',
  accuracy: 'Accuracy',
  configuration: 'Configuration',
  references: 'Reference',
  response: 'Automated action',
  prediction: 'Prediction',
};

/** Subject of events on the drift of predictions, which no filter on features means to leave out. */
const PREDICTIONS = 'predictions';

const fits = (wanted: readonly string[], value = '') => wanted.length === 0 || wanted.includes(value);

/** As of objectives: where a model and a pipeline are asked for, it may be of either. */
function ofHolder(filters: ResolvedFilters, model: string | undefined, pipeline: string | undefined): boolean {
  if (!filters.model.length || !filters.pipeline.length) {
    return fits(filters.model, model) && fits(filters.pipeline, pipeline);
  }
  return filters.model.includes(model ?? '') || filters.pipeline.includes(pipeline ?? '');
}

/** @param kinds all if empty */
export function filterEvents(
  events: readonly EventView[],
  filters: ResolvedFilters,
  kinds: readonly RememberedEventKind[]
): EventView[] {
  return events.filter(({ kind, cluster, namespace, model, pipeline, subject, labels }) => {
    const objective = kind === 'slo' ? subject : labels['slo'];
    return (
      fits(kinds, kind) &&
      // What the exporter tells of itself and its settings names no cluster.
      (cluster === undefined || fits(filters.cluster, cluster)) &&
      fits(filters.namespace, namespace) &&
      ofHolder(filters, model, pipeline) &&
      (kind !== 'drift' || subject === PREDICTIONS || fits(filters.feature, subject)) &&
      (objective === undefined || fits(filters.slo, objective))
    );
  });
}

/** Fields as Grafana's annotations read them, and the parts of each event for tables. */
export function rememberedFrame(events: readonly EventView[], context: FrameContext): DataFrame {
  const column = (name: string, value: (event: EventView) => string | undefined) => ({
    name,
    type: FieldType.string,
    config: {},
    values: events.map((event) => value(event) ?? null),
  });
  return createDataFrame({
    refId: context.refId,
    name: 'Events',
    meta: { preferredVisualisationType: 'table', ...(context.notices?.length && { notices: [...context.notices] }) },
    fields: [
      { name: 'time', type: FieldType.time, config: {}, values: events.map(({ atSeconds }) => atSeconds * 1_000) },
      column('title', ({ kind }) => TITLES[kind]),
      column('text', ({ text, reason }) => (reason === undefined ? text : `${text} (${reason})`)),
      column('tags', ({ kind, to, namespace, model, pipeline }) =>
        [kind, to, namespace, model ?? pipeline].filter(Boolean).join(',')
      ),
      column('kind', ({ kind }) => kind),
      column('action', ({ action }) => action),
      column('cluster', ({ cluster }) => cluster),
      column('namespace', ({ namespace }) => namespace),
      column('model', ({ model }) => model),
      column('pipeline', ({ pipeline }) => pipeline),
      column('subject', ({ subject }) => subject),
      column('from', ({ from }) => from),
      column('to', ({ to }) => to),
    ],
  });
}
