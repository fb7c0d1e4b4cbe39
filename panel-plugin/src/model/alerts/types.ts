import type { AlertmanagerMark, AlertNotification, HealthState } from '@modelwatch/contract';
import type { Message, Origin } from '../types';

/** An alert as it is drawn. What nobody knows is undefined. */
export interface Alert {
  /** Stays the same over refreshes. */
  readonly key: string;
  /** `ModelwatchSLOFastBurn`. */
  readonly name: string;
  readonly isFiring: boolean;
  readonly severity: string;
  readonly sinceMs?: number | undefined;
  readonly cluster: string;
  readonly namespace: string;
  readonly model: string;
  readonly pipeline: string;
  readonly slo: string;
  readonly mark: HealthState;
  /** Of one that fires, where an Alertmanager was asked. */
  readonly notification?: AlertNotification | undefined;
  readonly receivers: string;
  readonly silencedBy: string;
  readonly silencedUntilMs?: number | undefined;
  readonly silenceComment: string;
  readonly silence: string;
  readonly inhibitedBy: string;
  readonly origin?: Origin | undefined;
}

export interface AlertsAnswer {
  /** As they came: firing first, then by severity and age. */
  readonly alerts: readonly Alert[];
  /** Whether rules are evaluated: else that nothing fires tells nothing. */
  readonly isWatched: boolean;
  readonly alertmanager: AlertmanagerMark;
  /** The answer itself is too old. */
  readonly isOld: boolean;
  readonly nowMs: number;
  readonly notices: readonly Message[];
}

export type PreparedAlerts =
  | { readonly kind: 'loading' }
  | { readonly kind: 'empty'; readonly message: Message; readonly isKnown: boolean }
  | { readonly kind: 'refusal'; readonly message: Message }
  | { readonly kind: 'error'; readonly message: Message }
  | { readonly kind: 'alerts'; readonly answer: AlertsAnswer };
