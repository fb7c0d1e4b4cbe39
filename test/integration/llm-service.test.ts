/** An LLMInferenceService of the demo, from its pods to the text that Prometheus reads. */
import { startDemo, type Demo } from '@modelwatch/demo';
import { startTestExporter, type RunningExporter } from '../support/exporter';
import { until } from '../support/processes';

const MODEL = 'toxicity-filter';
const NOW_MS = Date.UTC(2026, 10, 21, 9);

describe('an LLMInferenceService', () => {
  let demo: Demo;
  let exporter: RunningExporter;

  beforeAll(async () => {
    demo = await startDemo({ nowMs: () => NOW_MS });
    exporter = await startTestExporter(demo);
  });
  afterAll(async () => {
    await exporter.stop();
    await demo.stop();
  });

  const value = (page: string, start: RegExp) =>
    page
      .split('\n')
      .filter((line) => start.test(line))
      .map((line) => Number(line.split(' ').pop()));

  it('has the figures of the pods that answer, once, and endpoints for those that take in prompts, too', async () => {
    const page = await until(
      'its tokens, and all its pods probed',
      async () => (await fetch(`${exporter.url}/metrics`)).text(),
      (text) =>
        text.includes(`modelwatch_inference_tokens_total{namespace="support",model="${MODEL}"`) &&
        text.includes(`modelwatch_endpoint_up{namespace="support",server="${MODEL}-kserve-prefill"`)
    );
    const pod = demo.api
      .list('Pod')
      .find(({ metadata: { name } }) => name.startsWith(`${MODEL}-kserve-`) && !/prefill|router/.test(name));
    const proxy = `${demo.api.url}/api/v1/namespaces/support/pods/${pod?.metadata.name}:8000/proxy/metrics`;
    const own = await (await fetch(proxy)).text();
    for (const [direction, family] of [
      ['prompt', 'prompt_tokens_total'],
      ['generated', 'generation_tokens_total'],
    ]) {
      const told = value(
        page,
        new RegExp(`^modelwatch_inference_tokens_total\\{.*model="${MODEL}".*direction="${direction}"`)
      );
      expect(told).toEqual(value(own, new RegExp(`^vllm:${family}\\{`)));
      expect(told[0]).toBeGreaterThan(1_000);
    }
    const endpoints = page.split('\n').filter((line) => line.startsWith('modelwatch_endpoint_up{namespace="support"'));
    const servers = endpoints.flatMap((line) => /server="(toxicity-filter[^"]*)".* 1$/.exec(line)?.[1] ?? []);
    expect(servers.sort()).toEqual([`${MODEL}-kserve`, `${MODEL}-kserve-prefill`]);
    expect(page).toContain(`modelwatch_model_serving{namespace="support",model="${MODEL}",state="serving"} 1`);
  });
});
