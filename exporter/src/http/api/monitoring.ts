/** What is watched of the data of models, as the read API tells it. */
import {
  binsOf,
  type ColumnReference,
  type ModelCoverage,
  type ModelMonitoring as ApiModelMonitoring,
  type ReferenceColumn,
  type ReferenceList,
} from '@modelwatch/contract';
import { batchPlan } from '../../domain/batches/settings';
import { segmentsOf } from '../../domain/segments/plan';
import type { ModelEvents } from '../../domain/events/model-events';
import type { ModelMonitoring, Monitoring, Problem, ReferenceView } from '../../domain/events/monitoring-book';
import { categoryOf, samplesNeeded, sourceOf, windowOf, type DeclaredMetric } from '../../domain/custom/settings';
import { isWatched } from '../../domain/events/settings';
import type { Snapshot } from '../../domain/fleet-interface';

export function modelMonitoring({
  namespace,
  model,
  settings,
  origins,
  references,
  problems,
}: ModelMonitoring): ApiModelMonitoring {
  const { customMetrics, batches, ...others } = settings;
  const shown = { ...others, ...(batches && { batches: batchPlan(batches) }) };
  const withOrigin = Object.entries(shown).map(([name, value]) => [
    name,
    { value: value as unknown, origin: origins[name as keyof typeof settings] ?? '' },
  ]);
  return {
    namespace,
    model,
    settings: Object.fromEntries(withOrigin) as ApiModelMonitoring['settings'],
    ...(customMetrics.length === 0 ? {} : { customMetrics: customMetrics.map(effectiveMetric) }),
    references: references.flatMap((view) => inForce(view, settings)),
    segments: segmentsOf(
      references.flatMap(({ inForce: holds, loaded }) => (holds && loaded ? [loaded.reference] : [])),
      settings
    ).map(({ column, places, labels }) => ({
      column,
      values: places.map((name, index) => ({ label: labels[index] ?? '', name })),
    })),
    problems: problems.map(problemText),
  };
}

function effectiveMetric(metric: DeclaredMetric): NonNullable<ApiModelMonitoring['customMetrics']>[number] {
  const given = Object.fromEntries(Object.entries(metric).filter(([, value]) => value !== undefined));
  const [window, minimumSamples] = [windowOf(metric), samplesNeeded(metric)];
  return {
    ...(given as unknown as NonNullable<ApiModelMonitoring['customMetrics']>[number]),
    source: sourceOf(metric),
    ...(metric.aggregation === 'share' ? { category: categoryOf(metric) } : {}),
    ...(window === undefined ? {} : { window }),
    ...(minimumSamples === undefined ? {} : { minimumSamples }),
  };
}

function inForce(
  { inForce: holds, loaded, version, place, problem }: ReferenceView,
  settings: ModelMonitoring['settings']
): ApiModelMonitoring['references'] {
  if (!holds || !loaded) return [];
  const { id, name, rows, task, classes, baseline, features, prediction, target } = loaded.reference;
  return [
    {
      ...{ id, name, source: place, loadedAtSeconds: loaded.atSeconds, rows },
      ...(version === undefined ? {} : { version }),
      ...(problem === undefined ? {} : { problem }),
      ...(task === undefined ? {} : { task }),
      ...(classes === undefined ? {} : { classes: [...classes] }),
      ...(baseline === undefined ? {} : { baseline }),
      features: features.map((feature) => ({ ...columnOf(feature), watched: isWatched(settings, feature.name) })),
      ...(prediction === undefined ? {} : { prediction: columnOf(prediction) }),
      ...(target === undefined ? {} : { target: columnOf(target) }),
    },
  ];
}

/** The bins in their order, then the special ones. */
function columnOf(column: ColumnReference): ReferenceColumn {
  const { name, type, importance, bins } = column;
  return {
    name,
    type,
    ...(column.type === 'numeric' ? { rule: column.rule } : {}),
    ...(importance === undefined ? {} : { importance }),
    ...(column.type === 'numeric' && column.moments ? { moments: column.moments } : {}),
    bins: binsOf(column).map(({ bin, count, share }, index) => {
      const own = bins[index];
      const edges =
        own === undefined ? {} : 'category' in own ? { category: own.category } : { from: own.from, to: own.to };
      return { bin, ...edges, count, ratio: share };
    }),
  };
}

/** What of its events was seen here, since the exporter began. */
export function modelCoverage(events: ModelEvents): ModelCoverage {
  const { namespace, model, received, missingId, dropped, coverage, seriesRefused, lastSeconds } = events;
  const { represented, uncompared, absentFeatures, unknownFeatures, unknownNames, refusedRequests } = coverage;
  const droppedRows = Object.values(dropped).reduce((sum, rows) => sum + rows, 0);
  return {
    ...{ namespace, model, received, counted: received - droppedRows, represented },
    dropped: { ...dropped },
    ...{ missingId, uncompared, absentFeatures, unknownFeatures },
    unknownNames: unknownNames.map((each) => ({ ...each })),
    refusedRequests: { ...refusedRequests },
    seriesRefused,
    ...(lastSeconds === undefined ? {} : { lastPredictionSeconds: lastSeconds }),
  };
}

export function referenceList(monitoring: Monitoring, { sources }: Snapshot, nowSeconds: number): ReferenceList {
  const configMaps = sources.find(({ source }) => source === 'kubernetes/configmaps');
  const ofReferences = new Set(monitoring.references.map(({ place, problem }) => `${place} ${problem}`));
  return {
    items: monitoring.references.map(({ place, namespace, model, version, inForce: holds, loaded, problem }) => ({
      source: place,
      ...(namespace === undefined ? {} : { namespace }),
      ...(model === undefined ? {} : { model }),
      ...(version === undefined ? {} : { version }),
      inForce: holds,
      ...(loaded === undefined ? {} : ofLoaded(loaded)),
      ...(problem === undefined ? {} : { problem }),
    })),
    // Of the references themselves it stands beside each.
    problems: monitoring.problems.filter(({ place, text }) => !ofReferences.has(`${place} ${text}`)).map(problemText),
    partial: configMaps !== undefined && configMaps.state !== 'synced',
    generatedAtSeconds: nowSeconds,
  };
}

function ofLoaded({ reference: { id, name, rows }, atSeconds }: NonNullable<ReferenceView['loaded']>) {
  return { id, name, rows, loadedAtSeconds: atSeconds };
}

function problemText({ place, text }: Problem) {
  return { source: place, text };
}
