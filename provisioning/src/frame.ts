/** What is around the panels: variables, links, time range. */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { DASHBOARD_UIDS } from '../../exporter/src/rules';
import { withAlertable } from './alertable';
import { annotationsOf, type AnnotationsSpec } from './annotations';
import { FACADE, prometheus } from './parts';
import type { Dashboard, Panel, Variant } from './types';

const TAG = 'modelwatch';
const HEALTH = RECORDED.modelHealth.name;

interface VariableSpec {
  readonly name: string;
  readonly label: string;
  readonly selector: string;
  readonly multi: boolean;
  /** Where our data source is, it is asked instead, with these filters: it also knows what has no label. */
  readonly ownFilters?: Readonly<Record<string, readonly string[]>>;
  /** In place of the values of a label: a query, and where in each line of its answer the value stands. */
  readonly result?: { readonly query: string; readonly regex: string };
  /** "All" means those that are listed, and not whatever a panel finds. */
  readonly onlyListed?: boolean;
}

/** `.*` as value for all: it also matches series without the label, as `cluster` often is. */
function queryVariable(variant: Variant, spec: VariableSpec): object {
  const { name, label, selector, multi, onlyListed, ownFilters, result } = spec;
  if (variant === 'plugins' && ownFilters) {
    const query = { refId: name, version: 2, label: name, filters: ownFilters };
    // Not sorted again: it puts what is chosen first in the first place.
    return {
      name,
      label,
      type: 'query',
      datasource: FACADE,
      query,
      definition: '',
      refresh: 2,
      sort: 0,
      multi,
      options: [],
    };
  }
  const query = result ? `query_result(${result.query})` : `label_values(${selector}, ${name})`;
  return {
    name,
    label,
    type: 'query',
    datasource: prometheus(variant),
    query: { query, refId: name },
    definition: query,
    ...(result && { regex: result.regex }),
    refresh: 2,
    sort: 1,
    multi,
    includeAll: multi,
    ...(multi && !onlyListed ? { allValue: '.*' } : {}),
    ...(multi ? { current: { text: ['All'], value: ['$__all'] } } : {}),
    options: [],
  };
}

const DATASOURCE_VARIABLE = {
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: 'prometheus',
  refresh: 1,
  options: [],
};

export const FLEET_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: HEALTH, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${HEALTH}{cluster=~"$cluster"}`, multi: true },
];
export const MODEL_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: HEALTH, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${HEALTH}{cluster=~"$cluster"}`, multi: false },
  {
    name: 'model',
    label: 'Model',
    selector: `${HEALTH}{cluster=~"$cluster", namespace="$namespace"}`,
    multi: false,
  },
];

/** Models that are watched for drift. */
const WATCHED = RECORDED.driftSettings.name;
const DRIFT_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: WATCHED, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${WATCHED}{cluster=~"$cluster"}`, multi: false },
  {
    name: 'model',
    label: 'Model',
    selector: `${WATCHED}{cluster=~"$cluster", namespace="$namespace"}`,
    multi: false,
  },
  {
    name: 'feature',
    label: 'Feature',
    ownFilters: { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] },
    selector: `${RECORDED.driftState.name}{subject="feature", cluster=~"$cluster", namespace="$namespace", model="$model"}`,
    multi: false,
  },
];

/** Models with a challenger. */
const CHALLENGED = RECORDED.challengerState.name;
export const CHALLENGER_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: CHALLENGED, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${CHALLENGED}{cluster=~"$cluster"}`, multi: false },
  {
    name: 'model',
    label: 'Champion',
    selector: `${CHALLENGED}{cluster=~"$cluster", namespace="$namespace"}`,
    multi: false,
  },
];

/** Models with a protected attribute. */
const FAIR = RECORDED.fairnessSettings.name;
export const FAIRNESS_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: FAIR, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${FAIR}{cluster=~"$cluster"}`, multi: false },
  { name: 'model', label: 'Model', selector: `${FAIR}{cluster=~"$cluster", namespace="$namespace"}`, multi: false },
  {
    name: 'segment',
    label: 'Attribute',
    selector: `${FAIR}{cluster=~"$cluster", namespace="$namespace", model="$model"}`,
    multi: true,
  },
];
const OF_MODEL = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } as const;
const SEGMENTS = METRICS.segmentPredictions.name;
const SEGMENT: VariableSpec = {
  name: 'segment',
  label: 'Segment',
  ownFilters: OF_MODEL,
  selector: `${SEGMENTS}{cluster=~"$cluster", namespace="$namespace", model="$model"}`,
  multi: false,
};

/** Values of a segment are chosen where our panel shows one of them. */
export function driftVariables(variant: Variant): readonly VariableSpec[] {
  if (variant === 'core') return [...DRIFT_VARIABLES, SEGMENT];
  const value = {
    ...SEGMENT,
    name: 'segment_value',
    label: 'Value',
    ownFilters: { ...OF_MODEL, segment: ['$segment'] },
  };
  const version = {
    name: 'version',
    label: 'Version',
    selector: `${METRICS.predictions.name}{${OF_JUDGED}}`,
    multi: true,
  };
  return [...DRIFT_VARIABLES, version, SEGMENT, value];
}

/** Models with custom metrics. */
const DECLARED = RECORDED.customMetricInfo.name;
export const CUSTOM_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: DECLARED, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${DECLARED}{cluster=~"$cluster"}`, multi: false },
  {
    name: 'model',
    label: 'Model',
    selector: `${DECLARED}{cluster=~"$cluster", namespace="$namespace"}`,
    multi: false,
  },
  {
    name: 'metric',
    label: 'Metric',
    selector: `${DECLARED}{cluster=~"$cluster", namespace="$namespace", model="$model"}`,
    multi: false,
  },
];

/** Models that are judged by their actuals. */
const JUDGED = RECORDED.accuracySettings.name;
const OF_JUDGED = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
export const ACCURACY_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: JUDGED, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${JUDGED}{cluster=~"$cluster"}`, multi: false },
  {
    name: 'model',
    label: 'Model',
    selector: `${JUDGED}{cluster=~"$cluster", namespace="$namespace"}`,
    multi: false,
  },
  {
    name: 'metric',
    label: 'Score',
    ownFilters: OF_MODEL,
    selector: `${RECORDED.accuracyScore.name}{${OF_JUDGED}}`,
    multi: false,
  },
  { name: 'version', label: 'Version', selector: `${METRICS.pairs.name}{${OF_JUDGED}}`, multi: true },
  { name: 'age', label: 'Age of predictions', selector: `${METRICS.pairs.name}{${OF_JUDGED}}`, multi: true },
];

const SERVER_INFO = RECORDED.serverInfo.name;
export const SERVER_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: SERVER_INFO, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${SERVER_INFO}{cluster=~"$cluster"}`, multi: true },
  {
    name: 'server',
    label: 'Server',
    selector: `${SERVER_INFO}{cluster=~"$cluster", namespace=~"$namespace"}`,
    multi: true,
  },
];

const PIPELINE_INFO = METRICS.pipelineInfo.name;
export const PIPELINE_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: PIPELINE_INFO, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${PIPELINE_INFO}{cluster=~"$cluster"}`, multi: true },
  {
    name: 'pipeline',
    label: 'Pipeline',
    selector: `${PIPELINE_INFO}{cluster=~"$cluster", namespace=~"$namespace"}`,
    multi: true,
  },
];

/** Models that count tokens. */
const TOKENS = RECORDED.inferenceTokensRate.name;
export const LLM_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: TOKENS, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${TOKENS}{cluster=~"$cluster"}`, multi: true },
  {
    name: 'model',
    label: 'Model',
    selector: `${TOKENS}{cluster=~"$cluster", namespace=~"$namespace"}`,
    multi: true,
    // Of requests, errors and response times other models have series as well.
    onlyListed: true,
  },
];

/** Models whose prompts are counted. */
const COMPLETIONS = METRICS.completions.name;
export const GENERATIVE_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: COMPLETIONS, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${COMPLETIONS}{cluster=~"$cluster"}`, multi: false },
  {
    name: 'model',
    label: 'Model',
    selector: `${COMPLETIONS}{cluster=~"$cluster", namespace="$namespace"}`,
    multi: false,
  },
];

const USAGE = RECORDED.usageModels.name;
export const USAGE_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: USAGE, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${USAGE}{cluster=~"$cluster"}`, multi: true },
];

/** Whatever has an objective; those of pipelines have no model. */
const PROMISED = RECORDED.sloInfo.name;
export const SLO_FLEET_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: PROMISED, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${PROMISED}{cluster=~"$cluster"}`, multi: true },
];
const PROMISED_IN = `${PROMISED}{cluster=~"$cluster", namespace="$namespace"}`;
/** What the variable `model` names is a model or a pipeline: of each objective one of the labels is empty. */
export const OF_HOLDER =
  'cluster=~"$cluster", namespace="$namespace", model=~`|${model:regex}`, pipeline=~`|${model:regex}`';
export const SLO_VARIABLES: readonly VariableSpec[] = [
  { name: 'cluster', label: 'Cluster', selector: PROMISED, multi: true },
  { name: 'namespace', label: 'Namespace', selector: `${PROMISED}{cluster=~"$cluster"}`, multi: false },
  {
    name: 'model',
    label: 'Model or pipeline',
    selector: PROMISED_IN,
    result: {
      query: `group by (cluster, model) (label_replace(${PROMISED_IN}, "model", "$1", "pipeline", "(.+)"))`,
      regex: '/model="(.+)"} /',
    },
    multi: false,
  },
  { name: 'slo', label: 'Objective', selector: `${PROMISED}{${OF_HOLDER}}`, multi: false },
];

export interface DashboardSpec extends AnnotationsSpec {
  readonly dashboard: keyof typeof DASHBOARD_UIDS;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly VariableSpec[];
  readonly panels: readonly Panel[];
}

/** Panels whose first line is 0, below others. */
export function below(above: readonly Panel[], panels: readonly Panel[]): Panel[] {
  const bottom = Math.max(0, ...above.map(({ gridPos: { y, h } }) => y + h));
  return panels.map((panel) => ({ ...panel, gridPos: { ...panel.gridPos, y: panel.gridPos.y + bottom } }));
}

export function dashboard(variant: Variant, spec: DashboardSpec): Dashboard {
  const many = new Set(spec.variables.flatMap(({ name, multi }) => (multi ? [name] : [])));
  const variables = spec.variables.map((variable) => queryVariable(variant, variable));
  return {
    ...(variant === 'plugins' ? { uid: DASHBOARD_UIDS[spec.dashboard] } : {}),
    title: variant === 'core' ? `Modelwatch ${spec.title}` : spec.title,
    description: spec.description,
    tags: [TAG],
    schemaVersion: 42,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: '',
    links: [
      { title: 'Modelwatch', type: 'dashboards', tags: [TAG], asDropdown: false, includeVars: true, keepTime: true },
    ],
    annotations: { list: annotationsOf(variant, spec) },
    templating: { list: variant === 'core' ? [DATASOURCE_VARIABLE, ...variables] : variables },
    panels: variant === 'plugins' ? spec.panels.map((panel) => withAlertable(panel, many)) : spec.panels,
  };
}
