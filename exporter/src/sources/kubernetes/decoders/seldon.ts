/** Seldon Core 2, `mlops.seldon.io/v1alpha1`. Field names and meanings are facts of its custom resource definitions. */
import type {
  ObjectMeta,
  SeldonExperiment,
  SeldonModel,
  SeldonPipeline,
  SeldonRuntime,
  SeldonServer,
} from '../../../domain/resources';
import { present, type Fields } from './fields';
import { decodeStatus } from './meta';

export function decodeModel(object: Fields, meta: ObjectMeta): SeldonModel {
  const spec = object.child('spec');
  const status = object.child('status');
  return {
    kind: 'SeldonModel',
    meta,
    ...decodeStatus(object),
    requirements: spec.texts('requirements'),
    ...present({
      desiredReplicas: spec.count('replicas'),
      minReplicas: spec.count('minReplicas'),
      availableReplicas: status.count('availableReplicas'),
      storageUri: spec.text('storageUri'),
      memoryBytes: spec.quantity('memory'),
      server: spec.text('server') ?? serverOfSelector(status.text('selector')),
    }),
  };
}

/** `status.selector` of a Model is `server=<name>`. */
function serverOfSelector(selector: string | undefined): string | undefined {
  const match = /(?:^|,)server=([^,]+)/.exec(selector ?? '');
  return match?.[1];
}

export function decodeServer(object: Fields, meta: ObjectMeta): SeldonServer {
  const spec = object.child('spec');
  return {
    kind: 'SeldonServer',
    meta,
    ...decodeStatus(object),
    capabilities: [...new Set([...spec.texts('capabilities'), ...spec.texts('extraCapabilities')])],
    ...present({
      desiredReplicas: spec.count('replicas'),
      serverConfig: spec.text('serverConfig'),
      loadedModels: object.child('status').count('loadedModels'),
    }),
  };
}

export function decodePipeline(object: Fields, meta: ObjectMeta): SeldonPipeline {
  return {
    kind: 'SeldonPipeline',
    meta,
    ...decodeStatus(object),
    steps: names(object.child('spec').children('steps')),
  };
}

export function decodeExperiment(object: Fields, meta: ObjectMeta): SeldonExperiment {
  const spec = object.child('spec');
  const mirror = spec.child('mirror');
  const mirrorName = mirror.text('name');
  return {
    kind: 'SeldonExperiment',
    meta,
    ...decodeStatus(object),
    // `model` is the default of the resource definition.
    resourceKind: spec.oneOf('resourceType', ['model', 'pipeline']) ?? 'model',
    candidates: spec.children('candidates').flatMap((candidate) => {
      const name = candidate.text('name');
      return name === undefined ? [] : [{ name, weight: candidate.count('weight') ?? 0 }];
    }),
    ...present({
      defaultCandidate: spec.text('default'),
      mirror: mirrorName === undefined ? undefined : { name: mirrorName, percent: mirror.count('percent') ?? 0 },
    }),
  };
}

export function decodeRuntime(object: Fields, meta: ObjectMeta): SeldonRuntime {
  return {
    kind: 'SeldonRuntime',
    meta,
    ...decodeStatus(object),
    ...present({ seldonConfig: object.child('spec').text('seldonConfig') }),
  };
}

function names(items: readonly Fields[]): string[] {
  return [...new Set(items.flatMap((item) => item.text('name') ?? []))];
}
