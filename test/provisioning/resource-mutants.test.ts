/** Rules on what pods and models use that would get it wrong: a vector notices each. */
import { renderRules } from '../../exporter/src/rules';
import { groupsNamed, testRules } from '../support/promtool';
import { INTERVAL_SECONDS, RESOURCE_VECTORS } from './vectors';

const RULES = groupsNamed(
  renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS }),
  'modelwatch-resources',
  'modelwatch-resources-models'
);

const MUTANTS: readonly (readonly [string, string | RegExp, string])[] = [
  ['fail where a pod was made again', /topk by \(cluster, namespace, pod\) \(1, (group by [^\n]+)\)/, '$1'],
  [
    'count a model once per exporter',
    /max by \(cluster, namespace, model, pod\) \(modelwatch_model_pod_info\)/,
    'modelwatch_model_pod_info',
  ],
  ['count the pause container', /container!="POD"/g, 'container!="none"'],
  ['count the total of the pod', /container!="", /g, ''],
  [
    'count the same container twice',
    /max by \(cluster, namespace, pod, container, id, cpu\)/g,
    'sum by (cluster, namespace, pod, container, id, cpu)',
  ],
  [
    'count what was before a restart',
    /max by \(cluster, namespace, pod, container\) \(container_memory/g,
    'sum by (cluster, namespace, pod, container) (container_memory',
  ],
  [
    'count an interface twice',
    /max by \(cluster, namespace, pod, interface\)/g,
    'sum by (cluster, namespace, pod, interface)',
  ],
  ['count traffic with itself', /interface!="lo"/g, ''],
  [
    'take no limit for a limit',
    /\(container_spec_memory_limit_bytes[^)]+\) > 0\)/g,
    '(container_spec_memory_limit_bytes) > -1)',
  ],
  ['forget models without known requests', / or 0 \* modelwatch:model_pod_share_ratio\{basis="equal"\}\)/g, ')'],
  ['divide where nothing is known', /\n\s*or\n\s*modelwatch:model_pod_share_ratio\{basis="equal"\}/g, ''],
  [
    'take a model that declares no memory for one that needs none',
    /and on \(cluster, namespace, pod\) \(count by \(cluster, namespace, pod\)/g,
    'or on (cluster, namespace, pod) (count by (cluster, namespace, pod)',
  ],
  ['call a part a measurement', /"apportioned", "true"/g, '"apportioned", "false"'],
  [
    'let one version speak for all',
    /sum by \(cluster, namespace, pod, model\) \(label_replace/g,
    'max by (cluster, namespace, pod, model) (label_replace',
  ],
  ['miss what DCGM calls exported', /exported_pod!=""/g, 'exported_pod="none"'],
  ['miss MIG instances', /DCGM_FI_PROF_GR_ENGINE_ACTIVE/g, 'DCGM_FI_NONE'],
  ['count GPUs once per job', /UUID, gpu, GPU_I_ID/g, 'UUID, gpu, GPU_I_ID, job'],
  ['prefer the engine to the GPU', /\/ 100/g, '/ 100 < 0'],
  ['mix clusters', /cluster, namespace, pod/g, 'namespace, pod'],
  ['divide memory by requests', /basis="memory"\} \*/g, 'basis="requests"} *'],
  ['divide requests by memory', /basis="requests"\} \*/g, 'basis="memory"} *'],
  [
    'add restarts of exporters',
    /max by \(cluster, namespace, pod, container_name\)/g,
    'sum by (cluster, namespace, pod, container_name)',
  ],
  [
    'add kills of exporters',
    /max by \(cluster, namespace, server\) \(increase/g,
    'sum by (cluster, namespace, server) (increase',
  ],
];

/** One vector after the other: the first to notice is enough. */
function notices(rules: string): boolean {
  return RESOURCE_VECTORS.some((vector) => {
    const { ok, output } = testRules(rules, [vector], INTERVAL_SECONDS);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    return !ok && output.includes('FAILED');
  });
}

it.each(MUTANTS)(
  'vectors of resources notice rules that %s',
  (_what, from, to) => {
    const mutant = RULES.replace(from, to);
    expect(mutant).not.toBe(RULES);
    expect(notices(mutant)).toBe(true);
  },
  30_000
);
