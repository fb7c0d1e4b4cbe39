/**
 * Which pods and workloads are components of a serving platform, by the labels that their installers set, and what
 * waits for them. Pure.
 */
import type { ComponentRole, PlatformRole } from '@modelwatch/contract';
import type { ObjectMeta } from '../resources';
import type { ProbeCounts } from '../probe-counts';
import type { Replicas } from '../views';

export type ComponentPlatform = 'seldon' | 'kserve';

export interface Component {
  readonly namespace: string;
  readonly name: string;
  readonly platform: ComponentPlatform;
  readonly role: PlatformRole;
  /** It works for models of other namespaces too. */
  readonly shared: boolean;
  /** The configuration names it. */
  readonly declared?: true;
}

/** A component of a serving platform that models wait for. */
export interface ComponentView {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** `standalone`: the configuration declares how it is probed. */
  readonly platform: Component['platform'] | 'standalone';
  readonly role: ComponentRole;
  readonly version?: string;
  /** A replica is ready, or its probe succeeded; absent while Kubernetes is not heard, or nothing is known of it. */
  readonly up?: boolean;
  readonly replicas: Replicas;
  /** Of the containers of the pods that it has now. */
  readonly restarts?: number;
  readonly lastObservedSeconds?: number;
  /** Of one that is probed. */
  readonly probed?: ProbeCounts;
}

/** A component that the configuration names. */
export interface DeclaredComponent extends Omit<Component, 'shared' | 'declared'> {
  readonly labels: Readonly<Record<string, string>>;
}

interface Known {
  readonly platform: ComponentPlatform;
  readonly role: PlatformRole;
  /** Name as shown; default: the value of the label. */
  readonly name?: string;
  readonly shared?: boolean;
}

const NAME_LABEL = 'app.kubernetes.io/name';
const CONTROL_PLANE_LABEL = 'control-plane';

/** Seldon's runtime works for its own namespace; controllers watch others as well. */
const BY_NAME: Readonly<Record<string, Known>> = {
  'seldon-scheduler': { platform: 'seldon', role: 'scheduler' },
  'seldon-modelgateway': { platform: 'seldon', role: 'model_gateway' },
  'seldon-pipelinegateway': { platform: 'seldon', role: 'pipeline_gateway' },
  'seldon-dataflow-engine': { platform: 'seldon', role: 'dataflow_engine' },
  'seldon-envoy': { platform: 'seldon', role: 'ingress' },
  hodometer: { platform: 'seldon', role: 'usage_reporter' },
};
const BY_CONTROL_PLANE: Readonly<Record<string, Known>> = {
  'v2-controller-manager': {
    platform: 'seldon',
    role: 'operator',
    name: 'seldon-v2-controller-manager',
    shared: true,
  },
  'kserve-controller-manager': { platform: 'kserve', role: 'operator', shared: true },
  'llmisvc-controller-manager': { platform: 'kserve', role: 'llm_operator', shared: true },
  'kserve-localmodel-controller-manager': { platform: 'kserve', role: 'model_cache', shared: true },
};
const STRIMZI_KIND = 'strimzi.io/kind';
const STRIMZI_CLUSTER = 'strimzi.io/cluster';
const STRIMZI_NAME = 'strimzi.io/name';

/** One list and watch of pods each; set-based, since a request per name would be one too many. */
export const COMPONENT_SELECTORS: readonly string[] = [
  `${NAME_LABEL} in (${Object.keys(BY_NAME).join(',')})`,
  `${CONTROL_PLANE_LABEL} in (${Object.keys(BY_CONTROL_PLANE).join(',')})`,
  `${STRIMZI_KIND}=Kafka`,
];

type Labelled = Pick<ObjectMeta, 'namespace' | 'labels'>;

export function componentOf(
  { namespace, labels }: Labelled,
  declared: readonly DeclaredComponent[]
): Component | undefined {
  for (const { labels: wanted, ...component } of declared) {
    if (component.namespace === namespace && hasAll(labels, wanted))
      return { ...component, shared: true, declared: true };
  }
  const byName = knownAs(BY_NAME, labels[NAME_LABEL]);
  const byControlPlane = knownAs(BY_CONTROL_PLANE, labels[CONTROL_PLANE_LABEL]);
  const known = byName ?? byControlPlane;
  const label = byName ? labels[NAME_LABEL] : labels[CONTROL_PLANE_LABEL];
  if (known && label) {
    return {
      namespace,
      name: known.name ?? label,
      platform: known.platform,
      role: known.role,
      shared: known.shared ?? false,
    };
  }
  return strimziBrokers({ namespace, labels });
}

function knownAs(table: Readonly<Record<string, Known>>, value: string | undefined): Known | undefined {
  return value !== undefined && Object.hasOwn(table, value) ? table[value] : undefined;
}

/** Strimzi labels everything of a cluster with its kind; the brokers alone are named `<cluster>-kafka`. */
function strimziBrokers({ namespace, labels }: Labelled): Component | undefined {
  const cluster = labels[STRIMZI_CLUSTER];
  if (labels[STRIMZI_KIND] !== 'Kafka' || !cluster || labels[STRIMZI_NAME] !== `${cluster}-kafka`) return undefined;
  return { namespace, name: `${cluster}-kafka`, platform: 'seldon', role: 'kafka', shared: true };
}

function hasAll(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** Kinds of entity that wait for components. */
export type Waiting = 'model' | 'llm' | 'server' | 'pipeline' | 'experiment';

interface Needs {
  /** Without these it does not come up, change or go. */
  readonly toCome: readonly PlatformRole[];
  /** Requests pass through these. */
  readonly toAnswer: readonly PlatformRole[];
}

const NOTHING: Needs = { toCome: [], toAnswer: [] };
const PIPELINE_PATH: readonly PlatformRole[] = ['pipeline_gateway', 'dataflow_engine', 'model_gateway', 'kafka'];

/**
 * Seldon: the operator tells the scheduler, the scheduler places; requests come in through Envoy, those of pipelines go
 * on through Kafka. A model is let go when the model gateway has let go of it. KServe's controller is in no request's way.
 */
const NEEDS: Readonly<Record<ComponentPlatform, Readonly<Record<Waiting, Needs>>>> = {
  seldon: {
    model: { toCome: ['scheduler', 'operator'], toAnswer: ['ingress'] },
    llm: NOTHING,
    server: { toCome: ['operator'], toAnswer: [] },
    pipeline: { toCome: ['scheduler', 'operator', ...PIPELINE_PATH], toAnswer: ['ingress', ...PIPELINE_PATH] },
    experiment: { toCome: ['scheduler', 'operator'], toAnswer: ['ingress'] },
  },
  kserve: {
    model: { toCome: ['operator'], toAnswer: [] },
    llm: { toCome: ['llm_operator'], toAnswer: [] },
    // The workload of a predictor is kept by Kubernetes itself.
    server: NOTHING,
    pipeline: { toCome: ['operator'], toAnswer: [] },
    experiment: NOTHING,
  },
};

export function needsOf(platform: ComponentPlatform, kind: Waiting): Needs {
  return NEEDS[platform][kind];
}

/** Kinds of entity that have to be judged again when a component of the role goes down or comes up. */
export function waitingFor(platform: ComponentPlatform, role: PlatformRole): readonly Waiting[] {
  const kinds: readonly Waiting[] = ['server', 'model', 'llm', 'pipeline', 'experiment'];
  return kinds.filter((kind) => {
    const { toCome, toAnswer } = NEEDS[platform][kind];
    return toCome.includes(role) || toAnswer.includes(role);
  });
}
