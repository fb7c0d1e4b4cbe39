/**
 * `npm run test:kubernetes`: what needs helm and kustomize, apart from `npm test` because building them takes minutes.
 * They come through Go's module proxy into .cache/tools. `-- --write` renders the plain manifests anew.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { giveUp, step } from './lib/say.mjs';
import { cacheFolder, ensurePackages, ROOT, which } from './lib/setup.mjs';

const TOOLS = {
  helm: 'helm.sh/helm/v3/cmd/helm@v3.19.2',
  kustomize: 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1',
};
const CHART = join(ROOT, 'provisioning/kubernetes/chart');
const MANIFESTS = join(ROOT, 'provisioning/kubernetes/manifests');
const KUBERNETES_VERSION = '1.31.0';
const NAMESPACE = 'modelwatch';
/** In place of the one exporter: several that share its events (docs/replicas.md). */
const REPLICAS = 'joins.size=10Gi,replicas=3';
/** The responder beside it (docs/automated-response.md): dry, and with rights in one namespace. */
const RESPONDER = [
  '--set',
  'responder.enabled=true,responder.tokenSecret=modelwatch-responder,responder.prometheusUrl=http://prometheus-operated.monitoring:9090',
  '--set-json',
  `responder.settings=${JSON.stringify({
    mode: 'dry-run',
    allow: { namespaces: ['models'], kinds: ['Model'], actions: ['scale'] },
    policies: [
      {
        name: 'scale-up-slow-models',
        match: { alertnames: ['ModelwatchModelSlow'] },
        action: { type: 'scale', kind: 'Model', step: 1, max: 6 },
      },
    ],
  })}`,
];
/** What the Prometheus Operator or Grafana's sidecar reads; the rest stands in any cluster. */
const OPERATOR_KINDS = ['ServiceMonitor', 'PrometheusRule', 'PodMonitor'];

ensurePackages();
const helm = tool('helm');
if (process.argv.includes('--write')) write(plainManifests());
else test();

function tool(name) {
  const onPath = which(name);
  if (onPath) return onPath;
  const folder = cacheFolder('tools');
  const program = join(folder, name);
  if (existsSync(program)) return program;
  if (!which('go')) giveUp(`${name} is not here, and neither is Go to build it. Install ${name}, then run this again.`);
  step(`Building ${name} (${TOOLS[name]})`);
  const built = spawnSync('nice', ['go', 'install', TOOLS[name]], {
    env: { ...process.env, GOBIN: folder },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (built.status !== 0) giveUp(`${name} could not be built; the lines above say why.`);
  return program;
}

function run(program, args) {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (done.error) giveUp(`${program}: ${done.error.message}`);
  return done;
}

function render(...args) {
  const base = ['template', NAMESPACE, CHART, '--namespace', NAMESPACE, '--kube-version', KUBERNETES_VERSION];
  const done = run(helm, [...base, ...args]);
  if (done.status !== 0) throw new Error(`helm template ${args.join(' ')}: ${done.stderr}`);
  return parseAllDocuments(done.stdout)
    .map((document) => document.toJS())
    .filter(Boolean);
}

/** sha256 over the paths and contents of the chart: the quick tests compare it with the one in the manifests. */
function chartHash() {
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

/** Helm's own marks go: kubectl manages these objects. */
function plain(object) {
  for (const metadata of [object.metadata, object.spec?.template?.metadata]) {
    delete metadata?.labels?.['app.kubernetes.io/managed-by'];
  }
  delete object.spec?.template?.metadata?.annotations?.['checksum/config'];
  if (Object.keys(object.spec?.template?.metadata?.annotations ?? { none: 1 }).length === 0) {
    delete object.spec.template.metadata.annotations;
  }
  return object;
}

function plainManifests() {
  const files = {};
  const header = `# Rendered from the chart by: npm run test:kubernetes -- --write\n`;
  const folders = { exporter: ['namespace.yaml'], operator: [], replicas: ['namespace.yaml'], responder: [] };
  const text = (value) => header + stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  const namespace = text({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  files['exporter/namespace.yaml'] = files['replicas/namespace.yaml'] = namespace;
  const isOperators = ({ kind, metadata }) => metadata.name.includes('-dashboard-') || OPERATOR_KINDS.includes(kind);
  const add = (folder, object) => {
    const suffix = object.metadata.name.split(/-dashboard-|-(?=(?:replicas|lease)$)/)[1] ?? '';
    const name = `${object.kind.toLowerCase()}${suffix ? `-${suffix}` : ''}.yaml`;
    files[`${folder}/${name}`] = text(object);
    folders[folder].push(name);
  };
  for (const object of render().map(plain)) add(isOperators(object) ? 'operator' : 'exporter', object);
  for (const object of render('--set', REPLICAS).map(plain)) if (!isOperators(object)) add('replicas', object);
  for (const object of responderObjects().map(plain)) if (!isOperators(object)) add('responder', object);
  const kustomization = (resources) => ({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources,
  });
  for (const [folder, names] of Object.entries(folders)) {
    files[`${folder}/kustomization.yaml`] = text(kustomization(names.sort()));
  }
  files['kustomization.yaml'] =
    `# sha256 of the chart: ${chartHash()}\n` + text(kustomization(['exporter', 'operator']));
  return files;
}

function write(files) {
  rmSync(MANIFESTS, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    const file = join(MANIFESTS, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  step(`Wrote ${Object.keys(files).length} manifests`);
}

function check(what, problem) {
  if (problem) giveUp(`✗ ${what}: ${problem}`);
  console.log(`✓ ${what}`);
}

function refused(values, expected) {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-values-'));
  const file = join(folder, 'values.yaml');
  writeFileSync(file, stringify(values));
  try {
    render('--values', file);
    return `expected a refusal that names ${expected}`;
  } catch (error) {
    return error.message.includes(expected) ? '' : error.message;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function kindsOf(objects) {
  return objects.map((object) => object.kind);
}

/** Three shards of two pods each. */
function checkShards(objects) {
  const of = (kind) => objects.filter((object) => object.kind === kind);
  const deployments = of('Deployment');
  const args = deployments.map(({ spec }) => spec.template.spec.containers[0].args.at(-1));
  check(
    'each shard is a Deployment that knows its number',
    args.join() === '--shard=0,--shard=1,--shard=2' ? '' : args.join()
  );
  const replicas = deployments.map(({ spec }) => spec.replicas);
  check('with both its replicas', replicas.join() === '2,2,2' ? '' : replicas.join());
  const apart = deployments.every(({ spec }) => spec.template.spec.affinity?.podAntiAffinity);
  check('apart from each other where possible', apart ? '' : 'no anti-affinity');
  const config = objects.find((object) => object.data?.['modelwatch.yml'])?.data['modelwatch.yml'] ?? '';
  check('they know how many they are', config.includes('totalShards: 3') ? '' : config);
  const template = /shardPeers: (\S+)/.exec(config)?.[1] ?? '';
  const services = of('Service').map(({ metadata }) => `http://${metadata.name}:8780`);
  const peers = [0, 1, 2].map((shard) => template.replace('{shard}', String(shard)));
  check('and find each other', peers.filter((peer) => !services.includes(peer)).join());
  const selects = (labels, wanted) => Object.entries(wanted).every(([key, value]) => labels[key] === value);
  const [monitor] = of('ServiceMonitor');
  const scraped = of('Service').filter(({ metadata }) => selects(metadata.labels, monitor.spec.selector.matchLabels));
  check(
    'the ServiceMonitor selects one Service',
    scraped.length === 1 ? '' : scraped.map((s) => s.metadata.name).join()
  );
  const pods = deployments.map(({ spec }) => spec.template.metadata.labels);
  const all = (selector) => pods.every((labels) => selects(labels, selector));
  check('which has the pods of all shards', all(scraped[0].spec.selector) ? '' : 'it has not');
  check(
    'as has the disruption budget',
    all(of('PodDisruptionBudget')[0].spec.selector.matchLabels) ? '' : 'it has not'
  );
  const own = deployments.filter(
    ({ spec }) => pods.filter((labels) => selects(labels, spec.selector.matchLabels)).length === 1
  );
  check('and no Deployment takes pods of another', own.length === 3 ? '' : 'selectors overlap');
}

function checkWeb() {
  const secured = render(
    '--set',
    'web.configSecret=modelwatch-web,web.scheme=https,serviceMonitor.tlsConfig.serverName=modelwatch,serviceMonitor.basicAuth.username.name=login'
  );
  const [endpoint] = secured.find(({ kind }) => kind === 'ServiceMonitor').spec.endpoints;
  const securedPod = secured.find(({ kind }) => kind === 'Deployment').spec.template.spec;
  const settings = JSON.stringify(secured.find(({ kind, data }) => kind === 'ConfigMap' && data['modelwatch.yml']));
  const isSecured =
    endpoint.scheme === 'https' &&
    endpoint.tlsConfig.serverName === 'modelwatch' &&
    endpoint.basicAuth.username.name === 'login' &&
    securedPod.containers[0].readinessProbe.httpGet.scheme === 'HTTPS' &&
    securedPod.volumes.some(({ secret }) => secret?.secretName === 'modelwatch-web') &&
    settings.includes('/etc/modelwatch-web/web.yml');
  check('TLS and users reach the exporter, its probes and its ServiceMonitor', isSecured ? '' : settings);
  const [silent] = render('--set', 'web.probes=tcpSocket').find(({ kind }) => kind === 'Deployment').spec.template.spec
    .containers;
  check('probes without a certificate are of the kind tcpSocket', silent.livenessProbe.tcpSocket ? '' : 'httpGet');
}

function testJoins() {
  const [joining] = render('--set', 'joins.claim=predictions').filter(({ kind }) => kind === 'Deployment');
  const { strategy, template } = joining.spec;
  const isMounted =
    strategy.type === 'Recreate' &&
    template.spec.volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === 'predictions') &&
    template.spec.containers[0].volumeMounts.some(({ mountPath }) => mountPath === '/var/lib/modelwatch');
  check('open predictions have a volume', isMounted ? '' : JSON.stringify(template.spec.volumes));
  const many = ['joins.claim=predictions,replicas=2', 'config.events.joins.directory=/data,shards=3'];
  const told = many.map((values) => {
    try {
      render('--set', values);
      return `${values} was rendered`;
    } catch (error) {
      return error.message;
    }
  });
  check(
    'several exporters that join are refused',
    told.every((text) => /expected (replicas 1, or joins.size|shards 1,)/.test(text)) ? '' : told.join('\n')
  );
}

/** Three replicas that share the events. */
function testReplicas(objects) {
  const built = run(tool('kustomize'), ['build', join(MANIFESTS, 'replicas')]);
  check('kustomize builds replicas', built.status === 0 ? '' : built.stderr);
  const of = (kind) => objects.filter((object) => object.kind === kind);
  const [{ metadata, spec }] = of('StatefulSet');
  check('replicas are a StatefulSet in place of the Deployment', of('Deployment').length === 0 ? '' : 'both are there');
  const [volume] = spec.volumeClaimTemplates;
  const isMounted = spec.template.spec.containers[0].volumeMounts.some(({ name }) => name === volume.metadata.name);
  check('each with a volume of its own', isMounted ? '' : JSON.stringify(volume));
  const config = objects.find((object) => object.data?.['modelwatch.yml'])?.data['modelwatch.yml'] ?? '';
  const headless = of('Service').find((service) => service.metadata.name === spec.serviceName);
  check('that find each other before they are ready', headless?.spec.publishNotReadyAddresses ? '' : 'they do not');
  const url = `url: http://${metadata.name}-{replica}.${headless.metadata.name}:8780`;
  check('by their names', config.includes(url) && config.includes('replicas: 3') ? '' : config);
  const [token] = render('--set', `${REPLICAS},joins.tokenSecret=peers`).filter(({ kind }) => kind === 'StatefulSet');
  check('and know each other by a token', JSON.stringify(token).includes('"secretName":"peers"') ? '' : 'no token');
  const [main] = of('Service').filter((service) => service !== headless);
  check('a sender stays at one of them', main.spec.sessionAffinity === 'ClientIP' ? '' : 'it does not');
  const { matchLabels } = of('ServiceMonitor')[0].spec.selector;
  const isSelected = (labels) => Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  check('each is scraped once', isSelected(headless.metadata.labels) ? 'the headless Service is selected, too' : '');
}

function responderObjects() {
  const isResponders = ({ metadata }) => metadata.labels['app.kubernetes.io/name'] === 'modelwatch-responder';
  return render(...RESPONDER).filter(isResponders);
}

/** Off by default; switched on, with few rights of its own and none of the exporter's. */
function testResponder() {
  // Rules and dashboards speak of it; that is not one.
  const ours = render().filter(({ metadata }) => metadata.name.includes('responder'));
  check('there is no responder by default', kindsOf(ours).join());
  const built = run(tool('kustomize'), ['build', join(MANIFESTS, 'responder')]);
  check('kustomize builds the responder', built.status === 0 ? '' : built.stderr);
  const all = render(...RESPONDER);
  const objects = responderObjects();
  const rights = objects
    .filter(({ kind }) => kind === 'Role')
    .map(({ metadata, rules }) => [metadata.namespace, rules]);
  const expected = [
    [
      NAMESPACE,
      [
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
        {
          apiGroups: ['coordination.k8s.io'],
          resources: ['leases'],
          resourceNames: ['modelwatch-responder'],
          verbs: ['get', 'update'],
        },
      ],
    ],
    [
      'models',
      [
        { apiGroups: ['mlops.seldon.io'], resources: ['models'], verbs: ['get', 'patch'] },
        { apiGroups: [''], resources: ['events'], verbs: ['create'] },
      ],
    ],
  ];
  check(
    'it may patch what is allowed, in the namespaces that are allowed, and hold its Lease',
    JSON.stringify(rights) === JSON.stringify(expected) ? '' : JSON.stringify(rights)
  );
  const bound = all
    .filter(
      ({ kind, subjects }) => /Binding$/.test(kind) && subjects.some(({ name }) => name === 'modelwatch-responder')
    )
    .map(({ kind }) => kind);
  check('and has no other rights', bound.join() === 'RoleBinding,RoleBinding' ? '' : bound.join());
  const exporters = all.filter((object) => !objects.includes(object)).filter(({ kind }) => kind === 'ClusterRole');
  const writes = exporters.flatMap(({ rules }) => rules).filter(({ verbs }) => verbs.includes('patch'));
  check('the exporter may still write nothing', writes.length === 0 ? '' : JSON.stringify(writes));
  const pod = objects.find(({ kind }) => kind === 'Deployment').spec.template.metadata.labels;
  const selectors = all
    .filter(({ kind, metadata }) => kind === 'Service' && metadata.name === NAMESPACE)
    .map(({ spec }) => spec.selector);
  const isTaken = selectors.some((wanted) => Object.entries(wanted).every(([key, value]) => pod[key] === value));
  check("the exporter's Service does not select it", isTaken ? 'it does' : '');
  const settings = objects.find(({ kind }) => kind === 'ConfigMap').data['modelwatch.yml'];
  const isTold = ['enabled: true', 'tokenFile: /etc/modelwatch-responder/alertmanager-token'].every((text) =>
    settings.includes(text)
  );
  check('its configuration names the token', isTold ? '' : settings);
  check('without a token it is refused', refused({ responder: { enabled: true } }, 'responder.tokenSecret'));
  checkResponderWeb();
}

function checkResponderWeb() {
  const values = 'web.configSecret=responder-web,web.scheme=https,serviceMonitor.tlsConfig.serverName=responder';
  const secured = render(...RESPONDER, '--set', values.replaceAll(/(web|serviceMonitor)\./g, 'responder.$1.'));
  const own = secured.filter(({ metadata }) => metadata.name === 'modelwatch-responder');
  const of = (kind) => own.find((object) => object.kind === kind);
  const pod = of('Deployment').spec.template.spec;
  const [endpoint] = of('ServiceMonitor').spec.endpoints;
  const isSecured =
    of('ConfigMap').data['modelwatch.yml'].includes('configFile: /etc/modelwatch-web/web.yml') &&
    pod.volumes.some(({ secret }) => secret?.secretName === 'responder-web') &&
    pod.containers[0].volumeMounts.some(({ mountPath }) => mountPath === '/etc/modelwatch-web') &&
    pod.containers[0].livenessProbe.httpGet.scheme === 'HTTPS' &&
    endpoint.scheme === 'https' &&
    endpoint.tlsConfig.serverName === 'responder';
  check('TLS and users of its own reach it, its probes and its ServiceMonitor', isSecured ? '' : JSON.stringify(pod));
  const exporter = secured.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === NAMESPACE);
  check("and not the exporter's", JSON.stringify(exporter).includes('responder-web') ? 'they do' : '');
}

/** Files and queues of events need a disk that can be written, and credentials. */
function testEventLog() {
  const search = [{ name: 'search', url: 'https://search:9200', queueDirectory: '/var/lib/modelwatch-events' }];
  const logged = JSON.stringify({ elasticsearch: search });
  const disk = '{"volume":{"emptyDir":{"sizeLimit":"1Gi"}},"secret":"search"}';
  const both = ['--set-json', `config.eventLog=${logged}`, '--set-json', `responder.eventLog=${logged}`];
  const objects = render(...RESPONDER, ...both, '--set-json', `eventLog=${disk}`);
  const missing = [NAMESPACE, 'modelwatch-responder'].filter((name) => {
    const of = (kind) => objects.find((object) => object.kind === kind && object.metadata.name === name);
    const { volumes, containers, securityContext } = of('Deployment').spec.template.spec;
    const paths = containers[0].volumeMounts.map(({ mountPath }) => mountPath);
    return !(
      volumes.some(({ emptyDir }) => emptyDir?.sizeLimit === '1Gi') &&
      volumes.some(({ secret }) => secret?.secretName === 'search') &&
      ['/var/lib/modelwatch-events', '/etc/modelwatch-events'].every((path) => paths.includes(path)) &&
      securityContext.fsGroup === 1000 &&
      of('ConfigMap').data['modelwatch.yml'].includes('queueDirectory: /var/lib/modelwatch-events')
    );
  });
  check('the event log has a disk and credentials, in the exporter and the responder', missing.join());
  const without = JSON.stringify(render(...RESPONDER));
  check('and neither where there is none', /\/(var\/lib|etc)\/modelwatch-events/.test(without) ? 'it has' : '');
  const config = { eventLog: { elasticsearch: search } };
  check('without a disk it is refused', refused({ config }, 'eventLog.volume: expected a volume'));
  const claim = { volume: { persistentVolumeClaim: { claimName: 'events' } } };
  check('one disk for two is refused', refused({ config, replicas: 2, eventLog: claim }, 'expected emptyDir'));
}

function test() {
  const linted = run(helm, ['lint', '--strict', CHART]);
  check('the chart passes helm lint --strict', linted.status === 0 ? '' : linted.stdout + linted.stderr);

  const stale = Object.entries(plainManifests()).filter(
    ([path, text]) => !existsSync(join(MANIFESTS, path)) || readFileSync(join(MANIFESTS, path), 'utf8') !== text
  );
  check('the plain manifests are what the chart renders', stale.map(([path]) => path).join(', '));

  const built = run(tool('kustomize'), ['build', MANIFESTS]);
  const objects = built.status === 0 ? parseAllDocuments(built.stdout).map((document) => document.toJS()) : [];
  const kinds = kindsOf(objects);
  check('kustomize builds them', built.status === 0 ? '' : built.stderr);
  const missing = [
    'Namespace',
    'Deployment',
    'Service',
    'ClusterRole',
    'ServiceMonitor',
    'PrometheusRule',
    'ConfigMap',
  ];
  check('with everything in it', missing.filter((kind) => !kinds.includes(kind)).join(', '));

  testJoins();
  testReplicas(render('--set', REPLICAS));
  testResponder();
  testEventLog();

  const narrow = render('--set', 'namespaces={payments,support}');
  check(
    'with namespaces there is no cluster role',
    narrow.some((object) => object.kind.startsWith('ClusterRole')) ? 'a ClusterRole is left' : ''
  );
  check(
    'and one Role for each',
    narrow.filter((object) => object.kind === 'Role').length === 2 ? '' : kindsOf(narrow).join(', ')
  );

  const proxied = JSON.stringify(render('--set', 'config.servers.access=api-proxy'));
  check('pods/proxy is granted where the probes go through it', proxied.includes('pods/proxy') ? '' : 'missing');
  check('and nowhere else', JSON.stringify(render()).includes('pods/proxy') ? 'granted by default' : '');

  const scorer = '{"name":"scorer","group":"ml.example.com","plural":"scorers"}';
  const mapped = render('--set-json', `config.kubernetes.customResources=[${scorer}]`);
  const granted = mapped.find((object) => object.kind === 'ClusterRole').rules;
  check(
    'the right to read a mapped kind comes with its mapping',
    granted.some((rule) => rule.apiGroups[0] === 'ml.example.com' && rule.resources[0] === 'scorers')
      ? ''
      : JSON.stringify(granted)
  );
  const reads = (objects) =>
    objects
      .filter((object) => object.kind === 'ClusterRole')
      .flatMap((object) => object.rules)
      .some((rule) => rule.resources.includes('configmaps'));
  const asked = render('--set', 'config.kubernetes.configMaps=true');
  check('the right to read ConfigMaps comes where they are asked for', reads(asked) ? '' : 'missing');
  check('and nowhere else', reads(render()) ? 'granted by default' : '');
  checkWeb();

  const bare = kindsOf(render('--set', 'prometheusOperator.enabled=false,dashboards.enabled=false'));
  check('it stands without the Prometheus Operator', bare.filter((kind) => OPERATOR_KINDS.includes(kind)).join(', '));
  const monitors = kindsOf(render('--set', 'podMonitors.enabled=true')).filter((kind) => kind === 'PodMonitor');
  check('PodMonitors come when asked for', monitors.length === 2 ? '' : `${monitors.length} of 2`);
  const dashboards = render('--set', 'dashboards.variant=plugins').filter((object) =>
    object.metadata.name.includes('-dashboard-')
  );
  check(
    'dashboards with our plugins come when asked for',
    JSON.stringify(dashboards).includes('modelwatch-models-panel') ? '' : 'they do not name the panel'
  );
  const [alone] = render().filter((object) => object.kind === 'Deployment');
  check('one exporter is told of no shard', JSON.stringify(alone).includes('shard') ? 'it is' : '');
  check(
    'and has no budget that would block a drain',
    kindsOf(render()).includes('PodDisruptionBudget') ? 'it has' : ''
  );
  checkShards(render('--set', 'shards=3,replicas=2'));
  check('an unknown value is refused', refused({ replicaz: 2 }, 'replicaz'));
  check('a third replica is refused', refused({ replicas: 3 }, 'replicas'));
}
