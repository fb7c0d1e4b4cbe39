/** The enums that Seldon Core 2's controllers write into conditions, and what each declares. */
import type { Declared } from '../facts';

export const MODEL_STATES = [
  'ModelStateUnknown',
  'ModelProgressing',
  'ModelAvailable',
  'ModelFailed',
  'ModelTerminating',
  'ModelTerminated',
  'ModelTerminateFailed',
  'ScheduleFailed',
  'ModelScaledDown',
  'ModelCreate',
  'ModelTerminate',
] as const;
export type ModelState = (typeof MODEL_STATES)[number];

export const MODEL_DECLARED: Record<ModelState, Declared> = {
  ModelStateUnknown: 'none',
  ModelProgressing: 'progressing',
  ModelAvailable: 'ready',
  ModelFailed: 'failed',
  ModelTerminating: 'progressing',
  ModelTerminated: 'progressing',
  ModelTerminateFailed: 'failed',
  ScheduleFailed: 'failed',
  ModelScaledDown: 'none',
  ModelCreate: 'progressing',
  ModelTerminate: 'progressing',
};
export const MODEL_TERMINATING: readonly (ModelState | undefined)[] = [
  'ModelTerminating',
  'ModelTerminated',
  'ModelTerminate',
];

export const PIPELINE_STATES = [
  'PipelineStatusUnknown',
  'PipelineCreate',
  'PipelineCreating',
  'PipelineReady',
  'PipelineFailed',
  'PipelineTerminate',
  'PipelineTerminating',
  'PipelineTerminated',
  'PipelineRebalancing',
  'PipelineFailedTerminating',
] as const;
export type PipelineState = (typeof PIPELINE_STATES)[number];

export const PIPELINE_DECLARED: Record<PipelineState, Declared> = {
  PipelineStatusUnknown: 'none',
  PipelineCreate: 'progressing',
  PipelineCreating: 'progressing',
  PipelineReady: 'ready',
  PipelineFailed: 'failed',
  PipelineTerminate: 'progressing',
  PipelineTerminating: 'progressing',
  PipelineTerminated: 'progressing',
  PipelineRebalancing: 'progressing',
  PipelineFailedTerminating: 'failed',
};
export const PIPELINE_TERMINATING: readonly (PipelineState | undefined)[] = [
  'PipelineTerminate',
  'PipelineTerminating',
  'PipelineTerminated',
];

/**
 * A condition that speaks in the way of an enum, in a word that is in none of our lists: a state of a newer version of
 * the platform. Free text and English sentences are none.
 */
export function unknownEnum(texts: readonly (string | undefined)[], prefix: 'Model' | 'Pipeline'): string | undefined {
  return texts.find(
    (text) => text !== undefined && text.startsWith(prefix) && LIKE_A_STATE.test(text) && !KNOWN.has(text)
  );
}

const LIKE_A_STATE = /^(Model|Pipeline)[A-Z][A-Za-z]+$/;
const KNOWN: ReadonlySet<string> = new Set([...MODEL_STATES, ...PIPELINE_STATES]);
