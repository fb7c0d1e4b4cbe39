/** The resources that the simulated API server knows, as discovery tells them. */

export interface ResourceType {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
}

const SELDON = { group: 'mlops.seldon.io', version: 'v1alpha1', namespaced: true };
const KSERVE_ALPHA = { group: 'serving.kserve.io', version: 'v1alpha1', namespaced: true };
const CORE = { group: '', version: 'v1' };
const APPS = { group: 'apps', version: 'v1', namespaced: true };

export const RESOURCE_TYPES: readonly ResourceType[] = [
  { ...SELDON, kind: 'Model', plural: 'models', shortNames: ['mlm'] },
  { ...SELDON, kind: 'Server', plural: 'servers', shortNames: ['mls'] },
  { ...SELDON, kind: 'Pipeline', plural: 'pipelines', shortNames: ['mlp'] },
  { ...SELDON, kind: 'Experiment', plural: 'experiments', shortNames: ['mlx'] },
  { ...SELDON, kind: 'SeldonRuntime', plural: 'seldonruntimes' },
  { ...SELDON, kind: 'SeldonConfig', plural: 'seldonconfigs' },
  { ...SELDON, kind: 'ServerConfig', plural: 'serverconfigs', shortNames: ['mlc'] },
  {
    kind: 'InferenceService',
    group: 'serving.kserve.io',
    version: 'v1beta1',
    plural: 'inferenceservices',
    namespaced: true,
    shortNames: ['isvc'],
  },
  {
    ...KSERVE_ALPHA,
    version: 'v1alpha2',
    kind: 'LLMInferenceService',
    plural: 'llminferenceservices',
    shortNames: ['llmisvc'],
  },
  { ...KSERVE_ALPHA, kind: 'ServingRuntime', plural: 'servingruntimes' },
  { ...KSERVE_ALPHA, kind: 'ClusterServingRuntime', plural: 'clusterservingruntimes', namespaced: false },
  { ...KSERVE_ALPHA, kind: 'InferenceGraph', plural: 'inferencegraphs', shortNames: ['ig'] },
  { ...CORE, kind: 'Pod', plural: 'pods', namespaced: true, shortNames: ['po'] },
  { ...CORE, kind: 'Node', plural: 'nodes', namespaced: false, shortNames: ['no'] },
  { ...CORE, kind: 'Event', plural: 'events', namespaced: true, shortNames: ['ev'] },
  { ...CORE, kind: 'Namespace', plural: 'namespaces', namespaced: false, shortNames: ['ns'] },
  { ...APPS, kind: 'Deployment', plural: 'deployments', shortNames: ['deploy'] },
  { ...APPS, kind: 'StatefulSet', plural: 'statefulsets', shortNames: ['sts'] },
  {
    group: 'autoscaling',
    version: 'v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    namespaced: true,
    shortNames: ['hpa'],
  },
  { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true },
  { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced: true },
  { group: 'argoproj.io', version: 'v1alpha1', kind: 'Workflow', plural: 'workflows', namespaced: true },
];

export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** `pods`, `models.mlops.seldon.io`: how Kubernetes calls a resource in its messages. */
export function resourceName(type: ResourceType): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

/** @throws Error for a kind that is none of the types. */
export function typeOfKind(kind: string, types: readonly ResourceType[]): ResourceType {
  const type = types.find((each) => each.kind === kind);
  if (type === undefined) {
    throw new Error(`kind ${kind}: expected one of ${types.map((each) => each.kind).join(', ')}`);
  }
  return type;
}
