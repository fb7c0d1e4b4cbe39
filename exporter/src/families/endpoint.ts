/** What probes found: once per endpoint, and once per model on each endpoint. */
import { ENDPOINT_MODEL_STATES, METRICS, PROBE_OUTCOMES, type ProbeOutcome } from '@modelwatch/contract';
import type { EndpointView, ModelView } from '../domain/views';
import { identity } from './entity';
import type { Row } from './row';
import { known, row } from './text';

const id = ({ namespace, server, replica }: EndpointView) => ({ namespace, server, replica });

export const endpointRows: readonly Row<EndpointView>[] = [
  row(METRICS.endpointInfo, (view: EndpointView) =>
    view.serverName === undefined
      ? []
      : [{ labels: { ...id(view), server_name: view.serverName, server_version: view.serverVersion ?? '' }, value: 1 }]
  ),
  row(METRICS.endpointUp, (view: EndpointView) => known(id(view), probed(view, view.up))),
  row(METRICS.endpointReady, (view: EndpointView) => known(id(view), probed(view, view.ready))),
  row(METRICS.endpointProbeDuration, (view: EndpointView) => known(id(view), view.probeDurationSeconds)),
  row(METRICS.endpointProbes, (view: EndpointView) => byOutcome(view, view.counts?.probes)),
  row(METRICS.endpointProbeFailures, (view: EndpointView) =>
    Object.entries(view.counts?.failures ?? {}).map(([cause, value]) => ({ labels: { ...id(view), cause }, value }))
  ),
  row(METRICS.endpointProbeTime, (view: EndpointView) => byOutcome(view, view.counts?.seconds)),
  row(METRICS.endpointPollFailures, (view: EndpointView) =>
    Object.entries(view.unused?.polls ?? {}).map(([cause, value]) => ({ labels: { ...id(view), cause }, value }))
  ),
  row(METRICS.endpointInputDropped, (view: EndpointView) =>
    Object.entries(view.unused?.dropped ?? {}).map(([reason, value]) => ({ labels: { ...id(view), reason }, value }))
  ),
  row(METRICS.endpointScrapeTarget, (view: EndpointView) => (view.isScraped ? [{ labels: id(view), value: 1 }] : [])),
  row(METRICS.endpointIdentityChanges, (view: EndpointView) => known(id(view), view.identityChanges)),
  row(METRICS.endpointLastProbe, (view: EndpointView) => known(id(view), view.lastProbeSeconds)),
];

function byOutcome(view: EndpointView, numbers: Readonly<Record<ProbeOutcome, number>> | undefined) {
  return PROBE_OUTCOMES.flatMap((outcome) => known({ ...id(view), outcome }, numbers?.[outcome]));
}

/** An endpoint that was never probed is absent, not down. */
function probed(view: EndpointView, holds: boolean): number | undefined {
  return view.lastProbeSeconds === undefined ? undefined : Number(holds);
}

export const modelEndpointRows: readonly Row<ModelView>[] = [
  row(METRICS.endpointModelReady, (view: ModelView) =>
    view.endpoints.flatMap(({ replica, modelReady }) =>
      known({ ...identity('model', view), replica }, modelReady === undefined ? undefined : Number(modelReady))
    )
  ),
  row(METRICS.endpointModelState, (view: ModelView) =>
    view.endpoints.flatMap(({ replica, modelState }) =>
      modelState === undefined
        ? []
        : ENDPOINT_MODEL_STATES.map((state) => ({
            labels: { ...identity('model', view), replica, state },
            value: state === modelState ? 1 : 0,
          }))
    )
  ),
];
