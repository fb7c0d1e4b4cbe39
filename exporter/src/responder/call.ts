/** `call`: a POST of JSON to an address of the configuration. Nothing of an alert decides where it goes. */
import { isObject } from '@modelwatch/contract';
import { filled, TEMPLATE_LABELS } from './evidence';
import { failed, type CallAction, type Intent, type Outcome } from './types';

/** Posts and follows no redirect. Rejects when there is no answer. */
export type Post = (
  url: string,
  options: {
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutSeconds: number;
  }
) => Promise<number>;

/** The other side knows by `Idempotency-Key` what it has been told before. */
export function bodyOf({ policy, alert, target, key }: Intent): string {
  const { body } = policy.action as CallAction;
  if (body !== undefined) return JSON.stringify(withLabels(body, alert.labels));
  const labels = Object.fromEntries(
    TEMPLATE_LABELS.flatMap((name) => (alert.labels[name] === undefined ? [] : [[name, alert.labels[name]]]))
  );
  const { namespace, name: model } = target;
  return JSON.stringify({ key, policy: policy.name, namespace, model, startsAtSeconds: alert.startsAtSeconds, labels });
}

function withLabels(value: unknown, labels: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return filled(value, labels, (label) => label);
  if (Array.isArray(value)) return value.map((entry) => withLabels(entry, labels));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withLabels(entry, labels)]));
}

export type Called =
  | { readonly kind: 'answered'; readonly outcome: Outcome }
  /** It may have been heard: it must not be said again. */
  | { readonly kind: 'unknown'; readonly outcome: Outcome };

/** @param token as it is in `tokenFile`. Never rejects */
export async function call(intent: Intent, post: Post, token: string | undefined): Promise<Called> {
  const { url, timeoutSeconds } = intent.policy.action as CallAction;
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': intent.key,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  try {
    const status = await post(url, { body: bodyOf(intent), headers, timeoutSeconds });
    if (status >= 200 && status < 300) {
      return { kind: 'answered', outcome: { result: 'acted', reason: 'none', text: `answered with status ${status}` } };
    }
    const text = `expected a status from 200 to 299, got ${status}`;
    return { kind: 'answered', outcome: failed(status >= 500 ? 'unavailable' : 'rejected', text) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const neverHeard = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(text);
    return { kind: neverHeard ? 'answered' : 'unknown', outcome: failed('unavailable', text) };
  }
}
