/** The Sources table of the landing page: what feeds the exporter, and how it is. */
import type { HealthState, SourceState } from '@modelwatch/contract';
import type { Snapshot, SourceView } from '../../domain/views';
import type { About } from '../deps';
import type { HealthStatus } from '../health';
import { html, type Html } from './html';
import { mark } from './marks';
import { counted, span } from './words';

/** A source that fails is a warning: the models that hang on it say for themselves what they lost. */
const STATE_MARKS: Record<SourceState, HealthState> = {
  synced: 'healthy',
  syncing: 'progressing',
  failing: 'degraded',
  silent: 'stale',
  absent: 'idle',
  forbidden: 'idle',
};

export function sourcesSection(snapshot: Snapshot, health: HealthStatus, about: About, now: number): Html {
  const shown = snapshot.sources.filter(({ state }) => state !== 'absent');
  const absent = snapshot.sources.filter(({ state }) => state === 'absent');
  return html`<section aria-labelledby="sources">
    <h2 id="sources">Sources</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Source</th>
          <th scope="col">State</th>
          <th scope="col">What it sees</th>
          <th scope="col" class="number">Age</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map((source) => sourceRow(source, now))}${absent.length > 0 ? absentRow(absent) : html``}${healthRow(health, now)}${row('healthy', 'Configuration', 'loaded', `hash ${about.configHash}`, now - about.configLoadedAtSeconds)}
      </tbody>
    </table>
  </section>`;
}

function sourceRow(source: SourceView, now: number): Html {
  const sees = [counted(source.objects, 'object'), ...(source.message ? [source.message] : [])].join('; ');
  const age = source.lastContactSeconds === undefined ? undefined : now - source.lastContactSeconds;
  return row(STATE_MARKS[source.state], source.title || source.source, source.state, sees, age);
}

function absentRow(absent: readonly SourceView[]): Html {
  const names = absent.map(({ title, source }) => title || source).join(', ');
  return row('idle', `${counted(absent.length, 'kind')} more`, 'not installed', names, undefined);
}

function healthRow(health: HealthStatus, now: number): Html {
  if (health.source === 'serving-only')
    return row('unknown', 'Health from Prometheus', 'serving only', health.why ?? '', undefined);
  return row('healthy', 'Health from Prometheus', 'read', 'recorded by the rules', now - (health.readAtSeconds ?? now));
}

function row(state: HealthState, title: string, word: string, sees: string, age: number | undefined): Html {
  return html`<tr>
    <td class="name state"><span>${mark(state)}${title}</span></td>
    <td class="name">${word}</td>
    <td class="quiet reason"><span title="${sees}">${sees}</span></td>
    <td class="number">${age === undefined ? '' : span(age)}</td>
  </tr> `;
}
