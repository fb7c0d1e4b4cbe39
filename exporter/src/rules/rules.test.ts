import { ALERTS, DRIFT_METHODS } from '@modelwatch/contract';
import { parse } from 'yaml';
import { buildRules, renderRules } from './index';

describe('rules', () => {
  it.each([
    [{ intervalSeconds: 90 }, 'intervalSeconds: expected a whole number of seconds from 1 to 75, got 90'],
    [{ intervalSeconds: 0.5 }, 'intervalSeconds: expected a whole number of seconds from 1 to 75, got 0.5'],
    [{ intervalSeconds: 30, forSeconds: -1 }, 'forSeconds: expected a whole number of seconds from 0 to 86400, got -1'],
    [{ intervalSeconds: 30, staleAfterSeconds: 30 }, 'staleAfterSeconds: expected a whole number of seconds from 60'],
    [{ intervalSeconds: 30, slowIntervalSeconds: 600 }, 'slowIntervalSeconds: expected a whole number of seconds'],
    [{ intervalSeconds: 30, errorsWarningRatio: 0 }, 'errorsWarningRatio: expected a share above 0, up to 1, got 0'],
    [{ intervalSeconds: 30, slowCriticalRatio: 20 }, 'slowCriticalRatio: expected a share above 0, up to 1, got 20'],
    [
      { intervalSeconds: 30, errorsCriticalRatio: NaN },
      'errorsCriticalRatio: expected a share above 0, up to 1, got NaN',
    ],
    [
      { intervalSeconds: 30, errorsCriticalRatio: 0.005 },
      'errorsWarningRatio: expected at most errorsCriticalRatio (0.005), got 0.01',
    ],
    [{ intervalSeconds: 30, minRequests: 0 }, 'minRequests: expected a whole number from 1 to 1000000, got 0'],
    [
      { intervalSeconds: 30, driftIntervalSeconds: 20 },
      'driftIntervalSeconds: expected a whole number of seconds from 30',
    ],
    [{ intervalSeconds: 30, qualityMarginRatio: 5 }, 'qualityMarginRatio: expected a share above 0 and below 1, got 5'],
  ])('refuse %j', (options, message) => {
    expect(() => buildRules(options)).toThrow(RangeError);
    expect(() => buildRules(options)).toThrow(message);
  });

  it('stay within 20 rules a group, with state before what reads it', () => {
    const groups = buildRules({ intervalSeconds: 15, driftMethods: DRIFT_METHODS });
    for (const group of groups) expect(group.recordings.length + group.alerts.length).toBeLessThanOrEqual(20);
    const order = groups[0]?.recordings.map((rule) => rule.record) ?? [];
    const at = (name: string) => order.indexOf(`modelwatch:${name}`);
    expect(at('model_serving')).toBeLessThan(at('model_channel'));
    expect(at('model_channel')).toBeLessThan(at('model_health'));
  });

  it('tell of a server before its models, so that Alertmanager keeps theirs back', () => {
    const groups = buildRules({ intervalSeconds: 15 });
    const alerts = groups.map((group) => group.alerts.map(({ alert }) => alert));
    const together = alerts.find((names) => names.includes(ALERTS.cannotServe)) ?? [];
    expect(together.indexOf(ALERTS.serverDown)).toBe(together.indexOf(ALERTS.cannotServe) - 1);
  });

  it('take the names that a user gives', () => {
    const options = {
      intervalSeconds: 5,
      name: 'mw',
      namespace: 'monitoring',
      release: 'kps',
      datasourceUid: 'mimir',
      folder: 'ML',
      receiver: 'pager',
      runbookBaseUrl: 'https://wiki.example/runbooks',
    };
    expect(parse(renderRules('prometheusrule', options)).metadata).toEqual({
      name: 'mw',
      namespace: 'monitoring',
      labels: { 'app.kubernetes.io/name': 'modelwatch', release: 'kps' },
    });
    const [group] = parse(renderRules('grafana', options)).groups;
    expect(group).toMatchObject({ folder: 'ML', interval: '10s' });
    // How often Grafana tells somebody else than an Alertmanager is not ours to say.
    const grouped = ['alertname', 'grafana_folder', 'cluster', 'namespace'];
    expect(group.rules[0].notification_settings).toEqual({ receiver: 'pager', group_by: grouped });
    expect(group.rules[0]).toMatchObject({
      annotations: { runbook_url: 'https://wiki.example/runbooks/ModelwatchServerDown.md' },
      data: [{ datasourceUid: 'mimir', model: { datasource: { uid: 'mimir' } } }, { datasourceUid: '__expr__' }],
    });
  });
});
