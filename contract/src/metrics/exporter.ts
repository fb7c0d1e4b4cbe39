/** The exporter itself (served by prom-client). */
import { family } from './family';

export const EXPORTER_METRICS = {
  exporterBuildInfo: family('exporter_build_info', 'gauge', ['version', 'node_version'], 'Version of the exporter.'),
  exporterSynced: family(
    'exporter_synced',
    'gauge',
    ['shard', 'total_shards'],
    '1 if every required source is synced and fresh. Rules leave out the state of an exporter that is not. The labels are absent without sharding.'
  ),
  exporterTotalShards: family(
    'exporter_total_shards',
    'gauge',
    [],
    'Among how many shards the exporter believes the namespaces to be divided; 1 without sharding.'
  ),
  exporterSourceSynced: family(
    'exporter_source_synced',
    'gauge',
    ['source'],
    '1 if the source is synced and fresh, 0 if it is syncing, failing or silent. A kind that is not installed, or may not be read and is not needed, is absent.'
  ),
  exporterSourceLastContact: family(
    'exporter_source_last_contact_timestamp_seconds',
    'gauge',
    ['source'],
    'When the source last gave a sign of life (event, bookmark, page or answered probe).'
  ),
  exporterSourceObjects: family('exporter_source_objects', 'gauge', ['source'], 'Objects held of the source.'),
  exporterSourceUnmatchedPaths: family(
    'exporter_source_unmatched_paths',
    'gauge',
    ['source'],
    'Paths in the mapping of a custom resource that led nowhere in any object so far: a typo, or a field nobody wrote yet.'
  ),
  exporterSourceRelists: family(
    'exporter_source_relists_total',
    'counter',
    ['source'],
    'Full lists taken of the source, the first included.'
  ),
  exporterSourceListDuration: family(
    'exporter_source_list_duration_seconds',
    'gauge',
    ['source'],
    'How long the last full list of the source took.'
  ),
  exporterSourceErrors: family(
    'exporter_source_errors_total',
    'counter',
    ['source', 'reason'],
    'Failures of the source that were survived, by reason.'
  ),
  exporterSourceEvents: family(
    'exporter_source_events_total',
    'counter',
    ['source', 'event'],
    'Watch events taken in, by their type as Kubernetes names it, and probe results (PROBE).'
  ),
  exporterSourceWaited: family(
    'exporter_source_waited_seconds_total',
    'counter',
    ['source'],
    'Time that requests of the source waited for its own budget, or because the server asked for it.'
  ),
  exporterSourceForeign: family(
    'exporter_source_foreign_total',
    'counter',
    ['source'],
    'Objects, and events of objects, left out before they are decoded because another shard owns their namespace.'
  ),
  exporterInputDropped: family(
    'exporter_input_dropped_total',
    'counter',
    ['source', 'reason'],
    'Objects, fields, samples or answers that could not be used, by reason.'
  ),
  exporterScrapeDuration: family(
    'exporter_scrape_duration_seconds',
    'gauge',
    [],
    'How long the scrape before this one took to write.'
  ),
  exporterScrapeBytes: family(
    'exporter_scrape_bytes',
    'gauge',
    [],
    'Size of the scrape before this one, before compression.'
  ),
  exporterScrapeWireBytes: family(
    'exporter_scrape_wire_bytes',
    'gauge',
    [],
    'Size of the scrape before this one, as it was sent.'
  ),
  exporterScrapesRefused: family(
    'exporter_scrapes_refused_total',
    'counter',
    ['reason'],
    'Scrapes that asked for what there is not, by reason.'
  ),
  exporterStoreSegments: family(
    'exporter_store_segments',
    'gauge',
    [],
    'Segments of pre-rendered text: up to 128 objects of one family each.'
  ),
  exporterStoreBytes: family(
    'exporter_store_bytes',
    'gauge',
    ['form'],
    'Memory of the pre-rendered segments, by form: text, or gzip for those that are kept compressed.'
  ),
  exporterStoreSealed: family(
    'exporter_store_segments_sealed_total',
    'counter',
    [],
    'Segments whose text was put together anew because an object in them changed.'
  ),
  exporterStoreCompressed: family(
    'exporter_store_segments_compressed_total',
    'counter',
    [],
    'Segments that were compressed anew.'
  ),
  exporterSeries: family(
    'exporter_series',
    'gauge',
    [],
    'Series in the scrape before this one, without those of the exporter itself.'
  ),
  exporterEventLoopDelay: family(
    'exporter_event_loop_delay_seconds',
    'gauge',
    ['percentile'],
    'Delay of the event loop since the scrape before this one.'
  ),
  exporterProbeStartDelay: family(
    'exporter_probe_start_delay_seconds',
    'histogram',
    [],
    'How long after its time a probe of a model server began: above a second the exporter has too much to do.'
  ),
  exporterFirstProbesDuration: family(
    'exporter_first_probes_duration_seconds',
    'gauge',
    [],
    'How long the model servers that were new together last took until each had been asked for the first time.'
  ),
  exporterWatchLag: family(
    'exporter_watch_lag_seconds',
    'gauge',
    [],
    'Longest time from the receipt of a change to its text in the store, since the scrape before this one.'
  ),
  exporterConfigInfo: family('exporter_config_info', 'gauge', ['hash'], 'Hash of the configuration that is in force.'),
  exporterConfigLoaded: family(
    'exporter_config_loaded_timestamp_seconds',
    'gauge',
    [],
    'When the configuration that is in force was loaded.'
  ),
  exporterConfigReloads: family(
    'exporter_config_reloads_total',
    'counter',
    ['config'],
    'Attempts to take in a changed configuration, of the exporter itself or of its web server.'
  ),
  exporterConfigReloadFailures: family(
    'exporter_config_reload_failures_total',
    'counter',
    ['config'],
    'Attempts that were refused; the configuration before is still in force.'
  ),
  exporterConfigReloadSuccessful: family(
    'exporter_config_last_reload_successful',
    'gauge',
    ['config'],
    '1 if the configuration that was read last is in force, 0 if it was refused.'
  ),
  exporterConfigReloadSuccess: family(
    'exporter_config_last_reload_success_timestamp_seconds',
    'gauge',
    ['config'],
    'When a configuration last came into force.'
  ),
  exporterConfigReloadPending: family(
    'exporter_config_reload_pending',
    'gauge',
    [],
    '1 while a new configuration is accepted and its sources are not synced yet; the one before is still in force.'
  ),
  exporterMonitoringProblems: family(
    'exporter_monitoring_problems',
    'gauge',
    ['source'],
    'What is wrong with references, settings and objectives of models now: refused, not to be read, or naming what there is not. What was good before stays in force. source: files, urls, configmaps or config; slos for all of objectives.'
  ),
  exporterEventSeries: family(
    'exporter_event_series',
    'gauge',
    [],
    'Series of bins, pairs, generations, feedback and custom metrics.'
  ),
  exporterEventSeriesLimit: family(
    'exporter_event_series_limit',
    'gauge',
    [],
    'How many series of bins there may be; what is over is in modelwatch_event_series_refused.'
  ),
  exporterIngestRequests: family(
    'exporter_ingest_requests_total',
    'counter',
    ['result'],
    'Requests that brought events, by what became of them.'
  ),
  exporterJoinStoreUp: family(
    'exporter_join_store_up',
    'gauge',
    [],
    '1 if open predictions can be read and written; absent where no directory is configured for them.'
  ),
  exporterJoinStoreErrors: family(
    'exporter_join_store_errors_total',
    'counter',
    ['reason'],
    'Times that open predictions could not be read or written, by reason.'
  ),
  exporterJoinRecords: family(
    'exporter_join_records',
    'gauge',
    ['state'],
    'What is kept on disk: open predictions, actuals waiting for their prediction, and pairs, which may still be corrected.'
  ),
  exporterForwardedEvents: family(
    'exporter_forwarded_events_total',
    'counter',
    ['peer', 'outcome'],
    'Events passed on to the owner of their id: delivered, or stored while it is away.'
  ),
  exporterForwardErrors: family(
    'exporter_forward_errors_total',
    'counter',
    ['peer', 'reason'],
    'Requests to another replica that failed, by reason.'
  ),
  exporterForwardQueue: family(
    'exporter_forward_queue_events',
    'gauge',
    ['peer', 'place'],
    'Events that wait for another replica, in memory or on disk.'
  ),
  exporterPeerUp: family(
    'exporter_peer_up',
    'gauge',
    ['peer'],
    'Whether the last request to another replica succeeded.'
  ),
  exporterKafkaRecords: family(
    'exporter_kafka_records_total',
    'counter',
    ['source', 'topic', 'result'],
    'Records that were read from a topic of Kafka, by what became of them.'
  ),
  exporterKafkaLag: family(
    'exporter_kafka_lag_records',
    'gauge',
    ['source', 'topic'],
    'Records of the own partitions of a topic that are still to be counted; absent while no broker answers.'
  ),
  exporterKafkaRebalances: family(
    'exporter_kafka_rebalances_total',
    'counter',
    ['source'],
    'How often the partitions were shared out anew among the exporters of a group.'
  ),
  exporterKafkaDeadLetters: family(
    'exporter_kafka_dead_letters_total',
    'counter',
    ['source', 'result'],
    'Records that could not be read and were to be put into the dead-letter file, by whether they are there.'
  ),
  exporterEventLogWritten: family(
    'exporter_event_log_written_total',
    'counter',
    ['sink'],
    'Events that a sink of the event log has taken: written to the file, or stored by the receiver.'
  ),
  exporterEventLogDropped: family(
    'exporter_event_log_dropped_total',
    'counter',
    ['sink', 'reason'],
    'Events that a sink of the event log will never have, by reason.'
  ),
  exporterEventLogFailures: family(
    'exporter_event_log_failures_total',
    'counter',
    ['sink', 'reason'],
    'Attempts to write to a sink of the event log that failed, by reason; what they were to write waits.'
  ),
  exporterEventLogQueued: family(
    'exporter_event_log_queued_bytes',
    'gauge',
    ['sink'],
    'What waits for a sink of the event log, in memory and on disk.'
  ),
  exporterWebConnections: family('exporter_web_connections', 'gauge', [], 'Open connections to the web server.'),
  exporterWebAuthFailures: family(
    'exporter_web_auth_failures_total',
    'counter',
    ['reason'],
    'Requests and connections of clients that did not show who they are, by reason.'
  ),
  exporterWebRefusedRequests: family(
    'exporter_web_refused_requests_total',
    'counter',
    ['reason'],
    'Requests and connections that went over a limit or were malformed, by reason.'
  ),
  exporterWebCertificateExpiry: family(
    'exporter_web_certificate_expiry_timestamp_seconds',
    'gauge',
    [],
    'When the certificate of the web server ends, or one of its chain that ends before. Absent without TLS.'
  ),
} as const;

/** Labels `config`: the exporter's own configuration, and the file for TLS, users and the like. */
export const CONFIGS = ['exporter', 'web'] as const;

/** Why a client was not let in. */
export const WEB_AUTH_FAILURES = [
  'no_password',
  'wrong_password',
  'no_certificate',
  'untrusted_certificate',
  'wrong_san',
] as const;

/** Why a request or a connection was turned away. */
export const WEB_REFUSALS = [
  'rate',
  'url_length',
  'header_size',
  'header_count',
  'body',
  'malformed',
  'slow_request',
  'slow_reader',
  'connections',
  'scrapes',
  'probes',
  'probe_target',
  'probe_query',
  'logins',
  'tls_handshake',
] as const;
