/** The example configuration of Alertmanager in a real one; only addresses, secrets and spans of time are others. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort, startProgram, until, type Program } from './processes';
import type { httpSink, mailSink } from './sinks';

const EXAMPLES = join(__dirname, '../../provisioning/alertmanager/examples');
/** What took minutes takes parts of seconds; the order of the spans stays. */
const SPANS: Readonly<Record<string, string>> = {
  '10s': '100ms',
  '30s': '200ms',
  '1m': '300ms',
  '5m': '400ms',
  '10m': '500ms',
  '30m': '2500ms',
  '1h': '1h',
  '2h': '2h',
  '4h': '4h',
  '23h': '23h',
};

/** The mail server asks for the password `secret`. */
export type Sinks = {
  readonly http: Awaited<ReturnType<typeof httpSink>>;
  readonly mail: Awaited<ReturnType<typeof mailSink>>;
};

/** The example with the addresses of the sinks; the hours of the digest are now. */
function configFor(folder: string, { http, mail }: Sinks): string {
  const secret = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const text = readFileSync(join(EXAMPLES, 'alertmanager.yml'), 'utf8')
    .replace('smtp.example.com:587', `127.0.0.1:${mail.port}`)
    .replace('/etc/alertmanager/secrets/smtp-password', secret('password', 'secret'))
    .replace('/etc/alertmanager/secrets/slack-url', secret('slack', `${http.url}/slack`))
    .replace(/\/etc\/alertmanager\/secrets\/(pagerduty-\w+)/g, (_, name: string) => secret(name, `key-${name}`))
    .replace('http://tickets.example.com', http.url)
    .replace(/((?:group_wait|group_interval|repeat_interval): )(\w+)/g, (_, key: string, span: string) => {
      if (SPANS[span] === undefined)
        throw new Error(`${key}${span}: expected one of the spans that this test shortens`);
      return `${key}${SPANS[span]}`;
    })
    .replace(/times: .*\n\s+location: .*/, 'times: [{ start_time: "00:00", end_time: "24:00" }]');
  const config = parse(text) as { global: object; templates: string[] };
  config.global = { ...config.global, smtp_require_tls: false, pagerduty_url: `${http.url}/v2/enqueue` };
  config.templates = [join(EXAMPLES, 'modelwatch.tmpl')];
  return stringify(config, { aliasDuplicateObjects: false });
}

/** @param folder for its configuration and data */
export async function startExampleAlertmanager(
  folder: string,
  sinks: Sinks
): Promise<{ readonly url: string; readonly program: Program }> {
  writeFileSync(join(folder, 'alertmanager.yml'), configFor(folder, sinks));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = startProgram('prometheus-alertmanager', [
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${join(folder, 'alertmanager-data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=https://alertmanager.example.com`,
    '--cluster.listen-address=',
  ]);
  await until(
    'an Alertmanager that answers',
    async () => (await fetch(`${url}/-/ready`)).status,
    (status) => status === 200
  );
  return { url, program };
}
