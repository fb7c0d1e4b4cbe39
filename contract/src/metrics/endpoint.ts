/** What probes found. */
import { family, MODEL, ENDPOINT } from './family';

export const ENDPOINT_METRICS = {
  endpointInfo: family(
    'endpoint_info',
    'gauge',
    [...ENDPOINT, 'server_name', 'server_version'],
    'Name and version that the model server behind the endpoint gives for itself.'
  ),
  endpointUp: family('endpoint_up', 'gauge', ENDPOINT, '1 if the last probe of the endpoint was answered at all.'),
  endpointReady: family(
    'endpoint_ready',
    'gauge',
    ENDPOINT,
    '1 if the server behind the endpoint says that it is ready.'
  ),
  endpointScrapeTarget: family(
    'endpoint_scrape_target',
    'gauge',
    ENDPOINT,
    'A server whose metrics Prometheus scrapes itself, as /sd lists it while it answers; the value is always 1.'
  ),
  endpointModelReady: family(
    'endpoint_model_ready',
    'gauge',
    [...MODEL, 'replica'],
    '1 if the endpoint says that it can serve the model.'
  ),
  endpointModelState: family(
    'endpoint_model_state',
    'gauge',
    [...MODEL, 'replica', 'state'],
    'State of the model in the repository of the endpoint: 1 for the state that holds.'
  ),
  endpointProbeDuration: family(
    'endpoint_probe_duration_seconds',
    'gauge',
    ENDPOINT,
    'How long the last probe of the endpoint took, all its requests together.'
  ),
  endpointProbes: family(
    'endpoint_probes_total',
    'counter',
    [...ENDPOINT, 'outcome'],
    'Probes of the endpoint, counted by the exporter. A success is an answer of a server that can serve one of its models.'
  ),
  endpointProbeFailures: family(
    'endpoint_probe_failures_total',
    'counter',
    [...ENDPOINT, 'cause'],
    'Failed probes of the endpoint by cause; only causes that occurred.'
  ),
  endpointProbeTime: family(
    'endpoint_probe_time_seconds_total',
    'counter',
    [...ENDPOINT, 'outcome'],
    'Time that probes of the endpoint took, all together; by their number it is the mean.'
  ),
  endpointPollFailures: family(
    'endpoint_poll_failures_total',
    'counter',
    [...ENDPOINT, 'cause'],
    'Failed polls of the metrics of the endpoint by cause; only causes that occurred.'
  ),
  endpointInputDropped: family(
    'endpoint_input_dropped_total',
    'counter',
    [...ENDPOINT, 'reason'],
    'Parts of answers of the endpoint that could not be used, by reason; only reasons that occurred.'
  ),
  endpointIdentityChanges: family(
    'endpoint_identity_changes_total',
    'counter',
    ENDPOINT,
    'How often another server, or another version of it, answered at the endpoint than before.'
  ),
  endpointLastProbe: family(
    'endpoint_last_probe_timestamp_seconds',
    'gauge',
    ENDPOINT,
    'When the endpoint was last probed, answered or not.'
  ),
} as const;
