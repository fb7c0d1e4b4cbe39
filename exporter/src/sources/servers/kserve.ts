/**
 * KServe's Python server (facts recorded from 0.21.0, see fixtures). The server says that it is ready even without a
 * model; a model that is not ready is 404; paths with a version are 501; metrics are on the port of its requests. Beside
 * the Open Inference Protocol it lists its models (`GET /v2/models`), of which one that is not ready may be missing.
 */
import { KSERVE_TRANSLATION, isObject, preview } from '@modelwatch/contract';
import type { ProbeTarget } from '../../domain/probe-target';
import { eachOf, invalid, json } from './answers';
import { isModelName } from './names';
import { askEachModel, askReady } from './oip';
import { serverMetrics, type Ask, type Drop, type ModelReport, type ServerProbe } from './probe';

export const KSERVE: ServerProbe = {
  kind: 'kserve',
  serverNames: ['kserve'],
  models: askListed,
  metrics: serverMetrics(KSERVE_TRANSLATION),
};

async function askListed(ask: Ask, target: ProbeTarget, drop: Drop): Promise<ModelReport[]> {
  const answer = await ask('GET', '/v2/models');
  // Older versions have no list.
  if (answer.status !== 200) return askEachModel(ask, target);
  const document = json(answer);
  const listed = isObject(document) ? document['models'] : undefined;
  if (!Array.isArray(listed)) throw invalid(answer, 'a list under models', document);
  const names = listed.flatMap((name: unknown, index) => {
    if (isModelName(name)) return [name];
    drop('wrong_type', `${answer.place} models[${index}]: expected the name of a model, got ${preview(name)}`);
    return [];
  });
  if (names.length > 0) return eachOf(names, (name) => askReady(ask, name));
  return target.models.map((name) => ({ name, ready: false, reason: 'not in the list of models of the server' }));
}
