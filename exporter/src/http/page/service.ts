/**
 * What the servers themselves have counted, for readers without a Prometheus: counters as they stand, from the start of
 * each server (MLServer keeps its own on disk). No rate and no window is made of them here; that is what Prometheus is for.
 */
import { API_PATHS, type InferenceCapability, type RequestOutcome } from '@modelwatch/contract';
import type { Snapshot } from '../../domain/fleet-interface';
import type { ModelView } from '../../domain/views';
import type { FleetSummary, ModelRow } from './fleet-view';
import { html, type Html } from './html';
import { count, duration, span } from './words';

/** A laptop has a few models; a fleet has a Prometheus. */
const MAX_ROWS = 50;

/** Of one model, over all its replicas and versions; what no server can say is absent. */
export interface ServiceFigures {
  readonly versions: readonly string[];
  /** Replicas that were polled, and all that are known. */
  readonly measured: number;
  readonly endpoints: number;
  /** 0: a server has it and counts requests, and none has come. */
  readonly requests?: number;
  /** Failures that are the server's, or of which nobody can tell the side: what the channel `errors` counts. */
  readonly errors?: number;
  readonly clientErrors?: number;
  readonly meanSeconds?: number;
  /** Of the endpoint that was asked longest ago. */
  readonly lastProbeSeconds?: number;
}

type Known = Pick<ModelView, 'endpoints' | 'version'>;

export function serviceFigures(view: Known, endpoints: Snapshot['endpoints']): ServiceFigures {
  const records = view.endpoints.map(({ namespace, server, replica }) =>
    endpoints.get(`${namespace}/${server}/${replica}`)
  );
  const measured = records.filter((record) => record?.capabilities !== undefined);
  const samples = view.endpoints.flatMap(({ inference }) => inference ?? []);
  // A server counts nothing of a model that it does not have.
  const isHad = samples.length > 0 || view.endpoints.some(({ modelReady }) => modelReady === true);
  const can = (capability: InferenceCapability) =>
    isHad &&
    measured.length > 0 &&
    measured.every(
      (record) => record?.capabilities?.includes(capability) && !record.unknownCapabilities?.includes(capability)
    );
  const sum = (...outcomes: RequestOutcome[]) =>
    outcomes.reduce((total, outcome) => total + samples.reduce((all, one) => all + (one.requests[outcome] ?? 0), 0), 0);
  const durations = samples.flatMap(({ histograms }) => histograms.duration ?? []);
  const answered = durations.reduce((all, one) => all + one.count, 0);
  const probed = records.flatMap((record) => record?.lastProbeSeconds ?? []);
  const versions = [...new Set(samples.map(({ version }) => version).filter(Boolean))];
  return {
    versions: versions.length > 0 || view.version === undefined ? versions : [view.version],
    measured: measured.length,
    endpoints: records.length,
    ...(can('requests') ? { requests: sum('success', 'client_error', 'server_error', 'unknown') } : {}),
    ...(can('outcomes') ? { errors: sum('server_error', 'unknown') } : {}),
    ...(can('error_sides') ? { clientErrors: sum('client_error') } : {}),
    ...(answered > 0 ? { meanSeconds: durations.reduce((all, one) => all + one.sum, 0) / answered } : {}),
    ...(probed.length > 0 ? { lastProbeSeconds: Math.min(...probed) } : {}),
  };
}

/** Nothing where Prometheus answers: it knows better. */
export function serviceSection(snapshot: Snapshot, fleet: FleetSummary, now: number): Html {
  if (fleet.health.source === 'prometheus' || snapshot.models.size === 0) return html``;
  const views = new Map([...snapshot.models.values()].map((view) => [`${view.namespace}/${view.name}`, view]));
  const own = fleet.rows.flatMap((row) => {
    const view = views.get(`${row.namespace}/${row.name}`);
    return view ? [{ row, view }] : [];
  });
  const more = own.length - MAX_ROWS;
  const rows = own
    .slice(0, MAX_ROWS)
    .map(({ row, view }) => serviceRow(row, serviceFigures(view, snapshot.endpoints), now));
  return html`<section aria-labelledby="service">
    <h2 id="service">Requests so far</h2>
    <p class="quiet note">
      Counters of the model servers as they stand, mostly since their start; all replicas and versions together. Rates,
      shares and quantiles over a window need a Prometheus.
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col" class="wide">Version</th>
          <th scope="col" class="number">Requests</th>
          <th scope="col" class="number">Errors</th>
          <th scope="col" class="number wide">Client errors</th>
          <th scope="col" class="number">Mean time</th>
          <th scope="col" class="number wide">Asked</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${more > 0 ? html`<p class="quiet"><a href="/metrics">+&nbsp;${count(more)} more</a></p>` : html``}
  </section>`;
}

function serviceRow(row: ModelRow, figures: ServiceFigures, now: number): Html {
  const { versions, measured, endpoints, requests, errors, clientErrors, meanSeconds, lastProbeSeconds } = figures;
  const partly = measured < endpoints ? `, ${measured}\u00a0of\u00a0${endpoints} replicas measured` : '';
  const link = `${API_PATHS.models}/${encodeURIComponent(row.namespace)}/${encodeURIComponent(row.name)}`;
  return html`<tr>
    <td class="name">
      <a href="${link}">${row.name}</a> <span class="small">${row.namespace}, ${row.platform}${partly}</span>
    </td>
    <td class="wide">${told(versions.length > 0 ? versions.join(', ') : undefined)}</td>
    <td class="number">${told(requests === undefined ? undefined : count(requests))}</td>
    <td class="number">${told(errors === undefined ? undefined : count(errors))}</td>
    <td class="number wide">${told(clientErrors === undefined ? undefined : count(clientErrors))}</td>
    <td class="number">${told(meanSeconds === undefined ? undefined : duration(meanSeconds))}</td>
    <td class="number wide">
      ${told(lastProbeSeconds === undefined ? undefined : `${span(now - lastProbeSeconds)} ago`)}
    </td>
  </tr> `;
}

/** What no server says is not 0. */
function told(text: string | undefined): Html {
  return text === undefined ? html`<span aria-label="not told by the server">–</span>` : html`${text}`;
}
