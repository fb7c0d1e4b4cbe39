/** Families of the pods, workloads and nodes behind servers: workloads.faithful.test.ts has them, other tests leave them out. */
export const OF_WORKLOADS =
  /^modelwatch_((pod|node)_|(server|model)_(autoscaler|cpu|gpus|memory_requested|memory_limit|replicas_updated|replicas_unavailable)|server_(rollout|workload|image_info|image_digest_info|pods|oom_kills|pod_evictions))/;
