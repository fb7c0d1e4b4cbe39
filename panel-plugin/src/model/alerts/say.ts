/** The sentences of the view of alerts: what fires, since when, and who is told. */
import { sentence, type Part, type Sentence } from '../sentence';
import type { Message } from '../types';
import { countText, spanText, type ClockText } from '../words';
import type { Alert, AlertsAnswer } from './types';

/** `SLO fast burn` of `ModelwatchSLOFastBurn`; names of others as they are. */
export function alertWords(name: string): string {
  const own = /^Modelwatch(.+)$/.exec(name)?.[1];
  if (!own) return name;
  const words = own.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  const [first = '', ...others] = words.split(' ');
  return [first, ...others.map((word) => word.toLowerCase())].join(' ');
}

/** `logistics/eta-courier, answered`; empty where it is about nothing that has a name. */
export function subjectWords({ cluster, namespace, model, pipeline, slo }: Alert): string {
  const name = [cluster, namespace, model || pipeline].filter(Boolean).join('/');
  return [name, slo].filter(Boolean).join(', ');
}

/** `firing 12 min`, `pending`. */
export function stateWords({ isFiring, sinceMs }: Alert, nowMs: number): string {
  const since = sinceMs === undefined ? '' : ` ${spanText(nowMs - sinceMs)}`;
  return `${isFiring ? 'firing' : 'pending'}${since}`;
}

function silenceWords({ silencedBy, silencedUntilMs, silenceComment }: Alert, clock: ClockText): string {
  const by = silencedBy ? ` by ${silencedBy}` : '';
  const until = silencedUntilMs === undefined ? '' : ` until ${clock(silencedUntilMs)}`;
  return `Silenced${by}${until}${silenceComment ? `: ${silenceComment}` : ''}`;
}

/** Who is told, or why nobody is; empty where no Alertmanager was asked. */
export function toldWords(alert: Alert, clock: ClockText): string {
  if (!alert.isFiring) return 'Nobody is told while it waits';
  switch (alert.notification) {
    case 'routed':
      return alert.receivers ? `Goes to ${alert.receivers}` : 'Goes to nobody: no receiver';
    case 'silenced':
      return silenceWords(alert, clock);
    case 'inhibited':
      return `Kept back by ${alert.inhibitedBy ? alertWords(alert.inhibitedBy) : 'another alert'}`;
    case 'muted':
      return 'Kept back at this time of day';
    case 'waiting':
      return 'Alertmanager has not looked at it yet';
    case 'not_received':
      return 'Alertmanager does not have it: nobody is told';
    case 'unknown':
      return 'Who was told is not known';
    case undefined:
      return '';
  }
}

function count(many: number, word: string): string[] {
  return many ? [`${countText(many)} ${word}`] : [];
}

/** What fires, and how many of it nobody hears of. */
export function alertsSentence({ alerts, isOld }: AlertsAnswer): Sentence {
  const firing = alerts.filter(({ isFiring }) => isFiring);
  const silent = firing.filter(({ notification }) => notification === 'silenced');
  const [worst] = alerts;
  const said = [
    ...count(firing.length, firing.length === 1 ? 'alert fires' : 'alerts fire'),
    ...count(alerts.length - firing.length, 'pending'),
  ].join(', ');
  const rest: Part[] = silent.length ? [['faint', `${countText(silent.length)} silenced`]] : [];
  return sentence(worst?.mark, ['strong', isOld ? `${said} when last asked` : said], ...rest);
}

/** Why nobody knows what Alertmanager does. */
export function alertmanagerProblem({
  alertmanager: { state, problem = 'it did not answer' },
}: AlertsAnswer): Message | undefined {
  if (state !== 'failed') return undefined;
  return { title: 'Who was told, and what is silenced, is not known.', detail: `${problem}.` };
}

/** Nothing fires, as far as it is known; where it is not, that is what is said. */
export function quietMessage(answer: AlertsAnswer): { readonly message: Message; readonly isKnown: boolean } {
  const { isOld, isWatched, alertmanager } = answer;
  const unknown = (title: string, detail: string) => ({ message: { title, detail }, isKnown: false });
  if (isOld)
    return unknown('What fires now is not known', 'Nothing did when it was last asked. Refresh the dashboard.');
  if (!isWatched)
    return unknown('Nobody watches', 'No rule is evaluated for what is asked: that no alert fires tells nothing.');
  if (alertmanager.state === 'failed') {
    return unknown(
      'Nothing fires in Prometheus',
      `What other rules sent is not known: ${alertmanagerProblem(answer)?.detail ?? ''}`
    );
  }
  const detail = 'Rules are evaluated, and none of their alerts fires or waits.';
  return { message: { title: 'Nothing fires', detail }, isKnown: true };
}
