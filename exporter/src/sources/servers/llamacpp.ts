/**
 * llama.cpp server (facts recorded from build 11549 of 2026-10, see fixtures). While it loads its only model `/health` is
 * 503 with an error in JSON. Its metrics need `--metrics`.
 */
import { LLAMACPP_TRANSLATION } from '@modelwatch/contract';
import { objectIn, refuseHtml, shortText } from './answers';
import { listedModels } from './openai-models';
import { serverMetrics, unexpectedStatus, type Ask, type ServerIdentity, type ServerProbe } from './probe';

export const LLAMACPP: ServerProbe = {
  kind: 'llamacpp',
  serverNames: [],
  identify,
  async models(ask, target, drop, { ready }) {
    if (!ready) return target.models.map((name) => ({ name, ready: false, state: 'loading' }));
    const answer = await ask('GET', '/v1/models');
    if (answer.status === 401) return [];
    if (answer.status !== 200) throw unexpectedStatus(answer);
    return listedModels(answer, drop).map((model) => ({ ...model, ready: true, state: 'ready' as const }));
  },
  metrics: serverMetrics(LLAMACPP_TRANSLATION),
};

async function identify(ask: Ask): Promise<ServerIdentity> {
  const health = await ask('GET', '/health');
  refuseHtml(health);
  if (health.status !== 200 && health.status !== 503) throw unexpectedStatus(health);
  const server = { live: true, ready: health.status === 200, name: 'llama.cpp' };
  if (!server.ready) return server;
  const build = shortText(objectIn(await ask('GET', '/props'))?.['build_info']);
  return { ...server, ...(build === undefined ? {} : { version: build }) };
}
