/** The kinds that are watched. To add one: a decoder and a row. */
import { isObject } from '@modelwatch/contract';
import { COMPONENT_SELECTORS, componentOf, type DeclaredComponent } from '../../domain/components/known';
import { MONITORING_LABEL, REFERENCE_LABEL, SLO_LABEL } from '../../domain/events/config-map';
import type { KubernetesResource, ObjectMeta, ResourceKind } from '../../domain/resources';
import type { Fields } from './decoders/fields';
import {
  decodeClusterServingRuntime,
  decodeInferenceService,
  decodeServingRuntime,
  decodeTrainedModel,
} from './decoders/kserve';
import { decodeConfigMap } from './decoders/config-map';
import { decodeInferenceGraph } from './decoders/kserve-graph';
import { decodeLlmService } from './decoders/kserve-llm';
import {
  decodeExperiment,
  decodeModel,
  decodeRuntime,
  decodeSeldonConfig,
  decodeServer,
  decodeServerConfig,
} from './decoders/seldon';
import { decodePipeline } from './decoders/seldon-pipeline';
import { isServing } from './decoders/owners';
import { decodePod } from './decoders/pods';
import { decodeAutoscaler, decodeDeployment, decodeNode, decodeStatefulSet } from './decoders/workloads';

export interface Kind {
  /** Empty for the core group. */
  readonly group: string;
  /**
   * API versions whose objects the decoder reads, in order of preference: the first that the server has is watched. Of a
   * built-in kind the first.
   */
  readonly versions: readonly [string, ...string[]];
  readonly plural: string;
  /** As people know it, for messages. */
  readonly title: string;
  readonly resource: ResourceKind;
  readonly clusterScoped?: boolean;
  /** Part of every Kubernetes: not looked for by discovery. */
  readonly builtIn?: boolean;
  /** The exporter is not synced without it, where it is installed. */
  readonly required: boolean;
  /** `kubernetes.labelSelector` and `kubernetes.fieldSelector` choose among its objects. */
  readonly selected?: boolean;
  /** One list and watch each, merged; absent: one without a selector. */
  readonly labelSelectors?: readonly string[];
  /** None of its labels and annotations is ever a label of a metric. */
  readonly showsNothing?: boolean;
  /** Objects that are not ours are left out before they are decoded. */
  readonly ours?: (raw: Readonly<Record<string, unknown>>) => boolean;
  /** Objects that every shard reads, whoever owns their namespace: what models of all namespaces wait for. */
  readonly everywhere?: (raw: Readonly<Record<string, unknown>>) => boolean;
  readonly decode: (object: Fields, meta: ObjectMeta) => KubernetesResource;
}

const SELDON = { group: 'mlops.seldon.io', versions: ['v1alpha1'] } as const;
const KSERVE_BETA = { group: 'serving.kserve.io', versions: ['v1beta1'] } as const;
const KSERVE_LLM = { group: 'serving.kserve.io', versions: ['v1alpha2', 'v1alpha1'] } as const;
const KSERVE_ALPHA = { group: 'serving.kserve.io', versions: ['v1alpha1'] } as const;
const APPS = { group: 'apps', versions: ['v1'], builtIn: true } as const;

const SELDON_SERVER_LABEL = ['app.kubernetes.io/name', 'seldon-server'] as const;
/** Labels of KServe's pods and workloads: of an InferenceService, of an InferenceGraph, of an LLMInferenceService. */
const KSERVE_LABELS = ['serving.kserve.io/inferenceservice', 'serving.kserve.io/inferencegraph'] as const;
const LLM_LABEL = ['app.kubernetes.io/part-of', 'llminferenceservice'] as const;

export const KINDS: readonly Kind[] = [
  {
    ...SELDON,
    plural: 'models',
    title: 'Model',
    resource: 'SeldonModel',
    required: true,
    selected: true,
    decode: decodeModel,
  },
  { ...SELDON, plural: 'servers', title: 'Server', resource: 'SeldonServer', required: true, decode: decodeServer },
  {
    ...SELDON,
    plural: 'pipelines',
    title: 'Pipeline',
    resource: 'SeldonPipeline',
    required: true,
    selected: true,
    decode: decodePipeline,
  },
  {
    ...SELDON,
    plural: 'experiments',
    title: 'Experiment',
    resource: 'SeldonExperiment',
    required: true,
    selected: true,
    decode: decodeExperiment,
  },
  {
    ...SELDON,
    plural: 'seldonruntimes',
    title: 'SeldonRuntime',
    resource: 'SeldonRuntime',
    required: false,
    decode: decodeRuntime,
  },
  {
    ...SELDON,
    plural: 'seldonconfigs',
    title: 'SeldonConfig',
    resource: 'SeldonConfig',
    required: false,
    everywhere: () => true,
    decode: decodeSeldonConfig,
  },
  {
    ...SELDON,
    plural: 'serverconfigs',
    title: 'ServerConfig',
    resource: 'SeldonServerConfig',
    required: false,
    everywhere: () => true,
    decode: decodeServerConfig,
  },
  {
    ...KSERVE_BETA,
    plural: 'inferenceservices',
    title: 'InferenceService',
    resource: 'InferenceService',
    required: true,
    selected: true,
    decode: decodeInferenceService,
  },
  {
    ...KSERVE_LLM,
    plural: 'llminferenceservices',
    title: 'LLMInferenceService',
    resource: 'LLMInferenceService',
    required: true,
    selected: true,
    decode: decodeLlmService,
  },
  {
    ...KSERVE_ALPHA,
    plural: 'trainedmodels',
    title: 'TrainedModel',
    resource: 'TrainedModel',
    required: true,
    selected: true,
    decode: decodeTrainedModel,
  },
  {
    ...KSERVE_ALPHA,
    plural: 'servingruntimes',
    title: 'ServingRuntime',
    resource: 'ServingRuntime',
    required: false,
    decode: decodeServingRuntime,
  },
  {
    ...KSERVE_ALPHA,
    plural: 'clusterservingruntimes',
    title: 'ClusterServingRuntime',
    resource: 'ClusterServingRuntime',
    clusterScoped: true,
    required: false,
    decode: decodeClusterServingRuntime,
  },
  {
    ...KSERVE_ALPHA,
    plural: 'inferencegraphs',
    title: 'InferenceGraph',
    resource: 'InferenceGraph',
    required: true,
    selected: true,
    decode: decodeInferenceGraph,
  },
  {
    group: '',
    versions: ['v1'],
    plural: 'pods',
    title: 'Pod',
    resource: 'Pod',
    builtIn: true,
    required: true,
    // Seldon Core 2 labels the pods of its servers so, KServe those of its services in every deployment mode.
    labelSelectors: [SELDON_SERVER_LABEL.join('='), ...KSERVE_LABELS, LLM_LABEL.join('='), ...COMPONENT_SELECTORS],
    showsNothing: true,
    everywhere: (raw) => isComponent(raw),
    decode: decodePod,
  },
  // The labels of the workloads themselves are not documented, so they are not selected by the server but looked at here.
  {
    ...APPS,
    plural: 'deployments',
    title: 'Deployment',
    resource: 'Deployment',
    required: true,
    ours: (raw) => servesModels(raw) || isComponent(raw),
    everywhere: (raw) => isComponent(raw),
    decode: decodeDeployment,
  },
  {
    ...APPS,
    plural: 'statefulsets',
    title: 'StatefulSet',
    resource: 'StatefulSet',
    required: true,
    ours: (raw) => servesModels(raw) || isComponent(raw),
    everywhere: (raw) => isComponent(raw),
    decode: decodeStatefulSet,
  },
  // Which of them scale model servers only their targets can say; they are small. KEDA makes one of each ScaledObject.
  {
    group: 'autoscaling',
    versions: ['v2'],
    plural: 'horizontalpodautoscalers',
    title: 'HorizontalPodAutoscaler',
    resource: 'Autoscaler',
    required: false,
    showsNothing: true,
    decode: decodeAutoscaler,
  },
  {
    group: '',
    versions: ['v1'],
    builtIn: true,
    plural: 'nodes',
    title: 'Node',
    resource: 'Node',
    clusterScoped: true,
    required: false,
    showsNothing: true,
    decode: decodeNode,
  },
];

/** Watched where the configuration asks for it: the right to read ConfigMaps is one to read all of them. */
export const CONFIG_MAPS: Kind = {
  group: '',
  versions: ['v1'],
  builtIn: true,
  plural: 'configmaps',
  title: 'ConfigMap',
  resource: 'ConfigMap',
  required: false,
  showsNothing: true,
  labelSelectors: [`${REFERENCE_LABEL}=true`, `${MONITORING_LABEL}=true`, `${SLO_LABEL}=true`],
  // Events of a model may come to any shard.
  everywhere: () => true,
  decode: decodeConfigMap,
};

/** The kinds of ours and those that mappings add; the pods that these, or declared components, name are watched too. */
export function kindsWith(
  custom: { readonly kinds: readonly Kind[]; readonly podSelectors: readonly string[] },
  components: readonly DeclaredComponent[] = []
): readonly Kind[] {
  const is = (raw: Readonly<Record<string, unknown>>) => isComponent(raw, components);
  const selectors = [...custom.podSelectors, ...new Set(components.map(selectorOf))];
  const ours = KINDS.map((kind) => {
    if (kind.resource === 'Pod' && kind.labelSelectors) {
      return { ...kind, labelSelectors: [...kind.labelSelectors, ...selectors], everywhere: is };
    }
    if (components.length === 0 || kind.group !== APPS.group) return kind;
    return { ...kind, ours: (raw: Readonly<Record<string, unknown>>) => servesModels(raw) || is(raw), everywhere: is };
  });
  return [...ours, ...custom.kinds];
}

function selectorOf({ labels }: DeclaredComponent): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

/** Stable name of the kind as a source: `kubernetes/models.mlops.seldon.io`, `kubernetes/pods`. */
export function sourceName(kind: Kind): string {
  return `kubernetes/${resourceName(kind)}`;
}

/** `models.mlops.seldon.io`, as kubectl names a resource. */
export function resourceName(kind: Pick<Kind, 'plural' | 'group'>): string {
  return kind.group ? `${kind.plural}.${kind.group}` : kind.plural;
}

/** Path of the list of the kind in an API version, in all namespaces or in one. */
export function listPath(kind: Kind, version: string, namespace?: string): string {
  const base = kind.group ? `/apis/${kind.group}/${version}` : `/api/${version}`;
  return namespace === undefined || kind.clusterScoped
    ? `${base}/${kind.plural}`
    : `${base}/namespaces/${encodeURIComponent(namespace)}/${kind.plural}`;
}

/** A pod or workload of a component of a serving platform. */
function isComponent(raw: Readonly<Record<string, unknown>>, declared: readonly DeclaredComponent[] = []): boolean {
  const metadata = at(raw, 'metadata');
  const labels = at(metadata, 'labels') as Readonly<Record<string, string>>;
  return componentOf({ namespace: String(metadata['namespace']), labels }, declared) !== undefined;
}

/** A workload behind a Seldon Server or a KServe service, by its own labels, those of its pods, or its owner. */
function servesModels(raw: Readonly<Record<string, unknown>>): boolean {
  const metadata = at(raw, 'metadata');
  const owners = metadata['ownerReferences'];
  return (
    hasServingLabel(at(metadata, 'labels')) ||
    hasServingLabel(at(at(at(at(raw, 'spec'), 'template'), 'metadata'), 'labels')) ||
    (Array.isArray(owners) && owners.some((owner) => isObject(owner) && isServing(owner['kind'], owner['apiVersion'])))
  );
}

function hasServingLabel(labels: Readonly<Record<string, unknown>>): boolean {
  return (
    KSERVE_LABELS.some((label) => labels[label] !== undefined) ||
    labels[SELDON_SERVER_LABEL[0]] === SELDON_SERVER_LABEL[1] ||
    labels[LLM_LABEL[0]] === LLM_LABEL[1]
  );
}

function at(raw: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const value = raw[key];
  return isObject(value) ? value : {};
}
