/** Settings of whoever owns a model, in layers: what the later ones say holds. */
import type { AccuracySettings } from '../accuracy/settings';
import type { BatchSettings } from '../batches/settings';
import type { ChallengerSetting } from '../challengers/known';
import { mergedMetrics, type CustomMetric } from '../custom/settings';
import type { FairnessSettings } from '../fairness/settings';
import type { GenerativeSettings } from '../generative/settings';
import type { ExplorationSettings } from '../exploration/settings';
import type { PredictionLogSettings } from '../prediction-log';
import type { SegmentSetting } from '../segments/plan';
import type { DriftMethod, DriftWindow, Importance, Reference } from '@modelwatch/contract';
import { DEFAULT_SETTINGS, type DriftThresholds, type MonitoringSettings } from './monitored';

/** What one layer says; the rest is left to those before it. */
export interface GivenSettings {
  readonly method?: DriftMethod | undefined;
  readonly window?: DriftWindow | undefined;
  readonly thresholds?: DriftThresholds | undefined;
  readonly featureThresholds?: Readonly<Record<string, DriftThresholds>> | undefined;
  readonly minimumRows?: number | undefined;
  readonly tracked?: readonly string[] | undefined;
  readonly excluded?: readonly string[] | undefined;
  readonly starred?: readonly string[] | undefined;
  readonly importantFromRatio?: number | undefined;
  readonly showCategories?: boolean | readonly string[] | undefined;
  readonly expectedIntervalSeconds?: number | undefined;
  readonly accuracy?: AccuracySettings | undefined;
  readonly challengers?: readonly ChallengerSetting[] | undefined;
  readonly customMetrics?: readonly CustomMetric[] | undefined;
  readonly segments?: readonly SegmentSetting[] | undefined;
  readonly batches?: BatchSettings | undefined;
  readonly generative?: GenerativeSettings | undefined;
  readonly exploration?: ExplorationSettings | undefined;
  readonly predictionLog?: PredictionLogSettings | undefined;
  readonly fairness?: FairnessSettings | undefined;
  readonly owner?: string | undefined;
  readonly importance?: Importance | undefined;
}

export interface SettingsLayer {
  /** `config`, or `configmap namespace/name`. */
  readonly origin: string;
  readonly given: GivenSettings;
}

export type SettingName = keyof MonitoringSettings;

/** Where the value of a setting that nobody gave comes from. */
export const DEFAULT_ORIGIN = 'default';

export interface EffectiveSettings {
  readonly settings: MonitoringSettings;
  /** Of each setting that has a value. */
  readonly origins: Readonly<Partial<Record<SettingName, string>>>;
}

/**
 * Each setting is as a whole that of the last layer that has it; of custom metrics each one is. Thresholds belong to their method: a layer that names
 * the method begins them anew.
 */
export function effectiveSettings(layers: readonly SettingsLayer[]): EffectiveSettings {
  let settings: MonitoringSettings = DEFAULT_SETTINGS;
  let origins: Partial<Record<SettingName, string>> = Object.fromEntries(
    Object.keys(DEFAULT_SETTINGS).map((name) => [name, DEFAULT_ORIGIN])
  );
  for (const { origin, given: layer } of layers) {
    const { customMetrics = [], ...given } = layer;
    const { thresholds, featureThresholds } = DEFAULT_SETTINGS;
    const begun = given.method === undefined ? {} : { thresholds, featureThresholds };
    const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const merged = mergedMetrics(settings.customMetrics, customMetrics, origin);
    settings = { ...settings, ...begun, ...(said as Partial<MonitoringSettings>), customMetrics: merged };
    const from = (part: object, where: string) => Object.fromEntries(Object.keys(part).map((name) => [name, where]));
    origins = { ...origins, ...from(begun, DEFAULT_ORIGIN), ...from(said, origin) };
  }
  return { settings, origins };
}

/** Names in the settings that none of the references has as a feature, or as a segment where that may be named. */
export function unknownFeatures(
  settings: MonitoringSettings,
  features: ReadonlySet<string>,
  segments: ReadonlySet<string>
): { readonly setting: SettingName; readonly feature: string }[] {
  const { tracked = [], excluded, starred, featureThresholds, showCategories } = settings;
  const named: [SettingName, readonly string[]][] = [
    ['tracked', tracked],
    ['excluded', excluded],
    ['starred', starred],
    ['featureThresholds', Object.keys(featureThresholds)],
    ['showCategories', typeof showCategories === 'boolean' ? [] : showCategories.filter((name) => !segments.has(name))],
  ];
  return named.flatMap(([setting, names]) =>
    names.filter((feature) => !features.has(feature)).map((feature) => ({ setting, feature }))
  );
}

/** Columns whose values nobody says: neither the settings nor a reference. */
export function unknownSegments(
  { segments = [] }: Pick<MonitoringSettings, 'segments'>,
  references: readonly Pick<Reference, 'segments'>[]
): string[] {
  const known = new Set(references.flatMap(({ segments: all = [] }) => all.map(({ column }) => column)));
  return segments.flatMap(({ column, values }) => (values || known.has(column) ? [] : [column]));
}

/** Of a feature, by its name; of the prediction without one. */
export function thresholdsOf(
  { thresholds, featureThresholds }: Pick<MonitoringSettings, 'thresholds' | 'featureThresholds'>,
  feature?: string
): DriftThresholds {
  // A feature may be called `constructor`.
  const own =
    feature !== undefined && Object.hasOwn(featureThresholds, feature) ? featureThresholds[feature] : undefined;
  return own ?? thresholds;
}

/** Features of a reference that are watched. */
export function isWatched(
  { tracked, excluded }: Pick<MonitoringSettings, 'tracked' | 'excluded'>,
  feature: string
): boolean {
  return (tracked === undefined || tracked.includes(feature)) && !excluded.includes(feature);
}
