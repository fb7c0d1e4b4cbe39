/** The shipped mapping for RayService, from a cluster that gets the kind late to a scrape. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDemo, type Demo, type KubernetesObject } from '@modelwatch/demo';
import { configSchema } from '../../exporter/src/config/schema';
import { loadConfig } from '../../exporter/src/config/load';
import { startTestExporter, type RunningExporter } from '../support/exporter';
import { until } from '../support/processes';

const ROOT = join(__dirname, '..', '..');
const MAPPING = join(ROOT, 'provisioning', 'kubernetes', 'custom-resources', 'rayservice.yaml');
const RAY = { kind: 'RayService', group: 'ray.io', version: 'v1alpha1', plural: 'rayservices', namespaced: true };

const fixture = (name: string): KubernetesObject =>
  JSON.parse(
    readFileSync(join(ROOT, 'exporter', 'src', 'families', 'fixtures', 'custom', `${name}.json`), 'utf8')
  ) as KubernetesObject;

describe('a mapped custom resource, live', () => {
  let demo: Demo;
  let exporter: RunningExporter;
  beforeAll(async () => {
    // The server has only the second of the versions that the mapping reads.
    demo = await startDemo({ models: 6, moreKinds: [RAY], bookmarkIntervalMs: 300 });
    demo.api.apply(fixture('ray-running'));
    const { config } = loadConfig({ env: {}, flags: { 'kubernetes.custom-resource-files': [MAPPING] } });
    const { customResources } = config.kubernetes;
    const { kubernetes } = configSchema.parse({ kubernetes: { server: demo.api.url, customResources } });
    exporter = await startTestExporter(demo, { kubernetes });
  }, 60_000);
  afterAll(async () => {
    await exporter.stop();
    await demo.stop();
  });

  const scrape = async () => (await fetch(`${exporter.url}/metrics`)).text();
  const shows = (line: string) => until(line, scrape, (text) => text.includes(line));
  const state = (name: string, word: string) =>
    `modelwatch_model_serving{namespace="ray",model="${name}",state="${word}"} 1`;

  it('is shown from the first scrape on, its source among the others', async () => {
    const text = await scrape();
    expect(text).toContain(state('llm-embed', 'serving'));
    expect(text).toContain('modelwatch_server_serving{namespace="ray",server="llm",state="serving"} 1');
    expect(text).toContain('modelwatch_exporter_source_synced{source="kubernetes/rayservices.ray.io"} 1');
    expect(text).toContain('modelwatch_exporter_source_unmatched_paths{source="kubernetes/rayservices.ray.io"} 0');
    expect(text).toContain('modelwatch_usage_models{namespace="ray",platform="custom"} 2');
  });

  it('follows its changes, and brings its pods', async () => {
    demo.api.apply(fixture('ray-pod-head'));
    demo.api.apply(fixture('ray-deploy-failed'));
    await shows(state('llm-rank', 'failed'));
    await shows('modelwatch_model_serving_reason{namespace="ray",model="llm-rank",reason="load_failed"} 1');
    await shows('modelwatch_model_pod_info{namespace="ray",model="llm-embed",pod="llm-raycluster-x2v4k-head-abcde"');
  });

  it('loses an application that its status no longer has, and goes when it is deleted', async () => {
    demo.api.apply(fixture('ray-unhealthy'));
    await until('the application to be gone', scrape, (text) => !text.includes('llm-rank'));
    demo.api.remove({ kind: 'RayService', namespace: 'ray', name: 'llm' });
    await until('the service to be gone', scrape, (text) => !text.includes('model="llm-'));
  });
});
