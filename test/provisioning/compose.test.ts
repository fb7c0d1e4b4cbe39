/** docker-compose.yml read as compose reads it, as far as that goes without Docker. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dependenciesAt, SLOW_MODELS } from '@modelwatch/demo';
import { parse } from 'yaml';
import { configSchema } from '../../exporter/src/config/schema';
import { PROVISIONING, readProvisioning } from '../support/expressions';
import { runOnFiles } from '../support/promtool';

const TOP = join(PROVISIONING, '..');

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  volumes?: string[];
  ports?: string[];
  depends_on?: string[] | Record<string, unknown>;
  network_mode?: string;
  environment?: Record<string, string>;
}
const { services } = parse(readFileSync(join(TOP, 'docker-compose.yml'), 'utf8')) as {
  services: Record<string, Service>;
};

/** Built by `npm run build`. */
const BUILT = ['./panel-plugin/dist', './datasource-plugin/dist'];

describe('docker-compose.yml', () => {
  it.each(Object.entries(services))('%s: pinned image, files that exist, services that exist', (_name, service) => {
    expect(service.image).toMatch(/:v?\d+\.\d+\.\d+$/);
    if (service.build) expect(existsSync(join(TOP, service.build.context, service.build.dockerfile))).toBe(true);
    for (const volume of service.volumes ?? []) {
      const [source = '', , mode] = volume.split(':');
      expect(mode).toBe('ro');
      expect(BUILT.includes(source) || existsSync(join(TOP, source))).toBe(true);
    }
    const needed = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {});
    for (const other of needed) expect(services).toHaveProperty(other);
    const shared = /^service:(.+)$/.exec(service.network_mode ?? '')?.[1];
    if (shared) expect(services).toHaveProperty(shared);
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('gives the exporter a configuration that it accepts', () => {
    const config = configSchema.parse(parse(readProvisioning('compose/modelwatch.yml')));
    expect(config.kubernetes.server).toBe('http://127.0.0.1:8781');
    expect(config.models).toEqual(SLOW_MODELS);
    expect(config.servers.dependencies).toMatchObject(dependenciesAt('http://127.0.0.1:8782'));
  });

  it('gives Prometheus a configuration that it accepts, and every variable that Grafana asks for', () => {
    const checked = runOnFiles('promtool', ['check', 'config', 'prometheus.yml'], {
      'prometheus.yml': readProvisioning('compose/prometheus.yml'),
      'rules.yml': readProvisioning('prometheus/rules.yml'),
    });
    expect(checked.output).toContain('SUCCESS');
    const files = ['grafana/datasources/modelwatch.yaml', 'grafana/alerting/contact-points.yaml'];
    const asked = files.flatMap((file) =>
      [...readProvisioning(file).matchAll(/\$(MODELWATCH_\w+)/g)].map((hit) => hit[1])
    );
    expect(asked.length).toBeGreaterThan(0);
    for (const name of asked) expect(services.grafana?.environment).toHaveProperty(name ?? '');
  });
});
