/** How the steps of a pipeline hang together. */

/** How a step waits for several inputs: for all, for what came within the window, for the first. */
export const JOIN_TYPES = ['inner', 'outer', 'any'] as const;
export type JoinType = (typeof JOIN_TYPES)[number];

/** What an edge of a pipeline carries: data, or only the sign to start. */
export const PIPELINE_EDGES = ['input', 'trigger', 'output', 'external_input', 'external_trigger'] as const;
export type PipelineEdge = (typeof PIPELINE_EDGES)[number];
