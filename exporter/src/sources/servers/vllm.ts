/**
 * vLLM (facts recorded from 0.32.0, see fixtures). Nothing listens until the model is loaded: the connection is refused.
 * When the engine died `/health` is 503 while other paths still answer. One base model with its adapters.
 */
import { VLLM_TRANSLATION } from '@modelwatch/contract';
import { objectIn, refuseHtml, shortText } from './answers';
import { listedModels } from './openai-models';
import { serverMetrics, unexpectedStatus, type Ask, type ServerIdentity, type ServerProbe } from './probe';

export const VLLM: ServerProbe = {
  kind: 'vllm',
  serverNames: [],
  identify,
  async models(ask, target, drop, { live }) {
    // A dead engine's list still says what it had.
    if (!live) return target.models.map((name) => ({ name, ready: false }));
    const answer = await ask('GET', '/v1/models');
    // Behind a key (`--api-key`) the list is closed; that the only engine is healthy is known without it.
    if (answer.status === 401 || answer.status === 403) return [];
    if (answer.status !== 200) throw unexpectedStatus(answer);
    return listedModels(answer, drop).map((model) => ({ ...model, ready: true, state: 'ready' as const }));
  },
  metrics: serverMetrics(VLLM_TRANSLATION),
};

async function identify(ask: Ask): Promise<ServerIdentity> {
  const health = await ask('GET', '/health');
  refuseHtml(health);
  if (health.status !== 200 && health.status !== 503) throw unexpectedStatus(health);
  const healthy = health.status === 200;
  if (!healthy) return { live: false, ready: false, name: 'vllm' };
  const version = shortText(objectIn(await ask('GET', '/version'))?.['version']);
  return { live: true, ready: true, name: 'vllm', ...(version === undefined ? {} : { version }) };
}
