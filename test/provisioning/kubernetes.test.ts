/** The plain manifests, which are the chart's default rendering. What needs helm is in `npm run test:kubernetes`. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { replicaOf } from '../../exporter/src/config/replicas';
import { configSchema } from '../../exporter/src/config/schema';
import { KINDS } from '../../exporter/src/sources/kubernetes/kinds';
import { PROVISIONING, readProvisioning } from '../support/expressions';

const CHART = join(PROVISIONING, 'kubernetes/chart');
const manifest = (path: string) => parse(readProvisioning(`kubernetes/manifests/${path}`));

function chartHash(): string {
  const files = readdirSync(CHART, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${relative(CHART, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

it('is rendered from the chart as it stands', () => {
  // After a change: npm run test:kubernetes -- --write
  expect(readProvisioning('kubernetes/manifests/kustomization.yaml')).toContain(`sha256 of the chart: ${chartHash()}`);
});

it('names every manifest that is there', () => {
  for (const folder of ['exporter', 'operator', 'replicas', 'responder']) {
    const { resources } = manifest(`${folder}/kustomization.yaml`) as { resources: string[] };
    const there = readdirSync(join(PROVISIONING, 'kubernetes/manifests', folder));
    expect(there.filter((name) => name !== 'kustomization.yaml').sort()).toEqual(resources);
  }
});

it('gives replicas a configuration that they accept', () => {
  const { events } = configSchema.parse(parse(manifest('replicas/configmap.yaml').data['modelwatch.yml']));
  expect(replicaOf(events, 'modelwatch-2.modelwatch-replicas.modelwatch.svc')).toEqual({ replica: 2, replicas: 3 });
  expect(events.peers.url).toBe(
    `http://modelwatch-{replica}.${manifest('replicas/statefulset.yaml').spec.serviceName}:8780`
  );
});

it('gives the responder a configuration that it accepts, dry, on the port that is asked', () => {
  const { responder } = configSchema.parse(parse(manifest('responder/configmap.yaml').data['modelwatch.yml']));
  const [container] = manifest('responder/deployment.yaml').spec.template.spec.containers;
  expect(responder).toMatchObject({ enabled: true, mode: 'dry-run', port: container.ports[0].containerPort });
  const { namespace, name } = responder.lease;
  const [, lease] = manifest('responder/role-lease.yaml').rules;
  expect([namespace, [name]]).toEqual([manifest('responder/role-lease.yaml').metadata.namespace, lease.resourceNames]);
  expect(responder.allow.namespaces).toEqual([manifest('responder/role.yaml').metadata.namespace]);
});

describe('the exporter', () => {
  const deployment = manifest('exporter/deployment.yaml');
  const pod = deployment.spec.template;
  const [container] = pod.spec.containers;
  const service = manifest('exporter/service.yaml');

  it('is selected by its Deployment, Service, ServiceMonitor and NetworkPolicy', () => {
    const selectors = [
      deployment.spec.selector.matchLabels,
      service.spec.selector,
      manifest('exporter/networkpolicy.yaml').spec.podSelector.matchLabels,
    ];
    for (const selector of selectors) expect(pod.metadata.labels).toMatchObject(selector);
    expect(service.metadata.labels).toMatchObject(manifest('operator/servicemonitor.yaml').spec.selector.matchLabels);
  });

  it('is given a configuration that it accepts, on the port that is asked', () => {
    const config = configSchema.parse(parse(manifest('exporter/configmap.yaml').data['modelwatch.yml']));
    const [port] = container.ports;
    expect(config.web.port).toBe(port.containerPort);
    expect(service.spec.ports).toEqual([{ name: port.name, port: port.containerPort, targetPort: port.name }]);
    expect(container.livenessProbe.httpGet).toEqual({ path: '/livez', port: port.name });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: port.name });
    expect(container.args).toEqual(['exporter', '--config.file=/etc/modelwatch/modelwatch.yml']);
    expect(container.volumeMounts).toContainEqual({ name: 'config', mountPath: '/etc/modelwatch', readOnly: true });
  });

  it('is as restricted as a pod can be', () => {
    expect(pod.spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('may read the kinds that it watches, and nothing else', () => {
    const { rules } = manifest('exporter/clusterrole.yaml') as {
      rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
    };
    for (const rule of rules) expect(rule.verbs).toEqual(['get', 'list', 'watch']);
    const granted = rules.flatMap((rule) =>
      rule.apiGroups.flatMap((group) => rule.resources.map((r) => `${group}/${r}`))
    );
    const watched = KINDS.map((kind) => `${kind.group}/${kind.plural}`);
    expect([...new Set(granted)].sort()).toEqual([...new Set(watched)].sort());
  });
});

describe('what the Prometheus Operator reads', () => {
  it('keeps the labels of the models and drops those of the target', () => {
    const [endpoint] = manifest('operator/servicemonitor.yaml').spec.endpoints;
    expect(endpoint.honorLabels).toBe(true);
    const drop = endpoint.relabelings.find((rule: { action: string }) => rule.action === 'labeldrop');
    const regex = new RegExp(`^(?:${drop.regex})$`);
    for (const label of ['pod', 'service', 'endpoint', 'namespace', 'container']) expect(label).toMatch(regex);
    for (const label of ['job', 'instance', '__address__']) expect(label).not.toMatch(regex);
  });

  it('is selected by the label of the stack, and has the shipped rules', () => {
    const rule = manifest('operator/prometheusrule.yaml');
    for (const object of [rule, manifest('operator/servicemonitor.yaml')]) {
      expect(object.metadata.labels.release).toBe('prometheus');
    }
    expect(rule.spec.groups).toEqual(parse(readProvisioning('prometheus/rules.yml')).groups);
  });

  it('brings dashboards that Grafana finds and that are the importable ones', () => {
    for (const name of ['fleet', 'model']) {
      const map = manifest(`operator/configmap-${name}.yaml`);
      expect(map.metadata.labels.grafana_dashboard).toBe('1');
      expect(map.data[`${name}.json`]).toBe(readProvisioning(`grafana/importable/${name}.json`));
    }
  });
});
