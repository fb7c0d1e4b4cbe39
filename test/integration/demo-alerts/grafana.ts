/** A real Grafana with the shipped alert rules, where the machine has one (GRAFANA_HOME): it is in no package registry. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort, startProgram, until, type Program } from '../../support/processes';

const ALERTING = join(__dirname, '..', '..', '..', 'provisioning', 'grafana', 'alerting');

/** @param home folder of an unpacked Grafana; @param folder for its data */
export async function startGrafana(
  home: string,
  folder: string,
  { prometheusUrl, alertmanagerUrl }: { readonly prometheusUrl: string; readonly alertmanagerUrl: string }
): Promise<Program> {
  const provisioning = join(folder, 'grafana', 'provisioning');
  cpSync(ALERTING, join(provisioning, 'alerting'), { recursive: true });
  mkdirSync(join(provisioning, 'datasources'));
  const prometheus = { name: 'Prometheus', type: 'prometheus', uid: 'prometheus', access: 'proxy', url: prometheusUrl };
  writeFileSync(
    join(provisioning, 'datasources', 'prometheus.yaml'),
    stringify({ apiVersion: 1, datasources: [{ ...prometheus, isDefault: true }] })
  );
  const port = await freePort();
  const program = startProgram(join(home, 'bin', 'grafana'), ['server', '--homepath', home], {
    GF_SERVER_HTTP_ADDR: '127.0.0.1',
    GF_SERVER_HTTP_PORT: String(port),
    GF_PATHS_DATA: join(folder, 'grafana', 'data'),
    GF_PATHS_LOGS: join(folder, 'grafana', 'logs'),
    GF_PATHS_PLUGINS: join(folder, 'grafana', 'plugins'),
    GF_PATHS_PROVISIONING: provisioning,
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_NEWS_NEWS_FEED_ENABLED: 'false',
    // Grafana would otherwise fetch plugins of its own at the first start.
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
    MODELWATCH_ALERTMANAGER_URL: alertmanagerUrl,
  });
  await until(
    'Grafana',
    () => fetch(`http://127.0.0.1:${port}/api/health`),
    ({ ok }) => ok,
    120_000
  );
  return program;
}
