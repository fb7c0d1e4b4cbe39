/**
 * The parts that KServe deploys for one resource, each with its own workload and pods, told apart by labels. Inside, a part
 * has the id of a server: the name of its workload, whatever workload (Knative has one per revision) stands behind it.
 */
import type { ModelComponent } from '@modelwatch/contract';
import { parseRefId, refId, type RefId } from './ref';
import type { ObjectMeta } from './resources';

const SERVICE_LABEL = 'serving.kserve.io/inferenceservice';
const GRAPH_LABEL = 'serving.kserve.io/inferencegraph';
const COMPONENT_LABEL = 'app.kubernetes.io/component';

export interface KservePart {
  readonly of: 'service' | 'llm' | 'graph';
  /** Name of the resource. */
  readonly owner: string;
  readonly component: ModelComponent;
}

const SERVICE_SUFFIXES: Partial<Record<ModelComponent, string>> = {
  predictor: '-predictor',
  worker: '-predictor-worker',
  transformer: '-transformer',
  explainer: '-explainer',
};
const LLM_SUFFIXES: Partial<Record<ModelComponent, string>> = {
  predictor: '-kserve',
  worker: '-kserve-worker',
  prefill: '-kserve-prefill',
  prefill_worker: '-kserve-prefill-worker',
  router: '-kserve-router-scheduler',
  tokenizer: '-kserve-tokenizer',
};
/** No resource can be called so: the router of a graph never has the id of a model's server. */
const GRAPH_SUFFIX = '~graph';

export function kservePartOf(meta: ObjectMeta): KservePart | undefined {
  const { labels } = meta;
  const service = labels[SERVICE_LABEL];
  if (service) return { of: 'service', owner: service, component: serviceComponent(labels, service) };
  const graph = labels[GRAPH_LABEL];
  if (graph) return { of: 'graph', owner: graph, component: 'router' };
  const llm = labels['app.kubernetes.io/name'];
  if (llm && labels['app.kubernetes.io/part-of'] === 'llminferenceservice') {
    const component = llmComponent(labels);
    return component && { of: 'llm', owner: llm, component };
  }
  for (const owner of meta.owners) {
    if (owner.kind === 'InferenceService') return { of: 'service', owner: owner.name, component: 'predictor' };
    if (owner.kind === 'InferenceGraph') return { of: 'graph', owner: owner.name, component: 'router' };
  }
  return undefined;
}

/** Worker pods of a service over several nodes carry the component of its predictor; their `app` label tells them. */
function serviceComponent(labels: ObjectMeta['labels'], service: string): ModelComponent {
  const component = labels['component'];
  if (component === 'transformer' || component === 'explainer') return component;
  return labels['app'] === `isvc.${service}-predictor-worker` ? 'worker' : 'predictor';
}

const LLM_COMPONENTS: Readonly<Record<string, ModelComponent>> = {
  'llminferenceservice-workload': 'predictor',
  'llminferenceservice-workload-leader': 'predictor',
  'llminferenceservice-workload-worker': 'worker',
  'llminferenceservice-workload-prefill': 'prefill',
  'llminferenceservice-workload-leader-prefill': 'prefill',
  'llminferenceservice-workload-worker-prefill': 'prefill_worker',
  'llminferenceservice-router-scheduler': 'router',
  tokenizer: 'tokenizer',
};

/** Without a template for leaders the workers answer themselves; they then carry the label of what answers. */
function llmComponent(labels: ObjectMeta['labels']): ModelComponent | undefined {
  const component = LLM_COMPONENTS[labels[COMPONENT_LABEL] ?? ''];
  if (labels['kserve.io/component'] !== 'workload') return component;
  if (component === 'worker') return 'predictor';
  return component === 'prefill_worker' ? 'prefill' : component;
}

/** Name of the part as a server: for the main parts that of its workload. */
export function partName({ of, owner, component }: KservePart): string {
  if (of === 'graph') return `${owner}${GRAPH_SUFFIX}`;
  const suffixes = of === 'llm' ? LLM_SUFFIXES : SERVICE_SUFFIXES;
  return `${owner}${suffixes[component] ?? `-${component}`}`;
}

export function partId(namespace: string, part: KservePart): RefId {
  return refId(part.of === 'llm' ? 'kserve-llm' : 'kserve', namespace, partName(part));
}

/** Name of the server that stands for the predictor of an InferenceService. */
export function predictorName(service: string): string {
  return partName({ of: 'service', owner: service, component: 'predictor' });
}

/** The part that has this id; undefined for a server that is not KServe's. */
export function partOfId(id: RefId): KservePart | undefined {
  const { origin, name } = parseRefId(id);
  if (origin === 'kserve') {
    if (name.endsWith(GRAPH_SUFFIX)) {
      return { of: 'graph', owner: name.slice(0, -GRAPH_SUFFIX.length), component: 'router' };
    }
    return bySuffix('service', name, SERVICE_SUFFIXES);
  }
  return origin === 'kserve-llm' ? bySuffix('llm', name, LLM_SUFFIXES) : undefined;
}

function bySuffix(
  of: KservePart['of'],
  name: string,
  suffixes: Partial<Record<ModelComponent, string>>
): KservePart | undefined {
  let found: [string, string] | undefined;
  for (const entry of Object.entries(suffixes)) {
    if (name.endsWith(entry[1]) && entry[1].length > (found?.[1].length ?? 0)) found = entry;
  }
  if (!found || name.length === found[1].length) return undefined;
  return { of, owner: name.slice(0, -found[1].length), component: found[0] as ModelComponent };
}

/** What rests on the part: a model, or the pipeline that a graph is. */
export function ownerOfPart(namespace: string, { of, owner }: KservePart): RefId {
  return refId(of === 'llm' ? 'kserve-llm' : 'kserve', namespace, owner);
}
