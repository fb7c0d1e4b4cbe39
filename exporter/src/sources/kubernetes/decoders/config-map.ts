/** ConfigMaps with references, settings and objectives of models. Their texts are read elsewhere. */
import { MONITORING_LABEL, REFERENCE_LABEL, SLO_LABEL, type ConfigMap } from '../../../domain/events/config-map';
import type { ObjectMeta } from '../../../domain/resources';
import { isObject } from '@modelwatch/contract';
import type { Fields } from './fields';

export function decodeConfigMap(object: Fields, meta: ObjectMeta): ConfigMap {
  const of = (label: string, ending: RegExp) => (meta.labels[label] === 'true' ? texts(object, ending) : {});
  const [references, settings] = [of(REFERENCE_LABEL, /\.json$/), of(MONITORING_LABEL, /\.ya?ml$/)];
  const slos = of(SLO_LABEL, /\.ya?ml$/);
  if ([references, settings, slos].every((found) => Object.keys(found).length === 0)) {
    object.lacks(
      'data',
      'a key that ends in .json with a reference, or in .yaml with settings or objectives, as its label says'
    );
  }
  return { kind: 'ConfigMap', meta, references, settings, slos };
}

/** Whole, however long: the API server takes no ConfigMap over 1 MiB. */
function texts(object: Fields, ending: RegExp): Record<string, string> {
  const data = isObject(object.json) ? object.json['data'] : undefined;
  const entries = isObject(data) ? Object.entries(data) : [];
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (ending.test(key) && typeof value === 'string' ? [[key, value]] : []))
  );
}
