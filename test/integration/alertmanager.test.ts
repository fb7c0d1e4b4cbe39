/**
 * The example configuration in a real Alertmanager: alerts go in as Prometheus sends them, and messages come out at a mail
 * server, a chat, a pager and a webhook. Only addresses, secrets and spans of time are others than in the example.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALERTS } from '@modelwatch/contract';
import { decodeAlerts, decodeSilences } from '../../datasource-plugin/src/frames/slo/alertmanager';
import { joinNotifications } from '../../datasource-plugin/src/frames/slo/notifications';
import { NO_FILTERS } from '../../datasource-plugin/src/query/filters';
import { alertMatchers } from '../../datasource-plugin/src/query/slo';
import { startExampleAlertmanager, type Sinks } from '../support/alertmanager-example';
import { until, type Program } from '../support/processes';
import { httpSink, mailSink } from '../support/sinks';

const secondsAgo = (seconds: number) => new Date(Date.now() - 1000 * seconds).toISOString();
const MODEL = { cluster: '', namespace: 'payments', model: 'fraud-scorer' };

function alert(name: string, labels: Readonly<Record<string, string>>, summary: string) {
  return {
    labels: { alertname: name, ...labels },
    annotations: {
      summary,
      description: `What is wrong with ${labels.model}.`,
      runbook_url: `https://runbooks.example.com/${name}.md`,
    },
    // Alertmanager counts its waits from here: one that began long ago is told at once.
    startsAt: secondsAgo(0),
  };
}

const cannotServe = () =>
  alert(ALERTS.cannotServe, { ...MODEL, severity: 'critical', owner: 'risk' }, 'payments/fraud-scorer cannot serve');
const CLOCK = /\d{1,2} [A-Z][a-z]+ \d\d:\d\d UTC/;
const drift = (model: string, owner: string) =>
  alert(ALERTS.drift, { ...MODEL, model, severity: 'warning', owner }, `payments/${model} is asked other things`);

describe('the example of Alertmanager', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-alertmanager-'));
  let sinks: Sinks;
  let program: Program;
  let url = '';

  const send = async (alerts: readonly object[]) => {
    const answer = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  };
  const over = (one: object) => ({ ...one, startsAt: secondsAgo(9), endsAt: secondsAgo(0) });
  const at = (path: string) => sinks.http.posted.filter((message) => message.path === path).map(({ body }) => body);
  const texts = (path: string) => at(path).map((body) => JSON.stringify(body));

  beforeAll(async () => {
    sinks = { http: await httpSink(), mail: await mailSink('secret') };
    ({ url, program } = await startExampleAlertmanager(folder, sinks));
  });

  afterAll(async () => {
    await program.stop();
    await Promise.all([sinks.http.stop(), sinks.mail.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells each whom it concerns, in words that fit on a phone', async () => {
    const short = alert(
      ALERTS.errors,
      { ...MODEL, model: 'kyc', severity: 'critical', owner: 'search' },
      'payments/kyc answers with errors'
    );
    await send([
      cannotServe(),
      drift('fraud-scorer', 'risk'),
      drift('churn', 'risk'),
      drift('ranker', 'search'),
      short,
    ]);

    await until(
      'pages',
      async () => at('/v2/enqueue'),
      (pages) => pages.length === 2
    );
    const pages = at('/v2/enqueue') as unknown as {
      routing_key: string;
      payload: { summary: string; severity: string; custom_details: { text: string } };
    }[];
    expect(
      pages.map(({ routing_key, payload: { summary, severity } }) => [routing_key, summary, severity]).sort()
    ).toEqual([
      ['key-pagerduty-platform', 'payments/kyc answers with errors', 'critical'],
      ['key-pagerduty-risk', 'payments/fraud-scorer cannot serve', 'critical'],
    ]);
    await send([over(short)]);

    await until(
      'messages in the chats',
      async () => at('/slack'),
      (messages) => messages.length >= 2
    );
    const messages = at('/slack') as unknown as { channel: string; attachments: { title: string; text: string }[] }[];
    expect(messages.map(({ channel, attachments }) => [channel, attachments[0]?.title]).sort()).toEqual([
      ['#models', 'payments/ranker is asked other things'],
      ['#risk-models', 'payments/churn is asked other things'],
    ]);
    expect(messages.find(({ channel }) => channel === '#models')?.attachments[0]?.text.replace(CLOCK, 'CLOCK')).toBe(
      [
        'payments/ranker is asked other things',
        'What is wrong with ranker.',
        'warning since CLOCK, owner search',
        `Runbook: https://runbooks.example.com/${ALERTS.drift}.md`,
        'Silence: https://alertmanager.example.com/#/silences/new?filter=%7Balertname%3D%22ModelwatchModelDrift%22%2C%20model%3D%22ranker%22%2C%20namespace%3D%22payments%22%2C%20owner%3D%22search%22%2C%20severity%3D%22warning%22%7D',
      ].join('\n')
    );
  });

  it('does not speak of the drift of a model that cannot serve', async () => {
    // The ticket system hears of everything that is not inhibited.
    await until(
      'tickets',
      async () => texts('/alerts'),
      (all) => all.some((text) => text.includes('churn'))
    );
    expect(texts('/alerts').join()).toContain(ALERTS.cannotServe);
    expect([...texts('/alerts'), ...texts('/slack')].filter((text) => text.includes('fraud-scorer is asked'))).toEqual(
      []
    );
  });

  it('asks a second line about what still fires, and not about what is over', async () => {
    const still = () => sinks.mail.mails.filter(({ subject }) => subject?.startsWith('Still firing: '));
    await until(
      'a mail to the second line',
      async () => still(),
      (mails) => mails.length > 0
    );
    expect(still().map(({ subject, to }) => [subject, to?.[0]?.address])).toEqual([
      ['Still firing: payments/fraud-scorer cannot serve', 'on-call-lead@example.com'],
    ]);
    const [mail] = still();
    expect(mail?.text?.replace(CLOCK, 'CLOCK').split('\n').slice(0, 3)).toEqual([
      'payments/fraud-scorer cannot serve',
      'What is wrong with fraud-scorer.',
      'critical since CLOCK, owner risk',
    ]);
    expect(mail?.html).toContain('<b>payments/fraud-scorer cannot serve</b>');
    expect(mail?.html).toMatch(
      /<a href="https:\/\/alertmanager\.example\.com\/#\/silences\/new\?filter=%7Balertname%3D/
    );
  });

  it('sends what is open once a day', async () => {
    const digests = () => sinks.mail.mails.filter(({ subject }) => subject?.includes(' open alert'));
    await until(
      'a digest',
      async () => digests(),
      (mails) => mails.length > 0
    );
    expect(digests()[0]?.to?.[0]?.address).toBe('models@example.com');
  });

  it('pages for an objective although its model cannot serve, and not for the ticket of the same budget', async () => {
    const slo = (name: string, severity: string) =>
      alert(name, { ...MODEL, slo: 'answered', severity, owner: 'risk' }, `answered burns: ${severity}`);
    await send([
      slo('ModelwatchSLOFastBurn', 'critical'),
      slo('ModelwatchSLOSlowBurn', 'warning'),
      alert(ALERTS.dataQuality, { ...MODEL, model: 'kyc', severity: 'warning', owner: 'risk' }, 'kyc gets bad data'),
    ]);
    await until(
      'a page',
      async () => texts('/v2/enqueue'),
      (all) => all.join().includes('answered burns: critical')
    );
    // What waits as long as the ticket would.
    for (const path of ['/alerts', '/slack']) {
      await until(
        'a message that is not inhibited',
        async () => texts(path),
        (all) => all.join().includes('kyc gets bad data')
      );
    }
    expect([...texts('/alerts'), ...texts('/slack')].join()).not.toContain('answered burns: warning');
  });

  it('says to the data source where an alert goes, who silenced another one, and what keeps a third back', async () => {
    const silenced = drift('ranker', 'search');
    const matchers = [{ name: 'model', value: 'ranker', isRegex: false, isEqual: true }];
    const made = await fetch(`${url}/api/v2/silences`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ matchers, createdBy: 'anna', comment: 'new version' },
        ...{ startsAt: secondsAgo(0), endsAt: secondsAgo(-600) },
      }),
    });
    const { silenceID } = (await made.json()) as { silenceID: string };
    const get = async (path: string): Promise<unknown> => (await fetch(`${url}/api/v2/${path}`)).json();
    const kept = drift('fraud-scorer', 'risk');
    const unheard = alert(ALERTS.slow, MODEL, 'never sent');
    // As Prometheus has them: without the labels that are empty, or that are added on the way.
    const firing = [cannotServe(), silenced, kept, unheard].map(({ labels }) => {
      const { cluster: _cluster, ...present } = labels as Readonly<Record<string, string>>;
      return { labels: present, state: 'firing' };
    });
    const filter = encodeURIComponent(alertMatchers({ ...NO_FILTERS, namespace: ['payments'] })[0] ?? '');
    const rows = await until(
      'a silence that holds',
      async () => {
        const alerts = decodeAlerts(await get(`alerts?filter=${filter}`));
        const silences = decodeSilences(await get('silences'));
        return joinNotifications(firing, { mark: { state: 'answered' }, alerts, silences });
      },
      (found) => found.some(({ told }) => told?.silence?.id === silenceID)
    );
    const told = (name: string, model: string) =>
      rows.find(({ labels }) => labels['alertname'] === name && labels['model'] === model)?.told;
    expect(told(ALERTS.cannotServe, 'fraud-scorer')).toMatchObject({
      notification: 'routed',
      receivers: expect.arrayContaining(['risk-pager', 'tickets']) as string[],
    });
    expect(told(ALERTS.drift, 'ranker')).toMatchObject({
      notification: 'silenced',
      silence: { createdBy: 'anna', comment: 'new version' },
    });
    expect(told(ALERTS.drift, 'fraud-scorer')).toMatchObject({
      notification: 'inhibited',
      inhibitedBy: ALERTS.cannotServe,
    });
    expect(told(ALERTS.slow, 'fraud-scorer')).toMatchObject({ notification: 'not_received' });
  });

  it('says what is over as over', async () => {
    await send([over(drift('churn', 'risk'))]);
    await until(
      'an end',
      async () => texts('/slack'),
      (all) => all.join().includes('Over: payments/churn')
    );
    const last = at('/slack').at(-1) as unknown as { attachments: { title: string; text: string; color: string }[] };
    expect(last.attachments[0]?.title).toBe('Over: payments/churn is asked other things');
    expect(last.attachments[0]?.text).toMatch(
      /^Over: payments\/churn is asked other things, \d+ \w+ \d\d:\d\d to \d\d:\d\d UTC$/
    );
    expect(last.attachments[0]?.color).toBe('#8e8e8e');
  });
});
