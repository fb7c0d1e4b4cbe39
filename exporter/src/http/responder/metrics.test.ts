import { createResponderMetrics } from './metrics';

const NOW = { waiting: 0, limit: 100, dryRun: false, paused: false };
const decision = {
  policy: 'grow',
  action: 'scale',
  result: 'acted',
  reason: 'none',
  atSeconds: 1_795_327_200,
} as const;

async function onModels(metrics: ReturnType<typeof createResponderMetrics>): Promise<string[]> {
  const text = await metrics.render(NOW);
  return text.split('\n').filter((line) => line.startsWith('modelwatch_responder_model_response_timestamp_seconds{'));
}

describe('when something was last done about a model', () => {
  it('has one series for each model, policy and outcome, with the time of the last', async () => {
    const metrics = createResponderMetrics('1.2.3');
    metrics.decided(decision, { namespace: 'shop', model: 'risk' });
    metrics.decided({ ...decision, atSeconds: 1_795_327_260 }, { namespace: 'shop', model: 'risk' });
    metrics.decided({ ...decision, result: 'failed', reason: 'forbidden' }, { namespace: 'shop', model: 'risk' });
    metrics.decided({ ...decision, result: 'refused', reason: 'cooldown' }, { namespace: 'shop', model: 'churn' });
    const labels = 'namespace="shop",model="risk",policy="grow",action="scale"';
    expect(await onModels(metrics)).toEqual([
      `modelwatch_responder_model_response_timestamp_seconds{${labels},result="acted"} 1795327260`,
      `modelwatch_responder_model_response_timestamp_seconds{${labels},result="failed"} 1795327200`,
    ]);
  });

  it('forgets the one of longest ago when there are too many', async () => {
    const metrics = createResponderMetrics('1.2.3');
    for (let index = 0; index < 1_000; index++) metrics.decided(decision, { namespace: 'shop', model: `m${index}` });
    metrics.decided(decision, { namespace: 'shop', model: 'm0' });
    metrics.decided(decision, { namespace: 'shop', model: 'one more' });
    const lines = await onModels(metrics);
    expect(lines).toHaveLength(1_000);
    const has = (model: string) => lines.some((line) => line.includes(`model="${model}"`));
    expect(['m0', 'm1', 'm2', 'one more'].map(has)).toEqual([true, false, true, true]);
  });
});
