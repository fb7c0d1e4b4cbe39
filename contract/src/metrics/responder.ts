/** What the responder tells of itself, on a /metrics of its own. */
import { family } from './family';

export const RESPONDER_METRICS = {
  responderBuildInfo: family('responder_build_info', 'gauge', ['version', 'node_version'], 'Always 1.'),
  responderWebhooks: family(
    'responder_webhooks_total',
    'counter',
    ['sender', 'result'],
    'Requests with alerts, by sender and what became of them: accepted, unauthorized, malformed, too_large, busy (more than may wait) or no_secret (the file with the token or secret cannot be used).'
  ),
  responderAlerts: family(
    'responder_alerts_total',
    'counter',
    ['sender', 'status'],
    'Alerts in accepted requests, by sender and status.'
  ),
  responderAlertsTruncated: family(
    'responder_alerts_truncated_total',
    'counter',
    ['sender'],
    'Alerts that the sender cut off, by its own count.'
  ),
  responderDecisions: family(
    'responder_decisions_total',
    'counter',
    ['policy', 'action', 'result', 'reason'],
    'What became of alerts, by policy, action, result and the reason for doing nothing. Without a policy that fits, policy and action are empty.'
  ),
  responderLastAction: family(
    'responder_last_action_timestamp_seconds',
    'gauge',
    ['policy', 'action'],
    'When a policy last changed or called something.'
  ),
  responderModelResponse: family(
    'responder_model_response_timestamp_seconds',
    'gauge',
    ['namespace', 'model', 'policy', 'action', 'result'],
    'When a policy last acted, failed, or said what it would do, because of an alert on the model. Of the latest 1,000.'
  ),
  responderKubernetesEvents: family(
    'responder_kubernetes_events_total',
    'counter',
    ['result'],
    'Events of Kubernetes about actions, on what was acted upon: written, or failed, which changes nothing of the action.'
  ),
  responderQueue: family(
    'responder_queue_alerts',
    'gauge',
    [],
    'Alerts that wait to be looked at, or to be old enough.'
  ),
  responderQueueLimit: family('responder_queue_limit_alerts', 'gauge', [], 'Alerts that may wait.'),
  responderDryRun: family('responder_dry_run', 'gauge', [], '1: nothing is done by any policy, whatever it says.'),
  responderPaused: family('responder_paused', 'gauge', [], '1: the kill switch is on.'),
  responderConfigReloadSuccessful: family(
    'responder_config_last_reload_successful',
    'gauge',
    [],
    'Whether what was read last of the configuration is in force.'
  ),
  responderRefusedRequests: family(
    'responder_refused_requests_total',
    'counter',
    ['reason'],
    'Requests and connections that the web server turned away.'
  ),
  responderEventLogWritten: family(
    'responder_event_log_written_total',
    'counter',
    ['sink'],
    'Events of the responder that a sink of the event log has taken: written to the file, or stored by the receiver.'
  ),
  responderEventLogDropped: family(
    'responder_event_log_dropped_total',
    'counter',
    ['sink', 'reason'],
    'Events of the responder that a sink of the event log will never have, by reason.'
  ),
  responderEventLogFailures: family(
    'responder_event_log_failures_total',
    'counter',
    ['sink', 'reason'],
    'Attempts of the responder to write to a sink of the event log that failed, by reason; what they were to write waits.'
  ),
  responderEventLogQueued: family(
    'responder_event_log_queued_bytes',
    'gauge',
    ['sink'],
    'What waits in the responder for a sink of the event log, in memory and on disk.'
  ),
} as const;
