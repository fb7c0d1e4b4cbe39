import type { DataFrame } from '@grafana/data';
import { isDrift } from './model/drift/prepare';
import { gatherFacts } from './model/prepare';

/** Whether an answer names models with a health or a state, so that this panel is a fit suggestion for it. */
export function showsModels(frames: readonly DataFrame[]): boolean {
  return gatherFacts(frames).some(({ health, unknownWord }) => health !== undefined && unknownWord === undefined);
}

/** Whether an answer has drift scores or a distribution. */
export function showsDrift(frames: readonly DataFrame[]): boolean {
  return isDrift(frames.filter(({ length }) => length > 0));
}
