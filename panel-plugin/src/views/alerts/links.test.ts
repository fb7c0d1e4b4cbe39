/** @jest-environment jsdom */
import { config } from '@grafana/runtime';
import type { Alert } from '../../model/alerts/types';
import { linksFor } from './links';

jest.mock('@grafana/runtime', () => ({ config: { appSubUrl: '/grafana', bootData: { user: { orgRole: 'Editor' } } } }));

const ALERT: Alert = {
  ...{ key: 'k', name: 'ModelwatchSLOFastBurn', isFiring: true, severity: 'critical', mark: 'failed' },
  ...{ cluster: '', namespace: 'pay', model: 'risk', pipeline: '', slo: 'answered' },
  ...{ receivers: 'pager', silencedBy: '', silenceComment: '', silence: '', inhibitedBy: '' },
};
const ADDRESSES = { modelDashboard: '/d/m', objectiveDashboard: '/d/s', runbook: 'https://wiki.example/runbook' };
const links = (alert: Alert, alertmanager?: string) =>
  linksFor(alert, alertmanager, ADDRESSES, (text) => text).map(({ title, href }) => `${title} ${href}`);

it('leads to what it is about, to its runbook and to a silence of it alone, where one Alertmanager answered', () => {
  const ways = ['SLO detail /d/s', 'Model /d/m', 'Runbook https://wiki.example/runbook'];
  expect(links(ALERT)).toEqual(ways);
  expect(links(ALERT, 'main one')).toEqual([
    ...ways,
    'Silence /grafana/alerting/silence/new?alertmanager=main+one&matcher=alertname%3DModelwatchSLOFastBurn' +
      '&matcher=namespace%3Dpay&matcher=model%3Drisk&matcher=slo%3Danswered',
  ]);
  expect(links({ ...ALERT, isFiring: false }, 'main')).toEqual(ways);
  expect(links({ ...ALERT, name: 'DiskFull', model: '', slo: '' })).toEqual([]);
});

it('leads to the silence that there is, and a viewer to the list of them', () => {
  const silenced = { ...ALERT, name: 'DiskFull', model: '', slo: '', silence: 'a/b' };
  expect(links(silenced, 'grafana')).toEqual([
    'Show silence /grafana/alerting/silence/a%2Fb/edit?alertmanager=grafana',
  ]);
  config.bootData.user.orgRole = 'Viewer' as never;
  expect(links(silenced, 'grafana')).toEqual(['Show silence /grafana/alerting/silences?alertmanager=grafana']);
  expect(links(ALERT, 'grafana').some((link) => link.startsWith('Silence'))).toBe(false);
});
