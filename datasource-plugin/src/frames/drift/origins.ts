/** Where the settings that a distribution shows come from, as the exporter's API tells it. */
import type { DistributionOrigins, ModelMonitoring } from '@modelwatch/contract';
import type { DriftRow } from './subjects';

type Settings = ModelMonitoring['settings'];
type Shown = Pick<DriftRow, 'subject' | 'feature' | 'method' | 'window' | 'warning' | 'critical' | 'rowsNeeded'>;

/** As the API calls what nobody set. */
const DEFAULT = 'default';

function thresholdsOrigin(settings: Settings, { subject, feature, warning, critical }: Shown): string | undefined {
  const ofFeature = subject === 'feature' ? settings.featureThresholds.value[feature] : undefined;
  const { value, origin } = ofFeature
    ? { value: ofFeature, origin: settings.featureThresholds.origin }
    : settings.thresholds;
  return value.warning === warning && value.critical === critical ? origin : undefined;
}

function rowsOrigin({ minimumRows }: Settings, { rowsNeeded }: Shown): string | undefined {
  if (!minimumRows) return DEFAULT;
  return minimumRows.value === rowsNeeded ? minimumRows.origin : undefined;
}

/**
 * Of those settings alone whose value is the one that is shown: a query may ask for another, and the API knows the
 * present, and models of its own cluster.
 */
export function originsOf(settings: Settings, shown: Shown): DistributionOrigins {
  const { method, window } = settings;
  return {
    method: method.value === shown.method ? method.origin : undefined,
    window: window.value === shown.window ? window.origin : undefined,
    thresholds: thresholdsOrigin(settings, shown),
    minimumRows: rowsOrigin(settings, shown),
  };
}
