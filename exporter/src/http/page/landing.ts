/** GET /: the fleet for a person, worst first. One HTML page without script; it reloads itself. */
import { HEALTH_STATES, API_PATHS } from '@modelwatch/contract';
import type { RequestHandler } from 'express';
import type { Snapshot } from '../../domain/fleet-interface';
import type { AppDeps } from '../deps';
import type { Scenario } from '../scenarios';
import { needText, stateWord, summarize, titleText, verdict, type FleetSummary, type ModelRow } from './fleet-view';
import { html, raw, type Html } from './html';
import { otherShards, type OtherShards } from './other-shards';
import { mark } from './marks';
import { serviceSection } from './service';
import { sourcesSection } from './sources';
import { contentSecurityPolicy, STYLE } from './style';
import { bytes, clock, count, counted, duration, span } from './words';

const RELOAD_SECONDS = 30;
/** Scenarios are switched by the reader, who waits for them. */
const DEMO_RELOAD_SECONDS = 5;
/** Above so many models, marks are a wall: counts say it better. */
const MAX_MARKS = 200;
const MAX_ROWS = 200;

export function landingPage(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const [scenarios, others] = await Promise.all([
      deps.scenarios?.read(),
      otherShards(deps.peers, request.get('authorization')),
    ]);
    response.setHeader('Content-Security-Policy', contentSecurityPolicy(deps.scenarios?.origin));
    response.type('html').send(String(page(deps, deps.snapshot(), scenarios, others)));
  };
}

function page(
  deps: AppDeps,
  snapshot: Snapshot,
  scenarios: readonly Scenario[] | undefined,
  others: OtherShards
): Html {
  const now = deps.nowSeconds();
  const fleet = summarize(snapshot, deps.health, others);
  const reload = deps.scenarios ? DEMO_RELOAD_SECONDS : RELOAD_SECONDS;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="refresh" content="${reload}" />
        <link rel="icon" href="data:," />
        <title>${titleText(snapshot, fleet)}: Modelwatch exporter</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <main>
          ${header(deps, now)} ${headline(snapshot, fleet, now)}
          ${snapshot.everSynced ? html`${marks(fleet)}${problems(fleet, now)}${serviceSection(snapshot, fleet, now)}` : html``}
          ${scenarioSection(deps, scenarios)} ${sourcesSection(snapshot, fleet.health, deps.about, now)}
          ${links(deps, snapshot, fleet)}
          <footer>
            Written by the exporter at ${clock(now)}; the page reloads every ${reload}&nbsp;s. It needs no script and no
            network but this host.
          </footer>
        </main>
      </body>
    </html> `;
}

function header({ about }: AppDeps, now: number): Html {
  return html`<header>
    <b>Modelwatch exporter</b
    ><span class="small">${about.version}, ${about.host}, up ${span(now - about.startedAtSeconds)}</span>
    <nav aria-label="Pages">
      <a href="/metrics">Metrics</a><a href="${API_PATHS.openapi}">API</a
      ><a href="/readyz">Readiness</a>${about.grafanaUrl ? html`<a href="${about.grafanaUrl}">Grafana</a>` : html``}
    </nav>
  </header>`;
}

function headline(snapshot: Snapshot, fleet: FleetSummary, now: number): Html {
  const { state, subject, rest } = verdict(snapshot, fleet, now);
  const observed = fleet.rows
    .filter(({ health }) => health !== 'stale' && health !== 'unknown')
    .flatMap(({ lastObservedSeconds: at }) => at ?? []);
  const oldest =
    observed.length === 0
      ? ''
      : `, oldest observation of a model that reports ${span(now - observed.reduce((a, b) => Math.min(a, b)))} ago`;
  const silent = snapshot.everSynced && !snapshot.synced ? ' Not every source is synced; see below.' : '';
  return html`<div class="verdict">
    ${mark(state, 28)}
    <div>
      <h1><b>${subject}</b>${rest}</h1>
      <p>${needText(fleet)} State at ${clock(now)}${oldest}.${silent} ${missingText(fleet)} ${healthText(fleet)}</p>
    </div>
  </div>`;
}

function missingText({ missingShards }: FleetSummary): string {
  if (missingShards.length === 0) return '';
  return `This is not the whole fleet. ${missingShards.map(({ why }) => why).join(' ')}`;
}

function healthText({ health }: FleetSummary): string {
  if (health.source === 'prometheus') return 'Health as Prometheus recorded it.';
  return `Serving only, other channels are not counted: ${health.why ?? 'Prometheus is silent'}.`;
}

function modelLink({ namespace, name }: ModelRow): string {
  return `${API_PATHS.models}/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}

function marks(fleet: FleetSummary): Html {
  if (fleet.rows.length === 0) return html``;
  const showMarks = fleet.rows.length <= MAX_MARKS;
  const groups = HEALTH_STATES.filter((state) => (fleet.counts.get(state) ?? 0) > 0).map((state) => {
    const word = stateWord(state, fleet.health);
    const members = showMarks
      ? fleet.rows
          .filter(({ health }) => health === state)
          .map(
            (row) =>
              html`<a href="${modelLink(row)}" title="${row.name}" aria-label="${row.name}, ${word}">${mark(state)}</a>`
          )
      : [mark(state)];
    return html`<div>
      <dt><b>${count(fleet.counts.get(state) ?? 0)}</b> ${word}</dt>
      <dd>${members}</dd>
    </div>`;
  });
  return html`<dl class="fleet" aria-label="Models by state">${groups}</dl>`;
}

function problems(fleet: FleetSummary, now: number): Html {
  const rows = fleet.rows.filter(({ health }) => health !== 'healthy');
  if (rows.length === 0) return html``;
  const more = rows.length - MAX_ROWS;
  const body = rows.slice(0, MAX_ROWS).map((row) => problemRow(row, now));
  const moreLine =
    more > 0 ? html`<p class="quiet"><a href="${API_PATHS.models}">+&nbsp;${count(more)} more</a></p>` : html``;
  return html`<section aria-labelledby="problems">
    <h2 id="problems">Not healthy, worst first</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Model</th>
          <th scope="col">Worst reason</th>
          <th scope="col" class="number wide">Replicas</th>
          <th scope="col" class="number">For</th>
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
    ${moreLine}
  </section>`;
}

function problemRow(row: ModelRow, now: number): Html {
  const since =
    row.sinceSeconds === undefined ? html`<span aria-label="unknown">–</span>` : html`${span(now - row.sinceSeconds)}`;
  return html`<tr>
    <td class="state"><span>${mark(row.health)}${row.health}</span></td>
    <td class="name">
      <a href="${modelLink(row)}">${row.name}</a> <span class="small">${row.namespace}, ${row.platform}</span>
    </td>
    <td class="reason"><span title="${row.reason}">${row.reason}</span></td>
    <td class="number wide">${row.replicas}</td>
    <td class="number">${since}</td>
  </tr> `;
}

function scenarioSection(deps: AppDeps, scenarios: readonly Scenario[] | undefined): Html {
  if (!deps.scenarios) return html``;
  if (!scenarios)
    return html`<section>
      <h2>Scenarios</h2>
      <p class="quiet">The demo does not answer; its switches are not shown.</p>
    </section>`;
  const rows = scenarios.map((scenario) => scenarioRow(scenario, deps.scenarios?.switchUrl(scenario) ?? ''));
  return html`<section aria-labelledby="scenarios">
    <h2 id="scenarios">Scenarios of the demo</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Scenario</th>
          <th scope="col">What happens</th>
          <th scope="col" class="number">Switch</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </section>`;
}

function scenarioRow(scenario: Scenario, url: string): Html {
  const turn = scenario.on ? 'off' : 'on';
  return html`<tr>
    <td class="state">${scenario.on ? html`<b>on</b>` : html`<span class="quiet">off</span>`}</td>
    <td class="name"><b>${scenario.name}</b></td>
    <td>${scenario.description} <span class="small">${scenario.model}</span></td>
    <td class="number">
      <form method="post" action="${url}">
        <input type="hidden" name="on" value="${String(!scenario.on)}" /><button
          aria-label="Switch ${turn} ${scenario.name}"
        >
          Switch ${turn}
        </button>
      </form>
    </td>
  </tr> `;
}

function links(deps: AppDeps, snapshot: Snapshot, fleet: FleetSummary): Html {
  const last = deps.selfMetrics.lastScrape();
  const scrape = last
    ? `: ${count(last.series)} series, ${bytes(last.bytes)}, last scrape took ${duration(last.durationSeconds)}`
    : ', not scraped yet';
  const rows: [string, string][] = [
    ['/metrics', `Prometheus metrics${scrape}`],
    [API_PATHS.models, `the fleet as JSON: ${counted(fleet.rows.length, 'model')}`],
    [API_PATHS.openapi, 'description of the read API'],
    [
      '/readyz',
      snapshot.synced ? 'ready: every required source is synced' : 'not ready: says which source is not synced',
    ],
    ['/livez', 'alive'],
  ];
  return html`<section aria-labelledby="links">
    <h2 id="links">Links</h2>
    <dl class="links">
      ${rows.map(
        ([path, text]) =>
          html`<dt><a href="${path}">${path}</a></dt>
            <dd>${text}</dd>`
      )}
    </dl>
  </section>`;
}
