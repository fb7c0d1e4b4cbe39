import type { DataModel } from './types';

/** What `modelwatch profile` has to be told of the training data, besides its file and the importance. */
export function profileFlags({ namespace, model, target, predictionColumn, profileFlags: more }: DataModel): string[] {
  return ['--model', `${namespace}/${model}`, '--target', target, '--prediction', predictionColumn, ...more];
}
