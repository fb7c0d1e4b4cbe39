/** The Sources table of the landing page: what feeds the exporter, and how it is. */
import type { HealthState, SourceState } from '@modelwatch/contract';
import type { SourceView } from '../../domain/source-book';
import type { Snapshot } from '../../domain/fleet-interface';
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
  const well = snapshot.sources.filter(isWellKind);
  const together = well.length > MOST_KINDS ? well : [];
  const shown = snapshot.sources.filter((source) => source.state !== 'absent' && !together.includes(source));
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
        ${shown.map((source) => sourceRow(source, now))}${together.length > 0 ? wellRow(together, now) : html``}${absent.length > 0 ? absentRow(absent) : html``}${healthRow(health, now)}${row('healthy', 'Configuration', 'loaded', `hash ${about.configHash}`, now - about.configLoadedAtSeconds)}
      </tbody>
    </table>
  </section>`;
}

/** Above so many kinds of Kubernetes, those that are well share a row: trouble must not drown in twenty good lines. */
const MOST_KINDS = 3;

function isWellKind({ source, state, message }: SourceView): boolean {
  return source.startsWith('kubernetes/') && state === 'synced' && message === undefined;
}

function wellRow(kinds: readonly SourceView[], now: number): Html {
  const objects = kinds.reduce((sum, kind) => sum + kind.objects, 0);
  const each = kinds.map((kind) => `${kind.source.replace(/^kubernetes\//, '')} ${kind.objects}`).join(', ');
  const contacts = kinds.flatMap(({ lastContactSeconds }) => lastContactSeconds ?? []);
  const oldest = contacts.reduce((a, b) => Math.min(a, b), Infinity);
  const age = Number.isFinite(oldest) ? now - oldest : undefined;
  return row(
    'healthy',
    `Kubernetes, ${counted(kinds.length, 'kind')}`,
    'synced',
    `${counted(objects, 'object')}: ${each}`,
    age
  );
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
