/** What the row of the responder on *Alerts* asks, of real counters. */
import { METRICS } from '@modelwatch/contract';
import { stringify } from 'yaml';
import { readDashboard } from '../support/expressions';
import { runOnFiles } from '../support/promtool';

const { panels } = readDashboard('grafana/dashboards/alerts.json');
const panelOf = (title: string) => {
  const panel = panels.find((each) => each.title === title);
  if (!panel) throw new Error(`there is no panel ${title}`);
  return panel;
};
const exprOf = (title: string) =>
  (panelOf(title).targets[0]?.expr ?? '')
    .replaceAll('=~"$cluster"', '=~".*"')
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__range', '1h');

const DECISIONS = METRICS.responderDecisions.name;
const LAST_ACTION = METRICS.responderLastAction.name;
const of = (cluster: string, pod: string) => `{cluster="${cluster}", pod="${pod}"}`;

it('tells how the responders are, who has none, what they did and why they did not', () => {
  const input: Record<string, string> = {
    [`${METRICS.responderDryRun.name}${of('dry', 'a')}`]: '1x60',
    [`${METRICS.responderPaused.name}${of('dry', 'a')}`]: '0x60',
    [`${METRICS.responderDryRun.name}${of('acts', 'a')}`]: '0x60',
    [`${METRICS.responderPaused.name}${of('acts', 'a')}`]: '0x60',
    [`${METRICS.responderDryRun.name}${of('acts', 'b')}`]: '0x60',
    [`${METRICS.responderPaused.name}${of('acts', 'b')}`]: '0x60',
    [`${METRICS.responderDryRun.name}${of('paused', 'a')}`]: '1x60',
    [`${METRICS.responderPaused.name}${of('paused', 'a')}`]: '1x60',
    // Ended long ago: that it acted is no word of now.
    [`${METRICS.responderDryRun.name}${of('gone', 'a')}`]: '0x20 _x40',
    // It failed for the first time, and never again; what it did before is over.
    [`${DECISIONS}{cluster="c", policy="p", action="scale", result="failed", reason="conflict"}`]: '_x57 1x3',
    [`${DECISIONS}{cluster="c", policy="p", action="scale", result="acted", reason="none"}`]: '0x10 2x50',
    [`${DECISIONS}{cluster="c", policy="", action="", result="refused", reason="no_policy"}`]: '0x58 60x2',
    [`${DECISIONS}{cluster="c", policy="p", action="scale", result="refused", reason="cooldown"}`]: '_x58 1x2',
    // Of a process before the one that is there.
    [`${LAST_ACTION}{cluster="c", pod="a", policy="p", action="scale"}`]: '2400x45 _x15',
    [`${LAST_ACTION}{cluster="c", pod="b", policy="p", action="scale"}`]: '_x50 3000x10',
  };
  const asked: readonly [string, Readonly<Record<string, number>>][] = [
    ['Responder', { '{cluster="dry"}': 2, '{cluster="acts"}': 1, '{cluster="paused"}': 3 }],
    ['Actions by outcome', { '{cluster="c", action="scale", result="failed"}': 1 }],
    ['Refusals by reason', { '{cluster="c", reason="no_policy"}': 60, '{cluster="c", reason="cooldown"}': 1 }],
    ['Since the last action', { '{cluster="c", policy="p", action="scale"}': 600 }],
  ];
  const promql_expr_test = asked.map(([title, answer]) => ({
    expr: exprOf(title),
    eval_time: '60m',
    exp_samples: Object.entries(answer).map(([labels, value]) => ({ labels, value })),
  }));
  const input_series = Object.entries(input).map(([series, values]) => ({ series, values }));
  const tests = { evaluation_interval: '1m', tests: [{ interval: '1m', input_series, promql_expr_test }] };
  const { ok, output } = runOnFiles('promtool', ['test', 'rules', 'tests.yml'], { 'tests.yml': stringify(tests) });
  expect(output).not.toContain('FAILED');
  expect(ok).toBe(true);
});

it('says in words that there is no responder', () => {
  expect(panelOf('Responder').fieldConfig.defaults.noValue).toBe('No responder');
  expect(JSON.stringify(panelOf('Responder').fieldConfig)).toContain('"3":{"text":"paused","color":"orange"');
});
