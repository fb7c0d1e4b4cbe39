/** LLMInferenceService, `serving.kserve.io`: what v1alpha1 and v1alpha2 have in common, and what only the newer writes. */
import { PARALLELISMS } from '@modelwatch/contract';
import type { LlmService, LlmWorkload } from '../../../domain/kserve-resources';
import type { ObjectMeta } from '../../../domain/resources';
import { present, type Fields } from './fields';
import { isStopRequested } from './kserve';
import { decodeStatus } from './meta';
import { storageHash, withoutSecrets } from './storage';

export function decodeLlmService(object: Fields, meta: ObjectMeta): LlmService {
  const spec = object.child('spec');
  const status = object.child('status');
  const model = spec.child('model');
  const uri = model.text('uri');
  const workloads = status.child('workloads');
  const scheduler = spec.child('router').child('scheduler');
  return {
    kind: 'LLMInferenceService',
    meta,
    ...decodeStatus(object),
    stopRequested: isStopRequested(meta),
    adapters: model.child('lora').children('adapters').length,
    main: decodeWorkload(spec, workloads.child('primary')),
    ...present({
      url: status.text('url'),
      modelUri: withoutSecrets(uri),
      storageHash: storageHash(uri),
      servedName: model.label('name'),
      prefill: spec.has('prefill') ? decodeWorkload(spec.child('prefill'), workloads.child('prefill')) : undefined,
      // A scheduler of the service's own: a reference to another pool has none.
      scheduler:
        workloads.has('scheduler') || scheduler.has('template') || scheduler.has('replicas')
          ? decodeWorkload(scheduler, workloads.child('scheduler'))
          : undefined,
      group: decodeGroup(spec, status, meta.name),
    }),
  };
}

function decodeWorkload(spec: Fields, observed: Fields): LlmWorkload {
  const scaling = spec.child('scaling');
  return {
    multiNode: spec.has('worker'),
    parallelism: decodeParallelism(spec.child('parallelism')),
    ...present({
      replicas: spec.count('replicas'),
      minReplicas: scaling.count('minReplicas'),
      maxReplicas: scaling.count('maxReplicas'),
      readyReplicas: observed.count('readyReplicas'),
    }),
  };
}

const SIZES = { tensor: 'tensor', pipeline: 'pipeline', data: 'data', data_local: 'dataLocal' } as const;

function decodeParallelism(parallelism: Fields): LlmWorkload['parallelism'] {
  return PARALLELISMS.flatMap((kind): LlmWorkload['parallelism'] => {
    if (kind === 'expert') return parallelism.bool('expert') ? [{ kind, size: 1 }] : [];
    const size = parallelism.count(SIZES[kind]);
    return size === undefined ? [] : [{ kind, size }];
  });
}

/** Weights are relative, as those of a Gateway are; a stopped member stays listed and gets nothing. */
function decodeGroup(spec: Fields, status: Fields, own: string): LlmService['group'] {
  const name = spec.child('router').child('route').text('group');
  if (name === undefined) return undefined;
  let total = 0;
  let mine: number | undefined;
  for (const member of status.child('router').child('group').children('members')) {
    const weight = member.bool('stopped') ? 0 : (member.count('weight') ?? 0);
    total += weight;
    if (member.text('name') === own) mine = weight;
  }
  return { name, ...present({ ratio: mine !== undefined && total > 0 ? mine / total : mine }) };
}
