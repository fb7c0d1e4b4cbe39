/** What the parts of the responder tell each other. Times are seconds since 1970. */
import type {
  ResponderMode,
  ResponderSender,
  CreatedKind,
  ResponderKind,
  ResponseAction,
  ResponseReason,
  ResponseResult,
  RolledBackKind,
  ScaledKind,
  TrafficKind,
} from '@modelwatch/contract';

/** One alert of a webhook. */
export interface Alert {
  readonly sender: ResponderSender;
  readonly status: 'firing' | 'resolved';
  /** The same for the same set of labels. */
  readonly fingerprint: string;
  readonly startsAtSeconds: number;
  /** Of one that is resolved. */
  readonly endsAtSeconds?: number;
  readonly labels: Readonly<Record<string, string>>;
  /** It fires, or ended, because there were no data or an error, by its own words. */
  readonly lacksData: boolean;
}

export interface Match {
  /** One of them. */
  readonly alertnames: readonly string[];
  readonly severity?: string | undefined;
  readonly owner?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ScaleAction {
  readonly type: 'scale';
  readonly kind: ScaledKind;
  /** The label that holds the name of the object. */
  readonly nameLabel: string;
  /** Added to what there is; or `to`. */
  readonly step?: number | undefined;
  readonly to?: number | undefined;
  readonly min: number;
  readonly max: number;
  /** What there is changes by no more. */
  readonly maxStep: number;
}

export interface TrafficAction {
  readonly type: 'traffic';
  readonly kind: TrafficKind;
  /** Of the object; absent: it stands in the label `nameLabel`. */
  readonly name?: string | undefined;
  readonly nameLabel: string;
  /** Absent: an Experiment's stands in the label `model`; of an InferenceService it is the canary revision. */
  readonly candidate?: string | undefined;
  /** What is left to it: a weight of an Experiment, percent of an InferenceService. */
  readonly to: number;
  readonly maxStep: number;
}

export interface RollbackAction {
  readonly type: 'rollback';
  readonly kind: RolledBackKind;
  /** The label that holds the name of the object. */
  readonly nameLabel: string;
}

export interface CallAction {
  readonly type: 'call';
  readonly url: string;
  readonly tokenFile?: string | undefined;
  readonly timeoutSeconds: number;
  /** JSON with `$label` in its texts; absent: the document of docs/automated-response.md. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

export interface JobAction {
  readonly type: 'job';
  readonly kind: CreatedKind;
  /** YAML or JSON; read for each action. */
  readonly templateFile: string;
}

export type Action = ScaleAction | TrafficAction | RollbackAction | JobAction | CallAction;

export interface Policy {
  readonly name: string;
  /** Absent: as the responder. `auto` never goes further than the responder does. */
  readonly mode?: ResponderMode | undefined;
  readonly match: Match;
  readonly action: Action;
  readonly cooldownSeconds: number;
  readonly minAlertAgeSeconds: number;
  readonly maxPerHour: number;
  /** Of one alert. */
  readonly maxAttempts: number;
  /** Whether Prometheus must still call the alert firing. */
  readonly stillFiring: boolean;
  /** PromQL whose every value must be above 0. */
  readonly precondition?: string | undefined;
}

export interface Settings {
  readonly mode: ResponderMode;
  readonly paused: boolean;
  readonly allow: {
    readonly namespaces: readonly string[];
    readonly kinds: readonly string[];
    readonly actions: readonly string[];
  };
  /** Of all policies together. */
  readonly maxPerHour: number;
  /** After so many failures one after the other nothing is done for a while. */
  readonly breaker: { readonly failures: number; readonly pauseSeconds: number };
  readonly policies: readonly Policy[];
}

/** What is acted upon. `kind` is empty for what is called; then, and for what is created, it is the model that this is about. */
export interface Target {
  readonly kind: ResponderKind | '';
  readonly namespace: string;
  readonly name: string;
}

/** What a policy wants done because of an alert. */
export interface Intent {
  readonly key: string;
  readonly policy: Policy;
  readonly alert: Alert;
  readonly target: Target;
  readonly mode: ResponderMode;
}

export interface Refusal {
  readonly reason: Exclude<ResponseReason, 'none'>;
  /** In words, for people. */
  readonly text: string;
}

export interface Outcome {
  readonly result: ResponseResult;
  readonly reason: ResponseReason;
  readonly text: string;
  readonly before?: number | string;
  readonly after?: number | string;
}

export const refused = (reason: Refusal['reason'], text: string): Outcome => ({ result: 'refused', reason, text });
export const failed = (reason: Refusal['reason'], text: string): Outcome => ({ result: 'failed', reason, text });

export function actionOf(policy: Policy): ResponseAction {
  return policy.action.type;
}
