import { accuracyParts } from '../query/accuracy';
import { accuracyDetailParts } from '../query/accuracyDetail';
import { accuracyVersionsParts } from '../query/accuracyVersions';
import { batchesParts } from '../query/batches';
import { challengerParts } from '../query/challengers';
import { coverageParts } from '../query/coverage';
import { customMetricParts } from '../query/custom';
import { distributionParts, driftParts } from '../query/drift';
import { fairnessParts } from '../query/fairness';
import { figureParts } from '../query/figureParts';
import type { ResolvedFilters } from '../query/filters';
import { healthParts, inventoryParts } from '../query/inventory';
import type { PromPart } from '../query/parts';
import { predictionHistoryParts } from '../query/predictionHistory';
import { segmentsParts } from '../query/segments';
import { alertsParts, sloStatusParts } from '../query/slo';
import { sloBudgetParts, sloBurnParts } from '../query/sloHistory';
import type {
  AlertsQuery,
  CoverageQuery,
  CustomMetricQuery,
  EventsQuery,
  FigureQuery,
  ModelwatchQuery,
  SloQuery,
} from '../query/types';

/** The PromQL of a query of any kind. The plugin loads what a kind asks with the kind. */
export function buildParts(query: ModelwatchQuery, filters: ResolvedFilters, rangeSeconds: number): PromPart[] {
  switch (query.kind) {
    case 'inventory':
      return inventoryParts(query, filters);
    case 'health-history':
    case 'health-transitions':
      return healthParts(query, filters);
    case 'drift':
      return driftParts(query, filters, rangeSeconds);
    case 'distribution':
      return distributionParts(query, filters, rangeSeconds);
    case 'accuracy':
      return accuracyParts(query, filters, rangeSeconds);
    case 'accuracy-detail':
      return accuracyDetailParts(query, filters, rangeSeconds);
    case 'accuracy-versions':
      return accuracyVersionsParts(query, filters, rangeSeconds);
    case 'segments':
      return segmentsParts(query, filters, rangeSeconds);
    case 'fairness':
      return fairnessParts(query, filters);
    case 'challengers':
      return challengerParts(query, filters);
    case 'batches':
      return batchesParts(filters);
    case 'prediction-history':
      return predictionHistoryParts(filters);
    case 'exploration':
      // Rows are no series: the exporter alone has them.
      return [];
    default:
      return otherParts(query, filters, rangeSeconds);
  }
}

function otherParts(
  query: AlertsQuery | CoverageQuery | CustomMetricQuery | EventsQuery | SloQuery | FigureQuery,
  filters: ResolvedFilters,
  rangeSeconds: number
): PromPart[] {
  switch (query.kind) {
    case 'events':
      // Nor are events.
      return [];
    case 'coverage':
      return coverageParts(filters);
    case 'custom-metric':
      return customMetricParts(filters, rangeSeconds);
    case 'slo-status':
      return sloStatusParts(filters);
    case 'slo-budget':
      return sloBudgetParts(filters, rangeSeconds);
    case 'slo-burn':
      return sloBurnParts(filters, rangeSeconds);
    case 'alerts':
      return alertsParts(filters);
    default:
      return figureParts(query, filters, rangeSeconds);
  }
}
