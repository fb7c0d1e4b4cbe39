/** What models wait for: components of serving platforms, and what else they need. */

/** What a component of a serving platform does; what waits for it follows from that. */
export const PLATFORM_ROLES = [
  'scheduler',
  'model_gateway',
  'pipeline_gateway',
  'dataflow_engine',
  'ingress',
  'operator',
  'llm_operator',
  'model_cache',
  'usage_reporter',
  'kafka',
] as const;
export type PlatformRole = (typeof PLATFORM_ROLES)[number];

/** What else models need; the configuration declares it, and which models these are. */
export const DEPENDENCY_ROLES = [
  'database',
  'queue',
  'feature_store',
  'object_store',
  'vector_store',
  'other',
] as const;
export type DependencyRole = (typeof DEPENDENCY_ROLES)[number];

export const COMPONENT_ROLES = [...PLATFORM_ROLES, ...DEPENDENCY_ROLES] as const;
export type ComponentRole = (typeof COMPONENT_ROLES)[number];
