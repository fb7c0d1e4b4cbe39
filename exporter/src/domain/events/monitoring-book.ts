/**
 * References and settings from wherever they come, as what is watched of each model. Pure: what was read goes in, what
 * holds and what is wrong comes out.
 */
import type { Reference } from '@modelwatch/contract';
import { challengerProblems } from '../challengers/problems';
import { explorationProblems, type ExplorationLimits } from '../exploration/settings';
import { accuracyPlan } from '../accuracy/settings';
import { fairnessProblems } from '../fairness/settings';
import { segmentsOf } from '../segments/plan';
import { overBudget, seriesOf } from './budget';
import type { MonitoredModel, MonitoredReference, MonitoringSettings } from './monitored';
import {
  effectiveSettings,
  unknownFeatures,
  unknownSegments,
  type EffectiveSettings,
  type SettingName,
  type SettingsLayer,
} from './settings';

/** Of where something came from: counted by it. */
export const MONITORING_SOURCES = ['files', 'urls', 'configmaps', 'config'] as const;
export type MonitoringSource = (typeof MONITORING_SOURCES)[number];

/** A reference as it is configured or found, and what was read of it last. */
export interface ReferenceEntry {
  readonly source: MonitoringSource;
  /** `file reference.json`, `configmap shop/risk reference.json`: for people, without secrets. */
  readonly place: string;
  /** In place of what the document says. `*` as the version: all that have no reference of their own. */
  readonly namespace?: string | undefined;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
  /** It speaks for models of this namespace only. */
  readonly boundTo?: string;
  /** The last one that was good. */
  readonly loaded?: { readonly reference: Reference; readonly atSeconds: number };
  /** Of the text that was read last, and what is wrong with it. */
  readonly content?: { readonly digest: string; readonly problem?: string };
  /** What is wrong with what was read since, or why nothing can be read. */
  readonly problem?: string;
}

export interface SettingsEntry extends SettingsLayer {
  readonly source: MonitoringSource;
  readonly namespace: string;
  readonly model: string;
}

export interface Problem {
  readonly source: MonitoringSource;
  readonly place: string;
  /** Names value and expectation. */
  readonly text: string;
  /** The model that it concerns, where that is known. */
  readonly namespace?: string;
  readonly model?: string;
}

/** A reference, and the model that it is for; without one while neither the configuration nor a document says it. */
export interface ReferenceView {
  readonly source: MonitoringSource;
  readonly place: string;
  readonly namespace?: string;
  readonly model?: string;
  /** Absent: of all versions that have no reference of their own. */
  readonly version?: string;
  readonly loaded?: ReferenceEntry['loaded'];
  /** The model is compared with it. */
  readonly inForce: boolean;
  readonly problem?: string;
}

export interface ModelMonitoring extends EffectiveSettings {
  readonly namespace: string;
  readonly model: string;
  readonly references: readonly ReferenceView[];
  readonly problems: readonly Problem[];
}

export interface Monitoring {
  /** By `namespace/model`. */
  readonly models: ReadonlyMap<string, ModelMonitoring>;
  /** In the order in which they are preferred. */
  readonly references: readonly ReferenceView[];
  readonly problems: readonly Problem[];
}

export interface MonitoringInput {
  /** The first for a version of a model is the one that holds. */
  readonly references: readonly ReferenceEntry[];
  /** For all models, before what is said of one. */
  readonly defaults: readonly SettingsLayer[];
  /** Of one model those behind win over those before, setting by setting. */
  readonly settings: readonly SettingsEntry[];
  /** Series of events that one model may have. */
  readonly seriesPerModel: number;
  /** Whether predictions are joined by their id. */
  readonly joins: boolean;
  /** Rows that may be held; absent: none. */
  readonly exploration?: ExplorationLimits | undefined;
  /** What could not be read at all. */
  readonly problems: readonly Problem[];
}

export const NO_MONITORING: Monitoring = { models: new Map(), references: [], problems: [] };
const ALL_VERSIONS = '*';

export function monitoringOf(input: MonitoringInput): Monitoring {
  const references = viewsOf(input.references);
  const keys = new Map<string, { namespace: string; model: string }>();
  for (const { namespace, model } of [...references, ...input.settings]) {
    if (namespace !== undefined && model !== undefined) keys.set(`${namespace}/${model}`, { namespace, model });
  }
  const ofReferences = references.flatMap(problemOf);
  const models = new Map<string, ModelMonitoring>();
  for (const [key, { namespace, model }] of keys) {
    const isOurs = (one: { readonly namespace?: string; readonly model?: string }) =>
      one.namespace === namespace && one.model === model;
    const ours = references.filter(isOurs);
    const layers = [...input.defaults, ...input.settings.filter(isOurs)];
    const effective = effectiveSettings(layers);
    const problems = [
      ...[...input.problems, ...ofReferences].filter(isOurs),
      ...settingProblems({ namespace, model, ...effective }, ours, input.settings.filter(isOurs)),
      ...budgetProblems(ours, effective.settings, input.seriesPerModel),
      ...challengersOf({ namespace, model, ...effective }, input),
      ...explorationOf({ namespace, model, ...effective }, input),
      ...fairnessOf({ namespace, model, ...effective }, ours, input.settings.filter(isOurs)),
    ];
    models.set(key, { namespace, model, ...effective, references: ours, problems });
  }
  const general = [...input.problems, ...ofReferences].filter(
    ({ namespace, model }) => !models.has(`${namespace}/${model}`)
  );
  return { models, references, problems: [...general, ...[...models.values()].flatMap(({ problems }) => problems)] };
}

/** What the counting of events is to know. @param before models that are as they were are the same objects again */
export function monitoredModels({ models }: Monitoring, before: readonly MonitoredModel[] = []): MonitoredModel[] {
  const known = new Map(before.map((each) => [`${each.namespace}/${each.model}`, each]));
  return [...models].map(([key, view]) => {
    const next = monitoredModel(view);
    const same = known.get(key);
    return same && isSame(same, next) ? same : next;
  });
}

function monitoredModel({ namespace, model, settings, origins, references }: ModelMonitoring): MonitoredModel {
  const inForce = references.flatMap(({ inForce: holds, loaded, version }): MonitoredReference[] =>
    holds && loaded ? [{ reference: loaded.reference, ...(version === undefined ? {} : { version }) }] : []
  );
  const { challengers: challengersFrom } = origins;
  return {
    ...{ namespace, model, settings, references: inForce },
    ...(settings.challengers.length === 0 || challengersFrom === undefined ? {} : { challengersFrom }),
  };
}

function isSame(one: MonitoredModel, other: MonitoredModel): boolean {
  return (
    one.references.length === other.references.length &&
    one.references.every(({ reference, version }, index) => {
      const counterpart = other.references[index];
      return reference === counterpart?.reference && version === counterpart.version;
    }) &&
    one.challengersFrom === other.challengersFrom &&
    JSON.stringify(one.settings) === JSON.stringify(other.settings)
  );
}

function viewsOf(entries: readonly ReferenceEntry[]): ReferenceView[] {
  const holders = new Map<string, string>();
  return entries.map((entry) => {
    const view = aimed(entry);
    const { namespace, model, version, loaded, place } = view;
    if (!loaded || !view.inForce) return view;
    const key = JSON.stringify([namespace, model, version ?? null]);
    const holder = holders.get(key);
    if (holder === undefined) {
      holders.set(key, place);
      return view;
    }
    const ofWhat = version === undefined ? `${namespace}/${model}` : `version ${version} of ${namespace}/${model}`;
    return { ...view, inForce: false, problem: `expected one reference for ${ofWhat}, got another beside ${holder}` };
  });
}

/** With the model that it is for. */
function aimed({ source, place, namespace, model, version, boundTo, loaded, problem }: ReferenceEntry): ReferenceView {
  const document = loaded?.reference;
  const aim = {
    namespace: boundTo ?? namespace ?? document?.namespace,
    model: model ?? document?.model,
    version: version ?? document?.version,
  };
  return {
    ...{ source, place, inForce: loaded !== undefined },
    ...(aim.namespace === undefined ? {} : { namespace: aim.namespace }),
    ...(aim.model === undefined ? {} : { model: aim.model }),
    ...(aim.version === undefined || aim.version === ALL_VERSIONS ? {} : { version: aim.version }),
    ...(loaded === undefined ? {} : { loaded }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Why a document that was read is not taken for a reference of this entry. */
export function misaimed(
  reference: Reference,
  { namespace, model, boundTo }: Pick<ReferenceEntry, 'namespace' | 'model' | 'boundTo'>
): string | undefined {
  if (boundTo !== undefined && (reference.namespace ?? boundTo) !== boundTo) {
    return `namespace: expected ${boundTo}, since a ConfigMap speaks for models of its namespace, got ${JSON.stringify(reference.namespace)}`;
  }
  const missing = [
    ...((boundTo ?? namespace ?? reference.namespace) === undefined ? ['namespace'] : []),
    ...((model ?? reference.model) === undefined ? ['model'] : []),
  ];
  if (missing.length === 0) return undefined;
  const where = boundTo === undefined ? ', or beside the reference in the configuration' : '';
  return `${missing.join(' and ')}: expected what the reference is for, got nothing (modelwatch profile --model writes it${where})`;
}

function problemOf({ source, place, problem, namespace, model }: ReferenceView): Problem[] {
  if (problem === undefined) return [];
  const whose = { ...(namespace === undefined ? {} : { namespace }), ...(model === undefined ? {} : { model }) };
  return [{ source, place, text: problem, ...whose }];
}

/** Names that no reference has. Before a reference is read nobody can say. */
function settingProblems(
  { namespace, model, settings, origins }: EffectiveSettings & { readonly namespace: string; readonly model: string },
  references: readonly ReferenceView[],
  entries: readonly SettingsEntry[]
): Problem[] {
  const loaded = references.flatMap(({ inForce, loaded: one }) => (inForce && one ? [one.reference] : []));
  if (loaded.length === 0) return [];
  const features = new Set(loaded.flatMap((reference) => reference.features.map(({ name }) => name)));
  const segments = new Set(loaded.flatMap((reference) => (reference.segments ?? []).map(({ column }) => column)));
  const problem = (setting: SettingName, expectation: string): Problem => {
    const { origin, source } = saidBy(setting, origins, entries);
    return { source, place: origin, text: `${setting}: ${expectation}`, namespace, model };
  };
  return [
    ...unknownFeatures(settings, features, segments).map(({ setting, feature }) =>
      problem(setting, `expected features of the reference, got ${JSON.stringify(feature)}`)
    ),
    ...unknownSegments(settings, loaded).map((column) =>
      problem('segments', `expected a segment of the reference, or values, got ${JSON.stringify(column)}`)
    ),
  ];
}

function challengersOf(
  { namespace, model, settings, origins }: EffectiveSettings & { readonly namespace: string; readonly model: string },
  { settings: entries, joins }: Pick<MonitoringInput, 'settings' | 'joins'>
): Problem[] {
  const { origin, source } = saidBy('challengers', origins, entries);
  return challengerProblems({ namespace, model }, settings.challengers, joins).map((text) => ({
    ...{ source, place: origin, text, namespace, model },
  }));
}

function explorationOf(
  { namespace, model, settings, origins }: EffectiveSettings & { readonly namespace: string; readonly model: string },
  { settings: entries, exploration }: Pick<MonitoringInput, 'settings' | 'exploration'>
): Problem[] {
  if (!settings.exploration) return [];
  const { origin, source } = saidBy('exploration', origins, entries);
  return explorationProblems(settings.exploration, exploration).map((text) => ({
    ...{ source, place: origin, text, namespace, model },
  }));
}

/** Before its references are read nobody can say. */
function fairnessOf(
  { namespace, model, settings, origins }: EffectiveSettings & { readonly namespace: string; readonly model: string },
  references: readonly ReferenceView[],
  entries: readonly SettingsEntry[]
): Problem[] {
  if (!settings.fairness || references.some(({ loaded }) => !loaded)) return [];
  const inForce = references.flatMap(({ inForce: holds, loaded }) => (holds && loaded ? [loaded.reference] : []));
  const accuracy = accuracyPlan({ references: inForce, settings: settings.accuracy, window: settings.window });
  const { origin, source } = saidBy('fairness', origins, entries);
  return fairnessProblems(settings.fairness, accuracy, segmentsOf(inForce, settings)).map((text) => ({
    ...{ source, place: origin, text, namespace, model },
  }));
}

function saidBy(setting: SettingName, origins: EffectiveSettings['origins'], entries: readonly SettingsEntry[]) {
  const origin = origins[setting] ?? '';
  return { origin, source: entries.find((entry) => entry.origin === origin)?.source ?? ('config' as const) };
}

/** The references of all versions together: those before the one that is too much have their bins. */
function budgetProblems(
  references: readonly ReferenceView[],
  settings: MonitoringSettings,
  seriesPerModel: number
): Problem[] {
  let series = 0;
  return references.flatMap(({ inForce, loaded, source, place, namespace, model }): Problem[] => {
    if (!inForce || !loaded || namespace === undefined || model === undefined) return [];
    series += seriesOf(loaded.reference, settings);
    const text = overBudget(series, seriesPerModel);
    return text === undefined ? [] : [{ source, place, text, namespace, model }];
  });
}
