/** @jest-environment jsdom */
import { createDataFrame, dateTime, FieldType, type DataFrame } from '@grafana/data';
import { of, throwError } from 'rxjs';
import type { ModelwatchQuery } from './query/types';
import { behind, dataSource, HOUR, NOW, one, request, resetBehind, seriesFrame } from './testing/behind';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

const DAY = 24 * HOUR;
const RISK = { namespace: 'shop', model: 'risk', pipeline: '', slo: 'answered' };
const FEW = { ...RISK, model: 'few' };
const GONE = { ...RISK, model: 'gone' };
type Labels = Record<string, string>;

const series = (refId: string, name: string, labels: Labels, values: number[]) =>
  seriesFrame(refId, { __name__: `modelwatch:slo_${name}`, ...labels }, values);

const INFO = { indicator: 'availability', method: 'occurrences', metric: '', window: '30d', owner: 'team-risk' };

function status(refId: string): DataFrame[] {
  const named = (name: string, labels: Labels, value: number) => series(refId, name, labels, [value]);
  switch (refId) {
    case 'A_now':
      return [
        ...[RISK, FEW, GONE].flatMap((id) => [
          named('info', { ...id, ...INFO }, 1),
          named('objective_ratio', id, id === FEW ? 0.999 : 0.995),
          named('attained_ratio', id, 0.9962),
          named('budget_left_ratio', id, 0.24),
        ]),
        named('exhaustion_seconds', RISK, 38_880),
        named('burning', { ...RISK, severity: 'ticket', long: '1d', short: '2h' }, 4),
        named('burning', { ...RISK, severity: 'page', long: '1h', short: '5m' }, 16.4),
        named('state', { ...RISK, state: 'ticket' }, 1),
        named('state', { ...RISK, state: 'page' }, 1),
        named('state', { ...FEW, state: 'too_little_data' }, 1),
        named('state', { ...GONE, state: 'stale' }, 1),
        named('state', { namespace: 'shop', state: 'met' }, 1),
      ];
    case 'A_burn':
      return [
        named('burn_rate', { ...RISK, window: '1h' }, 16.4),
        named('burn_rate', { ...RISK, window: '5m' }, 18),
        named('events', { ...RISK, window: '30d' }, 15_700_000),
        named('events', { ...FEW, window: '30d' }, 41.2),
        named('burn_rate', { ...FEW, window: '1h' }, 0),
      ];
    case 'A_limits':
      return [
        seriesFrame(refId, { ...RISK, end: 'min' }, [6]),
        seriesFrame(refId, { ...RISK, end: 'max' }, [14.4]),
        seriesFrame(refId, { __name__: 'modelwatch_slo_threshold_seconds', ...RISK, le: '0.25' }, [0.3]),
      ];
    case 'A_slo-history':
      // In trouble from the 40th minute of the hour on.
      return [
        createDataFrame({
          refId,
          fields: [
            { name: 'Time', type: FieldType.time, values: [0, 1, 2, 3].map((n) => NOW - HOUR + n * 20 * 60_000) },
            {
              name: 'Value',
              type: FieldType.number,
              labels: { ...GONE, state: 'stale' },
              values: [1, 1, 1, 1],
            },
            {
              name: 'Value',
              type: FieldType.number,
              labels: { ...RISK, state: 'page' },
              values: [null, null, 1, 1],
            },
          ],
        }),
      ];
    default:
      return [];
  }
}

function rowsOf(frame: DataFrame): Array<Record<string, unknown>> {
  return Array.from({ length: frame.length }, (_, row) =>
    Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[row] as unknown]))
  );
}

function answering(frames: (refId: string) => DataFrame[]): void {
  behind.prometheus.mockImplementation(({ targets }) => of({ data: targets.flatMap(({ refId }) => frames(refId)) }));
}

async function ask(query: ModelwatchQuery) {
  return one(dataSource(), request([query]));
}

beforeEach(resetBehind);

it('has a row per objective with its worst state and alert; what has no verdict has no number', async () => {
  answering(status);
  const packet = await ask({ refId: 'A', kind: 'slo-status' });
  expect(packet.errors).toBeUndefined();
  const frame = packet.data[0] as DataFrame;
  expect(frame.meta?.custom).toMatchObject({ modelwatch: { kind: 'slo-status' } });
  expect(frame.meta?.notices).toMatchObject([{ text: '1 series left out: no labels that name an objective.' }]);
  expect(rowsOf(frame)).toMatchObject([
    {
      ...{ model: 'few', state: 'too_little_data', attained: null, budget_left: null, burn: null, exhaustion: null },
      ...{ events: 41.2, events_needed: 1000, bad_events: null },
      reason: '41 of 1000 events: one bad one would spend 24 budgets',
    },
    {
      ...{ model: 'gone', state: 'stale', attained: null, budget_left: null, budget_left_before: 0.24, since: null },
      reason: 'Events are not counted any more',
    },
    {
      ...{ model: 'risk', state: 'page', since: NOW - HOUR / 3, window: '30d', objective: 0.995, threshold: 0.3 },
      ...{ attained: 0.9962, budget_left: 0.24, budget_left_before: null, burn: 16.4, burn_short: 18 },
      ...{ page_from: 6, page_to: 14.4, severity: 'page', long: '1h', short: '5m', alert_burn: 16.4 },
      ...{ exhaustion: 38_880, events_needed: 200, owner: 'team-risk', threshold_op: 'lte' },
      reason: 'Burns 16× over 1\u00a0h and 5\u00a0min',
    },
  ]);
});

const { slo: _answered, ...OF_MODEL } = RISK;
const CHOICE = [
  series('A_now', 'info', { ...RISK, ...INFO }, [1]),
  series('A_now', 'objective_ratio', RISK, [0.99]),
  series('A_now', 'budget_left_ratio', RISK, [0.35]),
];

function overWindow(refId: string, labels: Labels, values: Array<number | null>): DataFrame {
  // Steps of two hours, of which the last is only half over.
  const times = values.map((_, index) => NOW - HOUR - (values.length - 1 - index) * 7 * DAY);
  return createDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: times },
      { name: 'Value', type: FieldType.number, labels, values },
    ],
  });
}

it('has the budget of one objective over its own window, which only falls, and what changed in it', async () => {
  answering((refId) => {
    if (refId === 'A_now') return CHOICE;
    if (refId === 'A_spent')
      return [
        overWindow(refId, { ...RISK, counted: 'all' }, [500, 500, 500, 500]),
        overWindow(refId, { ...RISK, counted: 'bad' }, [2, 0, 10, 0]),
      ];
    if (refId === 'A_changes')
      return [
        overWindow(refId, { ...RISK, change: 'rollout', version: 'v1' }, [1, 1, null, null]),
        overWindow(refId, { ...RISK, change: 'rollout', version: 'v2' }, [null, null, 1, 1]),
        overWindow(refId, { ...RISK, change: 'alert', alertname: 'Burns', severity: 'critical' }, [1, null, null, 1]),
        // What was there at the first step began before.
        overWindow(refId, { ...OF_MODEL, change: 'drift', status: 'warning' }, [1, null, null, null]),
        overWindow(refId, { ...OF_MODEL, change: 'drift', status: 'critical' }, [null, 1, null, null]),
        overWindow(refId, { ...OF_MODEL, change: 'alert', alertname: 'Fails' }, [null, 1, null, null]),
      ];
    return [];
  });
  const packet = await ask({ refId: 'A', kind: 'slo-budget', filters: { slo: ['answered'] } });
  expect(packet.errors).toBeUndefined();
  const [budget, events] = packet.data as DataFrame[];
  const left = rowsOf(budget as DataFrame).map((row) => Number(row['budget_left']).toFixed(2));
  // Whole before the first step; then 12 of the 20 events that may be bad.
  expect(left).toEqual(['1.00', '0.90', '0.90', '0.40', '0.40']);
  expect(budget?.fields[0]?.values.at(-1)).toBe(NOW);
  expect(rowsOf(events as DataFrame)).toMatchObject([
    { kind: 'alert', title: 'Burns', severity: 'critical', slo: 'answered', time: NOW + HOUR - 21 * DAY },
    { kind: 'drift', title: 'critical', severity: null, slo: null, time: NOW + HOUR - 14 * DAY },
    { kind: 'alert', title: 'Fails', severity: null, slo: null, time: NOW + HOUR - 14 * DAY },
    { kind: 'rollout', title: 'v2', time: NOW + HOUR - 7 * DAY, slo: null },
    { kind: 'alert', title: 'Burns', severity: 'critical', slo: 'answered', time: NOW, end: null },
  ]);
  const asked = behind.prometheus.mock.calls
    .map(([sent]) => sent)
    .find(({ targets }) => targets[0]?.refId === 'A_spent');
  expect(asked?.range.from.valueOf()).toBe(NOW - 30 * DAY);
  expect(asked?.targets[0]?.expr).toContain('model="risk",slo="answered"');
});

it('asks which objective is meant where filters leave several', async () => {
  answering((refId) => (refId === 'A_now' ? [...CHOICE, series(refId, 'info', { ...GONE, ...INFO }, [1])] : []));
  const packet = await ask({ refId: 'A', kind: 'slo-burn' });
  expect(packet.errors?.[0]?.message ?? packet.error?.message).toMatch(/choose one, not 2/);
});

it('has burn rates over time, and each alert with its line and what it lacks', async () => {
  const tier = { severity: 'page', long: '1h', short: '5m' };
  answering((refId) => {
    if (refId === 'A_now') return CHOICE;
    if (refId === 'A_burn') return [overWindow(refId, { ...RISK, window: '1h' }, [0.4, 16])];
    if (refId !== 'A_limits') return [];
    return [
      series(refId, 'burn_rate_threshold', { ...RISK, severity: 'ticket', long: '3d', short: '6h' }, [1]),
      series(refId, 'burn_rate_threshold', { ...RISK, ...tier }, [14.4]),
      series(refId, 'burn_min_events', { ...RISK, ...tier }, [14]),
      series(refId, 'burning', { ...RISK, ...tier }, [16]),
      series(refId, 'events', { ...RISK, window: '1h' }, [900]),
      series(refId, 'burn_rate', { ...RISK, window: '5m' }, [18]),
    ];
  });
  const packet = await ask({ refId: 'A', kind: 'slo-burn' });
  const [burn, tiers] = packet.data as DataFrame[];
  expect(burn?.fields[1]).toMatchObject({ name: 'burn', labels: { model: 'risk', window: '1h' }, values: [0.4, 16] });
  expect(rowsOf(tiers as DataFrame)).toMatchObject([
    { ...tier, line: 14.4, events: 900, events_needed: 14, burn_short: 18, burn_long: null, holds: 'yes' },
    { severity: 'ticket', long: '3d', line: 1, holds: 'no' },
  ]);
});

it('lists alerts once, firing first, with the time since when; none is an empty table', async () => {
  const labels = { alertname: 'ModelwatchSloFastBurn', severity: 'critical', ...RISK, channel: 'slo' };
  const slow = { ...labels, alertname: 'ModelwatchSloSlowBurn', severity: 'warning' };
  answering((refId) => {
    if (refId === 'A_now')
      return [
        seriesFrame(refId, { __name__: 'ALERTS', ...slow, alertstate: 'pending' }, [1]),
        seriesFrame(refId, { __name__: 'ALERTS', ...labels, alertstate: 'firing' }, [1]),
      ];
    return [seriesFrame(refId, { __name__: 'ALERTS_FOR_STATE', ...labels }, [NOW / 1000 - 300])];
  });
  const rows = rowsOf((await ask({ refId: 'A', kind: 'alerts' })).data[0] as DataFrame);
  expect(rows).toMatchObject([
    { alert: 'ModelwatchSloFastBurn', state: 'firing', since: NOW - 300_000, labels: 'channel=slo', pipeline: null },
    { alert: 'ModelwatchSloSlowBurn', state: 'pending', since: null },
  ]);
  answering(() => []);
  expect((await ask({ refId: 'A', kind: 'alerts' })).data).toMatchObject([{ name: 'Alerts', length: 0 }]);
});

describe('what Alertmanager does with alerts', () => {
  const BURN = {
    ...{ alertname: 'ModelwatchSLOFastBurn', severity: 'critical' },
    ...{ namespace: 'shop', model: 'risk', slo: 'answered' },
  };
  const told = (labels: Labels, status: object, ...receivers: string[]) => ({
    ...{ labels, startsAt: new Date(NOW - 60_000).toISOString(), fingerprint: labels['alertname'] },
    ...{ receivers: receivers.map((name) => ({ name })), status: { state: 'active', ...status } },
  });
  const fires = (...all: Labels[]) =>
    answering((refId) => {
      const firing = (labels: Labels) =>
        seriesFrame(refId, { __name__: 'ALERTS', alertstate: 'firing', ...labels }, [1]);
      if (refId === 'A_now') return all.map(firing);
      return refId === 'A_state' ? [seriesFrame(refId, {}, [3])] : [];
    });
  const alerts = async (jsonData?: object, over: Parameters<typeof request>[1] = {}) => {
    const asked = request([{ refId: 'A', kind: 'alerts' }], over);
    const [frame] = (await one(dataSource({ prometheusUid: 'prom', ...jsonData }), asked)).data as DataFrame[];
    const { modelwatch } = frame?.meta?.custom as { modelwatch: { alerts: object } };
    return { rows: rowsOf(frame as DataFrame), mark: modelwatch.alerts, notices: frame?.meta?.notices ?? [] };
  };
  const answers = (byUrl: Record<string, unknown>) =>
    behind.api.mockImplementation(({ url }) => {
      const [, data] = Object.entries(byUrl).find(([path]) => url.includes(path)) ?? [];
      return data ? of({ data }) : throwError(() => ({ status: 502, statusText: 'Bad Gateway', data: {} }));
    });
  const text = (part: string) => expect.stringContaining(part) as string;

  it('says who is told, who silenced it and what keeps it back, by labels that more were added to on the way', async () => {
    behind.alertmanagers = [{ uid: 'am 1', name: 'main' }];
    const named = (alertname: string) => ({ ...BURN, alertname });
    fires(BURN, named('ModelwatchModelDrift'), named('ModelwatchModelSlow'), named('ModelwatchModelErrors'));
    answers({
      '/api/v2/alerts?': [
        told({ ...BURN, cluster: 'eu' }, {}, 'pager', 'chat'),
        told(named('ModelwatchModelDrift'), { state: 'suppressed', silencedBy: ['s1'] }, 'chat'),
        told(named('ModelwatchModelSlow'), { state: 'suppressed', inhibitedBy: [BURN.alertname] }),
        told({ alertname: 'high latency', namespace: 'shop', __alert_rule_uid__: 'x' }, {}, 'chat'),
      ],
      '/api/v2/silences': [
        { id: 's1', createdBy: 'anna', comment: 'retraining', endsAt: new Date(NOW + HOUR).toISOString() },
      ],
    });
    const { rows, mark } = await alerts();
    const row = (alert: string) => rows.find((one) => one['alert'] === alert);
    expect(row(BURN.alertname)).toMatchObject({ notification: 'routed', receivers: 'chat, pager' });
    expect(row('ModelwatchModelDrift')).toMatchObject({
      ...{ notification: 'silenced', silenced_by: 'anna', silenced_until: NOW + HOUR, silence: 's1' },
      silence_comment: 'retraining',
    });
    expect(row('ModelwatchModelSlow')).toMatchObject({ notification: 'inhibited', inhibited_by: BURN.alertname });
    expect(row('ModelwatchModelErrors')).toMatchObject({ notification: 'not_received', receivers: null });
    // Of a rule that this Prometheus does not evaluate, as one of Grafana.
    expect(row('high latency')).toMatchObject({
      state: 'firing',
      since: NOW - 60_000,
      receivers: 'chat',
      labels: null,
    });
    expect(mark).toEqual({ isWatched: true, alertmanager: { state: 'answered', name: 'main' } });
    expect(behind.api.mock.calls.map(([{ url }]) => url)).toEqual([
      '/api/alertmanager/am%201/api/v2/alerts?filter=alertname%3D%7E%22Modelwatch.%2B%22',
      '/api/alertmanager/am%201/api/v2/silences',
    ]);
  });

  it('says that it does not know where Alertmanager does not answer, answers something else, or is gone', async () => {
    fires(BURN);
    answers({});
    const failed = await alerts({ alertmanagerUid: 'grafana' });
    expect(failed.rows[0]).toMatchObject({ notification: 'unknown', receivers: null });
    expect(failed.mark).toMatchObject({ alertmanager: { state: 'failed', name: 'grafana' } });
    expect(failed.notices[0]?.text).toMatch(/^Who was told, and what is silenced, is not known: .*Bad Gateway/);
    answers({ '/api/v2/alerts?': [{ labels: {} }] });
    const other = await alerts({ alertmanagerUid: 'grafana' });
    expect(other.mark).toMatchObject({ alertmanager: { state: 'failed', problem: text('Alertmanager[0].startsAt') } });
    const gone = await alerts({ alertmanagerUid: 'removed' });
    expect(gone.mark).toMatchObject({ alertmanager: { state: 'failed', problem: text('removed') } });
  });

  it('asks none where there is none, of several none that was not chosen, and none about the past', async () => {
    fires(BURN);
    const none = await alerts();
    expect(none.rows[0]).toMatchObject({ notification: null });
    expect(none.mark).toMatchObject({ alertmanager: { state: 'none' } });
    behind.alertmanagers = ['a', 'b'].map((name) => ({ uid: name, name }));
    expect((await alerts()).mark).toMatchObject({ alertmanager: { state: 'none', problem: text('several') } });
    const [from, to] = [dateTime(NOW - 3 * HOUR), dateTime(NOW - HOUR)];
    const past = await alerts({ alertmanagerUid: 'a' }, { range: { from, to, raw: { from, to } } });
    expect(past.mark).toMatchObject({ alertmanager: { state: 'none', problem: text('past') } });
    expect(behind.api).not.toHaveBeenCalled();
  });

  it('is not calm where no rule is evaluated', async () => {
    answering(() => []);
    expect((await alerts()).mark).toMatchObject({ isWatched: false });
  });
});
