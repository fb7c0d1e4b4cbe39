/** @jest-environment jsdom */
import { LoadingState, type DataFrame } from '@grafana/data';
import { alertsFrame, MOCK_ALERTS, unreachable } from '../../workbench/mockAlerts';
import { FIXTURE_NOW_MS } from '../../workbench/mockFleet';
import type { PrepareInput } from '../prepare';
import { sentenceText } from '../sentence';
import { clockText } from '../words';
import { prepareAlerts } from './prepare';
import { alertsSentence, alertWords, stateWords, subjectWords, toldWords } from './say';

const clock = clockText(FIXTURE_NOW_MS, 'utc');
const plain = (text: string) => text.replace(/\u00a0/g, ' ');

function prepared(series: DataFrame[], over: Partial<PrepareInput> = {}) {
  const nowMs = FIXTURE_NOW_MS;
  return prepareAlerts({
    ...{ series, state: LoadingState.Done, errors: [], range: { fromMs: nowMs - 1, toMs: nowMs } },
    ...{ nowMs, answeredAtMs: nowMs, staleAfterMs: 150_000, answerMaxAgeMs: 150_000, clock },
    ...over,
  });
}

function answer(frame: DataFrame, over: Partial<PrepareInput> = {}) {
  const found = prepared([frame], over);
  if (found.kind !== 'alerts') throw new Error(JSON.stringify(found));
  return found.answer;
}

it('says of each since when, of what, and who is told or why nobody is', () => {
  const found = answer(alertsFrame(MOCK_ALERTS));
  expect(plain(sentenceText(alertsSentence(found)))).toBe('4 alerts fire, 1 pending 1 silenced');
  const said = found.alerts.map((one) =>
    plain([alertWords(one.name), subjectWords(one), stateWords(one, found.nowMs), toldWords(one, clock)].join(' | '))
  );
  expect(said).toEqual([
    'SLO fast burn | logistics/eta-courier, answered | firing 12 min | Goes to risk-pager, tickets',
    'Model errors | logistics/eta-courier | firing 11 min | Kept back by Model cannot serve',
    expect.stringMatching(/^Model drift .* firing 5 h 40 min \| Silenced by anna until \d\d:\d\d: retraining runs$/),
    'Actuals stale | growth/churn-v2 | firing 1 h 35 min | Alertmanager does not have it: nobody is told',
    'Model slow | search/ranker | pending 2 min | Nobody is told while it waits',
  ]);
  expect(found.alerts.map(({ mark }) => mark)).toEqual(['failed', 'failed', 'degraded', 'degraded', 'progressing']);
});

it('is calm only where rules are evaluated, the answer is fresh, and no Alertmanager is unheard', () => {
  expect(prepared([alertsFrame([])])).toMatchObject({
    kind: 'empty',
    isKnown: true,
    message: { title: 'Nothing fires' },
  });
  const unknown = (found: ReturnType<typeof prepared>) =>
    found.kind === 'empty' && !found.isKnown && found.message.title;
  expect(unknown(prepared([unreachable([])]))).toBe('Nothing fires in Prometheus');
  expect(unknown(prepared([alertsFrame([], undefined, false)]))).toBe('Nobody watches');
  expect(unknown(prepared([alertsFrame([])], { nowMs: FIXTURE_NOW_MS + 600_000 }))).toBe('What fires now is not known');
  expect(prepared([alertsFrame([])], { errors: ['422'] })).toMatchObject({ kind: 'error' });
});

it('believes no answer that is too old, and no word that it does not know', () => {
  const old = answer(alertsFrame(MOCK_ALERTS), { nowMs: FIXTURE_NOW_MS + 600_000 });
  expect(new Set(old.alerts.map(({ mark }) => mark))).toEqual(new Set(['stale']));
  expect(sentenceText(alertsSentence(old))).toContain('when last asked');
  const wrong = alertsFrame(MOCK_ALERTS);
  wrong.fields.find(({ name }) => name === 'notification')?.values.splice(1, 1, 'told');
  expect(prepared([wrong])).toMatchObject({
    kind: 'refusal',
    message: { detail: expect.stringContaining('alerts, row 2.notification') as string },
  });
  expect(prepared([])).toMatchObject({ kind: 'refusal' });
});
