/** Frame `alerts` of the query of that name: a row per alert that fires or waits, worst first. */
export const ALERT_FIELDS = {
  alert: 'alert',
  /** `firing` or `pending`. */
  state: 'state',
  severity: 'severity',
  since: 'since',
  cluster: 'cluster',
  namespace: 'namespace',
  model: 'model',
  pipeline: 'pipeline',
  slo: 'slo',
  owner: 'owner',
  /** Of one that fires, one of ALERT_NOTIFICATIONS; null where no Alertmanager was asked. */
  notification: 'notification',
  /** Where Alertmanager routes it to, by name. That a message has arrived it does not say. */
  receivers: 'receivers',
  /** Who silenced it, until when, why, and the id of the silence. */
  silencedBy: 'silenced_by',
  silencedUntil: 'silenced_until',
  silenceComment: 'silence_comment',
  silence: 'silence',
  /** The alert that keeps it back, where it is known. */
  inhibitedBy: 'inhibited_by',
  /** All others, `name=value`. */
  labels: 'labels',
} as const;

/** Of a frame `alerts`. */
export interface AlertsMark {
  /** Whether the rules are evaluated at all: else that nothing fires tells nothing. */
  readonly isWatched: boolean;
  readonly alertmanager: AlertmanagerMark;
}

/** Whether Alertmanager was asked, and what came of it. */
export interface AlertmanagerMark {
  /** `none`: there is no Alertmanager to ask. */
  readonly state: 'answered' | 'failed' | 'none';
  /** As Grafana's own pages call it. */
  readonly name?: string;
  /** Why it was not asked, or did not answer. */
  readonly problem?: string;
}
